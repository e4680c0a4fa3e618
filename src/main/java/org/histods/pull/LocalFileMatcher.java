package org.histods.pull;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.histods.manifest.Manifest;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/** Recognises which of a dataset's files the user's local files are: by checksum, else by name. */
final class LocalFileMatcher {

    /** A numbered piece of a file. */
    private static final Pattern PIECE = Pattern.compile("(.+)\\.(\\d{3})");

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
        return b.file().sums().size() > a.file().sums().size() ? b : a;
    }

    /**
     * Recognises the files.
     *
     * @return by path in the dataset
     * @throws Problem {@code USAGE} if one cannot be read or is no file of the manifest, or two are the same file of it
     */
    Map<String, LocalFileSource.Recognised> recognise(List<Path> files) throws Problem {
        Map<String, LocalFileSource.Recognised> found = new LinkedHashMap<>();
        for (Path file : files) {
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
            known(file).ifPresent(found::add);
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
                String into = pinned.into() != null
                        ? pinned.into()
                        : pinned.path().substring(0, Math.max(0, pinned.path().lastIndexOf('/')));
                String at = into.isEmpty() ? path : into + "/" + path;
                found.add(LocalFileSource.unpacked(file, at, pinned.plainPath(), archive.part()));
            }
        }
        return found;
    }

    /** The name of an archive without the ending that says so. */
    static String stem(String name) {
        return ARCHIVE.matcher(name).replaceFirst("$1");
    }

    /** The archive with the name of that folder, or the only one that the dataset has. */
    private Optional<Expected> unpackedTo(Path folder) {
        String name = String.valueOf(folder.toAbsolutePath().normalize().getFileName());
        List<Expected> archives = expected.values().stream()
                .filter(e -> ARCHIVE.matcher(e.file().path()).matches())
                .toList();
        return archives.stream()
                .filter(e -> stem(name(e.file().path())).equalsIgnoreCase(name))
                .findFirst()
                .or(() ->
                        archives.size() == 1 && expected.size() == 1 ? Optional.of(archives.get(0)) : Optional.empty());
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

    /** Recognises a file by its checksum or its name; empty if it is none that the manifest lists. */
    private Optional<LocalFileSource.Recognised> known(Path file) throws Problem {
        for (Expected e : expected.values()) {
            if (LocalFileSource.hasChecksums(file, e.file())) {
                return Optional.of(LocalFileSource.as(file, e.file(), e.part(), "by its checksum"));
            }
        }
        String name = String.valueOf(file.getFileName());
        for (Expected e : expected.values()) {
            if (name(e.file().path()).equals(name)) {
                return Optional.of(LocalFileSource.as(file, e.file(), e.part(), "by its name"));
            }
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
                "expected: " + String.join(", ", names.subList(0, Math.min(12, names.size())))
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

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
