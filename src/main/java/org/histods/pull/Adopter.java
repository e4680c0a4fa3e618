package org.histods.pull;

import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.histods.concurrent.Parallel;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.GitObjects;
import org.histods.digest.GlobCover;
import org.histods.fetch.ChecksumCheck;
import org.histods.fetch.FetchOrigin;
import org.histods.fetch.FetchedFile;
import org.histods.fetch.FetchedRanges;
import org.histods.fetch.RangesUnsupportedException;
import org.histods.problem.Problem;
import org.histods.provenance.FetchResult;
import org.histods.provenance.LocalContent;
import org.histods.pull.local.LocalCopy;
import org.histods.pull.local.LocalFileMatcher;
import org.histods.pull.local.LocalFileSource;
import org.histods.pull.local.LocalItem;
import org.histods.pull.local.Offer;
import org.histods.pull.local.OfferedFile;
import org.histods.pull.local.OfferedFiles;
import org.histods.pull.local.OfferedFiles.Expected;
import org.histods.pull.local.OfferedFiles.Found;
import org.histods.source.RemoteFile;
import org.histods.text.Bytes;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;

/**
 * Uses files from a folder of the user instead of downloads. Plain files and archives are compared with the host's
 * listing, files of a zip with the zip's directory (a few ranges are read), and a folder of a repository with its git
 * tree id. Files unpacked from an archive without a directory are compared with another bag, or with nothing.
 */
final class Adopter {

    /** Number of zip directories that are read at a time. */
    private static final int DIRECTORIES = 4;

    /** Maximum number of globs that record which files were found. */
    private static final int MOST_GLOBS = 2000;

    private final Offer offer;
    private final OfferedFiles files;
    private final WantedFiles wanted;
    private final MemberPlanner members;
    private final Clock clock;
    private final Set<OfferedFile> used = new HashSet<>();
    private final List<LocalCopy> copies = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();
    private final List<String> reasons = new ArrayList<>();
    /** Archives with missing members that are not fetched. */
    private final Set<FilePath> incomplete = new HashSet<>();
    /** Checksums from the manifest of another bag, for paths that no plain item has. */
    private final Map<FilePath, Checksum> manifest;

    Adopter(Offer offer, WantedFiles wanted, MemberPlanner members, PullListener listener, Clock clock) throws Problem {
        this.offer = offer;
        this.wanted = wanted;
        this.members = members;
        this.clock = clock;
        this.files = OfferedFiles.in(offer.folder());
        this.manifest = new HashMap<>(offer.manifest());
        listener.note("comparing " + Count.of(files.all().size(), "file") + ", " + Bytes.text(files.bytes()) + ", of "
                + offer.folder());
    }

    /**
     * Returns the plan with the offered files in place of downloads.
     *
     * @throws Problem {@code USAGE} if the folder has no file of the dataset
     */
    PullPlan adopt(PullPlan plan, PullPlanner planner) throws Problem {
        List<PullPlan.Item> items = archives(plain(plan.items()));
        if (used.isEmpty() && items.stream().noneMatch(item -> item.first().localName() != null)) {
            throw none(plan);
        }
        items.forEach(this::noteMissing);
        List<String> selection = List.of();
        if (!offer.fetch() && !missing.isEmpty()) {
            items = items.stream()
                    .filter(item -> item.local() != null || item.first().localName() != null)
                    .map(item -> item.local() == null || item.members() == null ? item : withoutRest(item))
                    .toList();
            selection = selection(items);
        }
        AdoptionReport report = new AdoptionReport(
                LocalItem.groups(copies),
                missing,
                files.differing().stream().map(OfferedFile::below).sorted().toList(),
                files.all().stream()
                        .filter(file ->
                                !used.contains(file) && !files.differing().contains(file))
                        .map(OfferedFile::below)
                        .toList(),
                reasons,
                selection);
        return plan.with(items, planner.size(items, false)).with(report);
    }

    private Problem none(PullPlan plan) {
        String why = files.all().isEmpty()
                ? " contains no file"
                : files.differing().isEmpty()
                        ? " contains no file of " + plan.dataset() + ", by content or by name"
                        : " contains no file of " + plan.dataset() + ": "
                                + Count.of(files.differing().size(), "file") + " with the right name"
                                + (files.differing().size() == 1 ? " has" : " have") + " other content";
        return new Problem(
                Problem.Kind.USAGE,
                offer.folder() + why + (reasons.isEmpty() ? "" : "\n  " + String.join("\n  ", reasons)),
                "`histods show " + plan.dataset()
                        + "` lists its files; an archive of a kind without a directory is recognised"
                        + " by a folder with its name");
    }

    /** Files that are stored as they are, and archives that the folder has as they were published. */
    private List<PullPlan.Item> plain(List<PullPlan.Item> all) throws Problem {
        List<Expected> expected = new ArrayList<>();
        for (PullPlan.Item item : all) {
            RemoteFile file = item.file();
            manifest.remove(file.path());
            if (file.slice() == null) {
                expected.add(new Expected(
                        file.path(),
                        file.bytes(),
                        file.checksums(),
                        null,
                        offer.manifest().get(file.path())));
            }
        }
        Map<FilePath, Found> found = files.find(expected);
        List<PullPlan.Item> items = new ArrayList<>();
        for (PullPlan.Item item : all) {
            Found match = item.file().slice() == null ? found.get(item.file().path()) : null;
            if (match == null) {
                // A file of the user that contradicts the given manifest is not a file of the dataset.
                if (item.first().localName() == null
                        || !offer.manifest().containsKey(item.file().path())) {
                    items.add(item);
                }
                continue;
            }
            used.add(match.file());
            if (item.unpack()) {
                items.add(item.from(
                        LocalFileSource.inPlaceOf(item.first(), match.file().file())));
                continue;
            }
            LocalCopy copy = new LocalCopy(
                    item.file().path(),
                    match.file(),
                    match.checksums(),
                    match.check(),
                    item.file().executable(),
                    null);
            copies.add(copy);
            FetchedFile file = new FetchedFile(
                    item.file(),
                    match.file().file(),
                    match.file().bytes(),
                    match.checksums(),
                    new ChecksumCheck(match.equal()),
                    origin(item, match.file().name()));
            items.add(item.with(LocalItem.plain(copy, LocalContent.FOLDER, file, item.part()), null));
        }
        return items;
    }

    private FetchOrigin origin(PullPlan.Item item, String name) {
        return FetchOrigin.local(
                LocalFileSource.KIND, item.first().record(), name, clock.instant(), clock.instant(), List.of());
    }

    /** A zip and its directory; the directory is null if it cannot be read. */
    private record Archive(
            PullPlan.Item item,
            @Nullable WantedMembers all,
            @Nullable String reason) {}

    private List<PullPlan.Item> archives(List<PullPlan.Item> all) throws Problem {
        List<Archive> archives = Parallel.map(DIRECTORIES, all, this::opened);
        List<PullPlan.Item> items = new ArrayList<>();
        List<PullPlan.Item> closed = new ArrayList<>();
        for (Archive archive : archives) {
            PullPlan.Item item = archive.item();
            if (!open(item)) {
                items.add(item);
            } else if (archive.all() != null) {
                items.add(zip(item, archive.all()));
            } else {
                closed.add(item);
                if (archive.reason() != null) {
                    reasons.add(item.file().path() + ": " + archive.reason());
                }
            }
        }
        for (PullPlan.Item item : closed) {
            items.add(closed(item, closed.size() == 1));
        }
        return items;
    }

    /** Whether an item is an archive that no offered file replaces. */
    private static boolean open(PullPlan.Item item) {
        return item.unpack() && item.local() == null && item.first().localName() == null;
    }

    private Archive opened(PullPlan.Item item) throws Problem {
        if (!open(item) || !MemberPlanner.isRemoteZip(item)) {
            return new Archive(item, null, null);
        }
        try {
            return new Archive(item, members.read(item, wanted.optionsForRanges(item)), null);
        } catch (RangesUnsupportedException e) {
            return new Archive(item, null, "its directory could not be compared with, because " + e.reason());
        } catch (Problem p) {
            if (p.kind() == Problem.Kind.INTERRUPTED) {
                throw p;
            }
            return new Archive(
                    item,
                    null,
                    "its directory could not be compared with: "
                            + p.message().lines().findFirst().orElse(""));
        }
    }

    private PullPlan.Item zip(PullPlan.Item item, WantedMembers all) throws Problem {
        List<LocalCopy> here = MemberPlanner.here(all, files, (path, match) -> {
            used.add(match.file());
            return match.file();
        });
        if (here.isEmpty()) {
            return item;
        }
        copies.addAll(here);
        return members.with(item, all, here, LocalContent.FOLDER, wanted, clock.instant());
    }

    private PullPlan.Item withoutRest(PullPlan.Item item) {
        incomplete.add(item.file().path());
        LocalItem local = Objects.requireNonNull(item.local());
        FetchResult result = MemberPlanner.directoryOnly(
                item, Objects.requireNonNull(item.members()), local.copies(), clock.instant());
        return item.with(new LocalItem(local.copies(), local.from(), result), null);
    }

    /** Handles an archive whose directory is not known. */
    private PullPlan.Item closed(PullPlan.Item item, boolean onlyOne) throws Problem {
        List<OfferedFile> below = below(item, onlyOne);
        RemoteFile.Slice slice = item.file().slice();
        if (slice != null && slice.gitTree() != null) {
            return repository(item, slice, below);
        }
        Map<FilePath, Found> found = new LinkedHashMap<>();
        if (!offer.manifest().isEmpty()) {
            List<Expected> expected = new ArrayList<>();
            String folder = item.into().isEmpty() ? "" : item.into() + "/";
            manifest.forEach((path, checksum) -> {
                if (wanted.isWanted(path, item) && path.text().startsWith(folder)) {
                    expected.add(new Expected(path, null, List.of(), null, checksum));
                }
            });
            found.putAll(files.find(expected));
            if (found.size() < expected.size()) {
                expected.stream()
                        .filter(one -> !found.containsKey(one.path()))
                        .forEach(one -> missing.add(one.path().text()));
                found.clear();
            }
        } else {
            for (OfferedFile file : below) {
                String path = (item.into().isEmpty() ? "" : item.into() + "/") + belowRoot(file, item, onlyOne);
                if (FilePath.fault(path) == null && wanted.isWanted(new FilePath(path), item)) {
                    found.put(new FilePath(path), OfferedFiles.unchecked(file, LocalContent.UNCHECKED));
                }
            }
        }
        if (found.isEmpty()) {
            return item;
        }
        List<LocalCopy> here = new ArrayList<>();
        found.forEach((path, match) -> {
            used.add(match.file());
            here.add(new LocalCopy(path, match.file(), match.checksums(), match.check(), false, null));
        });
        copies.addAll(here);
        return item.with(new LocalItem(here, LocalContent.FOLDER, unread(item, here, null)), null);
    }

    /** The record of an archive from which nothing is fetched. */
    private FetchResult unread(PullPlan.Item item, List<LocalCopy> here, RemoteFile.@Nullable Stated tree) {
        Long bytes = item.file().bytes();
        FetchedFile file = new FetchedFile(
                item.file(),
                offer.folder(),
                bytes == null ? 0 : bytes,
                Map.of(),
                ChecksumCheck.COMPUTED,
                origin(
                        item,
                        String.valueOf(
                                offer.folder().toAbsolutePath().normalize().getFileName())),
                FetchedRanges.NONE,
                null);
        RemoteFile.Slice slice = item.file().slice();
        return new FetchResult(
                file,
                item.part(),
                new FetchResult.Unpacked(
                        here.stream().map(LocalCopy::unpacked).toList(),
                        List.of(),
                        slice == null ? null : slice.folder(),
                        tree,
                        tree == null ? null : tree.checksum()));
    }

    /** Uses the offered files for a folder of a repository, if they are exactly those of its git tree. */
    private PullPlan.Item repository(PullPlan.Item item, RemoteFile.Slice slice, List<OfferedFile> below)
            throws Problem {
        RemoteFile.Stated stated = Objects.requireNonNull(slice.gitTree());
        List<OfferedFile> tracked =
                below.stream().filter(file -> !file.path().contains("/.git/")).toList();
        int threads = Runtime.getRuntime().availableProcessors();
        Set<Checksum> blob = Set.of(new Checksum(Algorithm.GIT_BLOB, "0".repeat(40)));
        List<Map<Algorithm, Checksum>> checksums = Parallel.map(threads, tracked, file -> file.checksums(blob));
        GitObjects.Tree tree = new GitObjects.Tree();
        List<LocalCopy> here = new ArrayList<>();
        for (int i = 0; i < tracked.size(); i++) {
            OfferedFile file = tracked.get(i);
            boolean executable = Files.isExecutable(file.file());
            Checksum id = Objects.requireNonNull(checksums.get(i).get(Algorithm.GIT_BLOB));
            tree.add(file.below(), executable, id);
            String path = (slice.into().isEmpty() ? "" : slice.into() + "/") + file.below();
            if (FilePath.fault(path) != null) {
                return item;
            }
            here.add(new LocalCopy(
                    new FilePath(path), file, checksums.get(i), Algorithm.GIT_TREE.word(), executable, null));
        }
        if (here.isEmpty() || !tree.id().equals(stated.checksum())) {
            reasons.add(item.file().path() + ": the files of the folder are not those of the published git tree");
            return item;
        }
        List<LocalCopy> some =
                here.stream().filter(copy -> wanted.isWanted(copy.path(), item)).toList();
        some.forEach(copy -> used.add((OfferedFile) copy.file()));
        copies.addAll(some);
        return item.with(new LocalItem(some, LocalContent.FOLDER, unread(item, some, stated)), null);
    }

    /** The offered files that may be from an archive: those of a folder with its name, or all that are left. */
    private List<OfferedFile> below(PullPlan.Item item, boolean onlyOne) {
        String stem = stem(item);
        List<OfferedFile> named = files.all().stream()
                .filter(file -> isFree(file) && ("/" + file.path()).contains("/" + stem + "/"))
                .toList();
        return !named.isEmpty() || !onlyOne
                ? named
                : files.all().stream()
                        .filter(file -> isFree(file) && !files.differing().contains(file))
                        .toList();
    }

    /**
     * Whether a file can be matched by its location alone; hidden files cannot, because they are settings and caches of
     * programs.
     */
    private boolean isFree(OfferedFile file) {
        return !used.contains(file) && !("/" + file.below()).contains("/.");
    }

    private static String belowRoot(OfferedFile file, PullPlan.Item item, boolean onlyOne) {
        String folder = "/" + stem(item) + "/";
        int at = ("/" + file.path()).indexOf(folder);
        return at < 0 && onlyOne ? file.below() : file.path().substring(at + folder.length() - 1);
    }

    private static String stem(PullPlan.Item item) {
        return LocalFileMatcher.stem(item.file().path().name());
    }

    private void noteMissing(PullPlan.Item item) {
        if (item.first().localName() != null) {
            return;
        }
        if (item.local() == null) {
            missing.add(item.file().path().text());
        } else if (item.members() != null) {
            item.members()
                    .contents()
                    .members()
                    .forEach(member -> missing.add(member.path().text()));
        }
    }

    /** Globs that match all files that were found, and none that is missing. */
    private List<String> selection(List<PullPlan.Item> items) throws Problem {
        TreeSet<String> here = new TreeSet<>();
        for (PullPlan.Item item : items) {
            if (item.local() == null || !incomplete.contains(item.file().path())) {
                here.add(item.file().path().text());
            } else {
                item.local().copies().forEach(copy -> here.add(copy.path().text()));
            }
        }
        TreeSet<String> all = new TreeSet<>(here);
        all.addAll(missing);
        List<String> globs = GlobCover.of(here, all, false);
        if (globs.size() > MOST_GLOBS) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    Count.of(missing.size(), "file") + " of the dataset are not in " + offer.folder() + ", such as "
                            + missing.get(0),
                    "run the command without --no-fetch to fetch them");
        }
        return globs;
    }
}
