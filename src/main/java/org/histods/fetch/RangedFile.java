package org.histods.fetch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.histods.concurrent.BackgroundTask;
import org.histods.concurrent.TaskExecutor;
import org.histods.mirror.PartialTransfer;
import org.histods.problem.Problem;
import org.histods.source.RemoteFile;
import org.jspecify.annotations.Nullable;

/**
 * A remote file of which only some ranges are fetched. They are stored at their own positions in a file that otherwise
 * consists of holes. Ranges that an earlier run fetched from the same version are not fetched again.
 */
public final class RangedFile implements FetchedBytes {

    /** Maximum bytes of one request if several connections are allowed, so that all of them have work. */
    private static final long SEGMENT = 16L << 20;

    /** Number of bytes that are fetched for a read that was not announced. */
    private static final int UNANNOUNCED = 1 << 16;

    private final RangeReader reader;
    private final MemoryRanges directory;
    private final PartialTransfer partial;
    private final Clock clock;
    private final FetchListener listener;
    private final TaskExecutor tasks;
    private final GrowingFile growing;
    private final ByteRanges present;
    private final List<BackgroundTask<Boolean>> workers = new ArrayList<>();
    private boolean discarded;

    /** Ranges that are being fetched; guarded by this object's lock, like the next four fields. */
    private final ByteRanges announced = new ByteRanges();

    private final Deque<long[]> waiting = new ArrayDeque<>();
    private long wanted;
    private long received;
    private final StateInterval interval = new StateInterval();

    RangedFile(MemoryRanges directory, PartialTransfer partial, Clock clock, FetchListener listener, TaskExecutor tasks)
            throws Problem {
        this.directory = directory;
        this.reader = directory.reader();
        this.partial = partial;
        this.clock = clock;
        this.listener = listener;
        this.tasks = tasks;
        ResumeState left = usable(ResumeState.left(remote(), partial));
        this.present = WrittenRange.positions(left.ranges());
        try {
            if (left.ranges().isEmpty()) {
                Files.deleteIfExists(partial.part());
            }
            // Each entry is compared with its CRC-32.
            this.growing = new GrowingFile(partial.part(), left.ranges(), reader.size(), false);
        } catch (IOException e) {
            throw TransferErrors.disk("cannot write " + partial.part(), e);
        }
    }

    /** Accepts only bytes of the same version, because no checksum of the whole file would reveal a difference. */
    private ResumeState usable(ResumeState left) {
        boolean same = reader.validator().equals(left.validator())
                && host().equals(left.host())
                && left.total() == reader.size();
        return same ? left : ResumeState.NONE;
    }

    private String host() {
        return String.valueOf(remote().uri().getHost());
    }

    /** The file at the host. */
    public RemoteFile remote() {
        return reader.candidate().file();
    }

    /** Starts to fetch the missing parts of ranges; neighbouring ranges are joined. */
    public synchronized void fetch(List<long[]> ranges) {
        for (long[] range : RangePlan.join(ranges)) {
            announce(range[0], range[1]);
        }
        int more = Math.min(reader.connections(), waiting.size());
        for (int i = 0; i < more; i++) {
            workers.add(tasks.start(this::work));
        }
    }

    private void announce(long from, long end) {
        long at = from;
        while (at < end) {
            long known = announced.endOf(at);
            if (known > at) {
                at = known;
                continue;
            }
            long stored = Math.min(present.endOf(at), end);
            if (stored > at) {
                listener.bytes(stored - at, false);
                announced.add(at, stored);
                at = stored;
                continue;
            }
            long to = Math.min(Math.min(end, announced.nextFrom(at)), present.nextFrom(at));
            if (reader.connections() > 1) {
                to = Math.min(to, at + SEGMENT);
            }
            announced.add(at, to);
            wanted += to - at;
            waiting.add(new long[] {at, to});
            at = to;
        }
    }

    private synchronized long @Nullable [] next() {
        return waiting.poll();
    }

    private boolean work() {
        try {
            for (long[] range = next(); range != null; range = next()) {
                reader.read(range[0], range[1], this::store);
            }
            return true;
        } catch (Problem p) {
            fail(p);
            return false;
        } catch (RuntimeException | Error e) {
            growing.fail(new IOException("internal error during the transfer", e));
            throw e;
        }
    }

    private void fail(Problem problem) {
        reader.stop();
        growing.fail(new IOException(problem.message(), problem));
    }

    private void store(long position, byte[] buffer, int count) throws Problem {
        try {
            growing.write(position, buffer, count);
        } catch (ClosedChannelException e) {
            throw Problem.interrupted();
        } catch (IOException e) {
            throw TransferErrors.disk("cannot write " + partial.part(), e);
        }
        listener.bytes(count, true);
        save(count);
    }

    private synchronized void save(int count) {
        received += count;
        if (interval.isOver(received, wanted)) {
            save();
        }
    }

    private synchronized void save() {
        interval.restart(received);
        partial.writeState(
                new ResumeState(reader.validator(), host(), reader.size(), 0, growing.ranges(), null).text());
    }

    /** A new channel over the file, which waits for bytes that have not arrived. */
    public SeekableByteChannel reader() {
        return new ReadChannel(this::read, reader::size);
    }

    /** Reads the growing file, and fetches ranges that were not announced. */
    private int read(ByteBuffer target, long position) throws IOException {
        require(position);
        return growing.read(target, position);
    }

    /** Fetches bytes that were not announced. */
    private void require(long position) {
        long end;
        synchronized (this) {
            if (position >= reader.size() || announced.endOf(position) > position) {
                return;
            }
            end = Math.min(Math.min(position + UNANNOUNCED, reader.size()), announced.nextFrom(position));
            announced.add(position, end);
        }
        try {
            reader.read(position, end, this::store);
        } catch (Problem p) {
            // The read that follows fails with the first problem.
            fail(p);
        }
    }

    /** What was fetched; to be called when everything that was announced was read. */
    public synchronized FetchedFile fetched() {
        List<long[]> all = new ArrayList<>(directory.ranges());
        all.addAll(announced.list());
        save();
        return new FetchedFile(
                remote(),
                partial.part(),
                reader.size(),
                Map.of(),
                ChecksumCheck.COMPUTED,
                reader.origin(clock.instant()),
                new FetchedRanges(reader.validator(), ByteRanges.of(all).list()),
                null);
    }

    private synchronized List<BackgroundTask<Boolean>> workers() {
        return List.copyOf(workers);
    }

    /** The name of the content in the mirror's folder for partial files. */
    public String key() {
        return partial.key();
    }

    @Override
    public void put(Path target, boolean executable) {
        throw new IllegalStateException("only ranges of it were fetched");
    }

    @Override
    public void discard() {
        discarded = true;
    }

    @Override
    public void close() {
        // An interrupted thread cannot write files, but the received bytes must be kept in this case too.
        boolean interrupted = Thread.interrupted();
        reader.stop();
        List<BackgroundTask<Boolean>> running = workers();
        running.forEach(BackgroundTask::cancel);
        running.forEach(BackgroundTask::awaitEnd);
        try {
            growing.close();
        } catch (IOException e) {
            listener.note("cannot close " + partial.part() + ": " + e.getMessage());
        }
        if (discarded || growing.isEmpty()) {
            partial.discard();
        } else {
            save();
            partial.release();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
