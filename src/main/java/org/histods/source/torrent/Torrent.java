package org.histods.source.torrent;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.PieceHashes;
import org.histods.digest.PieceHashes.Range;
import org.histods.source.RemoteFile.Span;
import org.histods.source.RemoteFile.Stated;
import org.histods.source.listing.PinnedFiles;
import org.histods.source.listing.StatedChecksums;
import org.histods.source.listing.UrlEncoding;
import org.jspecify.annotations.Nullable;

/**
 * The content of a {@code .torrent} file (BEP 3), and the web servers that have its files (web seeds, BEP 19).
 *
 * @param infohash SHA-1 of its description of the files, in hex; proves that the description is authentic
 * @param name of the single file, or of the folder with all files
 * @param files by their path with that folder
 * @param pieces the piece hashes
 * @param seeds URLs of web seeds as written; empty if there are none
 * @param tracker null if there is none
 */
record Torrent(
        String infohash,
        String name,
        List<Entry> files,
        PieceHashes pieces,
        List<String> seeds,
        @Nullable String tracker) {

    private static final String BY = "torrent";
    private static final int HASH = 20;

    /**
     * A file.
     *
     * @param start position of its first byte in the concatenation of all files
     */
    record Entry(String path, long start, long bytes, List<Stated> checksums) {}

    /** The position of a file in the pieces. */
    Span span(Entry file) {
        return new Span(pieces, file.start(), file.start() + file.bytes(), "the torrent's pieces");
    }

    /** @throws IllegalArgumentException if this is not a torrent of version 1 */
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
        List<Range> padding = new ArrayList<>();
        long offset = 0;
        if (info.get("files") instanceof List<?> list) {
            for (Object file : list) {
                Map<?, ?> fields = file instanceof Map<?, ?> map ? map : Map.of();
                long length = number(fields.get("length"));
                if (padding(fields)) {
                    padding.add(new Range(offset, offset + length));
                } else {
                    files.add(new Entry(name + "/" + path(fields), offset, length, checksums(fields)));
                }
                offset = Math.addExact(offset, length);
            }
        } else {
            offset = number(info.get("length"));
            files.add(new Entry(name, 0, offset, checksums(info)));
        }
        String infohash = sha1(parsed.info());
        return new Torrent(
                infohash,
                name,
                List.copyOf(files),
                new PieceHashes(new Checksum(Algorithm.TORRENT, infohash), piece, offset, pieces, padding),
                seeds(parsed.dictionary().get("url-list")),
                text(parsed.dictionary().get("announce")));
    }

    /** Whether this is padding that aligns the next file with a piece (BEP 47). */
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

    /** Checksums of whole files, which some programs add. */
    private static List<Stated> checksums(Map<?, ?> file) {
        List<Stated> checksums = new ArrayList<>();
        checksums.addAll(StatedChecksums.hex(Algorithm.MD5, text(file.get("md5sum")), BY));
        Object sha1 = file.get("sha1");
        boolean raw = sha1 instanceof byte[] bytes && bytes.length == HASH;
        String hex = raw ? HexFormat.of().formatHex((byte[]) sha1) : text(sha1);
        checksums.addAll(StatedChecksums.hex(Algorithm.SHA1, hex, BY));
        return checksums;
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
     * The URL of a file at a web seed. The seed of a single file without a slash at its end is the file itself; any other
     * seed is the folder that contains the torrent.
     *
     * @throws IllegalArgumentException if the seed is not an http or https URL
     */
    URI at(String seed, Entry file) {
        boolean single = files.size() == 1 && file.path().equals(name);
        if (single && !seed.endsWith("/")) {
            return PinnedFiles.webAddress(seed.replace(" ", "%20"));
        }
        String folder = seed.endsWith("/") ? seed : seed + "/";
        return PinnedFiles.webAddress(folder.replace(" ", "%20") + UrlEncoding.path(file.path()));
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
