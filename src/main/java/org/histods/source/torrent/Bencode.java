package org.histods.source.torrent;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the encoding of {@code .torrent} files (BEP 3): {@code i42e}, {@code 4:spam}, {@code l…e}, {@code d…e}. Numbers
 * become {@code Long}, strings {@code byte[]}, lists {@code List}, dictionaries {@code Map} with the keys as text.
 */
final class Bencode {

    /** Torrents have five levels; deeper nesting could exhaust the stack. */
    private static final int MAX_DEPTH = 32;

    private final byte[] bytes;
    private int at;
    private byte @Nullable [] info;

    private Bencode(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * A dictionary, and the bytes of the value of {@code info} in it, whose SHA-1 is the infohash.
     *
     * @param info empty if there is none
     */
    record Parsed(Map<?, ?> dictionary, byte[] info) {}

    /** @throws IllegalArgumentException if this is not a single dictionary */
    static Parsed parse(byte[] bytes) {
        Bencode reader = new Bencode(bytes);
        if (reader.value(0) instanceof Map<?, ?> map && reader.at == bytes.length) {
            return new Parsed(map, reader.info == null ? new byte[0] : reader.info);
        }
        throw reader.broken();
    }

    private Object value(int depth) {
        if (depth > MAX_DEPTH) {
            throw broken();
        }
        byte start = peek();
        return switch (start) {
            case 'i' -> {
                at++;
                yield number('e');
            }
            case 'l' -> list(depth);
            case 'd' -> dictionary(depth);
            default -> string();
        };
    }

    private List<Object> list(int depth) {
        List<Object> list = new ArrayList<>();
        at++;
        while (peek() != 'e') {
            list.add(value(depth + 1));
        }
        at++;
        return list;
    }

    private Map<String, Object> dictionary(int depth) {
        Map<String, Object> map = new LinkedHashMap<>();
        at++;
        while (peek() != 'e') {
            String key = new String(string(), StandardCharsets.UTF_8);
            int start = at;
            if (map.put(key, value(depth + 1)) != null) {
                throw broken();
            }
            if (depth == 0 && key.equals("info")) {
                info = Arrays.copyOfRange(bytes, start, at);
            }
        }
        at++;
        return map;
    }

    private byte[] string() {
        long length = number(':');
        if (length < 0 || length > bytes.length - at) {
            throw broken();
        }
        byte[] text = Arrays.copyOfRange(bytes, at, at + (int) length);
        at += (int) length;
        return text;
    }

    private long number(char end) {
        int start = at;
        while (peek() != end) {
            at++;
        }
        String digits = new String(bytes, start, at - start, StandardCharsets.US_ASCII);
        at++;
        if (!digits.matches("-?[0-9]{1,18}")) {
            throw broken();
        }
        return Long.parseLong(digits);
    }

    private byte peek() {
        if (at >= bytes.length) {
            throw broken();
        }
        return bytes[at];
    }

    private IllegalArgumentException broken() {
        return new IllegalArgumentException("not valid bencoding at byte " + at);
    }
}
