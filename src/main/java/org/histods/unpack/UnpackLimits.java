package org.histods.unpack;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.histods.problem.Problem;
import org.histods.unpack.UnpackOptions.Limits;

/** Counts what really comes out of an archive and stops it where it is too much. For several threads at once. */
final class UnpackLimits {

    /** Below this a ratio says little: a label map of one colour packs as well as a bomb. */
    private static final long RATIO_COUNTS_FROM = 100L << 20;

    private final ArchiveErrors diagnosis;
    private final Limits limits;
    private final LongSupplier packed;
    private final AtomicLong total = new AtomicLong();

    /** @param packed how many bytes of the archive they came from so far, or of the whole archive */
    UnpackLimits(ArchiveErrors diagnosis, Limits limits, LongSupplier packed) {
        this.diagnosis = diagnosis;
        this.limits = limits;
        this.packed = packed;
    }

    /** @throws Problem WRONG_BYTES if these bytes more are too many */
    void take(long count) throws Problem {
        check(total.addAndGet(count));
    }

    /** @throws Problem WRONG_BYTES if that many bytes in all would be too many */
    void check(long bytes) throws Problem {
        if (bytes > limits.bytes()) {
            throw diagnosis.wrong(
                    null,
                    "it unpacks to at least " + ArchiveErrors.bytes(bytes) + ", and the limit is "
                            + ArchiveErrors.bytes(limits.bytes()));
        }
        if (bytes < RATIO_COUNTS_FROM) {
            return;
        }
        long from = Math.max(1, packed.getAsLong());
        if (bytes / from >= limits.ratio() && bytes > from * (double) limits.ratio()) {
            throw diagnosis.wrong(
                    null,
                    "it unpacks " + ArchiveErrors.bytes(from) + " to " + ArchiveErrors.bytes(bytes)
                            + " or more, and the limit is " + limits.ratio() + " to 1");
        }
    }
}
