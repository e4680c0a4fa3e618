package org.histods.mirror;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.problem.Problem;

/** A bag in the making. Nobody trusts it until it is published; closed before that, it is gone. */
public final class Staging implements AutoCloseable {

    private final Path root;
    private final Bags bags;
    private final Disk disk;
    private boolean published;

    Staging(Path root, Bags bags, Disk disk) {
        this.root = root;
        this.bags = bags;
        this.disk = disk;
    }

    /** The bag's folder to be. */
    public Path root() {
        return root.resolve("bag");
    }

    /** Where the dataset's files go. */
    public Path data() {
        return root().resolve("data");
    }

    /** A new folder on the same file system for something that is not known to be right yet. */
    public Path scratch(String name) throws Problem {
        try {
            return Files.createDirectories(root.resolve("scratch").resolve(name));
        } catch (IOException e) {
            throw Disk.problem("cannot write " + root, e);
        }
    }

    /**
     * Makes the files read-only and the bag appear under its name, whole or not at all. A bag of that name is replaced;
     * where somebody else published one meanwhile, theirs is replaced too.
     *
     * @throws Problem {@code DISK}; a link in the mirror that leads away from it is one too
     */
    public BagRef publish(DatasetId id, DatasetVersion version) throws Problem {
        try {
            disk.makeReadOnly(root());
            disk.forceTop(root());
            BagRef bag = bags.publish(root(), id, version);
            published = true;
            return bag;
        } catch (IOException e) {
            throw Disk.problem("cannot publish " + id + " " + version, e);
        }
    }

    @Override
    public void close() {
        try {
            disk.deleteAll(root);
        } catch (IOException e) {
            // `histods gc` finds what is left, and says so; the bag itself is published or not, whatever stays here.
            return;
        }
    }

    boolean published() {
        return published;
    }
}
