package org.histods.mirror;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;

/**
 * The size and times of a bag's files when their content was last known to be correct. A file with another stamp must be
 * hashed again; one with the same stamp has not been written to. Stamps are stored outside the bag, because they describe
 * a file system and not the dataset.
 */
public final class FileStamps {

    private final MirrorLayout layout;
    private final Path file;
    private final FileOperations disk;

    FileStamps(MirrorLayout layout, BagRef bag, FileOperations disk) {
        this.layout = layout;
        this.file = layout.stamps(bag.id(), bag.version());
        this.disk = disk;
    }

    private record Stamp(long size, long modified, long changed) {}

    private static Stamp of(Path path) throws IOException {
        Map<String, Object> a = Files.readAttributes(path, "unix:size,lastModifiedTime,ctime");
        return new Stamp(
                ((Number) java.util.Objects.requireNonNull(a.get("size"))).longValue(),
                nanos(a.get("lastModifiedTime")),
                nanos(a.get("ctime")));
    }

    private static long nanos(@org.jspecify.annotations.Nullable Object time) {
        return time instanceof FileTime t ? t.to(TimeUnit.NANOSECONDS) : 0;
    }

    /** Records the stamps of files below {@code data} whose content is correct. */
    public void take(Path data, Collection<FilePath> paths) throws Problem {
        StringBuilder text = new StringBuilder();
        try {
            for (FilePath path : paths) {
                Stamp stamp = of(data.resolve(path.text()));
                text.append(stamp.size)
                        .append('\t')
                        .append(stamp.modified)
                        .append('\t')
                        .append(stamp.changed)
                        .append('\t')
                        .append(path.text())
                        .append('\n');
            }
            disk.write(layout.inside(file), text.toString());
        } catch (IOException e) {
            throw FileOperations.problem("cannot record the stamps of " + data, e);
        }
    }

    /**
     * The files whose stamp has changed, and those that are missing.
     *
     * @return empty if no stamps were recorded: then nothing is known
     */
    public Optional<List<FilePath>> touched(Path data, Collection<FilePath> paths) {
        Map<String, Stamp> known = new HashMap<>();
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String[] p = line.split("\t", 4);
                known.put(p[3], new Stamp(Long.parseLong(p[0]), Long.parseLong(p[1]), Long.parseLong(p[2])));
            }
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
        List<FilePath> touched = new ArrayList<>();
        for (FilePath path : paths) {
            try {
                Path there = data.resolve(path.text());
                if (!of(there).equals(known.get(path.text()))) {
                    touched.add(path);
                }
            } catch (IOException e) {
                touched.add(path);
            }
        }
        return Optional.of(touched);
    }
}
