package org.histods.pull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.histods.digest.Checksum;
import org.histods.digest.PieceHashes;
import org.histods.digest.PieceHashes.Stretch;
import org.histods.fetch.FetchOrigin;
import org.histods.fetch.FetchedFile;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Attempt;
import org.histods.provenance.FetchResult;
import org.histods.source.RemoteFile.Span;

/**
 * Compares the pieces of a torrent that cross the borders of files, once all files are there. Those within a file were
 * compared as its bytes came; a piece of which some bytes were not fetched cannot be compared.
 */
final class TorrentPieceVerifier {

    private static final int BUFFER = 1 << 16;

    private final PieceHashes pieces;
    private final NavigableMap<Long, FetchResult> byStart = new TreeMap<>();
    private final NavigableMap<Long, Stretch> padding = new TreeMap<>();
    private final Map<Integer, Boolean> compared = new HashMap<>();

    private TorrentPieceVerifier(PieceHashes pieces) {
        this.pieces = pieces;
        pieces.padding().forEach(zeros -> padding.put(zeros.start(), zeros));
    }

    /**
     * The same fetches; those of which every byte lies in a piece that is equal are verified by that.
     *
     * @param suspect told of each file with bytes in a piece that is another
     * @throws Problem {@code WRONG_BYTES} if a piece is another
     */
    static List<FetchResult> compare(List<FetchResult> fetches, Consumer<FetchResult> suspect) throws Problem {
        Map<Checksum, TorrentPieceVerifier> torrents = new HashMap<>();
        for (FetchResult fetch : fetches) {
            Span span = fetch.file().remote().span();
            if (span != null) {
                torrents.computeIfAbsent(span.pieces().name(), name -> new TorrentPieceVerifier(span.pieces()))
                        .byStart
                        .put(span.start(), fetch);
            }
        }
        List<FetchResult> result = new ArrayList<>();
        for (FetchResult fetch : fetches) {
            Span span = fetch.file().remote().span();
            TorrentPieceVerifier torrent =
                    span == null ? null : torrents.get(span.pieces().name());
            result.add(span == null || torrent == null ? fetch : torrent.compared(fetch, span, suspect));
        }
        return result;
    }

    private FetchResult compared(FetchResult fetch, Span span, Consumer<FetchResult> suspect) throws Problem {
        FetchedFile file = fetch.file();
        if (file.check().against().contains(span.stated())) {
            return fetch;
        }
        boolean all = file.bytes() > 0;
        long end = span.start() + file.bytes();
        for (int number : pieces.across(span.start(), end)) {
            Stretch piece = pieces.piece(number);
            boolean inside = piece.start() >= span.start() && piece.end() <= end;
            all &= inside || equal(number, suspect);
        }
        return all ? new FetchResult(file.equalTo(span.stated()), fetch.part(), fetch.unpacked()) : fetch;
    }

    /** Whether that piece is equal; false where it cannot be told. */
    private boolean equal(int number, Consumer<FetchResult> suspect) throws Problem {
        Boolean known = compared.get(number);
        if (known != null) {
            return known;
        }
        MessageDigest sha1 = sha1();
        List<FetchResult> parts = new ArrayList<>();
        boolean there;
        try {
            there = read(pieces.piece(number), sha1, parts);
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot read what was fetched", e));
        }
        boolean equal = there && pieces.equal(number, sha1.digest());
        compared.put(number, equal);
        if (there && !equal) {
            List<FetchResult> doubtful =
                    parts.stream().filter(f -> !f.file().check().verified()).toList();
            if (!doubtful.isEmpty()) {
                doubtful.forEach(suspect);
                throw wrong(number, doubtful);
            }
        }
        return equal;
    }

    /** Feeds the bytes of the piece; false if some are not there. */
    private boolean read(Stretch piece, MessageDigest sha1, List<FetchResult> parts) throws IOException {
        long position = piece.start();
        while (position < piece.end()) {
            Map.Entry<Long, FetchResult> entry = byStart.floorEntry(position);
            FetchedFile file = entry == null ? null : entry.getValue().file();
            long zeros = padding(position);
            if (entry != null && file != null && position < entry.getKey() + file.bytes()) {
                long end = Math.min(piece.end(), entry.getKey() + file.bytes());
                feed(file, position - entry.getKey(), end - position, sha1);
                parts.add(entry.getValue());
                position = end;
            } else if (zeros > position) {
                long end = Math.min(piece.end(), zeros);
                for (; position < end; position++) {
                    sha1.update((byte) 0);
                }
            } else {
                return false;
            }
        }
        return true;
    }

    /** The end of the padding at that position; the position itself where there is none. */
    private long padding(long position) {
        Map.Entry<Long, Stretch> zeros = padding.floorEntry(position);
        return zeros == null ? position : Math.max(position, zeros.getValue().end());
    }

    private static void feed(FetchedFile file, long from, long count, MessageDigest sha1) throws IOException {
        try (FileChannel channel = FileChannel.open(file.file(), StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
            for (long left = count, at = from; left > 0; ) {
                buffer.clear().limit((int) Math.min(left, BUFFER));
                int read = channel.read(buffer, at);
                if (read < 0) {
                    throw new IOException(file.file() + " has become shorter");
                }
                sha1.update(buffer.flip());
                at += read;
                left -= read;
            }
        }
    }

    private Problem wrong(int number, List<FetchResult> doubtful) {
        List<String> paths =
                doubtful.stream().map(f -> f.file().remote().path().text()).toList();
        String which = "piece " + (number + 1) + " of " + pieces.count() + " of " + pieces.name();
        List<Attempt> attempts = doubtful.stream()
                .map(f -> new Attempt(
                        f.file().origin().source(),
                        shown(f.file().origin()),
                        200,
                        f.file().bytes(),
                        which + " is another"))
                .toList();
        return new Problem(
                Problem.Kind.WRONG_BYTES,
                which + ", which holds bytes of " + String.join(", ", paths.subList(0, Math.min(20, paths.size())))
                        + ", is not what the torrent's pieces say; these files are thrown away",
                "run the same command again to fetch them anew; of files that were brought, bring the right ones",
                attempts,
                null);
    }

    private static String shown(FetchOrigin origin) {
        return origin.brought() != null ? origin.brought() : String.valueOf(origin.answered());
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
