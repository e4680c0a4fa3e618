package org.histods.unpack;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.LongConsumer;
import org.histods.digest.Algorithm;
import org.histods.digest.FilePath;
import org.histods.digest.Hasher;
import org.histods.problem.Problem;
import org.histods.unpack.stream.Codec;
import org.jspecify.annotations.Nullable;

/** Writes members below the tree's root and hashes them as they pass. For one thread; holds one buffer. */
final class EntryWriter {

    /** Where members go and who watches. Safe for several threads if its parts are. */
    record Target(Path root, Set<Algorithm> also, LongConsumer bytesWritten, UnpackLimits allowance) {}

    private final Target target;
    private final ArchiveErrors diagnosis;
    private final byte[] buffer = new byte[Codec.BUFFER];
    private @Nullable Path lastFolder;

    EntryWriter(Target target, ArchiveErrors diagnosis) {
        this.target = target;
        this.diagnosis = diagnosis;
    }

    /**
     * Writes a new file.
     *
     * @param in its content, read to the end
     * @param bytes its size as the archive states it, -1 if it does not
     * @throws Problem WRONG_BYTES if the content is damaged or its size is another; DISK; INTERRUPTED
     */
    UnpackedFile write(InputStream in, FilePath path, String member, long bytes, boolean executable) throws Problem {
        Path file = resolve(path);
        Hasher hasher = Hasher.of(target.also(), bytes);
        try (OutputStream out = create(file)) {
            for (int count = next(in, member); count >= 0; count = next(in, member)) {
                if (bytes >= 0 && hasher.bytes() + count > bytes) {
                    throw diagnosis.wrong(
                            member, "it holds more than the " + ArchiveErrors.bytes(bytes) + " it states");
                }
                hasher.update(buffer, 0, count);
                out.write(buffer, 0, count);
                target.bytesWritten().accept(count);
            }
        } catch (IOException e) {
            throw diagnosis.writing(file, e);
        }
        if (bytes >= 0 && hasher.bytes() < bytes) {
            throw diagnosis.wrong(
                    member,
                    "it states " + ArchiveErrors.bytes(bytes) + " and holds " + ArchiveErrors.bytes(hasher.bytes()));
        }
        if (executable) {
            allowExecution(file);
        }
        return new UnpackedFile(path, hasher.bytes(), hasher.finish(), executable, member);
    }

    /** Writes a second copy of a file that was written before. */
    UnpackedFile copy(UnpackedFile original, FilePath path, String member) throws Problem {
        try (InputStream in = Files.newInputStream(resolve(original.path()))) {
            return write(in, path, member, original.bytes(), original.executable());
        } catch (IOException e) {
            throw diagnosis.writing(resolve(path), e);
        }
    }

    /** Reads to the end what is not written; it counts for the limits all the same. */
    void pass(InputStream in, String member) throws Problem {
        while (next(in, member) >= 0) {
            // only to get past it
        }
    }

    private int next(InputStream in, String member) throws Problem {
        if (Thread.currentThread().isInterrupted()) {
            throw Problem.interrupted();
        }
        int count = diagnosis.read(member, () -> in.read(buffer));
        if (count > 0) {
            target.allowance().take(count);
        }
        return count;
    }

    private Path resolve(FilePath path) throws Problem {
        try {
            return target.root().resolve(path.text());
        } catch (InvalidPathException e) {
            throw diagnosis.writing(target.root(), e);
        }
    }

    private OutputStream create(Path file) throws IOException {
        Path folder = file.getParent();
        if (folder != null && !folder.equals(lastFolder)) {
            Files.createDirectories(folder);
            lastFolder = folder;
        }
        return Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** Lets everybody run the file who may read it. */
    private void allowExecution(Path file) throws Problem {
        try {
            Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(file));
            permissions.add(PosixFilePermission.OWNER_EXECUTE);
            if (permissions.contains(PosixFilePermission.GROUP_READ)) {
                permissions.add(PosixFilePermission.GROUP_EXECUTE);
            }
            if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
                permissions.add(PosixFilePermission.OTHERS_EXECUTE);
            }
            Files.setPosixFilePermissions(file, permissions);
        } catch (UnsupportedOperationException ignored) {
            // A file system without that bit; the tree still knows it.
        } catch (IOException e) {
            throw diagnosis.writing(file, e);
        }
    }
}
