package org.histods.pull;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.histods.concurrent.Parallel;
import org.histods.digest.FilePath;
import org.histods.fetch.FetchListener;
import org.histods.fetch.Fetcher;
import org.histods.fetch.MemoryRanges;
import org.histods.fetch.RangePlan;
import org.histods.fetch.RangesUnsupportedException;
import org.histods.problem.Problem;
import org.histods.provenance.FetchResult;
import org.histods.provenance.LocalContent;
import org.histods.pull.local.LocalCopy;
import org.histods.pull.local.LocalFile;
import org.histods.pull.local.LocalItem;
import org.histods.pull.local.OfferedFiles;
import org.histods.text.Bytes;
import org.histods.unpack.ArchiveKind;
import org.histods.unpack.UnpackOptions;
import org.histods.unpack.UnpackedFile;
import org.histods.unpack.Unpacker;
import org.histods.unpack.ZipContents;
import org.jspecify.annotations.Nullable;

/**
 * Plans which members of remote zips are fetched, by reading the directories of the zips. A zip with an unsafe or
 * damaged directory is rejected before anything else of it is fetched.
 */
final class MemberPlanner {

    /** How many directories of remote zips are read at a time. */
    static final int DIRECTORIES = 4;

    /** An archive up to this size is not worth several requests. */
    static final long SMALL = 64 << 10;

    /** From this size on, the directory is read before the whole zip is fetched. */
    private static final long LARGE = 64L << 20;

    /** A disk on which so many times the download is free can nearly always hold what its zips unpack to. */
    private static final int ROOMY = 20;

    /** Directories of small zips are read only if there are no more of them. */
    private static final int MOST_SMALL = 50;

    private final Fetcher fetcher;
    private final Unpacker unpacker;
    private final SourceFallback fallback;
    private final FetchListener listener;

    MemberPlanner(Fetcher fetcher, Unpacker unpacker, SourceFallback fallback, FetchListener listener) {
        this.fetcher = fetcher;
        this.unpacker = unpacker;
        this.fallback = fallback;
        this.listener = listener;
    }

    /** Whether an item is a zip at a host that will be unpacked. */
    static boolean isRemoteZip(PullPlan.Item item) {
        return item.unpack()
                && item.first().localName() == null
                && item.file().slice() == null
                && ArchiveKind.named(item.file().path().name())
                        .filter(ArchiveKind.ZIP::equals)
                        .isPresent();
    }

    /**
     * The item with its wanted members, or with the reason why all of it is fetched.
     *
     * @param needed files that the zip must have to be of use, in a repair
     * @throws Problem {@code WRONG_BYTES} or {@code PERSON} if the zip is refused by its directory; {@code INTERRUPTED}
     */
    PullPlan.Item plan(PullPlan.Item item, WantedFiles wanted, Set<FilePath> needed, boolean keepArchives)
            throws Problem {
        if (item.local() != null || !isRemoteZip(item) || (item.whole() && !wanted.isRepair())) {
            return item;
        }
        if (keepArchives) {
            return item.entirely("--keep-archives keeps it");
        }
        Long size = item.file().bytes();
        if (size != null && size <= SMALL) {
            return item.entirely("it is small");
        }
        try {
            WantedMembers members = read(item, wanted.optionsForRanges(item));
            String reason = notWorthwhile(members, needed);
            return reason == null ? item.with(members) : item.entirely(reason);
        } catch (RangesUnsupportedException e) {
            return item.entirely(e.reason());
        } catch (Problem p) {
            // Another source may have the right zip.
            if (p.kind() == Problem.Kind.WRONG_BYTES
                    && !fallback.alternatives(item).isEmpty()) {
                return item.entirely(firstLine(p));
            }
            throw p;
        }
    }

    /**
     * Reads the directories of the large zips of which everything is wanted, and of small ones if the disk is not much larger
     * than the download: what they say against the zips is known before gigabytes are fetched.
     *
     * @param free how many bytes are free on the disk
     * @return how many bytes they unpack to, as far as that is known; those count as 0 that were fetched before
     * @throws Problem as {@link #plan}
     */
    long unpackedBytes(PullPlan plan, long free, WantedFiles wanted) throws Problem {
        long zips = plan.items().stream().filter(MemberPlanner::isRemoteZip).count();
        long from = free / ROOMY < plan.toFetch() && zips <= MOST_SMALL ? SMALL + 1 : LARGE;
        return Parallel.map(DIRECTORIES, plan.items(), item -> unpackedBytes(item, from, wanted)).stream()
                .mapToLong(bytes -> bytes)
                .sum();
    }

    private long unpackedBytes(PullPlan.Item item, long from, WantedFiles wanted) throws Problem {
        Long size = item.file().bytes();
        if (!isRemoteZip(item)
                || item.local() != null
                || item.members() != null
                || item.entirely() != null
                || size == null
                || size < from
                || fetcher.received(List.of(item.first())) > 0) {
            return 0;
        }
        try {
            return read(item, wanted.optionsForRanges(item)).unpackedBytes();
        } catch (RangesUnsupportedException e) {
            return 0;
        } catch (Problem p) {
            if (p.kind() == Problem.Kind.INTERRUPTED
                    || fallback.alternatives(item).isEmpty()) {
                throw p;
            }
            return 0;
        }
    }

    /** Whether so few bytes are wanted that it is better to fetch only them than to compare the whole with a checksum. */
    static boolean few(WantedMembers members) {
        return members.bytes() + members.directory().bytes()
                <= members.directory().reader().size() / 2;
    }

    private static @Nullable String notWorthwhile(WantedMembers members, Set<FilePath> needed) {
        Set<FilePath> found = members.contents().members().stream()
                .map(ZipContents.Member::path)
                .collect(Collectors.toSet());
        if (!found.containsAll(needed)) {
            return "its directory lacks files to repair";
        }
        long size = members.directory().reader().size();
        return few(members)
                ? null
                : "the selected files are most of it (" + Bytes.text(members.bytes()) + " of " + Bytes.text(size) + ")";
    }

    /**
     * Reads the directory of an item's zip.
     *
     * @throws RangesUnsupportedException if ranges of the zip cannot be read, which says nothing against the zip
     * @throws Problem {@code WRONG_BYTES} or {@code PERSON} if the zip is refused by its directory; {@code INTERRUPTED}
     */
    WantedMembers read(PullPlan.Item item, UnpackOptions options) throws Problem, RangesUnsupportedException {
        MemoryRanges directory = open(item);
        ZipContents contents;
        try {
            contents =
                    unpacker.zip(new WantedMembers.Directory(item.file().path().name(), directory), options);
        } catch (Problem p) {
            Exception failure = directory.failure();
            if (failure instanceof RangesUnsupportedException unsupported) {
                throw unsupported;
            }
            if (failure instanceof Problem problem) {
                throw unreadable(problem);
            }
            throw p;
        }
        return new WantedMembers(directory, contents, RangePlan.bytes(RangePlan.join(contents.ranges())));
    }

    /**
     * The files of this machine that a zip has by its directory: of the same size and CRC-32.
     *
     * @param as the file to use for a path in the dataset; null if the one that was found may not be used
     */
    static List<LocalCopy> here(
            WantedMembers all, OfferedFiles files, BiFunction<FilePath, OfferedFiles.Found, @Nullable LocalFile> as)
            throws Problem {
        Map<FilePath, ZipContents.Member> byPath = new HashMap<>();
        List<OfferedFiles.Expected> expected = new ArrayList<>();
        for (ZipContents.Member member : all.contents().members()) {
            if (!member.link()) {
                byPath.put(member.path(), member);
                expected.add(new OfferedFiles.Expected(member.path(), member.bytes(), List.of(), member.crc(), null));
            }
        }
        List<LocalCopy> here = new ArrayList<>();
        files.find(expected).forEach((path, match) -> {
            ZipContents.Member member = Objects.requireNonNull(byPath.get(path));
            LocalFile file = as.apply(path, match);
            if (file != null) {
                here.add(new LocalCopy(
                        path, file, match.checksums(), match.check(), member.executable(), member.entry()));
            }
        });
        return here;
    }

    /**
     * An item of which files are on this machine. What else its zip has is fetched.
     *
     * @param from as in {@link LocalContent}
     * @param now when nothing but the directory was read, if nothing else is needed
     */
    PullPlan.Item with(
            PullPlan.Item item, WantedMembers all, List<LocalCopy> here, String from, WantedFiles wanted, Instant now)
            throws Problem {
        Set<FilePath> rest = new HashSet<>();
        all.contents().members().forEach(member -> rest.add(member.path()));
        here.forEach(copy -> rest.remove(copy.path()));
        return rest.isEmpty()
                ? item.with(new LocalItem(here, from, directoryOnly(item, all, here, now)), null)
                : item.with(new LocalItem(here, from, null), some(item, all, wanted.optionsForRanges(item), rest));
    }

    /** The record of a zip of which nothing but the directory is fetched. */
    static FetchResult directoryOnly(PullPlan.Item item, WantedMembers all, List<LocalCopy> here, Instant now) {
        List<UnpackedFile> unpacked = here.stream().map(LocalCopy::unpacked).toList();
        return new FetchResult(
                all.directory().fetched(now),
                item.part(),
                new FetchResult.Unpacked(unpacked, List.of(), null, null, null));
    }

    /** Some of the members, with the directory that was read. */
    private WantedMembers some(PullPlan.Item item, WantedMembers all, UnpackOptions options, Set<FilePath> paths)
            throws Problem {
        UnpackOptions of = new UnpackOptions(
                options.into(),
                options.folder(),
                options.skip(),
                paths::contains,
                options.charset(),
                options.also(),
                options.limits());
        MemoryRanges directory = all.directory();
        ZipContents contents =
                unpacker.zip(new WantedMembers.Directory(item.file().path().name(), directory), of);
        return new WantedMembers(directory, contents, RangePlan.bytes(RangePlan.join(contents.ranges())));
    }

    private MemoryRanges open(PullPlan.Item item) throws Problem, RangesUnsupportedException {
        try {
            return fetcher.readRanges(item.first(), listener);
        } catch (RangesUnsupportedException e) {
            throw e;
        } catch (IOException e) {
            if (e.getCause() instanceof Problem problem) {
                throw unreadable(problem);
            }
            throw new RangesUnsupportedException("its end cannot be read: " + e.getMessage());
        } catch (Problem p) {
            throw unreadable(p);
        }
    }

    /** A host that fails here may give the whole file, or another host may; if none does, the same problem is shown then. */
    private static RangesUnsupportedException unreadable(Problem problem) throws Problem {
        if (problem.kind() == Problem.Kind.INTERRUPTED) {
            throw problem;
        }
        return new RangesUnsupportedException("its directory cannot be read: " + firstLine(problem), problem);
    }

    private static String firstLine(Problem problem) {
        return problem.message().lines().findFirst().orElse("");
    }

    /** What a remote zip holds. */
    RemoteArchive list(PullPlan.Item item, WantedFiles wanted) throws Problem {
        List<ZipContents.Member> members = List.of();
        String unknown = null;
        Problem problem = null;
        Long bytes = item.file().bytes();
        try {
            WantedMembers all = read(item, wanted.optionsForAll(item));
            members = all.contents().members();
            bytes = all.directory().reader().size();
        } catch (RangesUnsupportedException e) {
            unknown = e.reason();
            problem = e.problem();
        } catch (Problem p) {
            if (p.kind() == Problem.Kind.INTERRUPTED) {
                throw p;
            }
            unknown = firstLine(p);
            problem = p;
        }
        return new RemoteArchive(item.file().path(), item.first().shown(), bytes, members, unknown, problem);
    }

    /** The paths of all files that the directories of items name. */
    List<FilePath> paths(List<PullPlan.Item> items, WantedFiles wanted) throws Problem {
        List<FilePath> paths = new ArrayList<>();
        for (PullPlan.Item item : items) {
            if (item.members() != null) {
                String name = item.file().path().name();
                unpacker.zip(new WantedMembers.Directory(name, item.members().directory()), wanted.optionsForAll(item))
                        .members()
                        .forEach(member -> paths.add(member.path()));
            }
        }
        return paths;
    }
}
