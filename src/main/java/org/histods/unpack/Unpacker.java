package org.histods.unpack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.histods.unpack.stream.ChannelInputStream;
import org.histods.unpack.stream.Codec;
import org.histods.unpack.stream.MagicBytes;
import org.histods.unpack.stream.WindowedChannel;

/**
 * Unpacks archives without trusting them.
 *
 * <p>Writes regular files and their folders below the given root and nothing else: no links, no devices, no empty
 * folders, of a file's mode only the executable bit. Empty and {@code .} segments of a name are dropped. A link to a file
 * of the same archive becomes a copy of it; another symbolic link that stays inside the archive is left out. An entry of
 * a tar replaces an earlier one of the same path.
 *
 * <p>An archive is refused as a whole if an entry has a path that {@link FilePath} refuses, leads out of the archive, is a
 * device, is there twice with different content, or has a path that collides with another's on a file system that ignores
 * case or Unicode forms; if it unpacks to more than the limits allow; or if it does not hold what it states. All entries of
 * a zip or 7z are checked before the first is written, and all faults are listed; a tar is checked while it is read. What
 * was written before a fault was found stays in the root and must not be used: the caller owns the root and deletes it.
 *
 * <p>Memory: names and checksums of the entries, some hundred bytes each; buffers of 64 KiB for each thread; and the
 * dictionary of the codec, at most 640 MiB for xz and 7z and 128 MiB for zstd. The size of an archive or entry does not
 * matter.
 *
 * <p>May be used by several threads at once.
 */
public final class Unpacker {

    private final int threads;

    /** @param threads how many entries of a zip are unpacked at a time, at least 1; other kinds use one thread */
    public Unpacker(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads: " + threads);
        }
        this.threads = threads;
    }

    /**
     * Unpacks an archive. An interrupt of the calling thread, or closing the channels, ends it soon.
     *
     * @param root a folder that exists or can be made; its content is valid only after this returns
     * @param bytesWritten receives how many bytes were just written; called by several threads at once
     * @return the files written, with their checksums
     * @throws Problem WRONG_BYTES if the archive is damaged, is refused, or is not an archive; PERSON if its kind, a
     *     compression in it or its encryption is not supported; DISK; INTERRUPTED; USAGE if the options are invalid; or
     *     the problem that the archive's channel failed with
     */
    public UnpackedTree unpack(ArchiveSource archive, Path root, UnpackOptions options, LongConsumer bytesWritten)
            throws Problem {
        ArchiveErrors errors = new ArchiveErrors(archive.name());
        UnpackJob job = new UnpackJob(archive, root, options, bytesWritten, errors);
        ArchiveKind kind = kindOf(archive);
        return switch (kind) {
            case ZIP -> {
                ZipUnpacker zip = new ZipUnpacker(options, errors);
                zip.validate(archive);
                yield zip.unpack(job, threads);
            }
            case SEVEN_Z -> new SevenZUnpacker(job).unpack();
            case RAR -> throw errors.unsupported(null, "is a RAR archive, which histods cannot unpack", null);
            default ->
                kind.tar() ? new TarUnpacker(job, kind.codec()).unpack() : new SingleFileUnpacker(job, kind).unpack();
        };
    }

    /**
     * Reads the directory of a zip, and checks it as {@link #unpack} does before it writes anything.
     *
     * @throws Problem as {@link #unpack}
     */
    public ZipContents zip(ArchiveSource archive, UnpackOptions options) throws Problem {
        ZipUnpacker zip = new ZipUnpacker(options, new ArchiveErrors(archive.name()));
        zip.validate(archive);
        return new ZipContents(zip, options, threads);
    }

    /**
     * The kind of an archive by its first bytes, also those of a compressed stream; by its name where they do not show it.
     *
     * @throws Problem WRONG_BYTES if the kind is unknown; or the problem of its channel
     */
    public ArchiveKind kindOf(ArchiveSource archive) throws Problem {
        ArchiveErrors errors = new ArchiveErrors(archive.name());
        Optional<ArchiveKind> named = ArchiveKind.named(archive.name());
        try (ChannelInputStream in = new ChannelInputStream(UnpackJob.open(archive, errors))) {
            byte[] first = first(in);
            Optional<Codec> codec = ArchiveKind.codecOf(first);
            if (codec.isPresent()) {
                in.seek(0);
                byte[] inside = errors.read(null, () -> codec.get().decode(in).readNBytes(MagicBytes.LENGTH));
                boolean emptyTar = MagicBytes.zeros(inside)
                        && named.filter(ArchiveKind::tar).isPresent();
                return ArchiveKind.packed(codec.get(), MagicBytes.tar(inside) || emptyTar);
            }
            Optional<ArchiveKind> kind = ArchiveKind.plain(first);
            if (kind.isPresent()) {
                return kind.get();
            }
            if (named.isPresent() && byName(named.get(), first, archive, errors)) {
                return named.get();
            }
            Optional<Problem> part = SplitArchives.named(archive.name());
            throw part.isPresent() ? part.get() : errors.refused(null, none(first));
        } catch (IOException e) {
            throw errors.reading(null, e);
        }
    }

    /**
     * Reads no more bytes than needed, because the archive may still be downloading; only a tar needs more than a few.
     */
    private static byte[] first(ChannelInputStream in) throws IOException {
        byte[] few = in.readNBytes(MagicBytes.SHORT);
        if (ArchiveKind.codecOf(few).isPresent() || ArchiveKind.plain(few).isPresent()) {
            return few;
        }
        in.seek(0);
        return in.readNBytes(MagicBytes.LENGTH);
    }

    /**
     * Whether an archive is of the kind that its name says though its first bytes do not show it: an empty tar is all
     * zeros, and a zip may have a program in front, or the rest of an entry that began in another part.
     */
    private static boolean byName(ArchiveKind named, byte[] first, ArchiveSource archive, ArchiveErrors errors)
            throws Problem, IOException {
        if (named != ArchiveKind.ZIP) {
            return named == ArchiveKind.TAR && MagicBytes.zeros(first);
        }
        try (WindowedChannel channel = new WindowedChannel(UnpackJob.open(archive, errors))) {
            return ZipEndRecord.find(channel).isPresent();
        }
    }

    private static String none(byte[] first) {
        if (first.length == 0) {
            return "it is empty";
        }
        int length = Math.min(first.length, 32);
        String start = new String(first, 0, length, StandardCharsets.ISO_8859_1);
        return "it is not an archive of a known kind (zip, tar, tar.gz, tar.bz2, tar.xz, tar.zst, gz, bz2, xz,"
                + " zst, 7z); it starts with '" + FilePath.printable(start) + "'";
    }
}
