package org.histods.pull;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.histods.manifest.Manifest;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/** Recognises local files of the user as files of a dataset: by checksum, otherwise by name. */
final class LocalFileMatcher {

    /** A numbered piece of a file. */
    private static final Pattern PIECE = Pattern.compile("(.+)\\.(\\d{3})");

    /**
     * A zip of a series that together make one folder, as the downloads of large folders from Google Drive are:
     * {@code name-20240131T101112Z-001.zip}, {@code name-20240131T101112Z-1-001.zip}, {@code name-001.zip}.
     */
    private static final Pattern OF_SERIES =
            Pattern.compile("(?i)(.+?)(?:-\\d{8}T\\d{6}Z(?:-\\d{1,3})?)?-(\\d{3})\\.zip");

    /** An archive, also of kinds that only other programs unpack. */
    private static final Pattern ARCHIVE =
            Pattern.compile("(?i)(.+?)\\.(zip|rar|7z|tar|tgz|tbz2?|txz|tar\\.(gz|bz2|xz|zst|lz4)|z01)");

    private record Expected(PinnedFile file, String part) {}

    private final Manifest manifest;
    private final Map<String, Expected> expected = new LinkedHashMap<>();

    LocalFileMatcher(Manifest manifest) {
        this.manifest = manifest;
        for (SourceSpec source : manifest.sources()) {
            if (source.use() == SourceSpec.Use.NEVER) {
                continue;
            }
            for (PinnedFile file : source.files()) {
                if (!file.folder()) {
                    expected.merge(file.path(), new Expected(file, source.part()), (a, b) -> better(a, b));
                }
            }
        }
    }

    /** The one with more checksums. */
    private static Expected better(Expected a, Expected b) {
        return b.file().checksums().size() > a.file().checksums().size() ? b : a;
    }

    /**
     * Recognises the files.
     *
     * @return by path in the dataset
     * @throws Problem {@code USAGE} if one cannot be read or is no file of the manifest, or two are the same file of it
     */
    Map<String, LocalFileSource.Recognised> recognise(List<Path> files) throws Problem {
        Map<String, LocalFileSource.Recognised> found = new LinkedHashMap<>();
        for (Path file : withSeries(files)) {
            if (Files.isDirectory(file)) {
                for (LocalFileSource.Recognised one : inFolder(file)) {
                    add(found, file, one);
                }
                continue;
            }
            if (!Files.isRegularFile(file)) {
                throw new Problem(Problem.Kind.USAGE, "there is no file " + file);
            }
            if (laterPiece(file, files)) {
                continue;
            }
            LocalFileSource.Recognised one = known(file).orElse(null);
            one = one != null ? one : ofSeries(file).orElse(null);
            add(found, file, one != null ? one : joinedOrOpen(file));
        }
        return found;
    }

    private static void add(Map<String, LocalFileSource.Recognised> found, Path file, LocalFileSource.Recognised one)
            throws Problem {
        if (found.put(one.remote().path().text(), one) != null) {
            throw new Problem(Problem.Kind.USAGE, file + " is given twice, or has the name of another file");
        }
    }

    /**
     * The files of a folder: files of the dataset as they were published, or else what an archive of the dataset was
     * unpacked to by hand.
     */
    private List<LocalFileSource.Recognised> inFolder(Path folder) throws Problem {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.filter(Files::isRegularFile)
                    .filter(file -> !OfferedFiles.LEFT_OUT
                            .matcher(String.valueOf(file.getFileName()))
                            .matches())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new Problem(Problem.Kind.USAGE, Problem.because("cannot read " + folder, e));
        }
        List<LocalFileSource.Recognised> found = new ArrayList<>();
        for (Path file : files) {
            Optional<LocalFileSource.Recognised> one = known(file);
            (one.isPresent() ? one : ofSeries(file)).ifPresent(found::add);
        }
        if (!found.isEmpty()) {
            return found;
        }
        Expected archive = unpackedTo(folder).orElse(null);
        String part = openPart();
        if (files.isEmpty() || (archive == null && part == null)) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    folder + " holds no file of " + manifest.id() + ", and has the name of none of its archives",
                    "give the files of the dataset, or a folder that an archive was unpacked to, under the archive's name");
        }
        for (Path file : files) {
            String path = folder.relativize(file).toString().replace(File.separatorChar, '/');
            if (archive == null) {
                found.add(LocalFileSource.listed(file, path, String.valueOf(part)));
            } else {
                PinnedFile pinned = archive.file();
                String into = pinned.into() != null ? pinned.into() : parent(pinned.path());
                String at = into.isEmpty() ? path : into + "/" + path;
                found.add(LocalFileSource.unpacked(file, at, pinned.plainPath(), archive.part()));
            }
        }
        return found;
    }

    /** The name of an archive without its extension. */
    static String stem(String name) {
        return ARCHIVE.matcher(name).replaceFirst("$1");
    }

    /** The archive with the name of that folder, or the only one that the dataset has. */
    private Optional<Expected> unpackedTo(Path folder) {
        return archiveNamed(String.valueOf(folder.toAbsolutePath().normalize().getFileName()));
    }

    /** The archive with that name before its ending, or the only file that the dataset has, if it is an archive. */
    private Optional<Expected> archiveNamed(String name) {
        List<Expected> archives = expected.values().stream()
                .filter(e -> ARCHIVE.matcher(e.file().path()).matches())
                .toList();
        return archives.stream()
                .filter(e -> stem(name(e.file().path())).equalsIgnoreCase(name))
                .findFirst()
                .or(() ->
                        archives.size() == 1 && expected.size() == 1 ? Optional.of(archives.get(0)) : Optional.empty());
    }

    /** A zip of a series that holds a part of what an archive of the dataset does; empty for any other file. */
    private Optional<LocalFileSource.Recognised> ofSeries(Path file) throws Problem {
        Matcher series = OF_SERIES.matcher(String.valueOf(file.getFileName()));
        Expected archive = series.matches() ? archiveNamed(series.group(1)).orElse(null) : null;
        if (archive == null) {
            return Optional.empty();
        }
        Path before = inSeries(file, series, Integer.parseInt(series.group(2)) - 1);
        if (!series.group(2).equals("001") && !Files.isRegularFile(before)) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    file + " is of a series of which " + before.getFileName() + " is missing",
                    "put all zips of the series into one folder");
        }
        return Optional.of(LocalFileSource.partOf(file, archive.file(), archive.part()));
    }

    /** The file beside another with that number in the series. */
    private static Path inSeries(Path file, Matcher series, int number) {
        String name = String.valueOf(file.getFileName());
        return file.resolveSibling(name.substring(0, series.start(2))
                + String.format(Locale.ROOT, "%03d", number)
                + name.substring(series.end(2)));
    }

    /** The given files, with those that continue a series beside them. */
    private List<Path> withSeries(List<Path> given) throws Problem {
        Set<Path> all = new LinkedHashSet<>(given);
        for (Path file : given) {
            Matcher series = OF_SERIES.matcher(String.valueOf(file.getFileName()));
            if (Files.isRegularFile(file)
                    && series.matches()
                    && archiveNamed(series.group(1)).isPresent()
                    && known(file).isEmpty()) {
                for (int number = 1; number < 1000; number++) {
                    Path one = inSeries(file, series, number);
                    if (Files.isRegularFile(one)) {
                        all.add(one);
                    }
                }
            }
        }
        return List.copyOf(all);
    }

    /** Whether a file is a piece after the first of one that was given too. */
    private boolean laterPiece(Path file, List<Path> files) throws Problem {
        Matcher piece = PIECE.matcher(String.valueOf(file.getFileName()));
        return piece.matches()
                && Integer.parseInt(piece.group(2)) > 1
                && files.contains(file.resolveSibling(piece.group(1) + ".001"))
                && known(file).isEmpty();
    }

    /** The file that numbered pieces were split from, if that is expected; all pieces must be beside the first. */
    private LocalFileSource.Recognised joinedOrOpen(Path file) throws Problem {
        Matcher piece = PIECE.matcher(String.valueOf(file.getFileName()));
        if (piece.matches() && piece.group(2).equals("001")) {
            for (Expected e : expected.values()) {
                if (name(e.file().path()).equals(piece.group(1))) {
                    List<Path> pieces = new ArrayList<>();
                    Path next = file;
                    while (Files.isRegularFile(next)) {
                        pieces.add(next);
                        next = file.resolveSibling(
                                String.format(Locale.ROOT, "%s.%03d", piece.group(1), pieces.size() + 1));
                    }
                    return LocalFileSource.joined(pieces, e.file(), e.part());
                }
            }
        }
        return open(file);
    }

    /** Recognises a file by its checksum or its name; empty if the manifest lists no such file. */
    private Optional<LocalFileSource.Recognised> known(Path file) throws Problem {
        for (Expected e : expected.values()) {
            if (LocalFileSource.hasChecksums(file, e.file())) {
                return Optional.of(LocalFileSource.as(file, e.file(), e.part(), "by its checksum"));
            }
        }
        String name = String.valueOf(file.getFileName());
        String path = file.toAbsolutePath().normalize().toString().replace(File.separatorChar, '/');
        List<Expected> named = expected.values().stream()
                .filter(e -> name(e.file().path()).equals(name))
                .toList();
        // Of several files with the same name, the one in the same folder.
        Optional<Expected> one = named.size() == 1
                ? Optional.of(named.get(0))
                : named.stream()
                        .filter(e -> path.endsWith("/" + e.file().path()))
                        .max(Comparator.comparingInt(e -> e.file().path().length()))
                        .or(() -> named.stream().findFirst());
        if (one.isPresent()) {
            return Optional.of(
                    LocalFileSource.as(file, one.get().file(), one.get().part(), "by its name"));
        }
        return Optional.empty();
    }

    /** A file of a part whose files no manifest lists. */
    private LocalFileSource.Recognised open(Path file) throws Problem {
        String part = openPart();
        if (part != null) {
            return LocalFileSource.as(file, null, part, "by being given");
        }
        List<String> names = new ArrayList<>(expected.keySet());
        throw new Problem(
                Problem.Kind.USAGE,
                file + " is not a file of " + manifest.id() + ", by checksum or by name",
                (ARCHIVE.matcher(String.valueOf(file.getFileName())).matches()
                                ? "if it holds files of the dataset, unpack it and give the folder; "
                                : "")
                        + "expected: " + String.join(", ", names.subList(0, Math.min(12, names.size())))
                        + (names.size() > 12 ? " and " + (names.size() - 12) + " more" : ""));
    }

    /** The part whose manual files no manifest lists, so that any file may belong to it; null if there is none. */
    private @Nullable String openPart() {
        for (SourceSpec source : manifest.sources()) {
            boolean manual = source.kind().equals("manual") || source.kind().equals("credential");
            if (manual && source.use() != SourceSpec.Use.NEVER && source.files().isEmpty()) {
                return source.part();
            }
        }
        return null;
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
