package org.histods.unpack;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.histods.problem.Problem;
import org.histods.unpack.UnpackOptions.Limits;

/** Counts the bytes that come out of an archive and stops it at the limits. Safe for several threads. */
final class UnpackLimits {

    /** The ratio is not checked below this size: a label map of one colour compresses as well as a zip bomb. */
    private static final long RATIO_COUNTS_FROM = 100L << 20;

    private final ArchiveErrors errors;
    private final Limits limits;
    private final LongSupplier packed;
    private final AtomicLong total = new AtomicLong();

    /** @param packed how many bytes of the archive were read so far, or the size of the archive */
    UnpackLimits(ArchiveErrors errors, Limits limits, LongSupplier packed) {
        this.errors = errors;
        this.limits = limits;
        this.packed = packed;
    }

    /** @throws Problem WRONG_BYTES if these further bytes are too many */
    void take(long count) throws Problem {
        check(total.addAndGet(count));
    }

    /** @throws Problem WRONG_BYTES if so many bytes in total are too many */
    void check(long bytes) throws Problem {
        if (bytes > limits.bytes()) {
            throw errors.refused(
                    null,
                    "it unpacks to at least " + ArchiveErrors.bytes(bytes) + ", and the limit is "
                            + ArchiveErrors.bytes(limits.bytes()));
        }
        if (bytes < RATIO_COUNTS_FROM) {
            return;
        }
        long from = Math.max(1, packed.getAsLong());
        if (bytes > from * (double) limits.ratio()) {
            throw errors.refused(
                    null,
                    "it unpacks " + ArchiveErrors.bytes(from) + " to " + ArchiveErrors.bytes(bytes)
                            + " or more, and the limit is " + limits.ratio() + " to 1");
        }
    }
}
