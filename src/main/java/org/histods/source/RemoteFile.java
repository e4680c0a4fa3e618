package org.histods.source;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.PieceHashes;
import org.jspecify.annotations.Nullable;

/**
 * A file at a host, with its URLs and what is published about it.
 *
 * @param path its path in the dataset
 * @param uris URLs of the same bytes at one host, best first; never empty, never with a secret
 * @param bytes its size; null if unknown
 * @param checksums the published checksums; empty if there are none
 * @param executable whether the host marks it as executable, as git does
 * @param slice set if this is an archive of which only one folder is used; else null
 * @param span its position in the pieces of a torrent; null if it is in none
 * @param attributes what the host states about its content, by column of the table of files, such as {@code patient};
 *     empty if nothing
 */
public record RemoteFile(
        FilePath path,
        List<URI> uris,
        @Nullable Long bytes,
        List<Stated> checksums,
        boolean executable,
        @Nullable Slice slice,
        @Nullable Span span,
        Map<String, String> attributes) {

    /**
     * The position of a file in the pieces of a torrent.
     *
     * @param start the position of its first byte
     * @param end the position after its last byte
     * @param by who published the piece hashes
     */
    public record Span(PieceHashes pieces, long start, long end, String by) {

        /** The file's size. */
        public long bytes() {
            return end - start;
        }

        /** The checksum that counts as verified once all pieces of the file match. */
        public Stated stated() {
            return new Stated(pieces.name(), by);
        }
    }

    /**
     * A checksum and who published it.
     *
     * @param by such as {@code Zenodo}
     */
    public record Stated(Checksum checksum, String by) {}

    /**
     * The folder of an archive that is used. Everything outside is left out; the folder's own name is dropped.
     *
     * @param folder its path in the archive; {@code *} is one segment of any name; alone it is the
     *     archive's single top folder
     * @param into the folder in the dataset for its content; empty for the top
     * @param gitTree the git tree id of the content; null if unknown
     */
    public record Slice(
            String folder, String into, @Nullable Stated gitTree) {}

    public RemoteFile {
        uris = UrlTexts.of(uris);
        checksums = List.copyOf(checksums);
        attributes = attributes.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        if (uris.isEmpty()) {
            throw new IllegalArgumentException(path + " has no URL");
        }
        if (bytes != null && bytes < 0) {
            throw new IllegalArgumentException(path + " has " + bytes + " bytes");
        }
    }

    /** A file without piece hashes and attributes. */
    public RemoteFile(
            FilePath path,
            List<URI> uris,
            @Nullable Long bytes,
            List<Stated> checksums,
            boolean executable,
            @Nullable Slice slice) {
        this(path, uris, bytes, checksums, executable, slice, null, Map.of());
    }

    /** A copy with its position in the pieces of a torrent, and the size that follows from it. */
    public RemoteFile withSpan(Span where) {
        return new RemoteFile(path, uris, where.bytes(), checksums, executable, slice, where, attributes);
    }

    /** A copy with these checksums. */
    public RemoteFile withChecksums(List<Stated> others) {
        return new RemoteFile(path, uris, bytes, others, executable, slice, span, attributes);
    }

    /** A copy with that size. */
    public RemoteFile withBytes(@Nullable Long size) {
        return new RemoteFile(path, uris, size, checksums, executable, slice, span, attributes);
    }

    /** A plain file. */
    public static RemoteFile of(FilePath path, URI uri, @Nullable Long bytes, List<Stated> checksums) {
        return new RemoteFile(path, List.of(uri), bytes, checksums, false, null);
    }

    /** The best URL. */
    public URI uri() {
        return uris.get(0);
    }

    /** The checksums of the file's bytes, as opposed to those of a whole folder. */
    public List<Checksum> comparable() {
        List<Checksum> ofBytes = new ArrayList<>(checksums.size());
        for (Stated stated : checksums) {
            if (!stated.checksum().algorithm().ofFolder()) {
                ofBytes.add(stated.checksum());
            }
        }
        return Collections.unmodifiableList(ofBytes);
    }

    /**
     * Whether a published checksum shows which bytes are not the file. The tag of a multipart upload does not: its part
     * size is not published, and with an unusual one no bytes can be compared with it.
     */
    public boolean checksumDecides() {
        return comparable().stream().anyMatch(checksum -> checksum.algorithm() != Algorithm.S3_ETAG);
    }

    /** The checksum with that algorithm. */
    public Optional<Stated> stated(Algorithm algorithm) {
        return checksums.stream()
                .filter(s -> s.checksum().algorithm() == algorithm)
                .findFirst();
    }
}
