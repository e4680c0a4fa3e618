package org.histods.fetch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Small ranges of a remote file, fetched into memory when they are read. Used for the directory of an archive, which is
 * checked before anything is stored. Not thread-safe.
 */
public final class MemoryRanges {

    /** Limit for the bytes in memory: the directory of about 700,000 entries. */
    private static final long MOST_BYTES = 64L << 20;

    private static final int MOST_REQUESTS = 40;
    private static final int FIRST_REQUEST = 1 << 10;
    /** A gap of at most this size before fetched bytes is fetched as a whole, because it belongs to the directory. */
    private static final int NEAR = 1 << 16;

    private static final int LARGEST_REQUEST = 1 << 20;

    private final RangeReader reader;
    private final NavigableMap<Long, byte[]> pieces = new TreeMap<>();
    private long bytes;
    private int requests;
    private int next = FIRST_REQUEST;
    private @Nullable Exception failure;

    MemoryRanges(RangeReader reader) {
        this.reader = reader;
    }

    public RangeReader reader() {
        return reader;
    }

    /** How many bytes were fetched. */
    public long bytes() {
        return bytes;
    }

    /** The ranges that were fetched. */
    List<long[]> ranges() {
        List<long[]> ranges = new ArrayList<>();
        pieces.forEach((from, piece) -> ranges.add(new long[] {from, from + piece.length}));
        return ByteRanges.of(ranges).list();
    }

    /** The result, if nothing else of the file is fetched. */
    public FetchedFile fetched(Instant finished) {
        return new FetchedFile(
                reader.candidate().file(),
                Path.of(reader.candidate().file().path().text()),
                reader.size(),
                Map.of(),
                ChecksumCheck.COMPUTED,
                reader.origin(finished),
                new FetchedRanges(reader.validator(), ranges()),
                null);
    }

    /** Why the last read failed, a {@link Problem} or a {@link RangesUnsupportedException}; null if none did. */
    public @Nullable Exception failure() {
        return failure;
    }

    /** Keeps bytes that were fetched already. */
    void add(long from, byte[] piece) {
        pieces.put(from, piece);
        bytes += piece.length;
    }

    /** Fetches what is missing of a range, up to the first byte that is there. */
    public void fetch(long from, long end) throws IOException {
        long at = Math.max(from, endOf(from));
        long to = Math.min(Math.min(end, reader.size()), nextFrom(at));
        if (at >= to) {
            return;
        }
        try {
            requests++;
            if (bytes + to - at > MOST_BYTES || requests > MOST_REQUESTS) {
                throw new RangesUnsupportedException("its directory is too large or too far from its end");
            }
            byte[] piece = new byte[(int) (to - at)];
            long start = at;
            reader.read(
                    at,
                    to,
                    (position, buffer, count) -> System.arraycopy(buffer, 0, piece, (int) (position - start), count));
            add(at, piece);
        } catch (Problem p) {
            failure = p;
            throw new IOException(p.message(), p);
        } catch (RangesUnsupportedException e) {
            failure = e;
            throw e;
        }
    }

    private long endOf(long position) {
        Map.Entry<Long, byte[]> piece = pieces.floorEntry(position);
        return piece == null ? position : piece.getKey() + piece.getValue().length;
    }

    private long nextFrom(long position) {
        Long from = pieces.ceilingKey(position);
        return from == null ? Long.MAX_VALUE : from;
    }

    private int read(ByteBuffer target, long position) throws IOException {
        if (position >= reader.size()) {
            return -1;
        }
        if (endOf(position) <= position) {
            long gap = nextFrom(position) - position;
            fetch(position, position + (gap <= NEAR ? gap : next));
            next = Math.min(2 * next, LARGEST_REQUEST);
        }
        Map.Entry<Long, byte[]> piece = pieces.floorEntry(position);
        int at = (int) (position - piece.getKey());
        int count = Math.min(target.remaining(), piece.getValue().length - at);
        target.put(piece.getValue(), at, count);
        return count;
    }

    /** A channel over the file, which fetches what is not there. */
    public SeekableByteChannel channel() {
        return new ReadChannel(this::read, reader::size);
    }
}
