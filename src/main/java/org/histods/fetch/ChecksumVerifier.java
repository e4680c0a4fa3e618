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

/** Compares a complete file with everything that is stated of it. */
final class ChecksumVerifier {

    private static final String REPLACED =
            "the file may have been replaced upstream: compare with the record's page, or run `histods manifest check`";
    private static final String DAMAGED =
            "the bytes differ from the checksum that the host sent with them: run the same command again";

    private final RemoteFile file;
    private final Map<Algorithm, Checksum> sums;
    private final List<Stated> equal = new ArrayList<>();
    private final Consumer<String> notes;
    private final Mismatch mismatch;

    /** Makes the problem of a mismatch. */
    interface Mismatch {
        Problem of(String expected, String got, String by, String hint);
    }

    /** @param sums the computed checksums */
    ChecksumVerifier(RemoteFile file, Map<Algorithm, Checksum> sums, Consumer<String> notes, Mismatch mismatch) {
        this.file = file;
        this.sums = sums;
        this.notes = notes;
        this.mismatch = mismatch;
    }

    /** What was compared and is equal. */
    ChecksumCheck check() {
        return new ChecksumCheck(equal);
    }

    /** Compares with the published size and checksums, all of which must be equal. */
    ChecksumVerifier withPublished(long bytes) throws Problem {
        if (file.bytes() != null && file.bytes() != bytes) {
            throw mismatch.of(file.bytes() + " bytes", bytes + " bytes", "stated size", REPLACED);
        }
        for (Stated stated : file.sums()) {
            Checksum computed = sums.get(stated.sum().algorithm());
            if (computed == null) {
                continue;
            }
            if (!computed.equals(stated.sum())) {
                throw mismatch.of(stated.sum().toString(), computed.toString(), stated.by(), REPLACED);
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
                    + span.pieces().count() + " of " + span.stated().sum();
            refuse(which, "a different piece", span.by(), REPLACED);
        } else if (pieces.all()) {
            equal.add(span.stated());
        }
        return this;
    }

    /** Compares with the checksums in response headers. */
    ChecksumVerifier withHeaders(List<Stated> headers) throws Problem {
        for (Stated stated : headers) {
            Checksum computed = sums.get(stated.sum().algorithm());
            if (computed == null || equal.stream().anyMatch(e -> e.sum().equals(computed))) {
                continue;
            }
            if (computed.equals(stated.sum())) {
                equal.add(stated);
            } else {
                refuse(stated.sum().toString(), computed.toString(), stated.by(), DAMAGED);
            }
        }
        return this;
    }

    /** A published checksum that is equal outweighs it. */
    private void refuse(String expected, String got, String by, String hint) throws Problem {
        if (equal.isEmpty()) {
            throw mismatch.of(expected, got, by, hint);
        }
        notes.accept(file.path() + ": " + by + " states " + expected + ", got " + got + "; the file is kept, since it"
                + " matches what " + equal.get(0).by() + " published");
    }
}
