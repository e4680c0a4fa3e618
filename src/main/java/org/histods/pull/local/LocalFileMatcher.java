package org.histods.pull.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.histods.digest.FilePath;
import org.histods.manifest.Manifest;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.source.RemoteFile;
import org.histods.text.Count;
import org.histods.unpack.PieceName;
import org.histods.unpack.SplitArchives;
import org.jspecify.annotations.Nullable;

/**
 * Matches the user's local files with the files of a dataset. Recognises files that {@link OfferedFiles} finds, pieces
 * and series of zips that an archive was split into, and folders that an archive was unpacked to.
 */
public final class LocalFileMatcher {

    private static final String BY_CHECKSUM = "by its checksum";

    /** How many names a message lists. */
    private static final int SHOWN = 12;

    /**
     * A zip of a series that together make one folder, as the downloads of large folders from Google Drive are:
     * {@code name-20240131T101112Z-001.zip}, {@code name-20240131T101112Z-1-001.zip}, {@code name-001.zip}.
     */
    private static final Pattern OF_SERIES =
            Pattern.compile("(?i)(.+?)(?:-\\d{8}T\\d{6}Z(?:-\\d{1,3})?)?-(\\d{3})\\.zip");

    private static final String TAR_ENDINGS = "tgz|tbz2?|txz|tar\\.(?:gz|bz2|xz|zst|lz4)";
    private static final Pattern COMPRESSED_TAR = Pattern.compile("(?i).+\\.(?:" + TAR_ENDINGS + ")");

    /** An archive, also of kinds that only other programs unpack. */
    private static final Pattern ARCHIVE = Pattern.compile("(?i)(.+?)\\.(?:zip|rar|7z|tar|z01|" + TAR_ENDINGS + ")");

    private record Expected(PinnedFile file, String part) {}

    /**
     * An archive of the dataset, in one file or in parts.
     *
     * @param path of the archive, which is none of the paths if the manifest lists numbered pieces
     * @param pinned the file, or its first part
     * @param paths of the file, or of all its parts
     */
    record Archive(String path, PinnedFile pinned, String part, List<String> paths) {

        /** Its file name. */
        String name() {
            return path.substring(path.lastIndexOf('/') + 1);
        }

        boolean inParts() {
            return paths.size() > 1 || !paths.get(0).equals(path);
        }
    }

    private final Manifest manifest;
    private final Map<String, Expected> expected = new LinkedHashMap<>();
    /** The first file of each name. */
    private final Map<String, Expected> byName = new HashMap<>();

    private final List<Archive> archives;

    /** @param manifest names the files that are recognised */
    public LocalFileMatcher(Manifest manifest) {
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
        expected.values().forEach(one -> byName.putIfAbsent(name(one.file().path()), one));
        this.archives = archives(expected.values());
    }

    /** Returns the one with more checksums. */
    private static Expected better(Expected a, Expected b) {
        return b.file().checksums().size() > a.file().checksums().size() ? b : a;
    }

    /**
     * Recognises the files.
     *
     * @param note receives what of folders was not taken
     * @return by path in the dataset
     * @throws Problem {@code USAGE} if one cannot be read or is no file of the manifest, or two are the same file of it
     */
    public Map<String, LocalFileSource.Recognised> recognise(List<Path> files, Consumer<String> note) throws Problem {
        Map<Path, List<OfferedFile>> folders = new HashMap<>();
        List<OfferedFile> all = new ArrayList<>();
        for (Path file : files) {
            if (Files.isDirectory(file)) {
                List<OfferedFile> inside = OfferedFiles.in(file).all();
                folders.put(file, inside);
                all.addAll(inside);
            } else if (Files.isRegularFile(file)) {
                all.add(OfferedFile.of(file));
                for (Path one : seriesOf(file)) {
                    all.add(OfferedFile.of(one));
                }
            } else {
                throw new Problem(Problem.Kind.USAGE, "there is no file " + file);
            }
        }
        Map<Path, LocalFileSource.Recognised> known = known(all);
        Map<String, LocalFileSource.Recognised> found = new LinkedHashMap<>();
        Set<Path> joined = new HashSet<>();
        for (Path file : withSeries(files, known)) {
            List<OfferedFile> inside = folders.get(file);
            if (inside != null) {
                for (LocalFileSource.Recognised one : inFolder(file, inside, known, note)) {
                    add(found, file, one);
                }
            } else if (!joined.contains(file)) {
                LocalFileSource.Recognised one = recognised(file, known).orElse(null);
                one = one != null ? one : open(file);
                joined.addAll(one.source().pieces());
                add(found, file, one);
            }
        }
        // Parts beside the archive that was joined of them are not needed.
        found.values()
                .removeIf(part -> part.archive().isEmpty()
                        && found.values().stream()
                                .anyMatch(one -> one.archive().size() > 1
                                        && one.archive()
                                                .contains(part.remote().path().text())));
        return found;
    }

    /** A file of the manifest, or one in place of it; empty if it is neither. */
    private Optional<LocalFileSource.Recognised> recognised(Path file, Map<Path, LocalFileSource.Recognised> known)
            throws Problem {
        Optional<LocalFileSource.Recognised> joined = joinedByHand(file, known.get(file));
        if (joined.isPresent()) {
            return joined;
        }
        if (known.containsKey(file)) {
            return Optional.of(Objects.requireNonNull(known.get(file)));
        }
        Optional<LocalFileSource.Recognised> one = ofSeries(file);
        if (one.isEmpty()) {
            one = decompressed(file);
        }
        return one.isPresent() ? one : inPieces(file);
    }

    /** A tar that is compressed in the dataset, as Safari keeps it; empty for any other file. */
    private Optional<LocalFileSource.Recognised> decompressed(Path file) throws Problem {
        String name = String.valueOf(file.getFileName());
        if (!name.toLowerCase(Locale.ROOT).endsWith(".tar")) {
            return Optional.empty();
        }
        for (Archive archive : archives) {
            boolean compressed = COMPRESSED_TAR.matcher(archive.name()).matches();
            if (compressed && name.equalsIgnoreCase(stem(archive.name()) + ".tar")) {
                return Optional.of(LocalFileSource.decompressed(file, archive));
            }
        }
        return Optional.empty();
    }

    /** An archive that was joined of the parts that the manifest lists; empty for any other file. */
    private Optional<LocalFileSource.Recognised> joinedByHand(Path file, LocalFileSource.@Nullable Recognised known)
            throws Problem {
        String name = String.valueOf(file.getFileName());
        for (Archive archive : archives) {
            if (!archive.inParts() || !archive.name().equals(name)) {
                continue;
            }
            // The last part of a split zip has the name of the whole.
            boolean last = archive.paths().stream().anyMatch(path -> path.matches("(?i).+\\.z\\d{2,}"));
            if (known == null
                    || (last && !known.how().equals(BY_CHECKSUM) && SplitArchives.isWholeZip(List.of(file)))) {
                return Optional.of(LocalFileSource.joinedByHand(file, archive));
            }
        }
        return Optional.empty();
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
    private List<LocalFileSource.Recognised> inFolder(
            Path folder, List<OfferedFile> files, Map<Path, LocalFileSource.Recognised> known, Consumer<String> note)
            throws Problem {
        List<LocalFileSource.Recognised> found = new ArrayList<>();
        Set<Path> taken = new HashSet<>();
        Set<String> whole = new HashSet<>();
        files.stream().filter(file -> known.containsKey(file.given())).forEach(file -> whole.add(file.name()));
        for (OfferedFile file : files) {
            boolean joined = pieceName(file.given())
                    .filter(piece -> whole.contains(piece.whole()))
                    .isPresent();
            if (!taken.contains(file.given()) && (!joined || known.containsKey(file.given()))) {
                recognised(file.given(), known).ifPresent(one -> {
                    found.add(one);
                    taken.addAll(one.source().pieces());
                });
            }
        }
        Archive archive = unpackedTo(folder).orElse(null);
        if (!found.isEmpty() || archive == null) {
            found.addAll(inFoldersOfArchives(files, found, known));
        }
        if (!found.isEmpty()) {
            found.forEach(one -> taken.addAll(one.source().pieces()));
            List<String> others = files.stream()
                    .filter(file -> !taken.contains(file.given()))
                    .map(OfferedFile::below)
                    .toList();
            if (!others.isEmpty()) {
                note.accept(Count.of(others.size(), "file") + " of " + folder + " not taken, because "
                        + (others.size() == 1 ? "it is no file of " : "they are no files of ") + manifest.id() + ": "
                        + Count.shortened(others, SHOWN));
            }
            return found;
        }
        String part = openPart();
        if (files.isEmpty() || (archive == null && part == null)) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    folder + " contains no file of " + manifest.id() + ", and has the name of none of its archives",
                    "give the files of the dataset, or a folder that an archive was unpacked to, under the archive's name");
        }
        for (OfferedFile file : files) {
            String path = file.below();
            if (archive == null) {
                found.add(LocalFileSource.listed(file.given(), path, String.valueOf(part)));
            } else {
                found.add(unpacked(file, path, archive));
            }
        }
        return found;
    }

    /** The files in folders that have the names of archives, unless those archives are given too. */
    private List<LocalFileSource.Recognised> inFoldersOfArchives(
            List<OfferedFile> files,
            List<LocalFileSource.Recognised> found,
            Map<Path, LocalFileSource.Recognised> known)
            throws Problem {
        Map<String, Archive> missing = new HashMap<>();
        for (Archive archive : archives) {
            boolean given = found.stream()
                    .anyMatch(
                            one -> archive.paths().contains(one.remote().path().text())
                                    || one.archive().equals(archive.paths()));
            if (!given) {
                missing.putIfAbsent(stem(archive.name()).toLowerCase(Locale.ROOT), archive);
            }
        }
        List<LocalFileSource.Recognised> inside = new ArrayList<>();
        for (OfferedFile file : files) {
            int slash = file.below().indexOf('/');
            Archive archive = slash < 0
                    ? null
                    : missing.get(file.below().substring(0, slash).toLowerCase(Locale.ROOT));
            if (archive != null && !known.containsKey(file.given())) {
                inside.add(unpacked(file, file.below().substring(slash + 1), archive));
            }
        }
        return inside;
    }

    private static LocalFileSource.Recognised unpacked(OfferedFile file, String path, Archive archive) throws Problem {
        PinnedFile pinned = archive.pinned();
        String into = pinned.into() != null ? pinned.into() : parent(archive.path());
        return LocalFileSource.unpacked(file.given(), into.isEmpty() ? path : into + "/" + path, archive);
    }

    /** The name of an archive without its extension. */
    public static String stem(String name) {
        Matcher archive = ARCHIVE.matcher(name);
        return archive.matches() ? archive.group(1) : name;
    }

    /** The archive with the name of that folder, or the only one that the dataset has. */
    private Optional<Archive> unpackedTo(Path folder) {
        return archiveNamed(String.valueOf(folder.toAbsolutePath().normalize().getFileName()));
    }

    /** The archive with that name before its ending, or the only file that the dataset has, if it is an archive. */
    private Optional<Archive> archiveNamed(String name) {
        return archives.stream()
                .filter(one -> stem(one.name()).equalsIgnoreCase(name))
                .findFirst()
                .or(() -> archives.size() == 1 && archives.get(0).paths().size() == expected.size()
                        ? Optional.of(archives.get(0))
                        : Optional.empty());
    }

    /** The archives of the dataset; the parts of a split one together. */
    private static List<Archive> archives(Collection<Expected> files) {
        Map<String, List<Expected>> parts = new LinkedHashMap<>();
        for (Expected one : files) {
            String path = one.file().plainPath();
            String whole = SplitArchives.whole(path).orElse(path);
            if (ARCHIVE.matcher(whole).matches()) {
                parts.computeIfAbsent(whole, k -> new ArrayList<>()).add(one);
            }
        }
        List<Archive> archives = new ArrayList<>();
        parts.forEach((path, of) -> archives.add(new Archive(
                path,
                of.get(0).file(),
                of.get(0).part(),
                of.stream().map(one -> one.file().plainPath()).toList())));
        return archives;
    }

    /** A zip of a series that holds a part of what an archive of the dataset does; empty for any other file. */
    private Optional<LocalFileSource.Recognised> ofSeries(Path file) throws Problem {
        Matcher series = OF_SERIES.matcher(String.valueOf(file.getFileName()));
        Archive archive = series.matches() ? archiveNamed(series.group(1)).orElse(null) : null;
        if (archive == null) {
            return Optional.empty();
        }
        Path before = inSeries(file, series, Integer.parseInt(series.group(2)) - 1);
        if (!series.group(2).equals("001") && !Files.isRegularFile(before)) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    file + " is of a series from which " + before.getFileName() + " is missing",
                    "put all zips of the series into one folder");
        }
        return Optional.of(LocalFileSource.partOf(file, archive));
    }

    /** The file beside another with that number in the series. */
    private static Path inSeries(Path file, Matcher series, int number) {
        String name = String.valueOf(file.getFileName());
        return file.resolveSibling(name.substring(0, series.start(2))
                + String.format(Locale.ROOT, "%03d", number)
                + name.substring(series.end(2)));
    }

    /** The given files, with those that continue a series beside them. */
    private List<Path> withSeries(List<Path> given, Map<Path, LocalFileSource.Recognised> known) {
        Set<Path> all = new LinkedHashSet<>(given);
        for (Path file : given) {
            if (!known.containsKey(file)) {
                all.addAll(seriesOf(file));
            }
        }
        return List.copyOf(all);
    }

    /** The files of the series that a zip is of; none if it is of none. */
    private List<Path> seriesOf(Path file) {
        Matcher series = OF_SERIES.matcher(String.valueOf(file.getFileName()));
        List<Path> all = new ArrayList<>();
        if (Files.isRegularFile(file)
                && series.matches()
                && archiveNamed(series.group(1)).isPresent()) {
            for (int number = 1; number < 1000; number++) {
                Path one = inSeries(file, series, number);
                if (Files.isRegularFile(one)) {
                    all.add(one);
                }
            }
        }
        return all;
    }

    /**
     * The file that pieces were cut from; all pieces must be beside each other.
     *
     * @return empty if the file is no piece of an expected file
     * @throws Problem {@code USAGE} if pieces are missing, or it could not be noticed that the last ones are
     */
    private Optional<LocalFileSource.Recognised> inPieces(Path file) throws Problem {
        PieceName piece = pieceName(file).orElse(null);
        return piece == null
                ? Optional.empty()
                : Optional.of(joined(file, piece, Objects.requireNonNull(byName.get(piece.whole()))));
    }

    /** The name of a file as that of a piece of an expected file; empty if it is not. */
    private Optional<PieceName> pieceName(Path file) {
        String name = String.valueOf(file.getFileName());
        for (int end = name.length() - 1; end > Math.max(0, name.length() - PieceName.LONGEST_END - 1); end--) {
            if (byName.containsKey(name.substring(0, end))) {
                Optional<PieceName> piece = PieceName.of(name, name.substring(0, end));
                if (piece.isPresent()) {
                    return piece;
                }
            }
        }
        return Optional.empty();
    }

    private static LocalFileSource.Recognised joined(Path file, PieceName name, Expected of) throws Problem {
        SortedMap<Integer, Path> pieces = piecesBeside(file, name);
        int first = name.inDigits() && !pieces.containsKey(0) ? 1 : 0;
        List<String> missing = new ArrayList<>();
        for (int place = first; place < pieces.lastKey(); place++) {
            if (!pieces.containsKey(place)) {
                missing.add(name.at(place));
            }
        }
        List<Path> inOrder = List.copyOf(pieces.values());
        if (missing.isEmpty() && lacksItsEnd(inOrder, of.file())) {
            missing.add(name.at(pieces.lastKey() + 1) + " and perhaps more");
        }
        if (!missing.isEmpty()) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    file + " is a piece of " + name.whole() + ", and other pieces are missing: "
                            + Count.shortened(missing, SHOWN),
                    "put all pieces into the folder of " + file.getFileName());
        }
        if (!showsItsEnd(of.file())) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    file + " is a piece of " + name.whole()
                            + ", of which no size and no checksum is published, so that it"
                            + " would not be noticed if the last pieces are missing",
                    "join the pieces yourself, and give " + name.whole());
        }
        return LocalFileSource.joined(inOrder, of.file(), of.part());
    }

    /** The pieces of the same file beside one of them, by their places. */
    private static SortedMap<Integer, Path> piecesBeside(Path file, PieceName name) throws Problem {
        Path folder = file.toAbsolutePath().getParent();
        SortedMap<Integer, Path> pieces = new TreeMap<>();
        try (Stream<Path> beside = Files.list(Objects.requireNonNull(folder))) {
            beside.filter(Files::isRegularFile)
                    .sorted()
                    .forEach(one -> PieceName.of(String.valueOf(one.getFileName()), name.whole())
                            .filter(name::isLike)
                            .ifPresent(piece ->
                                    pieces.putIfAbsent(piece.place(), file.resolveSibling(one.getFileName()))));
        } catch (IOException e) {
            throw new Problem(Problem.Kind.USAGE, Problem.because("cannot read " + folder, e));
        }
        pieces.put(name.place(), file);
        return pieces;
    }

    /** Whether something shows that the file is complete: its size, a checksum, or the end of an archive. */
    private static boolean showsItsEnd(PinnedFile file) {
        boolean unpacked = file.unpack() == null || file.unpack();
        return file.bytes() != null
                || !file.checksums().isEmpty()
                || (unpacked && ARCHIVE.matcher(name(file.path())).matches());
    }

    /** Whether pieces are too short for the size that is known of their file, or a zip has no directory at its end. */
    private static boolean lacksItsEnd(List<Path> pieces, PinnedFile of) throws Problem {
        Long bytes = of.bytes();
        if (bytes == null) {
            return name(of.path()).toLowerCase(Locale.ROOT).endsWith(".zip") && !SplitArchives.isWholeZip(pieces);
        }
        try {
            return LocalFileSource.size(pieces) < bytes;
        } catch (IOException e) {
            throw new Problem(Problem.Kind.USAGE, Problem.because("cannot read " + pieces.get(0), e));
        }
    }

    /**
     * The files that the manifest lists: found by their content, or by their names if nothing is known of it. A file with the
     * name of one that was not found is taken for it, so that the difference is reported.
     */
    private Map<Path, LocalFileSource.Recognised> known(List<OfferedFile> files) throws Problem {
        OfferedFiles offered = OfferedFiles.of(files);
        Map<FilePath, Expected> byPath = new LinkedHashMap<>();
        Map<FilePath, OfferedFiles.Expected> wanted = new LinkedHashMap<>();
        for (Expected one : expected.values()) {
            FilePath path = new FilePath(one.file().plainPath());
            List<RemoteFile.Stated> checksums = one.file().checksums().stream()
                    .map(published -> new RemoteFile.Stated(published.checksum(), published.by()))
                    .toList();
            byPath.put(path, one);
            wanted.put(path, new OfferedFiles.Expected(path, one.file().bytes(), checksums, null, null));
        }
        Map<Path, LocalFileSource.Recognised> known = new HashMap<>();
        Map<FilePath, OfferedFiles.Found> found = offered.find(List.copyOf(wanted.values()));
        for (Map.Entry<FilePath, OfferedFiles.Found> one : found.entrySet()) {
            Path file = one.getValue().file().given();
            Expected of = Objects.requireNonNull(byPath.remove(one.getKey()));
            String how = one.getValue().equal().isEmpty() ? "by its name" : BY_CHECKSUM;
            known.put(file, LocalFileSource.as(file, of.file(), of.part(), how));
        }
        for (Map.Entry<FilePath, Expected> one : byPath.entrySet()) {
            for (OfferedFile file : offered.named(one.getKey())) {
                Expected of = one.getValue();
                if (!known.containsKey(file.given())) {
                    known.put(file.given(), LocalFileSource.as(file.given(), of.file(), of.part(), "by its name"));
                    break;
                }
            }
        }
        return known;
    }

    /** A file of a part whose files no manifest lists. */
    private LocalFileSource.Recognised open(Path file) throws Problem {
        String part = openPart();
        if (part != null) {
            return LocalFileSource.as(file, null, part, "by being given");
        }
        String own = String.valueOf(file.getFileName());
        if (ARCHIVE.matcher(SplitArchives.whole(own).orElse(own)).matches()) {
            String first = Files.exists(file.resolveSibling(stem(own) + ".z01")) ? stem(own) + ".z01" : own;
            String joined = archives.size() == 1
                    ? archives.get(0).name()
                    : SplitArchives.whole(first).orElse(own);
            Optional<Problem> split = SplitArchives.named(first, joined);
            if (split.isPresent()) {
                throw split.get();
            }
        }
        throw new Problem(
                Problem.Kind.USAGE,
                file + " is not a file of " + manifest.id() + ", by checksum or by name",
                (ARCHIVE.matcher(own).matches() && !archives.isEmpty()
                                ? "if it is "
                                        + (archives.size() == 1
                                                ? archives.get(0).name()
                                                : "one of its archives")
                                        + ", rename it to that name; if it holds files of the dataset, unpack it and give"
                                        + " the folder; "
                                : ARCHIVE.matcher(own).matches()
                                        ? "if it holds files of the dataset, unpack it and give the folder; "
                                        : "")
                        + "expected: " + Count.shortened(List.copyOf(expected.keySet()), SHOWN));
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
