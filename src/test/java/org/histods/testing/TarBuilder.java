package org.histods.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Writes tars header by header, without a library, so that tests can have tars that no program writes. */
public final class TarBuilder {

    private static final int RECORD = 512;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Map<Integer, String> fields = new TreeMap<>();

    /** A file with its own name as content. */
    public TarBuilder file(String name) {
        return file(name, name);
    }

    public TarBuilder file(String name, String content) {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    public TarBuilder file(String name, byte[] content) {
        return entry('0', name, "", 0644, content);
    }

    public TarBuilder executable(String name, byte[] content) {
        return entry('0', name, "", 0755, content);
    }

    public TarBuilder hardLink(String name, String target) {
        return entry('1', name, target, 0644, new byte[0]);
    }

    public TarBuilder symbolicLink(String name, String target) {
        return entry('2', name, target, 0777, new byte[0]);
    }

    /** An entry of that type without content, such as a device. */
    public TarBuilder empty(char type, String name) {
        return entry(type, name, "", 0644, new byte[0]);
    }

    /** Writes a text into the next header, at that position, over what is there. */
    public TarBuilder field(int at, String text) {
        fields.put(at, text);
        return this;
    }

    /** An extra header with that body. */
    public TarBuilder header(char type, byte[] body) {
        return entry(type, "header", "", 0644, body);
    }

    /** An extra header of pax for the next entry; key, value, key, value. */
    public TarBuilder pax(String... records) {
        return header('x', records(records));
    }

    public static byte[] records(String... records) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int i = 0; i < records.length; i += 2) {
            String rest = " " + records[i] + "=" + records[i + 1] + "\n";
            int length = rest.getBytes(StandardCharsets.UTF_8).length;
            int digits =
                    String.valueOf(length + String.valueOf(length).length()).length();
            body.writeBytes(((length + digits) + rest).getBytes(StandardCharsets.UTF_8));
        }
        return body.toByteArray();
    }

    /** A sparse file in the format that GNU tar had before pax: offset, length, offset, length and the pieces. */
    public TarBuilder oldSparse(String name, long size, byte[] pieces, long... map) {
        byte[] head = head('S', name, "", 0644, pieces.length);
        put(head, 257, "ustar  ");
        int inHeader = Math.min(map.length, 8);
        putMap(head, 386, map, 0, inHeader);
        head[482] = (byte) (map.length > 8 ? 1 : 0);
        put(head, 483, String.format("%011o", size));
        checksum(head);
        bytes.writeBytes(head);
        for (int at = 8; at < map.length; at += 42) {
            byte[] more = new byte[RECORD];
            putMap(more, 0, map, at, Math.min(map.length, at + 42));
            more[504] = (byte) (map.length > at + 42 ? 1 : 0);
            bytes.writeBytes(more);
        }
        return content(pieces);
    }

    private static void putMap(byte[] record, int at, long[] map, int from, int to) {
        for (int i = from; i < to; i++) {
            put(record, at + 12 * (i - from), String.format("%011o", map[i]));
        }
    }

    public TarBuilder entry(char type, String name, String target, int mode, byte[] content) {
        if (name.getBytes(StandardCharsets.UTF_8).length > 100) {
            header('L', (name + "\0").getBytes(StandardCharsets.UTF_8));
        }
        byte[] head = head(type, name, target, mode, content.length);
        fields.forEach((at, text) -> put(head, at, text));
        fields.clear();
        checksum(head);
        bytes.writeBytes(head);
        return content(content);
    }

    private static byte[] head(char type, String name, String target, int mode, int length) {
        byte[] head = new byte[RECORD];
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(text, 0, head, 0, Math.min(100, text.length));
        put(head, 100, String.format("%07o", mode));
        put(head, 108, "0000000");
        put(head, 116, "0000000");
        put(head, 124, String.format("%011o", length));
        put(head, 136, "00000000000");
        head[156] = (byte) type;
        put(head, 157, target);
        put(head, 257, "ustar");
        put(head, 263, "00");
        return head;
    }

    private static void put(byte[] head, int at, String text) {
        byte[] value = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(value, 0, head, at, value.length);
    }

    private static void checksum(byte[] head) {
        Arrays.fill(head, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : head) {
            sum += b & 0xff;
        }
        put(head, 148, String.format("%06o\0 ", sum));
    }

    private TarBuilder content(byte[] content) {
        bytes.writeBytes(content);
        bytes.writeBytes(new byte[(RECORD - content.length % RECORD) % RECORD]);
        return this;
    }

    /** Cut off behind the last entry, without the zeros that end a tar. */
    public byte[] withoutEnd() {
        return bytes.toByteArray();
    }

    public byte[] end() {
        return Arrays.copyOf(bytes.toByteArray(), bytes.size() + 2 * RECORD);
    }
}
