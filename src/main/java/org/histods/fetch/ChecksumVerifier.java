package org.histods.fetch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.PieceHasher;
import org.histods.problem.Problem;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Span;
import org.histods.source.RemoteFile.Stated;
import org.jspecify.annotations.Nullable;

/**
 * Compares a complete file with everything that is stated about it: size, checksums, torrent pieces and response
 * headers.
 */
final class ChecksumVerifier {

    private static final String REPLACED =
            "the file may have been replaced upstream: compare with the record's page, or run `histods manifest check`";
    private static final String DAMAGED =
            "the bytes differ from the checksum that the host sent with them: run the same command again";

    private final RemoteFile file;
    private final Map<Algorithm, Checksum> checksums;
    private final List<Stated> equal = new ArrayList<>();
    private final Consumer<String> notes;
    private final Mismatch mismatch;

    /** Makes the problem of a mismatch. */
    interface Mismatch {
        Problem of(String expected, String got, String by, String hint);
    }

    /** @param checksums the computed checksums */
    ChecksumVerifier(RemoteFile file, Map<Algorithm, Checksum> checksums, Consumer<String> notes, Mismatch mismatch) {
        this.file = file;
        this.checksums = checksums;
        this.notes = notes;
        this.mismatch = mismatch;
    }

    /** The checksums that were compared and are equal. */
    ChecksumCheck check() {
        return new ChecksumCheck(equal);
    }

    /** Compares with the published size and checksums, all of which must be equal. */
    ChecksumVerifier withPublished(long bytes) throws Problem {
        if (file.bytes() != null && file.bytes() != bytes) {
            throw mismatch.of(file.bytes() + " bytes", bytes + " bytes", "stated size", REPLACED);
        }
        for (Stated stated : file.checksums()) {
            Checksum computed = checksums.get(stated.checksum().algorithm());
            if (computed == null) {
                continue;
            }
            if (!computed.equals(stated.checksum())) {
                throw mismatch.of(stated.checksum().toString(), computed.toString(), stated.by(), REPLACED);
            }
            equal.add(stated);
        }
        return this;
    }

    /** Compares with the torrent pieces that are wholly in the file; those that cross files are compared later. */
    ChecksumVerifier withPieces(@Nullable PieceHasher pieces) throws Problem {
        Span span = file.span();
        if (pieces == null || span == null) {
            return this;
        }
        if (pieces.wrong() >= 0) {
            String which = "piece " + (pieces.wrong() + 1) + " of "
                    + span.pieces().count() + " of " + span.stated().checksum();
            refuse(which, "a different piece", span.by(), REPLACED);
        } else if (pieces.all()) {
            equal.add(span.stated());
        }
        return this;
    }

    /** Compares with the checksums in response headers. */
    ChecksumVerifier withHeaders(List<Stated> headers) throws Problem {
        for (Stated stated : headers) {
            Checksum computed = checksums.get(stated.checksum().algorithm());
            if (computed == null || equal.stream().anyMatch(e -> e.checksum().equals(computed))) {
                continue;
            }
            if (computed.equals(stated.checksum())) {
                equal.add(stated);
            } else {
                refuse(stated.checksum().toString(), computed.toString(), stated.by(), DAMAGED);
            }
        }
        return this;
    }

    /** A published checksum that is equal outweighs it. */
    private void refuse(String expected, String got, String by, String hint) throws Problem {
        if (equal.isEmpty()) {
            throw mismatch.of(expected, got, by, hint);
        }
        notes.accept(file.path() + ": " + by + " states " + expected + ", got " + got
                + "; the file is kept, because it matches what " + equal.get(0).by() + " published");
    }
}
