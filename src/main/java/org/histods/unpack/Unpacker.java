package org.histods.unpack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.histods.unpack.stream.ChannelInputStream;
import org.histods.unpack.stream.Codec;
import org.histods.unpack.stream.MagicBytes;
import org.histods.unpack.stream.WindowedChannel;

/**
 * Unpacks archives that nobody vouches for.
 *
 * <p>Writes regular files and their folders below the given root and nothing else: no links, no devices, no empty
 * folders, of a file's mode no more than the executable bit. Refused as a whole are archives with a member whose path
 * {@link FilePath} refuses, that is a link (but for a hard link to an earlier member, which becomes a copy), that is
 * there twice, or whose path collides with another's on a file system that folds case or Unicode forms; and those that
 * unpack to more than the limits allow or to something else than they state. A zip or 7z is judged whole from its
 * directory before its first member is written, and all faults are told; a stream is judged as it comes. What was
 * written before a fault was met stays in the root and is worth nothing: the caller owns the root and deletes it.
 *
 * <p>Memory: the names and checksums of the members, some hundred bytes for each; of their content, buffers of 64 KiB
 * for each thread, and the dictionary of the codec (at most 640 MiB, for archives packed with such a one). Neither the
 * size of an archive nor that of a member matters.
 *
 * <p>One may be used by several threads at once.
 */
public final class Unpacker {

    private final int threads;

    /** @param threads how many members of a zip are unpacked side by side, at least 1; other kinds need one thread */
    public Unpacker(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("unpacking needs a thread");
        }
        this.threads = threads;
    }

    /**
     * Unpacks an archive. An interrupt of the calling thread, or a close of the channels, ends it soon.
     *
     * @param root a folder that is there or can be made, and that nobody trusts until this returned
     * @param bytesWritten told how many bytes were just written; by several threads at once
     * @return the files written, every one hashed as it passed
     * @throws Problem WRONG_BYTES if the archive is damaged, is refused, or is none; PERSON if its kind, a method in it
     *     or its encryption is not supported; DISK; INTERRUPTED; USAGE if the options cannot be; or the problem that
     *     the archive's channel failed with
     */
    public UnpackedTree unpack(ArchiveSource archive, Path root, UnpackOptions options, LongConsumer bytesWritten)
            throws Problem {
        ArchiveErrors diagnosis = new ArchiveErrors(archive.name());
        UnpackJob job = new UnpackJob(archive, root, options, bytesWritten, diagnosis);
        ArchiveKind kind = kindOf(archive);
        return switch (kind) {
            case ZIP -> new ZipUnpacker(job).unpack(threads);
            case SEVEN_Z -> new SevenZUnpacker(job).unpack();
            case RAR -> throw diagnosis.unsupported(null, "is a RAR archive, which histods does not unpack", null);
            default ->
                kind.tar() ? new TarUnpacker(job, kind.codec()).unpack() : new SingleFileUnpacker(job, kind).unpack();
        };
    }

    /**
     * The files that {@link #unpack} would write, from the directory of the archive and without reading more of it.
     *
     * @throws Problem as {@link #unpack} does; PERSON also if the archive is of a kind without a directory
     */
    public List<EntryInfo> list(ArchiveSource archive, UnpackOptions options) throws Problem {
        ArchiveErrors diagnosis = new ArchiveErrors(archive.name());
        UnpackJob job = new UnpackJob(archive, Path.of(""), options, bytes -> {}, diagnosis);
        ArchiveKind kind = kindOf(archive);
        return switch (kind) {
            case ZIP -> new ZipUnpacker(job).list();
            case SEVEN_Z -> new SevenZUnpacker(job).list();
            default ->
                throw new Problem(
                        Problem.Kind.PERSON,
                        archive.name() + " has no directory, being " + kind.word()
                                + ": its members show only when it is read whole",
                        "pull the whole of it");
        };
    }

    /**
     * The kind of an archive by its first bytes, looking into packed streams; its name helps where they say nothing.
     *
     * @throws Problem WRONG_BYTES if it is of no kind that is known, or the problem of its channel
     */
    public ArchiveKind kindOf(ArchiveSource archive) throws Problem {
        ArchiveErrors diagnosis = new ArchiveErrors(archive.name());
        Optional<ArchiveKind> named = ArchiveKind.named(archive.name());
        try (ChannelInputStream in = new ChannelInputStream(UnpackJob.open(archive, diagnosis))) {
            byte[] first = first(in);
            Optional<Codec> codec = ArchiveKind.codecOf(first);
            if (codec.isPresent()) {
                in.seek(0);
                byte[] inside =
                        diagnosis.read(null, () -> codec.get().decode(in, true).readNBytes(MagicBytes.LENGTH));
                boolean emptyTar = MagicBytes.zeros(inside)
                        && named.filter(ArchiveKind::tar).isPresent();
                return ArchiveKind.packed(codec.get(), MagicBytes.tar(inside) || emptyTar);
            }
            Optional<ArchiveKind> kind = ArchiveKind.plain(first);
            if (kind.isPresent()) {
                return kind.get();
            }
            if (named.isPresent() && byName(named.get(), first, archive, diagnosis)) {
                return named.get();
            }
            Optional<Problem> part = SplitArchives.named(archive.name());
            throw part.isPresent() ? part.get() : diagnosis.wrong(null, none(first));
        } catch (IOException e) {
            throw diagnosis.reading(null, e);
        }
    }

    /** The fewest bytes that tell: of an archive that still arrives, only a tar must wait for more than a few. */
    private static byte[] first(ChannelInputStream in) throws IOException {
        byte[] few = in.readNBytes(MagicBytes.SHORT);
        if (ArchiveKind.codecOf(few).isPresent() || ArchiveKind.plain(few).isPresent()) {
            return few;
        }
        in.seek(0);
        return in.readNBytes(MagicBytes.LENGTH);
    }

    /**
     * An empty tar is nothing but zeros. A zip is one by its end: there may be a program in front that unpacks it, or
     * the end of a member that began in another part.
     */
    private static boolean byName(ArchiveKind named, byte[] first, ArchiveSource archive, ArchiveErrors diagnosis)
            throws Problem, IOException {
        if (named != ArchiveKind.ZIP) {
            return named == ArchiveKind.TAR && MagicBytes.zeros(first);
        }
        try (WindowedChannel channel = new WindowedChannel(UnpackJob.open(archive, diagnosis))) {
            return ZipEndRecord.find(channel).isPresent();
        }
    }

    private static String none(byte[] first) {
        if (first.length == 0) {
            return "it is empty";
        }
        int length = Math.min(first.length, 32);
        String start = new String(first, 0, length, StandardCharsets.ISO_8859_1);
        return "it is no archive of a kind that is known (zip, tar, tar.gz, tar.bz2, tar.xz, tar.zst, gz, bz2, xz,"
                + " zst, 7z); it starts with '" + FilePath.printable(start) + "'";
    }
}
