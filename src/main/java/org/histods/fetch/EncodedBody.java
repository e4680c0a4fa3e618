package org.histods.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.Hasher;
import org.histods.problem.Problem;
import org.histods.source.RemoteFile;

/**
 * A response body with a content coding that was not requested. Some hosts compress responses; others declare a coding
 * for files that are compressed themselves. Which bytes are the file is known only when all have arrived. Until then,
 * they are stored in a separate file that no reader sees.
 */
final class EncodedBody {

    private static final int BUFFER = 1 << 16;

    /** As for archives: more is made to fill the disk. The ratio counts from the size below only. */
    private static final long MAX_RATIO = 1000;

    private static final long RATIO_COUNTS_FROM = 100L << 20;

    private static final Set<String> GZIP = Set.of("gzip", "x-gzip");
    private static final Set<String> NAMES = Set.of("gz", "gzip", "tgz", "taz", "bgz", "svgz", "emz", "wmz");

    private final RemoteFile file;
    private final String coding;
    private final Path aside;
    private final Function<String, Problem> wrong;
    private final List<Checksum> published;

    /** Counts bytes as they arrive. */
    interface Counter {
        void bytes(int count) throws IOException;
    }

    /**
     * The body, as sent or decoded.
     *
     * @param gzip whether it starts like a gzip file
     * @param checksums empty if none is published
     */
    private record Reading(long bytes, boolean gzip, Map<Algorithm, Checksum> checksums) {}

    /**
     * Creates a body without reading anything.
     *
     * @param aside the file for the body, which the caller deletes
     * @param wrong makes the problem if the file cannot be recovered from the body
     */
    EncodedBody(RemoteFile file, String coding, Path aside, Function<String, Problem> wrong) {
        this.file = file;
        this.coding = coding;
        this.aside = aside;
        this.wrong = wrong;
        this.published = file.comparable();
    }

    /**
     * Stores the whole body.
     *
     * @throws Problem {@code WRONG_BYTES} if the coding cannot be undone and no checksum is published; {@code DISK}
     */
    void store(InputStream body, Counter counter) throws IOException, Problem {
        if (!GZIP.contains(coding) && published.isEmpty()) {
            throw unreadable();
        }
        byte[] buffer = new byte[BUFFER];
        try (OutputStream out = Files.newOutputStream(aside)) {
            for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
                counter.bytes(count);
                write(out, buffer, count);
            }
        }
    }

    private void write(OutputStream out, byte[] buffer, int count) throws Problem {
        try {
            out.write(buffer, 0, count);
        } catch (IOException e) {
            throw TransferErrors.disk("cannot write " + aside, e);
        }
    }

    /**
     * Whether the file is the decoded body rather than the body as sent. A published checksum decides, else a stated
     * size, else the file's name.
     *
     * @throws IOException if the encoded bytes end too early
     * @throws Problem {@code WRONG_BYTES} if neither is the file, or if the decoded body is more than 1,000 times as large
     */
    boolean mustDecode() throws IOException, Problem {
        Reading raw = read(false);
        boolean compared =
                published.stream().anyMatch(checksum -> raw.checksums().containsKey(checksum.algorithm()));
        if (compared && fits(raw)) {
            return false;
        }
        if (!GZIP.contains(coding)) {
            throw compared ? neither() : unreadable();
        }
        Reading decoded;
        try {
            decoded = read(true);
        } catch (ZipException e) {
            if (file.bytes() != null && fits(raw)) {
                return false;
            }
            throw wrong.apply(
                    "the content coding is stated as " + coding + ", but the body is not in it: " + e.getMessage());
        }
        if (fits(raw) != fits(decoded)) {
            return fits(decoded);
        }
        if (!fits(raw)) {
            throw neither();
        }
        String name = file.path().name().toLowerCase(Locale.ROOT);
        boolean named = NAMES.contains(name.substring(name.lastIndexOf('.') + 1));
        return !named || decoded.gzip();
    }

    /** The body as sent, or decoded. */
    InputStream open(boolean decoded) throws IOException {
        InputStream raw = Files.newInputStream(aside);
        if (!decoded) {
            return raw;
        }
        try {
            return new GZIPInputStream(raw, BUFFER);
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    private Reading read(boolean decoded) throws IOException, Problem {
        long most = Math.max(RATIO_COUNTS_FROM, Files.size(aside) * MAX_RATIO);
        long bytes = 0;
        boolean gzip;
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = open(decoded)) {
            int count = in.readNBytes(buffer, 0, 2);
            gzip = count == 2 && buffer[0] == 0x1f && buffer[1] == (byte) 0x8b;
            for (; count > 0; count = in.readNBytes(buffer, 0, BUFFER)) {
                bytes += count;
                if (decoded && bytes > most) {
                    throw wrong.apply(
                            "the host sent it in the content coding " + coding + ", which decodes " + Files.size(aside)
                                    + " bytes to " + bytes + " or more, and the limit is " + MAX_RATIO + " to 1");
                }
            }
        }
        return new Reading(bytes, gzip, published.isEmpty() ? Map.of() : checksums(decoded, bytes));
    }

    /** Computed in a second pass, because some checksums begin with the length. */
    private Map<Algorithm, Checksum> checksums(boolean decoded, long bytes) throws IOException {
        Hasher hasher = Hasher.toCompare(published, bytes);
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = open(decoded)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                hasher.update(buffer, 0, count);
            }
        }
        return hasher.finish();
    }

    /** Whether it agrees with everything that is stated about the file. */
    private boolean fits(Reading reading) {
        return (file.bytes() == null || file.bytes() == reading.bytes())
                && published.stream()
                        .allMatch(checksum ->
                                checksum.equals(reading.checksums().getOrDefault(checksum.algorithm(), checksum)));
    }

    private Problem unreadable() {
        return wrong.apply("the host sent it in the content coding " + coding
                + ", which was not requested and is not supported, and no published checksum can confirm the bytes");
    }

    private Problem neither() {
        return wrong.apply("the host sent it in the content coding " + coding + ", and "
                + (GZIP.contains(coding)
                        ? "neither the bytes as sent nor the decoded ones match"
                        : "the bytes do not match")
                + " what is published about the file");
    }
}
