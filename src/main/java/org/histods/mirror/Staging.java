package org.histods.mirror;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.problem.Problem;

/** A bag in the making. Nobody trusts it until it is published; closed before that, it is gone. */
public final class Staging implements AutoCloseable {

    static final String BAG = "bag";
    static final String REMOVED = "removed";
    static final String SCRATCH = "scratch";

    private final Path root;
    private final BagStore bags;
    private final Journal journal;
    private final PartialClaims claims;
    private final FileOperations disk;
    private final MirrorDeletion deletion;
    private PublishCompletion completion = PublishCompletion.of(Map.of(), List.of());
    private boolean published;

    Staging(
            Path root,
            BagStore bags,
            Journal journal,
            PartialClaims claims,
            FileOperations disk,
            MirrorDeletion deletion) {
        this.root = root;
        this.bags = bags;
        this.journal = journal;
        this.claims = claims;
        this.disk = disk;
        this.deletion = deletion;
    }

    /** The bag's folder to be. */
    public Path root() {
        return root.resolve(BAG);
    }

    /** Where the dataset's files go. */
    public Path data() {
        return root().resolve("data");
    }

    /** A new folder on the same file system for something that is not known to be right yet. */
    public Path scratch(String name) throws Problem {
        try {
            Path folder = root.resolve(SCRATCH).resolve(name);
            disk.makeFolder(folder);
            return folder;
        } catch (IOException e) {
            throw FileOperations.problem("cannot write " + root, e);
        }
    }

    /**
     * Notes what is to be done once the bag is published, for {@link #complete} or a later run.
     *
     * @param event the line of the journal
     * @param transfers the names of the partial files that nobody needs then
     * @throws Problem {@code DISK}
     */
    public void completion(Map<String, ?> event, Collection<String> transfers) throws Problem {
        completion = PublishCompletion.of(event, transfers);
        try {
            completion.write(root, disk);
        } catch (IOException e) {
            throw FileOperations.problem("cannot write " + root, e);
        }
    }

    /** Publishes a bag; of one that it replaces, nothing is carried over. */
    public BagRef publish(DatasetId id, DatasetVersion version) throws Problem {
        return publish(id, version, CarryOver.NOTHING);
    }

    /**
     * Makes the files read-only and the bag appear under its name, whole or not at all. A bag of that name is replaced;
     * where somebody else published one meanwhile, theirs is replaced too.
     *
     * @throws Problem {@code DISK}, a link in the mirror that leads away from it included; what {@code carry} throws
     */
    public BagRef publish(DatasetId id, DatasetVersion version, CarryOver carry) throws Problem {
        try {
            disk.makeReadOnly(root());
            disk.forceTop(root());
            BagStore.Published done = bags.publish(root(), id, version, carry);
            published = true;
            for (Path replaced : done.replaced()) {
                if (Files.exists(replaced)) {
                    carry.carry(replaced, done.bag().path());
                    bags.throwAway(replaced);
                }
            }
            return done.bag();
        } catch (IOException e) {
            throw FileOperations.problem("cannot publish " + id + " " + version, e);
        }
    }

    /**
     * Does what was noted with {@link #completion}, now that the bag is published.
     *
     * @throws Problem if the journal cannot be written; a later run will do it
     */
    public void complete() throws Problem {
        journal.append(completion.event());
        claims.drop(completion.transfers());
        try {
            PublishCompletion.forget(root);
        } catch (IOException e) {
            // A later run finds the line in the journal and writes no second one.
            return;
        }
    }

    @Override
    public void close() {
        try {
            if (published && PublishCompletion.pending(root)) {
                PublishCompletion.leave(root);
                return;
            }
            // First, for a completion without a bag means a published one.
            PublishCompletion.forget(root);
            deletion.delete(PlaceKind.STAGING, root);
        } catch (IOException | Problem e) {
            // `histods gc` finds what is left, and says so; the bag itself is published or not, whatever stays here.
            return;
        }
    }

    boolean published() {
        return published;
    }
}
