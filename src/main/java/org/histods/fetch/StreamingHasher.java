package org.histods.fetch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.Hasher;
import org.histods.digest.PieceHasher;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Stated;
import org.jspecify.annotations.Nullable;

/**
 * Hashes the bytes of a growing file in their order as the frontier moves on, from the page cache. For a thread of its
 * own; once that has ended, another may ask for the pieces.
 */
final class StreamingHasher implements Callable<Map<Algorithm, Checksum>> {

    private static final int BUFFER = 1 << 16;

    private final RemoteFile file;
    private final TransferState answers;
    private final GrowingFile growing;
    private final @Nullable PieceHasher pieces;

    StreamingHasher(RemoteFile file, TransferState answers, GrowingFile growing) {
        this.file = file;
        this.answers = answers;
        this.growing = growing;
        RemoteFile.Span span = file.span();
        this.pieces = span == null ? null : new PieceHasher(span.pieces(), span.start());
    }

    /** The sums of the whole that there is anything to compare with, and SHA-256. */
    @Override
    public Map<Algorithm, Checksum> call() throws IOException, InterruptedException {
        List<Checksum> expected = expected();
        byte[] buffer = new byte[BUFFER];
        ByteBuffer target = ByteBuffer.wrap(buffer);
        try (SeekableByteChannel channel = growing.reader()) {
            Hasher hasher = Hasher.toCompare(expected, length(expected, channel));
            while (true) {
                target.clear();
                int count = channel.read(target);
                if (count < 0) {
                    return hasher.finish();
                }
                hasher.update(buffer, 0, count);
                if (pieces != null) {
                    pieces.update(buffer, 0, count);
                }
            }
        }
    }

    /** What is published, and of what the host states with the bytes, what is not published. */
    private List<Checksum> expected() throws InterruptedException {
        List<Checksum> expected = new ArrayList<>(file.comparable());
        // The first bytes come with an answer that says what all of them are.
        answers.stated().stream()
                .map(Stated::sum)
                .filter(sum -> expected.stream().noneMatch(e -> e.algorithm() == sum.algorithm()))
                .forEach(expected::add);
        return expected;
    }

    /** Some checksums begin with the length: where nobody stated it, it is known with the first answer. */
    private long length(List<Checksum> expected, SeekableByteChannel channel) throws IOException {
        Long stated = file.bytes();
        if (stated != null) {
            return stated;
        }
        return expected.isEmpty() ? -1 : channel.size();
    }

    /** What came of the pieces of a torrent; null where the file lies in none. */
    @Nullable
    PieceHasher pieces() {
        return pieces;
    }
}
