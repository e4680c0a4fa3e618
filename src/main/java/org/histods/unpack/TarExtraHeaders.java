package org.histods.unpack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The extra headers in front of one tar entry: records {@code "<length> <key>=<value>
 * "} of pax (POSIX.1-2001) and long names of GNU tar. Keeps only the records that are needed here.
 */
final class TarExtraHeaders {

    private static final Set<String> USED = Set.of(
            "path",
            "linkpath",
            "size",
            "GNU.sparse.major",
            "GNU.sparse.minor",
            "GNU.sparse.name",
            "GNU.sparse.size",
            "GNU.sparse.realsize",
            "GNU.sparse.map");

    private final Map<String, byte[]> records = new HashMap<>();
    /** The map of GNU's sparse format 0.0, which repeats its keys: offset, length, offset, length. */
    private final StringBuilder repeatedMap = new StringBuilder();

    private byte @Nullable [] longName;
    private byte @Nullable [] longLink;

    /** @throws IOException if the body is malformed, or a global header says what only one entry can have */
    void add(char type, byte[] body) throws IOException {
        switch (type) {
            case 'L' -> longName = withoutZeros(body);
            case 'K' -> longLink = withoutZeros(body);
            case 'V' -> {
                // The label of a volume says nothing of an entry.
            }
            case 'g' -> {
                TarExtraHeaders global = new TarExtraHeaders();
                global.addRecords(body);
                if (!global.records.isEmpty() || !global.repeatedMap.isEmpty()) {
                    throw new IOException("a global tar header gives all entries one "
                            + (global.records.containsKey("size") ? "size" : "name"));
                }
            }
            default -> addRecords(body);
        }
    }

    private static byte[] withoutZeros(byte[] name) {
        int length = name.length;
        while (length > 0 && name[length - 1] == 0) {
            length--;
        }
        return Arrays.copyOf(name, length);
    }

    private void addRecords(byte[] body) throws IOException {
        int at = 0;
        while (at < body.length && body[at] != 0) {
            int space = at;
            int length = 0;
            while (space < body.length && body[space] >= '0' && body[space] <= '9' && space - at < 8) {
                length = length * 10 + body[space] - '0';
                space++;
            }
            int end = at + length;
            if (space == body.length
                    || body[space] != ' '
                    || end <= space + 1
                    || end > body.length
                    || body[end - 1] != '\n') {
                throw new IOException("an extra tar header is malformed");
            }
            addRecord(body, space + 1, end - 1);
            at = end;
        }
    }

    private void addRecord(byte[] body, int from, int end) throws IOException {
        int equals = from;
        while (equals < end && body[equals] != '=') {
            equals++;
        }
        if (equals == end) {
            throw new IOException("an extra tar header is malformed");
        }
        String key = new String(body, from, equals - from, StandardCharsets.UTF_8);
        if (key.equals("GNU.sparse.offset") || key.equals("GNU.sparse.numbytes")) {
            repeatedMap.append(repeatedMap.isEmpty() ? "" : ",");
            repeatedMap.append(new String(body, equals + 1, end - equals - 1, StandardCharsets.US_ASCII));
        } else if (USED.contains(key)) {
            records.put(key, Arrays.copyOfRange(body, equals + 1, end));
        }
    }

    /** The name of the entry; that of a sparse file is not its {@code path}, which GNU tar makes up. */
    byte[] name(byte[] fromHeader) {
        byte[] sparse = value("GNU.sparse.name");
        return name(sparse == null ? value("path") : sparse, longName, fromHeader);
    }

    byte[] linkTarget(byte[] fromHeader) {
        return name(value("linkpath"), longLink, fromHeader);
    }

    private static byte[] name(byte @Nullable [] pax, byte @Nullable [] gnu, byte[] fromHeader) {
        if (pax != null) {
            return pax;
        }
        return gnu == null ? fromHeader : gnu;
    }

    /** The stored size, null if no header states it. */
    @Nullable
    Long size() throws IOException {
        return number("size");
    }

    /** The size of a sparse file with its holes, null if none is stated. */
    @Nullable
    Long sparseSize() throws IOException {
        Long size = number("GNU.sparse.realsize");
        return size == null ? number("GNU.sparse.size") : size;
    }

    /** Offsets and lengths of the stored pieces of a sparse file of format 0.0 or 0.1; null for others. */
    long @Nullable [] sparseMap() throws IOException {
        byte[] list = value("GNU.sparse.map");
        String text = list == null ? repeatedMap.toString() : new String(list, StandardCharsets.US_ASCII);
        if (text.isEmpty()) {
            return null;
        }
        long[] map = new long[16];
        int used = 0;
        for (int from = 0; from <= text.length(); used++) {
            int comma = text.indexOf(',', from);
            int end = comma < 0 ? text.length() : comma;
            if (used == map.length) {
                map = Arrays.copyOf(map, 2 * used);
            }
            map[used] = number("GNU.sparse.map", text.substring(from, end));
            from = end + 1;
        }
        if (used % 2 != 0) {
            throw new IOException("the map of a sparse file is malformed");
        }
        return Arrays.copyOf(map, used);
    }

    /** Whether the map of the sparse file is in front of its content: GNU's sparse format 1.0. */
    boolean sparseMapInContent() throws IOException {
        Long major = number("GNU.sparse.major");
        Long minor = number("GNU.sparse.minor");
        if (major == null || major == 0) {
            return false;
        }
        if (major != 1 || (minor != null && minor != 0)) {
            throw new IOException("sparse format " + major + "." + minor + " of GNU tar is not yet supported");
        }
        return true;
    }

    private @Nullable Long number(String key) throws IOException {
        byte[] value = value(key);
        return value == null ? null : (Long) number(key, new String(value, StandardCharsets.US_ASCII));
    }

    private static long number(String key, String text) throws IOException {
        try {
            long number = Long.parseLong(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException ignored) {
            // reported below
        }
        throw new IOException("an extra tar header has no number in " + key);
    }

    /** The value of a record; null if there is none or it is empty, which cancels an earlier one. */
    private byte @Nullable [] value(String key) {
        byte[] value = records.get(key);
        return value == null || value.length == 0 ? null : value;
    }
}
