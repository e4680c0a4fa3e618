package org.histods.pull.local;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.histods.concurrent.Parallel;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.SystemFiles;
import org.histods.problem.Problem;
import org.histods.provenance.LocalContent;
import org.histods.source.RemoteFile;
import org.jspecify.annotations.Nullable;

/**
 * The files of a folder that may be used instead of remote files. Matches them by name and content, by content alone,
 * or, if there is nothing to compare with, by name.
 */
public final class OfferedFiles {

    private final List<OfferedFile> all;
    private final Map<String, List<OfferedFile>> byName = new HashMap<>();
    private final Map<Long, List<OfferedFile>> bySize = new HashMap<>();
    private final Map<String, Map<String, OfferedFile>> byContent = new ConcurrentHashMap<>();
    private final Set<OfferedFile> differing = ConcurrentHashMap.newKeySet();

    private OfferedFiles(List<OfferedFile> all) {
        this.all = all;
        for (OfferedFile file : all) {
            byName.computeIfAbsent(file.name(), k -> new ArrayList<>()).add(file);
            bySize.computeIfAbsent(file.bytes(), k -> new ArrayList<>()).add(file);
        }
    }

    /** Fails if that is not a folder. */
    public static void requireFolder(Path folder) throws Problem {
        if (!Files.isDirectory(folder)) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    Files.exists(folder) ? folder + " is not a folder" : "there is no folder " + folder);
        }
    }

    /**
     * The files below a folder without those of {@link SystemFiles}. Links to files count as those files; links to folders
     * are not followed.
     *
     * @throws Problem {@code USAGE} if it is no folder or something in it cannot be read
     */
    public static OfferedFiles in(Path folder) throws Problem {
        List<OfferedFile> files = new ArrayList<>();
        String name = String.valueOf(folder.toAbsolutePath().normalize().getFileName());
        visit(folder, (file, below, offered) -> {
            if (offered) {
                files.add(new OfferedFile(file, name + "/" + below));
            }
        });
        return new OfferedFiles(files);
    }

    /**
     * The paths below the folder of what {@link #in} leaves out: files of systems, links to folders or to nothing.
     *
     * @throws Problem as {@link #in}
     */
    public static List<String> leftOut(Path folder) throws Problem {
        List<String> leftOut = new ArrayList<>();
        visit(folder, (file, below, offered) -> {
            if (!offered) {
                leftOut.add(below);
            }
        });
        return leftOut;
    }

    private interface Visitor {
        void visit(Path file, String below, boolean offered) throws IOException;
    }

    private static void visit(Path folder, Visitor visitor) throws Problem {
        requireFolder(folder);
        try {
            Path root = folder.toRealPath();
            try (Stream<Path> walk = Files.walk(root)) {
                for (Path file : walk.filter(one -> !Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS))
                        .sorted()
                        .toList()) {
                    String below = root.relativize(file).toString().replace(File.separatorChar, '/');
                    visitor.visit(file, below, Files.isRegularFile(file) && !SystemFiles.isFile(file, below));
                }
            }
        } catch (UncheckedIOException e) {
            throw unreadable(folder, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    /** These files. */
    public static OfferedFiles of(List<OfferedFile> files) {
        return new OfferedFiles(List.copyOf(files));
    }

    private static Problem unreadable(Path folder, IOException e) {
        return new Problem(Problem.Kind.USAGE, Problem.because("cannot read " + folder, e));
    }

    /**
     * A file that is looked for.
     *
     * @param path in the dataset
     * @param bytes its size; null if unknown
     * @param checksums the published checksums
     * @param crc the CRC-32 in the directory of an archive; null if unknown
     * @param manifest the checksum in somebody's bag; null if unknown
     */
    public record Expected(
            FilePath path,
            @Nullable Long bytes,
            List<RemoteFile.Stated> checksums,
            @Nullable Long crc,
            @Nullable Checksum manifest) {

        /** The checksum to look for a file of another name. */
        private Optional<Checksum> key() {
            return Stream.concat(
                            checksums.stream().map(RemoteFile.Stated::checksum),
                            manifest == null ? Stream.of() : Stream.of(manifest))
                    .filter(checksum -> !checksum.algorithm().ofFolder() && checksum.algorithm() != Algorithm.S3_ETAG)
                    .findFirst();
        }

        private List<Checksum> comparable() {
            return checksums.stream()
                    .map(RemoteFile.Stated::checksum)
                    .filter(checksum -> !checksum.algorithm().ofFolder())
                    .toList();
        }

        private boolean checkable() {
            return !comparable().isEmpty() || crc != null || manifest != null;
        }
    }

    /**
     * A file that was found.
     *
     * @param checksums its checksums
     * @param equal the published checksums that are equal
     * @param check what was compared, as {@link LocalContent.Group#check}
     */
    public record Found(
            OfferedFile file, Map<Algorithm, Checksum> checksums, List<RemoteFile.Stated> equal, String check) {}

    /** All files of the folder. */
    public List<OfferedFile> all() {
        return all;
    }

    /** The size of all files together. */
    public long bytes() {
        return all.stream().mapToLong(OfferedFile::bytes).sum();
    }

    /** The files that have the name of a file that was looked for, and other content than every file that was. */
    public Set<OfferedFile> differing() {
        return differing;
    }

    /** Finds files; a file whose content can be compared is found by it only. */
    public Map<FilePath, Found> find(List<Expected> expected) throws Problem {
        Map<FilePath, Found> found = new LinkedHashMap<>();
        List<Expected> named = new ArrayList<>();
        int threads = Runtime.getRuntime().availableProcessors();
        List<Optional<Found>> compared = Parallel.map(threads, expected, this::byContent);
        for (int i = 0; i < expected.size(); i++) {
            Expected one = expected.get(i);
            compared.get(i).ifPresentOrElse(match -> found.put(one.path(), match), () -> {
                if (!one.checkable()) {
                    named.add(one);
                }
            });
        }
        byName(named, found);
        found.values().forEach(match -> differing.remove(match.file()));
        return found;
    }

    private List<OfferedFile> named(Expected expected) {
        return named(expected.path()).stream()
                .filter(file -> expected.bytes() == null || expected.bytes() == file.bytes())
                .toList();
    }

    /** The files with the name of that path, the one that shares the most of its end first. */
    List<OfferedFile> named(FilePath path) {
        return byName.getOrDefault(path.name(), List.of()).stream()
                .sorted(Comparator.comparingInt(file -> -file.commonEnd(path.text())))
                .toList();
    }

    private Optional<Found> byContent(Expected expected) throws Problem {
        if (!expected.checkable()) {
            return Optional.empty();
        }
        for (OfferedFile file : named(expected)) {
            Optional<Found> match = compare(expected, file);
            if (match.isPresent()) {
                return match;
            }
        }
        OfferedFile renamed = renamed(expected);
        Optional<Found> match = renamed == null ? Optional.empty() : compare(expected, renamed);
        if (match.isEmpty()) {
            named(expected.path()).stream().findFirst().ifPresent(differing::add);
        }
        return match;
    }

    /** A file of the same size and content with another name; null if there is none. */
    private @Nullable OfferedFile renamed(Expected expected) throws Problem {
        Long size = expected.bytes();
        if (size == null || size == 0 || !bySize.containsKey(size)) {
            return null;
        }
        Checksum checksum = expected.key().orElse(null);
        if (checksum != null) {
            return content(size, checksum.algorithm().word(), checksum).get(checksum.hex());
        }
        Long crc = expected.crc();
        return crc == null ? null : content(size, LocalContent.CRC32, null).get(Long.toHexString(crc));
    }

    private Map<String, OfferedFile> content(long size, String kind, @Nullable Checksum checksum) throws Problem {
        String key = size + " " + kind;
        Map<String, OfferedFile> known = byContent.get(key);
        if (known == null) {
            known = new HashMap<>();
            for (OfferedFile file : bySize.getOrDefault(size, List.of())) {
                String hex = checksum == null
                        ? Long.toHexString(file.crc())
                        : Objects.requireNonNull(
                                        file.checksums(Set.of(checksum)).get(checksum.algorithm()))
                                .hex();
                known.putIfAbsent(hex, file);
            }
            byContent.put(key, known);
        }
        return known;
    }

    /** Empty if something that is known differs. */
    private static Optional<Found> compare(Expected expected, OfferedFile file) throws Problem {
        if (expected.bytes() != null && expected.bytes() != file.bytes()) {
            return Optional.empty();
        }
        List<Checksum> published = expected.comparable();
        List<Checksum> needed = new ArrayList<>(published);
        if (expected.manifest() != null) {
            needed.add(expected.manifest());
        }
        Map<Algorithm, Checksum> checksums = file.checksums(needed);
        List<RemoteFile.Stated> equal = new ArrayList<>();
        for (RemoteFile.Stated stated : expected.checksums()) {
            Checksum computed = checksums.get(stated.checksum().algorithm());
            if (stated.checksum().equals(computed)) {
                equal.add(stated);
            } else if (computed != null && stated.checksum().algorithm() != Algorithm.S3_ETAG) {
                return Optional.empty();
            }
        }
        Long crc = expected.crc();
        if (crc != null && crc.longValue() != file.crc()) {
            return Optional.empty();
        }
        Checksum manifest = expected.manifest();
        if (manifest != null && equal.isEmpty() && !manifest.equals(checksums.get(manifest.algorithm()))) {
            return Optional.empty();
        }
        String check = !equal.isEmpty()
                ? equal.get(0).checksum().algorithm().word()
                : crc != null ? LocalContent.CRC32 : manifest != null ? LocalContent.MANIFEST : unchecked(expected);
        return Optional.of(new Found(file, checksums, equal, check));
    }

    private static String unchecked(Expected expected) {
        return expected.bytes() == null ? LocalContent.UNCHECKED : LocalContent.SIZE;
    }

    private record Pair(Expected expected, OfferedFile file, int common) {}

    /** Each file for one path only, the one whose end it shares most of. */
    private void byName(List<Expected> expected, Map<FilePath, Found> found) throws Problem {
        List<Pair> pairs = new ArrayList<>();
        for (Expected one : expected) {
            named(one)
                    .forEach(file -> pairs.add(
                            new Pair(one, file, file.commonEnd(one.path().text()))));
        }
        pairs.sort(Comparator.comparingInt(pair -> -pair.common()));
        Set<OfferedFile> used = new HashSet<>();
        List<Pair> chosen = new ArrayList<>();
        Set<FilePath> taken = new HashSet<>(found.keySet());
        for (Pair pair : pairs) {
            if (!used.contains(pair.file()) && taken.add(pair.expected().path())) {
                used.add(pair.file());
                chosen.add(pair);
            }
        }
        int threads = Runtime.getRuntime().availableProcessors();
        Parallel.map(threads, chosen, pair -> pair.file().checksums(Set.of()));
        for (Pair pair : chosen) {
            found.put(pair.expected().path(), unchecked(pair.file(), unchecked(pair.expected())));
        }
    }

    /** A file that nothing is compared with but its size. */
    public static Found unchecked(OfferedFile file, String check) throws Problem {
        return new Found(file, file.checksums(Set.of()), List.of(), check);
    }
}
