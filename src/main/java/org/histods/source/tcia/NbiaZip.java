package org.histods.source.tcia;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.histods.digest.Algorithm;
import org.histods.digest.Hasher;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Passes the zip of a series on unchanged and compares each image with the list of MD5 checksums at its end. If the
 * service fails in the middle, the zip ends properly but without the list. A failure is an {@link IOException} whose cause
 * is a {@link Problem}.
 */
final class NbiaZip extends InputStream {

    private static final String LIST = "md5hashes.csv";
    private static final int MAX_LIST = 16 << 20;
    private static final Pattern LINE = Pattern.compile("\"?([^\",]+)\"?\\s*[,;]\\s*\"?([0-9a-fA-F]{32})\"?");

    private final InputStream from;
    private final String name;
    private final Passing passing = new Passing();
    private final ZipInputStream zip = new ZipInputStream(new BufferedInputStream(passing, 1 << 16));
    private final byte[] content = new byte[1 << 16];
    private final Map<String, String> checksums = new TreeMap<>();
    private final ByteArrayOutputStream list = new ByteArrayOutputStream();
    private @Nullable ZipEntry current;
    private @Nullable Hasher hasher;
    private boolean listed;
    private boolean read;
    private boolean foreign;
    private boolean ended;

    NbiaZip(InputStream from, String name) {
        this.from = from;
        this.name = name;
    }

    /** Feeds the zip reader and keeps the bytes for the caller. */
    private final class Passing extends InputStream {
        private byte[] kept = new byte[0];
        private int given;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int most) throws IOException {
            int count = from.read(into, offset, most);
            if (count > 0) {
                foreign |= kept.length == 0 && into[offset] != 'P';
                int waiting = kept.length - given;
                byte[] more = new byte[waiting + count];
                System.arraycopy(kept, given, more, 0, waiting);
                System.arraycopy(into, offset, more, waiting, count);
                kept = more;
                given = 0;
            }
            return count;
        }

        int give(byte[] into, int offset, int most) {
            int count = Math.min(most, kept.length - given);
            System.arraycopy(kept, given, into, offset, count);
            given += count;
            return count;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int most) throws IOException {
        int count = passing.give(into, offset, most);
        while (count == 0 && most > 0 && !read) {
            member();
            count = passing.give(into, offset, most);
        }
        if (count > 0 || most == 0) {
            return count;
        }
        // After the last entry: the directory of the zip.
        count = from.read(into, offset, most);
        if (count < 0 && !ended) {
            ended = true;
            compare();
        }
        return count;
    }

    /** Reads the next bytes of an entry, up to the end of the last one. */
    private void member() throws IOException {
        try {
            if (current == null) {
                begin();
                return;
            }
            int count = zip.read(content, 0, content.length);
            if (count < 0) {
                end(current);
            } else if (hasher != null) {
                hasher.update(content, 0, count);
            } else if (list.size() < MAX_LIST) {
                list.write(content, 0, count);
            }
        } catch (ZipException e) {
            // A zip that Java cannot read: its list is not found.
            read = true;
        }
    }

    private void begin() throws IOException {
        current = zip.getNextEntry();
        read = current == null;
        listed |= current != null && current.getName().equals(LIST);
        hasher = current == null || current.getName().equals(LIST) ? null : Hasher.of(Set.of(Algorithm.MD5), -1);
    }

    private void end(ZipEntry entry) {
        if (hasher != null && !entry.isDirectory()) {
            checksums.put(
                    entry.getName(),
                    Objects.requireNonNull(hasher.finish().get(Algorithm.MD5)).hex());
        }
        current = null;
    }

    private void compare() throws IOException {
        if (foreign) {
            // Not a zip, such as a web page: the caller reports it.
            return;
        }
        if (!listed) {
            throw failure(
                    Kind.NETWORK,
                    "has no " + LIST + " at its end, so the service failed or has changed",
                    "run the same command again later; if this persists, use IDC with --source idc if the dataset has it");
        }
        Map<String, String> stated = stated();
        for (Map.Entry<String, String> image : checksums.entrySet()) {
            String expected = stated.remove(image.getKey());
            boolean counts = image.getKey().endsWith(".dcm");
            if (expected == null ? counts : !expected.equals(image.getValue())) {
                throw failure(
                        Kind.WRONG_BYTES,
                        "contains " + image.getKey() + " with the MD5 " + image.getValue() + ", but its " + LIST
                                + " states " + (expected == null ? "none" : expected),
                        null);
            }
        }
        if (!stated.isEmpty()) {
            throw failure(
                    Kind.WRONG_BYTES, "lacks " + stated.keySet().iterator().next() + " of its " + LIST, null);
        }
    }

    private Map<String, String> stated() throws IOException {
        Map<String, String> stated = new HashMap<>();
        boolean head = true;
        for (String line :
                list.toString(StandardCharsets.UTF_8).replace("\uFEFF", "").split("\r?\n", -1)) {
            Matcher matcher = LINE.matcher(line.strip());
            if (matcher.matches()) {
                stated.put(matcher.group(1).strip(), matcher.group(2).toLowerCase(Locale.ROOT));
            } else if (!line.isBlank() && !head) {
                throw failure(
                        Kind.WRONG_BYTES,
                        "has a " + LIST + " with a line that is not a checksum: '" + line + "'",
                        null);
            }
            head = false;
        }
        return stated;
    }

    private IOException failure(Kind kind, String what, @Nullable String hint) {
        Problem problem = new Problem(kind, name + ": the zip from NBIA " + what, hint);
        return new IOException(problem.message(), problem);
    }

    @Override
    public void close() throws IOException {
        from.close();
    }
}
