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
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A file that is being written while others read it. A reader waits for bytes that are not there yet. A byte that is
 * there never changes: what a reader saw is what the checksum of the whole will cover, in whatever order it arrived.
 *
 * <p>Safe to share between threads: what is known of the file is guarded by one lock, which is not held while bytes are
 * written or read.
 */
final class GrowingFile implements Closeable {

    private final FileChannel channel;
    private final ReentrantLock lock = new ReentrantLock();
    /** Bytes came, or it is certain that none will. */
    private final Condition grown = lock.newCondition();
    /** A reader began to wait, or what is worth fetching for one may have changed. */
    private final Condition wished = lock.newCondition();
    /** What readers wait for, by position; several may wait for the same. */
    private final List<Long> wishes = new ArrayList<>();

    private final ByteRanges ranges;
    private long total;
    private boolean ended;
    private @Nullable IOException failure;

    /**
     * Opens the file for writing, creating it if need be. One that is whole is opened for reading only: its bytes may
     * also have another name, in a bag.
     *
     * @param there what of it is there already
     * @param total its whole size, -1 if unknown
     */
    GrowingFile(Path file, ByteRanges there, long total) throws IOException {
        boolean whole = total > 0 && there.endOf(0) >= total;
        this.channel = whole
                ? FileChannel.open(file, StandardOpenOption.READ)
                : FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        this.ranges = there;
        this.total = total;
    }

    /**
     * Writes bytes at a position; those that are there already are left as they are.
     *
     * @return how many were new
     */
    int write(long position, byte[] buffer, int count) throws IOException {
        int fresh = 0;
        int done = 0;
        while (done < count) {
            long at = position + done;
            long there;
            long next;
            lock.lock();
            try {
                there = ranges.endOf(at);
                next = ranges.nextFrom(at);
            } finally {
                lock.unlock();
            }
            if (there > at) {
                done += (int) Math.min(count - done, there - at);
                continue;
            }
            int step = (int) Math.min(count - done, next - at);
            ByteBuffer bytes = ByteBuffer.wrap(buffer, done, step);
            while (bytes.hasRemaining()) {
                channel.write(bytes, position + bytes.position());
            }
            lock.lock();
            try {
                ranges.add(at, at + step);
                grown.signalAll();
            } finally {
                lock.unlock();
            }
            fresh += step;
            done += step;
        }
        return fresh;
    }

    /** Says how large the whole is; -1 is ignored. */
    void total(long bytes) {
        lock.lock();
        try {
            if (bytes >= 0) {
                total = bytes;
                signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The whole size, -1 while it is unknown. */
    long total() {
        lock.lock();
        try {
            return total;
        } finally {
            lock.unlock();
        }
    }

    /** No more bytes will come: the whole is there, up to the frontier. */
    void end() {
        lock.lock();
        try {
            total = ranges.endOf(0);
            ended = true;
            signal();
        } finally {
            lock.unlock();
        }
    }

    /** No more bytes will come: readers that wait for one get this failure. */
    void fail(IOException cause) {
        lock.lock();
        try {
            if (failure == null && !ended) {
                failure = cause;
            }
            signal();
        } finally {
            lock.unlock();
        }
    }

    private void signal() {
        grown.signalAll();
        wished.signalAll();
    }

    /** How many bytes are there without a gap from the start. */
    long frontier() {
        lock.lock();
        try {
            return ranges.endOf(0);
        } finally {
            lock.unlock();
        }
    }

    /** The first byte that is missing at or behind {@code from}. */
    long missingFrom(long from) {
        lock.lock();
        try {
            return ranges.endOf(from);
        } finally {
            lock.unlock();
        }
    }

    /** The ranges that are there, for the record that a later run goes on from. */
    List<long[]> ranges() {
        lock.lock();
        try {
            return new ArrayList<>(ranges.list());
        } finally {
            lock.unlock();
        }
    }

    boolean over() {
        lock.lock();
        try {
            return ended || failure != null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until some reader waits for a byte of the file's tail that will not come soon by itself.
     *
     * @param tail how many bytes at the end of the file count as its tail
     * @param ahead how far beyond the frontier it must lie
     * @return that byte's position, or -1 when no more bytes will come
     */
    long awaitWish(long tail, long ahead) throws InterruptedException {
        lock.lock();
        try {
            while (true) {
                if (ended || failure != null) {
                    return -1;
                }
                for (long wish : wishes) {
                    boolean near = wish - ranges.endOf(0) <= ahead;
                    if (!near && wish >= total - tail && wish < total && ranges.endOf(wish) == wish) {
                        return wish;
                    }
                }
                wished.await();
            }
        } finally {
            lock.unlock();
        }
    }

    void force() throws IOException {
        channel.force(false);
    }

    /** A new channel to read from, independent of others. Closing it closes nothing else. */
    SeekableByteChannel reader() {
        return new GrowingFileChannel(this);
    }

    @Override
    public void close() throws IOException {
        fail(new IOException("the transfer was given up"));
        channel.close();
    }

    /**
     * Reads as a channel does, from that position; waits until at least the byte there has come.
     *
     * @return how many bytes were read, -1 if the file ends before that position
     */
    int read(ByteBuffer target, long position) throws IOException {
        if (!await(position)) {
            return -1;
        }
        int most = (int) Math.min(target.remaining(), missingFrom(position) - position);
        int count = channel.read(target.slice().limit(most), position);
        if (count > 0) {
            target.position(target.position() + count);
        }
        return count;
    }

    /** Waits until the byte at {@code position} is there; false if the file ends before it. */
    private boolean await(long position) throws IOException {
        boolean told = false;
        lock.lock();
        try {
            while (ranges.endOf(position) == position) {
                if (ended || (total >= 0 && position >= total)) {
                    return false;
                }
                throwFailure();
                if (!told) {
                    told = true;
                    wishes.add(position);
                    wished.signalAll();
                }
                grown.await();
            }
            return true;
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            if (told) {
                wishes.remove(Long.valueOf(position));
            }
            lock.unlock();
        }
    }

    /** The whole size; waits until it is known. */
    long awaitTotal() throws IOException {
        lock.lock();
        try {
            while (total < 0) {
                throwFailure();
                grown.await();
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
