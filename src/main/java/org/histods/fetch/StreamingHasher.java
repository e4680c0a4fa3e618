package org.histods.fetch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.histods.digest.Algorithm;
import org.histods.digest.BlockChecksums;
import org.histods.digest.Checksum;
import org.histods.digest.Hasher;
import org.histods.digest.PieceHasher;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Stated;
import org.jspecify.annotations.Nullable;

/** Hashes a growing file, in order, while it arrives; runs as a task of its own. */
final class StreamingHasher {

    private static final int BUFFER = 1 << 18;

    private final RemoteFile file;
    private final TransferState state;
    private final GrowingFile growing;

    /**
     * The hashes of a complete file.
     *
     * @param checksums SHA-256, and one for each algorithm that there is something to compare with
     * @param pieces the compared pieces of a torrent; null if the file is in none
     * @param blocks the checksums of the file's blocks; null if it is small
     */
    record Result(
            Map<Algorithm, Checksum> checksums,
            @Nullable PieceHasher pieces,
            @Nullable BlockChecksums blocks) {}

    StreamingHasher(RemoteFile file, TransferState state, GrowingFile growing) {
        this.file = file;
        this.state = state;
        this.growing = growing;
    }

    /** Reads the file to its end. */
    Result hash() throws IOException, InterruptedException {
        List<Checksum> expected = expected();
        RemoteFile.Span span = file.span();
        PieceHasher pieces = span == null ? null : new PieceHasher(span.pieces(), span.start());
        BlockChecksums.Builder blocks = new BlockChecksums.Builder();
        byte[] buffer = new byte[BUFFER];
        ByteBuffer target = ByteBuffer.wrap(buffer);
        try (SeekableByteChannel channel = growing.reader()) {
            Hasher hasher = Hasher.toCompare(expected, length(expected, channel));
            while (true) {
                target.clear();
                int count = channel.read(target);
                if (count < 0) {
                    boolean large = hasher.bytes() >= BlockChecksums.LEAST;
                    return new Result(hasher.finish(), pieces, large ? blocks.build() : null);
                }
                hasher.update(buffer, 0, count);
                blocks.update(buffer, 0, count);
                if (pieces != null) {
                    pieces.update(buffer, 0, count);
                }
            }
        }
    }

    /** What is published, and what response headers state by algorithms that nothing is published by. */
    private List<Checksum> expected() throws InterruptedException {
        List<Checksum> expected = new ArrayList<>(file.comparable());
        state.stated().stream()
                .map(Stated::checksum)
                .filter(checksum -> expected.stream().noneMatch(e -> e.algorithm() == checksum.algorithm()))
                .forEach(expected::add);
        return expected;
    }

    /** Some checksums begin with the length: if it is not stated, it is known with the first response. */
    private long length(List<Checksum> expected, SeekableByteChannel channel) throws IOException {
        Long stated = file.bytes();
        if (stated != null) {
            return stated;
        }
        return expected.isEmpty() ? -1 : channel.size();
    }
}
