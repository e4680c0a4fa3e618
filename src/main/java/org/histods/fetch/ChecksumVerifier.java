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

/** Compares the whole of a file with everything that is stated of it, by whoever states it. */
final class ChecksumVerifier {

    private static final String REPLACED =
            "the file may have been replaced upstream: compare with the record's page, or run `histods manifest check`";
    private static final String DAMAGED =
            "the host itself states another checksum for what it sends: run the same command again";

    private final RemoteFile file;
    private final Map<Algorithm, Checksum> sums;
    private final List<Stated> equal = new ArrayList<>();
    private final Consumer<String> notes;
    private final Wrong wrong;

    /** Makes the problem of it that something is another. */
    interface Wrong {
        Problem than(String expected, String got, String by, String hint);
    }

    /** @param sums what was computed of the bytes */
    ChecksumVerifier(RemoteFile file, Map<Algorithm, Checksum> sums, Consumer<String> notes, Wrong wrong) {
        this.file = file;
        this.sums = sums;
        this.notes = notes;
        this.wrong = wrong;
    }

    /** What was compared so far and is equal. */
    ChecksumCheck check() {
        return new ChecksumCheck(equal);
    }

    /** With what is published of the file, all of which must be equal. */
    ChecksumVerifier withPublished(long bytes) throws Problem {
        if (file.bytes() != null && file.bytes() != bytes) {
            throw wrong.than(file.bytes() + " bytes", bytes + " bytes", "stated size", REPLACED);
        }
        for (Stated stated : file.sums()) {
            Checksum computed = sums.get(stated.sum().algorithm());
            if (computed == null) {
                continue;
            }
            if (!computed.equals(stated.sum())) {
                throw wrong.than(stated.sum().toString(), computed.toString(), stated.by(), REPLACED);
            }
            equal.add(stated);
        }
        return this;
    }

    /** With the pieces that lie wholly in the file; those that cross its borders are for whoever has its neighbours. */
    ChecksumVerifier withPieces(@Nullable PieceHasher pieces) throws Problem {
        Span span = file.span();
        if (pieces == null || span == null) {
            return this;
        }
        if (pieces.wrong() >= 0) {
            String which = "piece " + (pieces.wrong() + 1) + " of "
                    + span.pieces().count() + " of " + span.stated().sum();
            refuse(which, "another one", span.by(), REPLACED);
        } else if (pieces.all()) {
            equal.add(span.stated());
        }
        return this;
    }

    /** With what the host stated together with the bytes. */
    ChecksumVerifier withAnswer(List<Stated> answer) throws Problem {
        for (Stated stated : answer) {
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

    /** It does not outweigh what is equal already. */
    private void refuse(String expected, String got, String by, String hint) throws Problem {
        if (equal.isEmpty()) {
            throw wrong.than(expected, got, by, hint);
        }
        notes.accept(file.path() + ": " + by + " says " + expected + ", and " + got + " came; it is kept, since it is"
                + " what " + equal.get(0).by() + " published");
    }
}
