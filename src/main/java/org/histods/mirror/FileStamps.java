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
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The size and times of a bag's files when their content was last known to be correct. A file with another stamp must be
 * hashed again; one with the same stamp has not been written to. Stamps are stored outside the bag, because they describe
 * a file system and not the dataset.
 */
public final class FileStamps {

    private final MirrorLayout layout;
    private final Path file;
    private final @Nullable Path elsewhere;
    private final FileOperations disk;

    /** @param elsewhere the stamps of another mirror, which are read if this one has none; null for none */
    FileStamps(MirrorLayout layout, BagRef bag, @Nullable Path elsewhere, FileOperations disk) {
        this.layout = layout;
        this.file = layout.stamps(bag);
        this.elsewhere = elsewhere;
        this.disk = disk;
    }

    private Path readable() {
        return elsewhere == null || Files.exists(file) ? file : elsewhere;
    }

    private record Stamp(long size, long modified, long changed) {}

    private static Stamp of(Path path) throws IOException {
        Map<String, Object> a = Files.readAttributes(path, "unix:size,lastModifiedTime,ctime");
        return new Stamp(
                ((Number) java.util.Objects.requireNonNull(a.get("size"))).longValue(),
                nanos(a.get("lastModifiedTime")),
                nanos(a.get("ctime")));
    }

    private static long nanos(@Nullable Object time) {
        return time instanceof FileTime t ? t.to(TimeUnit.NANOSECONDS) : 0;
    }

    /** The stamps of some files at one moment, in the order in which they are recorded. */
    public static final class Seen {

        private final List<FilePath> paths;
        /** Null for a file that could not be seen. */
        private final List<@Nullable Stamp> stamps = new ArrayList<>();

        private Seen(Path data, Collection<FilePath> paths) {
            this.paths = List.copyOf(paths);
            this.paths.forEach(path -> stamps.add(now(data.resolve(path.text()))));
        }
    }

    /**
     * Looks at the files below {@code data}. To be called before their content is read: then a file that is written to
     * after it was read has another stamp than the recorded one.
     */
    public static Seen look(Path data, Collection<FilePath> paths) {
        return new Seen(data, paths);
    }

    /** Records the stamps of files whose content is correct. */
    public void take(Seen seen) throws Problem {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < seen.paths.size(); i++) {
            Stamp stamp = seen.stamps.get(i);
            if (stamp != null) {
                text.append(stamp.size)
                        .append('\t')
                        .append(stamp.modified)
                        .append('\t')
                        .append(stamp.changed)
                        .append('\t')
                        .append(seen.paths.get(i).text())
                        .append('\n');
            }
        }
        try {
            disk.write(layout.inside(file), text.toString());
        } catch (IOException e) {
            throw FileOperations.problem("cannot record the stamps in " + file, e);
        }
    }

    /**
     * The files whose stamp has changed, and those that could not be seen. The paths are best in the order in which they
     * were recorded: then a line is read for each and forgotten.
     *
     * @return empty if no stamps were recorded: then nothing is known
     */
    public Optional<List<FilePath>> touched(Seen seen) {
        List<FilePath> touched = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(readable(), StandardCharsets.UTF_8)) {
            Map<String, Stamp> passed = new HashMap<>();
            for (int i = 0; i < seen.paths.size(); i++) {
                FilePath path = seen.paths.get(i);
                Stamp known = passed.remove(path.text());
                while (known == null) {
                    String line = reader.readLine();
                    if (line == null) {
                        break;
                    }
                    int name = afterTab(line, afterTab(line, afterTab(line, 0)));
                    if (line.startsWith(path.text(), name)
                            && line.length() == name + path.text().length()) {
                        known = stamp(line, name);
                    } else {
                        passed.put(line.substring(name), stamp(line, name));
                    }
                }
                if (known == null || !known.equals(seen.stamps.get(i))) {
                    touched.add(path);
                }
            }
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
        return Optional.of(touched);
    }

    /** The files whose stamp is the recorded one; empty if none was recorded. */
    List<FilePath> untouched(Path data) {
        List<FilePath> untouched = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(readable())) {
                int name = afterTab(line, afterTab(line, afterTab(line, 0)));
                FilePath path = new FilePath(line.substring(name));
                if (stamp(line, name).equals(now(data.resolve(path.text())))) {
                    untouched.add(path);
                }
            }
            return untouched;
        } catch (IOException | IllegalArgumentException e) {
            return List.of();
        }
    }

    /**
     * Records the stamps of some files again, whose content is known to be correct; those of all others stay. Without stamps,
     * or with old ones, files are only read once more, so this never fails.
     */
    public void renew(Path data, Collection<FilePath> paths) {
        if (paths.isEmpty()) {
            return;
        }
        Set<String> renewed = paths.stream().map(FilePath::text).collect(Collectors.toSet());
        StringBuilder text = new StringBuilder();
        try {
            for (String line : Files.readAllLines(file)) {
                String path = line.substring(afterTab(line, afterTab(line, afterTab(line, 0))));
                Stamp stamp = renewed.contains(path) ? now(data.resolve(path)) : null;
                text.append(
                                stamp == null
                                        ? line
                                        : stamp.size + "\t" + stamp.modified + "\t" + stamp.changed + "\t" + path)
                        .append('\n');
            }
            disk.write(layout.inside(file), text.toString());
        } catch (IOException | Problem | IllegalArgumentException e) {
            return;
        }
    }

    private static int afterTab(String line, int from) {
        int tab = line.indexOf('\t', from);
        if (tab < 0) {
            throw new IllegalArgumentException("a line without its fields");
        }
        return tab + 1;
    }

    /** The three numbers before the name that begins there. */
    private static Stamp stamp(String line, int name) {
        int second = afterTab(line, 0);
        int third = afterTab(line, second);
        return new Stamp(
                Long.parseLong(line, 0, second - 1, 10),
                Long.parseLong(line, second, third - 1, 10),
                Long.parseLong(line, third, name - 1, 10));
    }

    /** The stamp of a file, null if it cannot be seen. */
    private static @Nullable Stamp now(Path path) {
        try {
            return of(path);
        } catch (IOException e) {
            return null;
        }
    }
}
