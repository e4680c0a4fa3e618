package org.histods.mirror;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The size and times of a bag's files when their content was last known to be correct, and when that content was last read. A
 * file with another stamp must be hashed again; one with the same stamp has not been written to. Stamps are stored outside the
 * bag, because they describe a file system and not the dataset.
 */
public final class FileStamps {

    /** The time for files whose last reading is unknown. */
    public static final Instant NEVER = Instant.EPOCH;

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

    /**
     * Units in which copies keep times, in nanoseconds: two seconds (FAT), a second (tar, ext3, HFS+), 10 ms (exFAT), a millisecond,
     * a microsecond, and 100 ns (NTFS).
     */
    private static final List<Long> COARSER =
            List.of(2_000_000_000L, 1_000_000_000L, 10_000_000L, 1_000_000L, 1_000L, 100L);

    /** Size in bytes, and times in nanoseconds since 1970. */
    private record Stamp(long size, long modified, long changed) {

        static Stamp of(Path path) throws IOException {
            Map<String, Object> a = Files.readAttributes(path, "unix:size,lastModifiedTime,ctime,isRegularFile");
            if (!Boolean.TRUE.equals(a.get("isRegularFile"))) {
                throw new FileSystemException(path.toString(), null, "it is not a file");
            }
            return new Stamp(
                    ((Number) Objects.requireNonNull(a.get("size"))).longValue(),
                    nanos(a.get("lastModifiedTime")),
                    nanos(a.get("ctime")));
        }

        /** Whether a file now has the recorded size and modification time, or that time in coarser units. */
        boolean sameSizeAndTime(Stamp now) {
            return size == now.size
                    && (modified == now.modified
                            || COARSER.stream()
                                    .anyMatch(unit -> now.modified == modified - Math.floorMod(modified, unit)));
        }

        private static long nanos(@Nullable Object time) {
            return time instanceof FileTime t ? t.to(TimeUnit.NANOSECONDS) : 0;
        }

        /** The current stamp of a file; null if it cannot be determined. */
        static @Nullable Stamp now(Path path) {
            try {
                return of(path);
            } catch (IOException e) {
                return null;
            }
        }
    }

    /**
     * A line of the file: size, two times, when the content was read, and the path, with tabs between them.
     *
     * @param read in milliseconds since 1970; 0 if it is not recorded, as in lines without that field
     */
    private record Line(Stamp stamp, long read, String path) {

        /** @throws IllegalArgumentException if it is not one */
        static Line of(String line) {
            int second = afterTab(line, 0);
            int third = afterTab(line, second);
            int fourth = afterTab(line, third);
            // A path has no tab.
            int tab = line.indexOf('\t', fourth);
            return new Line(
                    new Stamp(
                            Long.parseLong(line, 0, second - 1, 10),
                            Long.parseLong(line, second, third - 1, 10),
                            Long.parseLong(line, third, fourth - 1, 10)),
                    tab < 0 ? 0 : Long.parseLong(line, fourth, tab, 10),
                    line.substring(tab < 0 ? fourth : tab + 1));
        }

        private static int afterTab(String line, int from) {
            int tab = line.indexOf('\t', from);
            if (tab < 0) {
                throw new IllegalArgumentException("a line without its fields");
            }
            return tab + 1;
        }

        void writeTo(Writer writer) throws IOException {
            writer.write(stamp.size + "\t" + stamp.modified + "\t" + stamp.changed + "\t" + read + "\t");
            writer.write(path);
            writer.write('\n');
        }

        /** When the content was read; {@link #NEVER} also for a time after {@code now}, as from a clock that was wrong. */
        Instant readBefore(Instant now) {
            Instant time = Instant.ofEpochMilli(read);
            return time.isAfter(now) ? NEVER : time;
        }
    }

    /**
     * The recorded lines by their paths. Request paths in the order in which they were recorded: then only one line is in memory
     * at a time.
     */
    private static final class Lines implements AutoCloseable {

        private final BufferedReader reader;
        private final Map<String, Line> passed = new HashMap<>();

        Lines(Path file) throws IOException {
            this.reader = Files.newBufferedReader(FileOperations.regular(file), StandardCharsets.UTF_8);
        }

        private Lines() {
            this.reader = new BufferedReader(Reader.nullReader());
        }

        /** Those of a file that need not exist. */
        static Lines ofAny(Path file) throws IOException {
            try {
                return new Lines(file);
            } catch (NoSuchFileException e) {
                return new Lines();
            }
        }

        /** The next line, null at the end; {@link IllegalArgumentException} if it is damaged. */
        @Nullable
        Line next() throws IOException {
            String line = reader.readLine();
            return line == null ? null : Line.of(line);
        }

        /** The line of a path, null if there is none; each can be requested once. */
        @Nullable
        Line of(FilePath path) throws IOException {
            Line known = passed.remove(path.text());
            while (known == null) {
                Line line = next();
                if (line == null) {
                    return null;
                }
                if (line.path.equals(path.text())) {
                    known = line;
                } else {
                    passed.put(line.path, line);
                }
            }
            return known;
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }

    /** The stamps of some files at one moment, in the order in which they are recorded. */
    public static final class Seen {

        private static final int FIELDS = 3;

        private final List<FilePath> paths;
        private final Instant moment = Instant.now();
        /** Size, modified and changed of each file, one after the other; the size is -1 if it could not be seen. */
        private final long[] fields;

        private Seen(Function<FilePath, Path> place, Collection<FilePath> paths) {
            this.paths = List.copyOf(paths);
            this.fields = new long[FIELDS * this.paths.size()];
            for (int i = 0; i < this.paths.size(); i++) {
                Stamp stamp = Stamp.now(place.apply(this.paths.get(i)));
                fields[FIELDS * i] = stamp == null ? -1 : stamp.size;
                fields[FIELDS * i + 1] = stamp == null ? 0 : stamp.modified;
                fields[FIELDS * i + 2] = stamp == null ? 0 : stamp.changed;
            }
        }

        /** The files that could not be seen, because they do not exist or are not regular files. */
        public List<FilePath> unseen() {
            List<FilePath> unseen = new ArrayList<>();
            for (int i = 0; i < paths.size(); i++) {
                if (fields[FIELDS * i] < 0) {
                    unseen.add(paths.get(i));
                }
            }
            return unseen;
        }

        /** The size of a file by its index; 0 if it could not be seen. */
        public long size(int i) {
            return Math.max(0, fields[FIELDS * i]);
        }

        private @Nullable Stamp stamp(int i) {
            return fields[FIELDS * i] < 0
                    ? null
                    : new Stamp(fields[FIELDS * i], fields[FIELDS * i + 1], fields[FIELDS * i + 2]);
        }
    }

    /**
     * Reads the stamps of the files below {@code data}. Must be called before their content is read, so that a file
     * that is written to afterwards has another stamp than the recorded one.
     */
    public static Seen look(Path data, Collection<FilePath> paths) {
        return look(path -> data.resolve(path.text()), paths);
    }

    /** The same for files that are at other places. */
    public static Seen look(Function<FilePath, Path> place, Collection<FilePath> paths) {
        return new Seen(place, paths);
    }

    /**
     * Records the stamps of files whose content is correct, in place of all that was recorded.
     *
     * @param read those of them whose content was read after they were seen. The others keep the recorded moment of their last
     *     reading; those without a record are new, and were written just now
     */
    public void take(Seen seen, Collection<FilePath> read) throws Problem {
        Set<FilePath> now = read.isEmpty() ? Set.of() : new HashSet<>(read);
        write(writer -> {
            try (Lines lines = Lines.ofAny(readable())) {
                for (int i = 0; i < seen.paths.size(); i++) {
                    FilePath path = seen.paths.get(i);
                    Stamp stamp = seen.stamp(i);
                    if (stamp != null) {
                        long moment = seen.moment.toEpochMilli();
                        new Line(stamp, now.contains(path) ? moment : recorded(lines, path, moment), path.text())
                                .writeTo(writer);
                    }
                }
            }
        });
    }

    /** When a file was last read, as it is recorded; 0 where the record is damaged. */
    private static long recorded(Lines lines, FilePath path, long otherwise) throws IOException {
        try {
            Line line = lines.of(path);
            return line == null ? otherwise : line.read;
        } catch (IllegalArgumentException e) {
            return 0;
        }
    }

    /**
     * Records files that were read; what is recorded of all others stays.
     *
     * @param right those of the seen files with correct content
     * @param wrong files with another content, whose lines are dropped
     * @param when the moment that is recorded, before any of them was read
     */
    public void update(Seen seen, Set<FilePath> right, Collection<FilePath> wrong, Instant when) throws Problem {
        if (right.isEmpty() && !Files.exists(readable())) {
            return;
        }
        Map<String, Line> lines = new LinkedHashMap<>();
        for (int i = 0; i < seen.paths.size(); i++) {
            Stamp stamp = seen.stamp(i);
            if (stamp != null && right.contains(seen.paths.get(i))) {
                String path = seen.paths.get(i).text();
                lines.put(path, new Line(stamp, when.toEpochMilli(), path));
            }
        }
        Set<String> dropped = wrong.stream().map(FilePath::text).collect(Collectors.toSet());
        write(writer -> {
            try (Lines old = Lines.ofAny(readable())) {
                for (Line line = old.next(); line != null; line = old.next()) {
                    if (!dropped.contains(line.path)) {
                        Line now = lines.remove(line.path);
                        (now == null ? line : now).writeTo(writer);
                    }
                }
            } catch (IllegalArgumentException e) {
                // The rest of the stamps is damaged and lost.
            }
            for (Line line : lines.values()) {
                line.writeTo(writer);
            }
        });
    }

    private void write(FileOperations.Text text) throws Problem {
        try {
            disk.write(layout.inside(file), text);
        } catch (IOException e) {
            throw FileOperations.problem("cannot record the stamps in " + file, e);
        }
    }

    /**
     * The moments at which the content of files was last read, the longest ago first.
     *
     * @param files how many files the bag has: {@link #NEVER} is among the moments if fewer are recorded
     */
    public NavigableSet<Instant> moments(long files, Instant now) {
        NavigableSet<Instant> moments = new TreeSet<>();
        long recorded = 0;
        try (Lines lines = new Lines(readable())) {
            for (Line line = lines.next(); line != null; line = lines.next()) {
                moments.add(line.readBefore(now));
                recorded++;
            }
        } catch (IOException | IllegalArgumentException e) {
            recorded = 0;
        }
        if (recorded < files) {
            moments.add(NEVER);
        }
        return moments;
    }

    /** Those of the files whose content was last read at that moment, one of {@link #moments}. */
    public List<FilePath> readAt(Instant moment, Collection<FilePath> paths, Instant now) {
        List<FilePath> found = new ArrayList<>();
        try (Lines lines = Lines.ofAny(readable())) {
            for (FilePath path : paths) {
                if (readAt(lines, path, now).equals(moment)) {
                    found.add(path);
                }
            }
            return found;
        } catch (IOException e) {
            return moment.equals(NEVER) ? List.copyOf(paths) : List.of();
        }
    }

    private static Instant readAt(Lines lines, FilePath path, Instant now) throws IOException {
        try {
            Line line = lines.of(path);
            return line == null ? NEVER : line.readBefore(now);
        } catch (IllegalArgumentException e) {
            return NEVER;
        }
    }

    /**
     * The files whose stamp has changed, and those that could not be seen. Fastest if the paths are in the order in which they were
     * recorded.
     *
     * @return empty if no stamps were recorded: then nothing is known
     */
    public Optional<List<FilePath>> touched(Seen seen) {
        return differing(seen, Stamp::equals);
    }

    /**
     * The same, without files that only have another change time: a new name (a hard link), a deleted one, another owner or other
     * permissions set it too, and a copy, which may have the modification time in coarser units. Such a file may still have been
     * written to by a program that restores the modification time.
     */
    public Optional<List<FilePath>> written(Seen seen) {
        return differing(seen, Stamp::sameSizeAndTime);
    }

    private Optional<List<FilePath>> differing(Seen seen, BiPredicate<Stamp, Stamp> same) {
        List<FilePath> differing = new ArrayList<>();
        try (Lines lines = new Lines(readable())) {
            for (int i = 0; i < seen.paths.size(); i++) {
                Line known = lines.of(seen.paths.get(i));
                Stamp now = seen.stamp(i);
                if (known == null || now == null || !same.test(known.stamp, now)) {
                    differing.add(seen.paths.get(i));
                }
            }
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
        return Optional.of(differing);
    }

    /** The files whose stamp is the recorded one; empty if none was recorded. */
    List<FilePath> untouched(Path data) {
        List<FilePath> untouched = new ArrayList<>();
        try (Lines lines = new Lines(readable())) {
            for (Line line = lines.next(); line != null; line = lines.next()) {
                FilePath path = new FilePath(line.path);
                if (line.stamp.equals(Stamp.now(data.resolve(path.text())))) {
                    untouched.add(path);
                }
            }
            return untouched;
        } catch (IOException | IllegalArgumentException e) {
            return List.of();
        }
    }

    /**
     * Records the current stamps of some files whose content is known to be correct; all other fields stay. Best effort: files
     * without current stamps are only read once more.
     */
    public void renew(Path data, Collection<FilePath> paths) {
        if (paths.isEmpty()) {
            return;
        }
        Set<String> renewed = paths.stream().map(FilePath::text).collect(Collectors.toSet());
        try {
            disk.write(layout.inside(file), writer -> {
                try (Lines lines = new Lines(file)) {
                    for (Line line = lines.next(); line != null; line = lines.next()) {
                        Stamp stamp = renewed.contains(line.path) ? Stamp.now(data.resolve(line.path)) : null;
                        new Line(stamp == null ? line.stamp : stamp, line.read, line.path).writeTo(writer);
                    }
                }
            });
        } catch (IOException | Problem | IllegalArgumentException e) {
            return;
        }
    }
}
