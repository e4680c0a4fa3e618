package org.histods.csv;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The text of a file that a person made with any program: UTF-8, UTF-16 or UTF-32, else Windows-1252, which includes what
 * Latin-1 can print.
 *
 * @param text without a byte order mark
 * @param guessed the name of the encoding if the file does not say it; null for UTF-8 and for files with a mark
 */
public record TextFile(String text, @Nullable String guessed) {

    /** The largest file that is read, in bytes. A list of a million paths has about 100 MB. */
    private static final int LIMIT = 256 << 20;

    private static final Charset WINDOWS = Charset.forName("windows-1252");

    /** How many bytes are looked at to recognise UTF-16 without a mark. */
    private static final int HEAD = 4096;

    /** First bytes of kinds of files that hold lists but are not text. */
    private enum Binary {
        ZIP("PK\u0003\u0004", "a zip archive, such as an Excel workbook or an .npz"),
        EXCEL("\u00d0\u00cf\u0011\u00e0", "an Excel workbook"),
        GZIP("\u001f\u008b", "compressed with gzip"),
        BZIP2("BZh", "compressed with bzip2"),
        XZ("\u00fd7zXZ", "compressed with xz"),
        ZSTD("(\u00b5/\u00fd", "compressed with zstd"),
        PICKLE2("\u0080\u0002", "a Python pickle"),
        PICKLE3("\u0080\u0003", "a Python pickle"),
        PICKLE4("\u0080\u0004", "a Python pickle"),
        PICKLE5("\u0080\u0005", "a Python pickle"),
        NUMPY("\u0093NUMPY", "a NumPy array"),
        HDF5("\u0089HDF", "an HDF5 file"),
        PARQUET("PAR1", "a Parquet file"),
        ARROW("ARROW1", "an Arrow file"),
        SQLITE("SQLite format 3", "an SQLite database"),
        PDF("%PDF-", "a PDF"),
        RTF("{\\rtf", "a rich-text document");

        private final String magic;
        private final String what;

        Binary(String magic, String what) {
            this.magic = magic;
            this.what = what;
        }
    }

    /**
     * Reads a file.
     *
     * @param shown its name for messages
     * @throws Problem {@code USAGE} if it cannot be read, is not a regular file, is too large, or is not text
     */
    public static TextFile read(Path path, String shown) throws Problem {
        try {
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        "cannot read " + shown + ": it is not a regular file",
                        "save it as a file first if it comes from a pipe");
            }
            byte[] bytes = new byte[0];
            boolean large = Files.size(path) > LIMIT;
            if (!large) {
                try (InputStream in = Files.newInputStream(path)) {
                    bytes = in.readNBytes(LIMIT + 1);
                }
            }
            if (large || bytes.length > LIMIT) {
                throw new Problem(
                        Problem.Kind.USAGE, "cannot read " + shown + ": it is larger than " + (LIMIT >> 20) + " MiB");
            }
            TextFile file = decode(bytes).orElse(null);
            if (file == null) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        shown + " is " + binary(head(bytes)).orElse("a binary file") + ", not text",
                        "save it as CSV, as JSON, or as a text with one path per line");
            }
            return file;
        } catch (IOException e) {
            throw new Problem(Problem.Kind.USAGE, "cannot read " + shown + ": " + Problem.why(e));
        }
    }

    /** The text of these bytes; empty if they are not text. */
    public static Optional<TextFile> decode(byte[] bytes) {
        String head = head(bytes);
        if (binary(head).isPresent()) {
            return Optional.empty();
        }
        Charset marked = marked(head);
        Charset wide = marked == null ? unmarked(bytes) : marked;
        String text = null;
        String guessed = null;
        if (wide != null) {
            text = decode(bytes, wide);
            guessed = marked == null ? wide.name() : null;
        } else {
            text = decode(bytes, StandardCharsets.UTF_8);
            if (text == null) {
                text = new String(bytes, WINDOWS);
                guessed = "Windows-1252";
            }
        }
        if (text == null || text.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        return Optional.of(new TextFile(text.replaceFirst("^\ufeff+", ""), guessed));
    }

    private static @Nullable Charset marked(String head) {
        if (head.startsWith("\u00ff\u00fe\0\0")) {
            return Charset.forName("UTF-32LE");
        }
        if (head.startsWith("\0\0\u00fe\u00ff")) {
            return Charset.forName("UTF-32BE");
        }
        return head.startsWith("\u00ff\u00fe")
                ? StandardCharsets.UTF_16LE
                : head.startsWith("\u00fe\u00ff") ? StandardCharsets.UTF_16BE : null;
    }

    /** UTF-16 that does not say so: in most texts, every second byte is zero for many characters, and no other is. */
    private static @Nullable Charset unmarked(byte[] bytes) {
        int[] zeros = new int[2];
        int length = Math.min(HEAD, bytes.length) & ~1;
        for (int i = 0; i < length; i++) {
            zeros[i & 1] += bytes[i] == 0 ? 1 : 0;
        }
        if (bytes.length % 2 != 0 || Math.max(zeros[0], zeros[1]) * 4 < length || length == 0) {
            return null;
        }
        return zeros[0] == 0 ? StandardCharsets.UTF_16LE : zeros[1] == 0 ? StandardCharsets.UTF_16BE : null;
    }

    private static @Nullable String decode(byte[] bytes, Charset charset) {
        try {
            return charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** The first bytes, as a character each. */
    private static String head(byte[] bytes) {
        return new String(bytes, 0, Math.min(16, bytes.length), StandardCharsets.ISO_8859_1);
    }

    private static Optional<String> binary(String head) {
        return Arrays.stream(Binary.values())
                .filter(kind -> head.startsWith(kind.magic))
                .map(kind -> kind.what)
                .findFirst();
    }
}
