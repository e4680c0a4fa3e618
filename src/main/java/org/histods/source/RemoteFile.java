package org.histods.source;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.PieceHashes;
import org.jspecify.annotations.Nullable;

/**
 * A file at a host: where it is and what is stated of it.
 *
 * @param path where it lies in the dataset
 * @param uris where its bytes are: addresses of the same bytes at one host, best first; never empty, never with a
 *     secret
 * @param bytes its size; null where nobody says
 * @param sums what is stated of its bytes; empty where nobody says
 * @param executable whether the host has it as executable (git does)
 * @param slice set where this is an archive of which one folder counts
 * @param span where it lies among the pieces of a torrent; null where it is in none
 */
public record RemoteFile(
        FilePath path,
        List<URI> uris,
        @Nullable Long bytes,
        List<Stated> sums,
        boolean executable,
        @Nullable Slice slice,
        @Nullable Span span) {

    /**
     * Where a file lies among the pieces whose sums are stated.
     *
     * @param start the position of its first byte
     * @param end the position behind its last byte
     * @param by who states them
     */
    public record Span(PieceHashes pieces, long start, long end, String by) {

        /** The file's size, as the pieces have it. */
        public long bytes() {
            return end - start;
        }

        /** What is compared once every byte of the file lies in pieces that are equal. */
        public Stated stated() {
            return new Stated(pieces.name(), by);
        }
    }

    /**
     * A checksum and who states it.
     *
     * @param by such as {@code Zenodo}
     */
    public record Stated(Checksum sum, String by) {}

    /**
     * The folder of an archive that counts. Everything outside is left out, and the folder's own name too.
     *
     * @param folder its path in the archive; {@code *} stands for one segment of any name, and for the whole of the
     *     archive's single top folder where it stands alone
     * @param into where in the dataset its content goes; empty for the top
     * @param gitTree the git tree id of the content, with who states it; null where nobody does
     */
    public record Slice(
            String folder, String into, @Nullable Stated gitTree) {}

    public RemoteFile {
        uris = List.copyOf(uris);
        sums = List.copyOf(sums);
        if (uris.isEmpty()) {
            throw new IllegalArgumentException(path + " has no address");
        }
        if (bytes != null && bytes < 0) {
            throw new IllegalArgumentException(path + " has " + bytes + " bytes");
        }
    }

    /** A file of which no pieces are stated. */
    public RemoteFile(
            FilePath path,
            List<URI> uris,
            @Nullable Long bytes,
            List<Stated> sums,
            boolean executable,
            @Nullable Slice slice) {
        this(path, uris, bytes, sums, executable, slice, null);
    }

    /** The same file, which lies there among the pieces of a torrent; its size is then known. */
    public RemoteFile in(Span where) {
        return new RemoteFile(path, uris, where.bytes(), sums, executable, slice, where);
    }

    /** A plain file. */
    public static RemoteFile of(FilePath path, URI uri, @Nullable Long bytes, List<Stated> sums) {
        return new RemoteFile(path, List.of(uri), bytes, sums, false, null);
    }

    /** The best address. */
    public URI uri() {
        return uris.get(0);
    }

    /** The checksums that its bytes can be compared with: those that are not of a whole folder. */
    public List<Checksum> comparable() {
        return sums.stream()
                .map(Stated::sum)
                .filter(sum -> !sum.algorithm().ofFolder())
                .toList();
    }

    /** What is stated with that algorithm. */
    public Optional<Stated> stated(Algorithm algorithm) {
        return sums.stream().filter(s -> s.sum().algorithm() == algorithm).findFirst();
    }
}
