package org.histods.unpack;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.histods.unpack.stream.ChannelInputStream;
import org.histods.unpack.stream.Codec;
import org.histods.unpack.stream.DecodedStream;
import org.jspecify.annotations.Nullable;

/** Unpacks a tar, compressed or not. Each entry is checked when it comes, and the first fault refuses the whole. */
final class TarUnpacker {

    private final UnpackJob job;
    private final @Nullable Codec codec;
    private final ArchiveErrors errors;
    private final EntryValidator validator;
    private final EntryNameDecoder names;
    private final EntryLinks links;

    TarUnpacker(UnpackJob job, @Nullable Codec codec) throws Problem {
        this.job = job;
        this.codec = codec;
        this.errors = job.errors();
        this.validator = new EntryValidator(errors, job.options(), true);
        this.names = EntryNameDecoder.ofTar(job.options().charset());
        this.links = new EntryLinks(validator);
    }

    UnpackedTree unpack() throws Problem {
        try (ChannelInputStream packed = new ChannelInputStream(job.open())) {
            DecodedStream decoded = decode(packed);
            InputStream plain = buffered(decoded == null ? packed : decoded);
            TarReader tar = new TarReader(plain);
            EntryWriter writer =
                    job.writer(new UnpackLimits(errors, job.options().limits(), packed::taken), validator);
            SequentialOutput output = new SequentialOutput(writer, links, validator);
            List<String> notes = new ArrayList<>();
            for (TarEntry entry = next(tar); entry != null; entry = next(tar)) {
                unpack(tar, entry, writer, output);
            }
            if (!tar.ended()) {
                requireAllRead(decoded);
            }
            // Trailing bytes mean nothing, but the codec's own checksum is behind them.
            TrailingTarDetector trailing = new TrailingTarDetector(plain);
            writer.pass(trailing, errors.archive());
            names.note().ifPresent(notes::add);
            if (trailing.found()) {
                notes.add("another tar seems to follow its end, which is not unpacked, as by other programs;"
                        + " the files in it are not in the dataset");
            }
            if (decoded != null && decoded.trailing()) {
                notes.add(
                        "other bytes follow the compressed data; they are ignored, because the tar in it is complete");
            }
            if (decoded != null && decoded.mayHideDamage() && !job.archive().checked()) {
                notes.add(DecodedStream.HIDDEN_DAMAGE);
            }
            Map<String, List<EntryLinks.Link>> missing = output.copyLinks();
            if (!missing.isEmpty()) {
                readAgain(missing, output);
            }
            validator.refuseIfEmpty();
            return new UnpackedTree(job.root(), output.unpacked(), validator.skipped(), notes);
        } catch (IOException e) {
            throw errors.reading(null, e);
        }
    }

    private @Nullable DecodedStream decode(ChannelInputStream packed) throws Problem {
        return codec == null ? null : errors.read(null, () -> codec.decode(packed));
    }

    private static InputStream buffered(InputStream in) {
        return new BufferedInputStream(in, Codec.BUFFER);
    }

    /** Without the zeros that end a tar, its last entries may be missing. */
    private void requireAllRead(@Nullable DecodedStream decoded) throws Problem {
        if (decoded != null && decoded.trailing()) {
            throw errors.reading(
                    null, new IOException("other bytes follow the compressed data, and the tar in it has no end"));
        }
        if (!job.archive().checked()) {
            throw errors.reading(null, new EOFException());
        }
    }

    private @Nullable TarEntry next(TarReader tar) throws Problem {
        if (Thread.currentThread().isInterrupted()) {
            throw Problem.interrupted();
        }
        try {
            return tar.next();
        } catch (IOException e) {
            throw errors.reading(null, e);
        }
    }

    private void unpack(TarReader tar, TarEntry entry, EntryWriter writer, SequentialOutput output) throws Problem {
        RawEntry raw = raw(entry);
        FilePath path = validator.validate(raw);
        validator.refuseIfFaulty();
        switch (raw.type()) {
            case HARD_LINK -> links.addHard(raw.name(), path, decode(entry.linkTarget()));
            case SYMBOLIC_LINK -> links.addSymbolic(raw.name(), path, decode(entry.linkTarget()));
            case FILE -> output.write(tar.content(), raw, path, RawEntry.executable(entry.mode()));
            default -> {
                // Folders are made for their files.
            }
        }
        writer.pass(tar.stored(), raw.name());
    }

    private void readAgain(Map<String, List<EntryLinks.Link>> missing, SequentialOutput output)
            throws Problem, IOException {
        try (ChannelInputStream packed = new ChannelInputStream(job.open())) {
            DecodedStream decoded = decode(packed);
            TarReader tar = new TarReader(buffered(decoded == null ? packed : decoded));
            for (TarEntry entry = next(tar); entry != null; entry = next(tar)) {
                RawEntry raw = raw(entry);
                List<EntryLinks.Link> its = missing.get(EntryValidator.normalize(raw.name()));
                if (its != null && raw.type() == RawEntry.Type.FILE) {
                    output.writeTo(its, tar.content(), raw.bytes(), RawEntry.executable(entry.mode()));
                }
            }
        }
    }

    private RawEntry raw(TarEntry entry) throws Problem {
        String name = decode(entry.name());
        if (entry.type() == 'M') {
            throw errors.unsupported(
                    name, "begins in another volume: this tar is one of several that 'tar -M' made", null);
        }
        // GNU's incremental backups write the names in a folder as its content.
        return new RawEntry(name, type(entry.type(), name), entry.type() == 'D' ? 0 : entry.bytes());
    }

    private String decode(byte[] raw) throws Problem {
        String name = names.read(raw, false);
        if (name == null) {
            throw errors.refused(null, "an entry name is not in the charset that unpack.charset in the manifest names");
        }
        return name;
    }

    private static RawEntry.Type type(char flag, String name) {
        return switch (flag) {
            // Before ustar, a folder was a file with a slash at the end.
            case 0, '0', '7', 'S' -> name.endsWith("/") ? RawEntry.Type.FOLDER : RawEntry.Type.FILE;
            case '5', 'D' -> RawEntry.Type.FOLDER;
            case '1' -> RawEntry.Type.HARD_LINK;
            case '2' -> RawEntry.Type.SYMBOLIC_LINK;
            default -> RawEntry.Type.SPECIAL;
        };
    }
}
