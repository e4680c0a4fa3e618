package org.histods.fetch;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file that is read while it is written. A reader waits for bytes that have not arrived. A byte that has arrived never
 * changes, so the checksum of the whole covers what every reader saw, in whatever order the bytes arrived: a writer
 * reserves a range before it writes it, no range is reserved twice, and readers see a range once it is written.
 *
 * <p>Thread-safe. One lock guards the state of the file; it is not held while bytes are read or
 * written. Threads are woken only if one waits for what has changed.
 */
final class GrowingFile implements Closeable {

    private final FileChannel channel;
    private final ReentrantLock lock = new ReentrantLock();
    /** Signals readers: bytes arrived, the total is known, or no more bytes will arrive. */
    private final Condition arrived = lock.newCondition();
    /** Signals writers: a reserved range was written or given up. */
    private final Condition settled = lock.newCondition();
    /** Signals the prefetcher: a reader began to wait, or no more bytes will arrive. */
    private final Condition awaited = lock.newCondition();

    /** The positions that readers wait for; several may wait for the same one. */
    private final List<Long> awaitedPositions = new ArrayList<>();

    private final ByteRanges written;
    private final ByteRanges reserved;
    /** What was written, with checksums, by the ends; empty if checksums are not needed. */
    private final Map<Long, Piece> pieces = new HashMap<>();

    private final boolean checked;
    private long total;
    private boolean ended;
    private @Nullable IOException failure;

    /** A range that was written from its start to its end. Guarded by the lock, except for the running checksum. */
    private static final class Piece {
        /** Used only by the thread whose reservation starts at the end of the piece; null if an earlier run wrote it. */
        private final @Nullable CRC32C running;

        private WrittenRange range;

        Piece(@Nullable CRC32C running, WrittenRange range) {
            this.running = running;
            this.range = range;
        }
    }

    /**
     * Opens the file for writing and creates it if needed. A complete file is opened for reading only: its bytes may
     * also belong to a bag, by another name.
     *
     * @param present the ranges that are already in the file
     * @param total the size of the complete file, -1 if unknown
     * @param checked whether {@link #ranges} must have the checksums of what was written
     */
    GrowingFile(Path file, List<WrittenRange> present, long total, boolean checked) throws IOException {
        this.checked = checked;
        if (checked) {
            present.forEach(range -> pieces.put(range.end(), new Piece(null, range)));
        }
        this.written = WrittenRange.positions(present);
        this.reserved = WrittenRange.positions(present);
        this.total = total;
        boolean complete = total > 0 && written.endOf(0) >= total;
        this.channel = complete
                ? FileChannel.open(file, StandardOpenOption.READ)
                : FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /**
     * Writes bytes at a position. Bytes that have already arrived stay as they are; for a range that another thread is
     * writing, this waits until that has succeeded or failed.
     *
     * @return how many of the bytes were new
     */
    int write(long position, byte[] buffer, int count) throws IOException {
        int fresh = 0;
        int done = 0;
        while (done < count) {
            long start = position + done;
            long next = reserve(start, position + count);
            if (next < 0) {
                done += (int) -next;
                continue;
            }
            int step = (int) (next - start);
            writeReserved(start, ByteBuffer.wrap(buffer, done, step));
            fresh += step;
            done += step;
        }
        return fresh;
    }

    /**
     * Reserves the first bytes of a range.
     *
     * @return the end of what is reserved from {@code start}; or, negated, how many bytes have already arrived there
     */
    private long reserve(long start, long end) throws IOException {
        lock.lock();
        try {
            while (true) {
                long present = written.endOf(start);
                if (present > start) {
                    return -(Math.min(end, present) - start);
                }
                if (reserved.endOf(start) == start) {
                    long to = Math.min(end, reserved.nextFrom(start));
                    reserved.add(start, to);
                    return to;
                }
                settled.await();
            }
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            lock.unlock();
        }
    }

    private void writeReserved(long start, ByteBuffer bytes) throws IOException {
        long end = start + bytes.remaining();
        long at = start;
        ByteBuffer all = bytes.duplicate();
        Piece piece = checked ? piece(start) : null;
        try {
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
        } finally {
            if (piece != null && piece.running != null) {
                piece.running.update(all.limit(all.position() + (int) (at - start)));
            }
            settle(start, at, end, piece);
        }
    }

    /** The piece that bytes from {@code start} belong to. */
    private Piece piece(long start) {
        lock.lock();
        try {
            Piece before = pieces.get(start);
            return before != null && before.running != null
                    ? before
                    : new Piece(new CRC32C(), new WrittenRange(start, start, 0));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Completes a reservation whose range was written up to {@code at}; on a full disk, only its first bytes are
     * written.
     */
    private void settle(long start, long at, long end, @Nullable Piece piece) {
        lock.lock();
        try {
            if (at > start) {
                written.add(start, at);
                if (piece != null && piece.running != null) {
                    pieces.remove(start, piece);
                    piece.range = new WrittenRange(piece.range.from(), at, piece.running.getValue());
                    pieces.put(at, piece);
                }
                if (isAwaited(start, at)) {
                    arrived.signalAll();
                }
            }
            if (at < end) {
                reserved.remove(at, end);
            }
            if (lock.hasWaiters(settled)) {
                settled.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isAwaited(long start, long end) {
        for (long position : awaitedPositions) {
            if (position >= start && position < end) {
                return true;
            }
        }
        return false;
    }

    /** Sets the size of the complete file; -1 is ignored. */
    void total(long bytes) {
        if (bytes < 0) {
            return;
        }
        lock.lock();
        try {
            if (total != bytes) {
                total = bytes;
                signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The size of the complete file, -1 if unknown. */
    long total() {
        lock.lock();
        try {
            return total;
        } finally {
            lock.unlock();
        }
    }

    /** Marks the file as complete: it ends at the frontier, and no more bytes will arrive. */
    void end() {
        lock.lock();
        try {
            total = written.endOf(0);
            ended = true;
            signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the file with a failure: no more bytes will arrive, and waiting readers get this exception. */
    void fail(IOException cause) {
        lock.lock();
        try {
            if (failure == null && !ended) {
                failure = cause;
            }
            signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void signalAll() {
        arrived.signalAll();
        awaited.signalAll();
    }

    /** How many bytes have arrived without a gap from the start. */
    long frontier() {
        return missingFrom(0);
    }

    /** The first position at or after {@code from} whose byte has not arrived. */
    long missingFrom(long from) {
        lock.lock();
        try {
            return written.endOf(from);
        } finally {
            lock.unlock();
        }
    }

    /** The first position after {@code from} whose byte has arrived; -1 if there is none. */
    long arrivedAfter(long from) {
        lock.lock();
        try {
            long next = written.nextFrom(from);
            return next == Long.MAX_VALUE ? -1 : next;
        } finally {
            lock.unlock();
        }
    }

    /** The ranges that have arrived, for the state that a later run resumes from. */
    List<WrittenRange> ranges() {
        lock.lock();
        try {
            return checked
                    ? pieces.values().stream()
                            .map(piece -> piece.range)
                            .sorted(Comparator.comparingLong(WrittenRange::from))
                            .toList()
                    : written.list().stream()
                            .map(range -> new WrittenRange(range[0], range[1], WrittenRange.UNCHECKED))
                            .toList();
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return written.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Whether all bytes have arrived, as far as the size is known. */
    boolean complete() {
        lock.lock();
        try {
            return total > 0 && written.endOf(0) >= total;
        } finally {
            lock.unlock();
        }
    }

    /** Whether some of these bytes arrived before with other values. */
    boolean differs(long position, byte[] buffer, int count) throws IOException {
        for (long at = position; at < position + count; ) {
            long end = Math.min(missingFrom(at), position + count);
            if (end == at) {
                lock.lock();
                try {
                    at = Math.min(written.nextFrom(at), position + count);
                } finally {
                    lock.unlock();
                }
                continue;
            }
            ByteBuffer there = ByteBuffer.allocate((int) (end - at));
            while (there.hasRemaining() && channel.read(there, at + there.position()) >= 0) {}
            int start = (int) (at - position);
            if (!there.flip().equals(ByteBuffer.wrap(buffer, start, (int) (end - at)))) {
                return true;
            }
            at = end;
        }
        return false;
    }

    /**
     * Waits until a reader waits for a byte of the file's tail that is still far from the frontier.
     *
     * @param tail how many bytes at the end of the file count as its tail
     * @param ahead how far beyond the frontier the byte must be
     * @return the byte's position, or -1 if no more bytes will arrive
     */
    long awaitTailReader(long tail, long ahead) throws InterruptedException {
        lock.lock();
        try {
            while (!ended && failure == null) {
                for (long position : awaitedPositions) {
                    boolean near = position - written.endOf(0) <= ahead;
                    boolean inTail = position >= total - tail && position < total;
                    if (!near && inTail && written.endOf(position) == position) {
                        return position;
                    }
                }
                awaited.await();
            }
            return -1;
        } finally {
            lock.unlock();
        }
    }

    /** A new channel to read from, independent of others. Closing it does not close the file. */
    SeekableByteChannel reader() {
        return new ReadChannel(this::read, this::awaitTotal);
    }

    @Override
    public void close() throws IOException {
        fail(new IOException("the transfer was cancelled"));
        channel.close();
    }

    /**
     * Reads from a position as a channel does; waits until at least the byte there has arrived.
     *
     * @return how many bytes were read, -1 if the file ends before that position
     */
    int read(ByteBuffer target, long position) throws IOException {
        long end = awaitByte(position);
        if (end < 0) {
            return -1;
        }
        int most = (int) Math.min(target.remaining(), end - position);
        int count = channel.read(target.slice().limit(most), position);
        if (count > 0) {
            target.position(target.position() + count);
        }
        return count;
    }

    /** Waits for the byte at that position; the end of the range that it is in, or -1 if the file ends before it. */
    private long awaitByte(long position) throws IOException {
        boolean waits = false;
        lock.lock();
        try {
            while (true) {
                long end = written.endOf(position);
                if (end > position) {
                    return end;
                }
                if (ended || (total >= 0 && position >= total)) {
                    return -1;
                }
                throwFailure();
                if (!waits) {
                    waits = true;
                    awaitedPositions.add(position);
                    if (lock.hasWaiters(awaited)) {
                        awaited.signalAll();
                    }
                }
                arrived.await();
            }
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            if (waits) {
                awaitedPositions.remove(Long.valueOf(position));
            }
            lock.unlock();
        }
    }

    /** The size of the complete file; waits until it is known. */
    long awaitTotal() throws IOException {
        lock.lock();
        try {
            while (total < 0) {
                throwFailure();
                arrived.await();
            }
            return total;
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            lock.unlock();
        }
    }

    private void throwFailure() throws IOException {
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
    }

    private static IOException interrupted() {
        Thread.currentThread().interrupt();
        return new ClosedByInterruptException();
    }
}
