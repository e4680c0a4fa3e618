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
import java.util.Objects;
import java.util.TreeMap;
import org.histods.digest.Checksum;
import org.histods.digest.PieceHashes;
import org.histods.digest.PieceHashes.Range;
import org.histods.fetch.FetchOrigin;
import org.histods.fetch.FetchedFile;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Attempt;
import org.histods.provenance.FetchLog;
import org.histods.provenance.FetchResult;
import org.histods.source.RemoteFile.Span;

/**
 * Compares the pieces of a torrent that span several files, once all files are fetched. Pieces within one file were
 * compared while it arrived; a piece that was not fetched completely cannot be compared.
 */
final class TorrentPieceVerifier {

    private static final int BUFFER = 1 << 16;

    private final PieceHashes pieces;
    private final NavigableMap<Long, FetchedItem> byStart = new TreeMap<>();
    private final NavigableMap<Long, Range> padding = new TreeMap<>();
    private final Map<Integer, Boolean> compared = new HashMap<>();

    private TorrentPieceVerifier(PieceHashes pieces) {
        this.pieces = pieces;
        pieces.padding().forEach(zeros -> padding.put(zeros.start(), zeros));
    }

    /**
     * The same items; those of which every byte is in an equal piece are marked as verified by the torrent. Transfers
     * of unverified files with bytes in a wrong piece are discarded.
     *
     * @throws Problem {@code WRONG_BYTES} if a piece is wrong; {@code DISK}
     */
    static List<FetchedItem> verify(List<FetchedItem> items, FetchLog log) throws Problem {
        Map<Checksum, TorrentPieceVerifier> torrents = new HashMap<>();
        for (FetchedItem item : items) {
            Span span = item.entry().remote().span();
            if (span != null) {
                torrents.computeIfAbsent(span.pieces().name(), name -> new TorrentPieceVerifier(span.pieces()))
                        .byStart
                        .put(span.start(), item);
            }
        }
        List<FetchedItem> verified = new ArrayList<>();
        for (FetchedItem item : items) {
            Span span = item.entry().remote().span();
            TorrentPieceVerifier torrent =
                    span == null ? null : torrents.get(span.pieces().name());
            verified.add(span == null || torrent == null ? item : torrent.verify(item, span, log));
        }
        return verified;
    }

    private static FetchResult result(FetchedItem item) {
        return Objects.requireNonNull(item.ofTorrent());
    }

    private static FetchedFile file(FetchedItem item) {
        return result(item).file();
    }

    private FetchedItem verify(FetchedItem item, Span span, FetchLog log) throws Problem {
        FetchedFile file = file(item);
        if (file.check().against().contains(span.stated())) {
            return item;
        }
        boolean all = file.bytes() > 0;
        long end = span.start() + file.bytes();
        for (int number : pieces.across(span.start(), end)) {
            Range piece = pieces.piece(number);
            boolean inside = piece.start() >= span.start() && piece.end() <= end;
            all &= inside || isEqual(number);
        }
        if (!all) {
            return item;
        }
        FetchResult result = result(item);
        return FetchedItem.of(
                new FetchResult(file.equalTo(span.stated()), result.part(), result.unpacked()), item.bytes(), log);
    }

    /** Whether a piece is equal; false if it cannot be compared. */
    private boolean isEqual(int number) throws Problem {
        Boolean known = compared.get(number);
        if (known != null) {
            return known;
        }
        MessageDigest sha1 = sha1();
        List<FetchedItem> sources = new ArrayList<>();
        boolean complete;
        try {
            complete = read(pieces.piece(number), sha1, sources);
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot read the fetched files", e));
        }
        boolean equal = complete && pieces.equal(number, sha1.digest());
        compared.put(number, equal);
        if (complete && !equal) {
            List<FetchedItem> suspects = sources.stream()
                    .filter(item -> !file(item).check().verified())
                    .toList();
            if (!suspects.isEmpty()) {
                suspects.forEach(item -> item.bytes().discard());
                throw wrong(number, suspects);
            }
        }
        return equal;
    }

    /** Hashes the bytes of a piece; false if some were not fetched. */
    private boolean read(Range piece, MessageDigest sha1, List<FetchedItem> sources) throws IOException {
        long position = piece.start();
        while (position < piece.end()) {
            Map.Entry<Long, FetchedItem> entry = byStart.floorEntry(position);
            FetchedFile file = entry == null ? null : file(entry.getValue());
            long zeros = padding(position);
            if (entry != null && file != null && position < entry.getKey() + file.bytes()) {
                long end = Math.min(piece.end(), entry.getKey() + file.bytes());
                hash(file, position - entry.getKey(), end - position, sha1);
                sources.add(entry.getValue());
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

    /** The end of the padding at that position; the position itself if there is none. */
    private long padding(long position) {
        Map.Entry<Long, Range> zeros = padding.floorEntry(position);
        return zeros == null ? position : Math.max(position, zeros.getValue().end());
    }

    private static void hash(FetchedFile file, long from, long count, MessageDigest sha1) throws IOException {
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

    private Problem wrong(int number, List<FetchedItem> suspects) {
        List<String> paths =
                suspects.stream().map(item -> file(item).remote().path().text()).toList();
        String which = "piece " + (number + 1) + " of " + pieces.count() + " of " + pieces.name();
        List<Attempt> attempts = suspects.stream()
                .map(TorrentPieceVerifier::file)
                .map(file -> new Attempt(
                        file.origin().source(), shown(file.origin()), 200, file.bytes(), which + " is wrong"))
                .toList();
        return new Problem(
                Problem.Kind.WRONG_BYTES,
                which + ", with bytes of " + String.join(", ", paths.subList(0, Math.min(20, paths.size())))
                        + ", does not match the torrent; these files are deleted",
                "run the same command to fetch them again; if they are local files, pass the correct ones with --from",
                attempts,
                null);
    }

    private static String shown(FetchOrigin origin) {
        return origin.localName() != null ? origin.localName() : String.valueOf(origin.answered());
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
