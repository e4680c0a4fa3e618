package org.histods.fetch;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.histods.mirror.PartialTransfer;
import org.histods.problem.Problem;
import org.histods.source.RemoteFile;
import org.histods.text.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The state that a later run needs to resume a partial file.
 *
 * @param validator the entity tag or date of the bytes, null if the host gave none
 * @param host the host that gave it, since another host may use another tag for the same bytes; null if none did
 * @param total the size of the complete file, -1 if unknown
 * @param resumes how often the transfer was resumed so far
 * @param ranges the ranges that have arrived; with their checksums if nothing else would show that they were damaged
 * @param response the last response that gave bytes, null if that was not recorded
 */
record ResumeState(
        @Nullable String validator,
        @Nullable String host,
        long total,
        int resumes,
        List<WrittenRange> ranges,
        @Nullable ResponseSummary response) {

    /** Reading so many bytes may take some seconds. */
    private static final long LONG = 1L << 30;

    /** The state of a transfer that must start again. */
    static final ResumeState NONE = new ResumeState(null, null, -1, 0, List.of(), null);

    private static final String FORMAT = "histods-partial 1";

    /** The state of an earlier run that may be used; see the table in {@code docs/design.md}, "Resuming". */
    static ResumeState left(RemoteFile file, PartialTransfer partial) throws Problem {
        try {
            ResumeState state = partial.readState().flatMap(ResumeState::parse).orElse(NONE);
            long length = Files.exists(partial.part()) ? Files.size(partial.part()) : 0;
            boolean present = state.ranges().stream().allMatch(r -> r.end() <= length);
            boolean decidable = file.checksumDecides() || state.validator() != null;
            Long bytes = file.bytes();
            boolean fits = bytes == null || state.ranges().stream().allMatch(r -> r.end() <= bytes);
            boolean whole = WrittenRange.positions(state.ranges()).endOf(0) == (bytes == null ? state.total() : bytes);
            // A complete file may also belong to a bag: it is read again, but never written to.
            boolean usable = whole || !partial.shared();
            return present && decidable && fits && usable ? state : NONE;
        } catch (IOException e) {
            throw TransferErrors.disk("cannot read " + partial.part(), e);
        }
    }

    /**
     * The same without the ranges whose bytes are no longer those that arrived: after a power cut, a disk may have the
     * state and not the bytes. A checksum of the whole file shows that too, so that nothing is read here if there is one.
     *
     * @param listener is told what takes long
     */
    static ResumeState leftIntact(RemoteFile file, PartialTransfer partial, FetchListener listener) throws Problem {
        ResumeState left = left(file, partial);
        if (file.checksumDecides()) {
            return left;
        }
        if (left.bytes() >= LONG) {
            listener.note(file.path() + ": reading " + Bytes.text(left.bytes()) + " of an earlier run");
        }
        try {
            List<WrittenRange> intact = new ArrayList<>();
            for (WrittenRange range : left.ranges()) {
                if (range.isIntact(partial.part())) {
                    intact.add(range);
                }
            }
            boolean usable = intact.size() == left.ranges().size() || !partial.shared();
            return intact.isEmpty() || !usable
                    ? NONE
                    : new ResumeState(
                            left.validator(), left.host(), left.total(), left.resumes(), intact, left.response());
        } catch (ClosedByInterruptException e) {
            throw Problem.interrupted();
        } catch (IOException e) {
            throw TransferErrors.disk("cannot read " + partial.part(), e);
        }
    }

    /** How many bytes have arrived. */
    long bytes() {
        return ranges.stream().mapToLong(range -> range.end() - range.from()).sum();
    }

    /** A few lines of text, whose incomplete write can be detected. */
    String text() {
        StringBuilder out = new StringBuilder(FORMAT).append('\n');
        out.append("validator ").append(validator == null ? "" : validator).append('\n');
        out.append("host ").append(host == null ? "" : host).append('\n');
        out.append("total ").append(total).append('\n');
        out.append("resumes ").append(resumes).append('\n');
        for (WrittenRange range : ranges) {
            out.append("range ").append(range.from()).append(' ').append(range.end());
            if (range.crc() != WrittenRange.UNCHECKED) {
                out.append(' ').append(Long.toHexString(range.crc()));
            }
            out.append('\n');
        }
        if (response != null) {
            response.lines().forEach(line -> out.append(line).append('\n'));
        }
        return out.append("end\n").toString();
    }

    /** Reads {@link #text} back; empty if it is incomplete or of another format: then the transfer starts again. */
    static Optional<ResumeState> parse(String text) {
        List<String> lines = text.lines().toList();
        if (lines.size() < 6
                || !lines.get(0).equals(FORMAT)
                || !lines.get(lines.size() - 1).equals("end")) {
            return Optional.empty();
        }
        try {
            String validator = after(lines.get(1), "validator ");
            String host = after(lines.get(2), "host ");
            long total = Long.parseLong(after(lines.get(3), "total "));
            int resumes = Integer.parseInt(after(lines.get(4), "resumes "));
            List<WrittenRange> ranges = new ArrayList<>();
            List<String> response = new ArrayList<>();
            for (String line : lines.subList(5, lines.size() - 1)) {
                if (line.startsWith("range ")) {
                    String[] parts = after(line, "range ").split(" ", 3);
                    ranges.add(new WrittenRange(
                            Long.parseLong(parts[0]),
                            Long.parseLong(parts[1]),
                            parts.length > 2 ? Long.parseLong(parts[2], 16) : WrittenRange.UNCHECKED));
                } else {
                    response.add(line);
                }
            }
            return Optional.of(new ResumeState(
                    validator.isEmpty() ? null : validator,
                    host.isEmpty() ? null : host,
                    total,
                    resumes,
                    ranges,
                    response.isEmpty() ? null : ResponseSummary.parse(response)));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private static String after(String line, String word) {
        if (!line.startsWith(word)) {
            throw new IllegalArgumentException("expected '" + word + "' in '" + line + "'");
        }
        return line.substring(word.length());
    }
}
