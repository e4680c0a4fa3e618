package org.histods.source;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.source.RemoteFile.Stated;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code .torrent} file says (BEP 3), and where its files also lie on the web (web seeds, BEP 19).
 *
 * @param infohash SHA-1 of its description of the files, in hex: whoever has the hash knows that this is not forged
 * @param name of the one file, or of the folder that holds all
 * @param files by their path with that folder
 * @param seeds addresses as the torrent gives them; empty where there is no web seed
 * @param tracker null where it names none
 */
record Torrent(
        String infohash,
        String name,
        List<Entry> files,
        List<String> seeds,
        @Nullable String tracker) {

    private static final String BY = "torrent";
    private static final int HASH = 20;

    /** One file. */
    record Entry(String path, long bytes, List<Stated> sums) {}

    /** @throws IllegalArgumentException if this is no torrent of version 1 */
    static Torrent parse(byte[] bytes) {
        Bencode.Parsed parsed = Bencode.parse(bytes);
        if (!(parsed.dictionary().get("info") instanceof Map<?, ?> info)) {
            throw new IllegalArgumentException("it describes no files");
        }
        String name = text(info.get("name.utf-8") == null ? info.get("name") : info.get("name.utf-8"));
        if (name == null || !(info.get("pieces") instanceof byte[] pieces) || pieces.length % HASH != 0) {
            throw new IllegalArgumentException("it has no name or no hashes");
        }
        long piece = number(info.get("piece length"));
        List<Entry> files = new ArrayList<>();
        if (info.get("files") instanceof List<?> list) {
            long total = 0;
            for (Object file : list) {
                total = Math.addExact(total, number(file instanceof Map<?, ?> map ? map.get("length") : null));
            }
            long offset = 0;
            for (Object file : list) {
                Map<?, ?> fields = file instanceof Map<?, ?> map ? map : Map.of();
                long length = number(fields.get("length"));
                if (!padding(fields)) {
                    files.add(
                            new Entry(name + "/" + path(fields), length, sums(fields, pieces, piece, offset, length, total)));
                }
                offset = Math.addExact(offset, length);
            }
        } else {
            long length = number(info.get("length"));
            files.add(new Entry(name, length, sums(info, pieces, piece, 0, length, length)));
        }
        return new Torrent(
                sha1(parsed.info()),
                name,
                List.copyOf(files),
                seeds(parsed.dictionary().get("url-list")),
                text(parsed.dictionary().get("announce")));
    }

    /** Bytes that only make the next file start with a piece (BEP 47). */
    private static boolean padding(Map<?, ?> file) {
        String attributes = text(file.get("attr"));
        return attributes != null && attributes.contains("p");
    }

    private static String path(Map<?, ?> file) {
        Object path = file.get("path.utf-8") == null ? file.get("path") : file.get("path.utf-8");
        if (!(path instanceof List<?> segments) || segments.isEmpty()) {
            throw new IllegalArgumentException("it has a file without a path");
        }
        List<String> texts = new ArrayList<>();
        for (Object segment : segments) {
            String text = text(segment);
            texts.add(text == null ? "" : text);
        }
        return String.join("/", texts);
    }

    /**
     * What is stated of one file as a whole: fields that some makers add, and the hash of its piece where the piece
     * is just this file.
     */
    private static List<Stated> sums(
            Map<?, ?> file, byte[] pieces, long piece, long offset, long length, long total) {
        List<Stated> sums = new ArrayList<>();
        add(sums, Algorithm.MD5, text(file.get("md5sum")));
        Object sha1 = file.get("sha1");
        boolean raw = sha1 instanceof byte[] bytes && bytes.length == HASH;
        add(sums, Algorithm.SHA1, raw ? HexFormat.of().formatHex((byte[]) sha1) : text(sha1));
        if (sums.isEmpty() && piece > 0 && length > 0 && offset % piece == 0) {
            long number = offset / piece;
            // The last piece may be shorter, and is this file alone only if nothing follows.
            boolean last = length < piece && offset + length == total;
            if (number < pieces.length / HASH && (length == piece || last)) {
                int start = (int) number * HASH;
                add(sums, Algorithm.SHA1, HexFormat.of().formatHex(Arrays.copyOfRange(pieces, start, start + HASH)));
            }
        }
        return sums;
    }

    private static void add(List<Stated> sums, Algorithm algorithm, @Nullable String hex) {
        try {
            if (hex != null) {
                sums.add(new Stated(new Checksum(algorithm, hex), BY));
            }
        } catch (IllegalArgumentException ignored) {
            // What is no checksum counts as none.
        }
    }

    private static List<String> seeds(@Nullable Object list) {
        List<String> seeds = new ArrayList<>();
        for (Object seed : list instanceof List<?> several ? several : list == null ? List.of() : List.of(list)) {
            String text = text(seed);
            if (text != null && !text.isBlank()) {
                seeds.add(text.strip());
            }
        }
        return List.copyOf(seeds);
    }

    /**
     * The address of a file at a web seed. A seed that ends with a slash is a folder that holds the torrent's name; so
     * is any seed of a torrent with several files; else it is the file itself.
     *
     * @throws IllegalArgumentException if the seed is no web address
     */
    URI at(String seed, Entry file) {
        boolean single = files.size() == 1 && file.path().equals(name);
        if (single && !seed.endsWith("/")) {
            return Pinned.webAddress(seed.replace(" ", "%20"));
        }
        String folder = seed.endsWith("/") ? seed : seed + "/";
        return Pinned.webAddress(folder.replace(" ", "%20") + Percent.path(file.path()));
    }

    private static @Nullable String text(@Nullable Object value) {
        return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : null;
    }

    private static long number(@Nullable Object value) {
        if (value instanceof Long number && number >= 0) {
            return number;
        }
        throw new IllegalArgumentException("it lacks a length");
    }

    private static String sha1(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
