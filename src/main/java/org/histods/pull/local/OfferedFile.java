package org.histods.pull.local;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.Hasher;
import org.histods.mirror.FileStamp;
import org.histods.problem.Problem;

/** A file of the user that may be used instead of a remote one. It is read once, when something must be compared. */
public final class OfferedFile implements LocalFile {

    private final Path given;
    private final Path file;
    private final String path;
    private final boolean linkable;
    private final FileStamp stamp;
    private final Map<Algorithm, Checksum> checksums = new EnumMap<>(Algorithm.class);
    private long crc = -1;

    /**
     * @param file where it is, perhaps a link
     * @param path its path with the name of the offered folder, with slashes
     */
    public OfferedFile(Path file, String path) throws IOException {
        this.given = file;
        this.linkable = !Files.isSymbolicLink(file);
        this.file = file.toRealPath();
        this.path = path;
        this.stamp = FileStamp.of(this.file);
    }

    /** A file that is given without a folder. */
    static OfferedFile of(Path file) throws Problem {
        try {
            return new OfferedFile(
                    file, file.toAbsolutePath().normalize().toString().replace(File.separatorChar, '/'));
        } catch (IOException e) {
            throw new Problem(Problem.Kind.USAGE, Problem.because("cannot read " + file, e));
        }
    }

    @Override
    public Path file() {
        return file;
    }

    /** Where it is as it was given, perhaps a link to {@link #file}. */
    Path given() {
        return given;
    }

    /** Its path with the name of the offered folder, with slashes. */
    public String path() {
        return path;
    }

    /** Its path below the offered folder. */
    public String below() {
        return path.substring(path.indexOf('/') + 1);
    }

    /** The last element of its path. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The target of a link belongs elsewhere, so it is not linked or moved. */
    @Override
    public boolean linkable() {
        return linkable;
    }

    @Override
    public long bytes() {
        return stamp.bytes();
    }

    /** How many names at the end of both paths are the same. */
    int commonEnd(String other) {
        String[] a = path.split("/", -1);
        String[] b = other.split("/", -1);
        int same = 0;
        while (same < Math.min(a.length, b.length) && a[a.length - 1 - same].equals(b[b.length - 1 - same])) {
            same++;
        }
        return same;
    }

    /**
     * Its SHA-256 and whatever is needed to compare with these checksums.
     *
     * @throws Problem {@code USAGE} if it cannot be read; {@code INTERRUPTED}
     */
    public synchronized Map<Algorithm, Checksum> checksums(Collection<Checksum> expected) throws Problem {
        Set<Algorithm> needed = expected.stream().map(Checksum::algorithm).collect(Collectors.toSet());
        boolean etag = expected.stream()
                .anyMatch(checksum -> checksum.algorithm() == Algorithm.S3_ETAG && !checksums.containsValue(checksum));
        needed.remove(Algorithm.S3_ETAG);
        if (crc < 0 || etag || !checksums.keySet().containsAll(needed)) {
            read(expected);
        }
        return Map.copyOf(checksums);
    }

    /** The CRC-32 of its content, as zips have it. */
    synchronized long crc() throws Problem {
        checksums(Set.of());
        return crc;
    }

    private void read(Collection<Checksum> expected) throws Problem {
        Hasher hasher = Hasher.toCompare(expected, stamp.bytes());
        CRC32 crc32 = new CRC32();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (Thread.currentThread().isInterrupted()) {
                    throw Problem.interrupted();
                }
                hasher.update(buffer, 0, n);
                crc32.update(buffer, 0, n);
            }
        } catch (IOException e) {
            throw new Problem(Problem.Kind.USAGE, Problem.because("cannot read " + file, e));
        }
        if (hasher.bytes() != stamp.bytes()) {
            throw changed();
        }
        checksums.putAll(hasher.finish());
        crc = crc32.getValue();
    }

    @Override
    public void requireUnchanged() throws Problem {
        try {
            if (!FileStamp.of(file).resembles(stamp)) {
                throw changed();
            }
        } catch (IOException e) {
            throw new Problem(Problem.Kind.USAGE, Problem.because("cannot read " + file, e));
        }
    }

    @Override
    public boolean isDoubtful() {
        try {
            return !FileStamp.of(file).equals(stamp);
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public Problem changed() {
        return new Problem(
                Problem.Kind.USAGE,
                file + " changed while it was read",
                "run the command again when nothing writes to it");
    }
}
