package org.histods.mirror;

import java.io.IOException;
import java.nio.file.Path;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * A bag that is out of the mirror's datasets, and whose files are still to be deleted. Where that does not come to its
 * end, `histods gc` finishes it; a line of the journal that cannot be written is left to the next run, as after a pull.
 */
public final class RemovedBag {

    private final BagRef bag;
    private final Path staging;
    private final PublishCompletion completion;
    private final Journal journal;
    private final FileOperations disk;
    private final MirrorDeletion deletion;

    RemovedBag(
            BagRef bag,
            Path staging,
            PublishCompletion completion,
            Journal journal,
            FileOperations disk,
            MirrorDeletion deletion) {
        this.bag = bag;
        this.staging = staging;
        this.completion = completion;
        this.journal = journal;
        this.disk = disk;
        this.deletion = deletion;
    }

    /**
     * Writes the line of the journal and deletes the files.
     *
     * @param each run after each file
     * @throws Problem {@code DISK} if some cannot be deleted, or the line cannot be written
     */
    public void deleteFiles(Runnable each) throws Problem {
        note();
        Problem unwritten = written();
        try {
            if (unwritten == null) {
                deletion.delete(PlaceKind.STAGING, staging, each);
                return;
            }
            deletion.deleteRemoved(staging, each);
            // There is room for both now, if it was a full disk.
            note();
            if (written() == null) {
                deletion.delete(PlaceKind.STAGING, staging);
                return;
            }
            PublishCompletion.leave(staging);
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.DISK,
                    bag.id() + " " + bag.version() + " is out of the mirror, but not all of its files are deleted: "
                            + Problem.because("what is left is in " + staging, e),
                    "`histods gc` deletes the rest");
        }
        throw new Problem(
                unwritten.kind(),
                bag.id() + " " + bag.version() + " is removed, but " + unwritten.message(),
                "the next `histods pull` or `histods gc` writes that line");
    }

    private void note() {
        try {
            completion.write(staging, disk);
        } catch (IOException e) {
            // Then it is this run that writes the line, or none.
            return;
        }
    }

    /** Null if the line is written. */
    private @Nullable Problem written() {
        try {
            journal.appendMissing(completion.event());
            PublishCompletion.forget(staging);
            return null;
        } catch (Problem p) {
            return p;
        } catch (IOException e) {
            // A later run finds the line in the journal and writes no second one.
            return null;
        }
    }
}
