package org.histods.mirror;

import java.io.IOException;
import java.nio.file.Path;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * A bag that was removed from {@code datasets/}, and whose files are to be deleted. If that is interrupted, {@code histods gc}
 * finishes it. If the journal line cannot be written, the next run writes it, as after a pull.
 */
public final class RemovedBag {

    private final BagRef bag;
    private final Path staging;
    private final PublishCompletion completion;
    private final Journal journal;
    private final FileOperations disk;
    private final MirrorDeletion deletion;
    private final Runnable after;

    RemovedBag(
            BagRef bag,
            Path staging,
            PublishCompletion completion,
            Journal journal,
            FileOperations disk,
            MirrorDeletion deletion,
            Runnable after) {
        this.bag = bag;
        this.staging = staging;
        this.completion = completion;
        this.journal = journal;
        this.disk = disk;
        this.deletion = deletion;
        this.after = after;
    }

    /**
     * Writes the line of the journal and deletes the files.
     *
     * @param each run after each file
     * @throws Problem {@code DISK} if some cannot be deleted, or the line cannot be written
     */
    public void deleteFiles(Runnable each) throws Problem {
        writeCompletion();
        Problem unwritten = writeJournal();
        try {
            deletion.deleteRemoved(staging, each);
            after.run();
            if (unwritten != null) {
                // If the disk was full, it has space now.
                writeCompletion();
                unwritten = writeJournal();
            }
            if (unwritten == null) {
                deletion.delete(PlaceKind.STAGING, staging);
                return;
            }
            PublishCompletion.leave(staging);
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.DISK,
                    bag.id() + " " + bag.version() + " is out of the mirror, but not all of its files are deleted: "
                            + Problem.because("the rest is in " + staging, e),
                    "`histods gc` deletes the rest");
        }
        throw new Problem(
                unwritten.kind(),
                bag.id() + " " + bag.version() + " is removed, but " + unwritten.message(),
                "the next `histods pull` or `histods gc` writes that line");
    }

    private void writeCompletion() {
        try {
            completion.write(staging, disk);
        } catch (IOException e) {
            // Then only this run can write the line.
            return;
        }
    }

    /** Writes the line of the journal; null if that succeeds. */
    private @Nullable Problem writeJournal() {
        try {
            journal.appendMissing(completion.event());
            PublishCompletion.forget(staging);
            return null;
        } catch (Problem p) {
            return p;
        } catch (IOException e) {
            // A later run finds the line in the journal and does not write it again.
            return null;
        }
    }
}
