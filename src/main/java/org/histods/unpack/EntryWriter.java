package org.histods.unpack;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.histods.digest.FilePath;
import org.histods.digest.Hasher;
import org.histods.digest.SystemFiles;
import org.histods.problem.Problem;
import org.histods.unpack.stream.MagicBytes;
import org.jspecify.annotations.Nullable;

/** Writes entries below the tree's root and hashes them as they pass. For one thread; holds one buffer. */
final class EntryWriter {

    /** Many entries are tiles smaller than this, which are read, hashed and written in one piece. */
    static final int BUFFER = 1 << 18;

    /** A file's mode from the start, so that publishing need not change it; less what the umask takes away. */
    private static final Set<PosixFilePermission> READ_ONLY = PosixFilePermissions.fromString("r--r--r--");

    private static final Set<PosixFilePermission> EXECUTABLE = PosixFilePermissions.fromString("r-xr-xr-x");

    private final UnpackJob job;
    private final UnpackLimits limits;
    private final EntryValidator validator;
    private final ArchiveErrors errors;
    private final byte[] buffer = new byte[BUFFER];
    private final Set<Path> folders = new HashSet<>();

    EntryWriter(UnpackJob job, UnpackLimits limits, EntryValidator validator) {
        this.job = job;
        this.limits = limits;
        this.validator = validator;
        this.errors = job.errors();
    }

    /**
     * Writes a new file; empty if it is AppleDouble, which is left out.
     *
     * @param in its content, read to the end
     * @param bytes its size as the archive states it, -1 if it does not
     * @throws Problem WRONG_BYTES if the content is damaged or has another size; DISK; INTERRUPTED
     */
    Optional<UnpackedFile> write(InputStream in, FilePath path, String entry, long bytes, boolean executable)
            throws Problem {
        int first = readStart(in, entry);
        if (validator.leavesOutAppleDouble(path) && SystemFiles.isAppleDouble(buffer, first)) {
            pass(in, entry);
            validator.leaveOut(entry);
            return Optional.empty();
        }
        return Optional.of(write(first, in, path, entry, bytes, executable));
    }

    private UnpackedFile write(int first, InputStream in, FilePath path, String entry, long bytes, boolean executable)
            throws Problem {
        Path file = resolve(path);
        Hasher hasher = Hasher.of(job.options().also(), bytes);
        try (OutputStream out = create(file, executable)) {
            for (int count = first; count >= 0; count = read(in, entry, 0)) {
                if (bytes >= 0 && hasher.bytes() + count > bytes) {
                    throw errors.refused(
                            entry, "it contains more than the " + ArchiveErrors.bytes(bytes) + " it states");
                }
                hasher.update(buffer, 0, count);
                out.write(buffer, 0, count);
                job.bytesWritten().accept(count);
            }
        } catch (IOException e) {
            throw errors.writing(file, e);
        }
        if (bytes >= 0 && hasher.bytes() < bytes) {
            throw errors.refused(
                    entry,
                    "it states " + ArchiveErrors.bytes(bytes) + " and holds " + ArchiveErrors.bytes(hasher.bytes()));
        }
        return new UnpackedFile(path, hasher.bytes(), hasher.finish(), executable, entry);
    }

    /** Writes a second copy of a file that was written before. */
    UnpackedFile copy(UnpackedFile original, FilePath path, String entry) throws Problem {
        try (InputStream in = Files.newInputStream(resolve(original.path()))) {
            return write(0, in, path, entry, original.bytes(), original.executable());
        } catch (IOException e) {
            throw errors.writing(resolve(path), e);
        }
    }

    /** Reads to the end without writing; the bytes count for the limits all the same. */
    void pass(InputStream in, String entry) throws Problem {
        while (read(in, entry, 0) >= 0) {
            // only to get past it
        }
    }

    /** Deletes a file that a later entry of the same path replaces; null for none. */
    void deleteIfWritten(@Nullable UnpackedFile file) throws Problem {
        if (file == null) {
            return;
        }
        Path at = resolve(file.path());
        try {
            Files.delete(at);
        } catch (IOException e) {
            throw errors.writing(at, e);
        }
    }

    /** Fills the buffer with at least the bytes that identify AppleDouble, or fewer at the end; returns how many. */
    private int readStart(InputStream in, String entry) throws Problem {
        int filled = 0;
        while (filled < MagicBytes.SHORT) {
            int count = read(in, entry, filled);
            if (count < 0) {
                break;
            }
            filled += count;
        }
        return filled;
    }

    private int read(InputStream in, String entry, int offset) throws Problem {
        if (Thread.currentThread().isInterrupted()) {
            throw Problem.interrupted();
        }
        int count = errors.read(entry, () -> in.read(buffer, offset, buffer.length - offset));
        if (count > 0) {
            limits.take(count);
        }
        return count;
    }

    private Path resolve(FilePath path) throws Problem {
        try {
            return job.root().resolve(path.text());
        } catch (InvalidPathException e) {
            throw errors.writing(job.root(), e);
        }
    }

    private OutputStream create(Path file, boolean executable) throws IOException {
        Path folder = file.getParent();
        if (folder != null && !folders.contains(folder)) {
            Files.createDirectories(folder);
            folders.add(folder);
        }
        Set<OpenOption> create = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return Channels.newOutputStream(Files.newByteChannel(file, create));
        }
        return Channels.newOutputStream(Files.newByteChannel(
                file, create, PosixFilePermissions.asFileAttribute(executable ? EXECUTABLE : READ_ONLY)));
    }
}
