package org.histods.mirror;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.problem.Problem;

/** A folder in which a bag is made. Publishing moves the bag to its place in the mirror; closing deletes the rest. */
public final class Staging implements AutoCloseable {

    static final String BAG = "bag";
    static final String REMOVED = "removed";
    static final String SCRATCH = "scratch";

    private final Path root;
    private final BagStore bags;
    private final ShardStore shards;
    private final Journal journal;
    private final PartialClaims claims;
    private final FileOperations disk;
    private final MirrorDeletion deletion;
    private PublishCompletion completion = PublishCompletion.of(Map.of(), List.of());
    private boolean published;

    Staging(
            Path root,
            BagStore bags,
            ShardStore shards,
            Journal journal,
            PartialClaims claims,
            FileOperations disk,
            MirrorDeletion deletion) {
        this.root = root;
        this.bags = bags;
        this.shards = shards;
        this.journal = journal;
        this.claims = claims;
        this.disk = disk;
        this.deletion = deletion;
    }

    /** The folder of the bag. */
    public Path root() {
        return root.resolve(BAG);
    }

    /** The folder for the dataset's files. */
    public Path data() {
        return root().resolve("data");
    }

    /** A new folder on the same file system for unverified files. */
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
     * Writes what remains to be done when the bag is published, for {@link #complete} or a later run.
     *
     * @param event the line of the journal
     * @param transfers the names of the partial files that are not needed then
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

    /**
     * Makes the files read-only and publishes the complete bag under its name in one step. A bag of that name is
     * replaced, even one that another process published meanwhile.
     *
     * @throws Problem {@code DISK}, also if a link leads out of the mirror; what {@code carry} throws
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
                    bags.deleteReplaced(replaced);
                }
            }
            return done.bag();
        } catch (IOException e) {
            throw FileOperations.problem("cannot publish " + id + " " + version, e);
        }
    }

    /**
     * Makes the files read-only and gives the share its name in one step.
     *
     * @param number of the share, from 1
     * @return empty if another node was faster: then its share stays, and this one is deleted
     * @throws Problem {@code DISK}
     */
    public Optional<BagRef> publishShard(ShardSet set, int number) throws Problem {
        try {
            disk.makeReadOnly(root());
            disk.forceTop(root());
            return shards.publish(root(), set, number);
        } catch (IOException e) {
            throw FileOperations.problem("cannot keep shard " + number + " of " + set.id() + " " + set.version(), e);
        }
    }

    /**
     * Does what {@link #completion} wrote, after the bag was published.
     *
     * @throws Problem if the journal cannot be written; a later run will do it
     */
    public void complete() throws Problem {
        journal.append(completion.event());
        claims.drop(completion.transfers());
        try {
            PublishCompletion.forget(root);
        } catch (IOException e) {
            // A later run finds the line in the journal and does not write it again.
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
            // First, because a completion without a bag means a published one.
            PublishCompletion.forget(root);
            deletion.delete(PlaceKind.STAGING, root);
        } catch (IOException | Problem e) {
            // `histods gc` finds and reports the rest; it does not affect the published bag.
            return;
        }
    }
}
