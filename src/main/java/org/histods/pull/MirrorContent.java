package org.histods.pull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.histods.dataset.DatasetRef;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Hasher;
import org.histods.digest.SystemFiles;
import org.histods.fetch.ChecksumCheck;
import org.histods.fetch.FetchedFile;
import org.histods.fetch.RangesUnsupportedException;
import org.histods.manifest.Manifest;
import org.histods.mirror.BagRef;
import org.histods.mirror.FileStamps;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagFile;
import org.histods.provenance.FetchRecord;
import org.histods.provenance.FetchResult;
import org.histods.provenance.FileSelection;
import org.histods.provenance.index.ContentIndex;
import org.histods.pull.local.LocalCopy;
import org.histods.pull.local.LocalFile;
import org.histods.pull.local.LocalItem;
import org.histods.pull.local.OfferedFile;
import org.histods.pull.local.OfferedFiles;
import org.histods.source.RemoteFile;
import org.histods.unpack.ZipContents;
import org.jspecify.annotations.Nullable;

/**
 * Finds files in the mirror that need not be downloaded: files and unpacked archives of pulled datasets whose recorded
 * checksum equals the published one. A file whose stamp has changed is read before it is used.
 */
final class MirrorContent implements AutoCloseable {

    private final Mirror mirror;
    private final Manifest manifest;
    private final WantedFiles wanted;
    private final ContentIndex index;
    private final Map<BagRef, Recorded> recorded = new HashMap<>();
    /** The bags of the same dataset when this was made. */
    private final List<BagRef> own;

    MirrorContent(Mirror mirror, Manifest manifest, WantedFiles wanted) {
        this.mirror = mirror;
        this.manifest = manifest;
        this.wanted = wanted;
        this.index = new ContentIndex(mirror);
        this.own = mirror.bags(manifest.id());
    }

    /** A file of a bag. */
    record MirrorFile(BagRef bag, FilePath path, long bytes, boolean linkable) implements LocalFile {

        @Override
        public Path file() {
            return bag.data().resolve(path.text());
        }

        /** The bag's files are read-only, and the stamp was compared a moment ago. */
        @Override
        public void requireUnchanged() throws Problem {
            try {
                if (Files.size(file()) != bytes) {
                    throw changed();
                }
            } catch (IOException e) {
                throw new Problem(Problem.Kind.DISK, Problem.because("cannot read " + file(), e));
            }
        }

        @Override
        public boolean isDoubtful() {
            return false;
        }

        @Override
        public Problem changed() {
            return new Problem(Problem.Kind.DISK, file() + " has changed", "run the same command again");
        }
    }

    /**
     * The record of a bag.
     *
     * @param fetches by every checksum that is known of them; none of an archive of which only ranges were read
     * @param unpacked whether some archive was unpacked
     * @param files by the ids of their fetches
     */
    private record Recorded(
            Bag bag, Map<Checksum, FetchRecord> fetches, boolean unpacked, Map<String, List<BagFile>> files) {}

    /** The same item with files of the mirror, if it has all of them. */
    PullPlan.Item find(PullPlan.Item item) throws Problem {
        if (item.local() != null
                || item.first().localName() != null
                || item.file().slice() != null
                || item.file().span() != null
                || item.file().comparable().isEmpty()
                || !item.whole()) {
            return item;
        }
        try {
            return find(item, bags(item)).orElse(item);
        } catch (Problem p) {
            if (p.kind() == Problem.Kind.INTERRUPTED) {
                throw p;
            }
            // A bag whose record is damaged is no reason not to fetch.
            return item;
        }
    }

    /**
     * The same item with those members of its zip that another version of the dataset has, if what remains to be fetched is
     * little; the zip's own checksum cannot be compared then. The same CRC-32 and size at a path, or of a renamed file, count as
     * the same content; the files of the other version are compared with its record.
     */
    PullPlan.Item findMembers(PullPlan.Item item, DatasetVersion version, MemberPlanner members, Clock clock)
            throws Problem {
        Long bytes = item.file().bytes();
        if (item.local() != null
                || !item.whole()
                || !MemberPlanner.isRemoteZip(item)
                || (bytes != null && bytes <= MemberPlanner.SMALL)) {
            return item;
        }
        try {
            List<Recorded> others = new ArrayList<>();
            for (BagRef bag : own) {
                if (!bag.version().equals(version)) {
                    Recorded record = recorded(bag);
                    if (record.unpacked()) {
                        others.add(record);
                    }
                }
            }
            if (others.isEmpty()) {
                return item;
            }
            WantedMembers all = members.read(item, wanted.optionsForRanges(item));
            Recorded closest = Collections.max(others, Comparator.comparingLong(record -> inCommon(record, all)));
            List<LocalCopy> here = inCommon(closest, all) == 0 ? List.of() : here(closest, all);
            if (here.isEmpty()) {
                return item;
            }
            PullPlan.Item found = members.with(item, all, here, from(closest.bag()), wanted, clock.instant());
            return found.members() == null || MemberPlanner.few(found.members()) ? found : item;
        } catch (RangesUnsupportedException e) {
            return item;
        } catch (Problem p) {
            if (p.kind() == Problem.Kind.INTERRUPTED) {
                throw p;
            }
            // The pull of the whole archive meets the same problem, or another source does not have it.
            return item;
        }
    }

    /** How many bytes of a zip are in files with the names and sizes of files of a bag. */
    private static long inCommon(Recorded record, WantedMembers zip) {
        Set<String> known = new HashSet<>();
        for (List<BagFile> files : record.files().values()) {
            files.forEach(file -> known.add(file.bytes() + " " + file.path().name()));
        }
        return zip.contents().members().stream()
                .filter(member ->
                        known.contains(member.bytes() + " " + member.path().name()))
                .mapToLong(ZipContents.Member::bytes)
                .sum();
    }

    /** The files of a bag that a zip has; one that is not as the bag's record says is left out. */
    private List<LocalCopy> here(Recorded record, WantedMembers zip) throws Problem {
        Bag bag = record.bag();
        Map<Path, BagFile> byPlace = new HashMap<>();
        List<OfferedFile> offered = new ArrayList<>();
        for (List<BagFile> files : record.files().values()) {
            for (BagFile file : files) {
                try {
                    OfferedFile one = new OfferedFile(
                            bag.ref().data().resolve(file.path().text()), from(bag) + "/" + file.path());
                    byPlace.put(one.file(), file);
                    offered.add(one);
                } catch (IOException e) {
                    // It is missing, or may not be read; `histods verify` says so.
                }
            }
        }
        Map<FilePath, Boolean> executable = new HashMap<>();
        zip.contents().members().forEach(member -> executable.put(member.path(), member.executable()));
        return MemberPlanner.here(zip, OfferedFiles.of(offered), (path, match) -> {
            BagFile file = Objects.requireNonNull(byPlace.get(match.file().file()));
            return file.sha256().equals(match.checksums().get(Algorithm.SHA256))
                    ? mirrorFile(bag, file, Boolean.TRUE.equals(executable.get(path)))
                    : null;
        });
    }

    private Set<BagRef> bags(PullPlan.Item item) throws Problem {
        Long bytes = item.file().bytes();
        Set<BagRef> bags = new LinkedHashSet<>(own);
        if (bytes != null) {
            List<BagRef> same = index.bags(bytes);
            bags.retainAll(same);
            bags.addAll(same);
        }
        return bags;
    }

    private Optional<PullPlan.Item> find(PullPlan.Item item, Set<BagRef> bags) throws Problem {
        for (BagRef bag : bags) {
            Recorded record = recorded(bag);
            for (Checksum checksum : item.file().comparable()) {
                FetchRecord fetch = record.fetches().get(checksum);
                if (fetch != null && !fetch.ofRanges()) {
                    Optional<LocalItem> found = item.unpack() == fetch.unpacked()
                            ? item.unpack() ? archive(item, record, fetch) : file(item, record, fetch)
                            : Optional.empty();
                    if (found.isPresent()) {
                        return found.map(local -> item.with(local, null));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private Recorded recorded(BagRef ref) throws Problem {
        Recorded known = recorded.get(ref);
        if (known != null) {
            return known;
        }
        Bag bag = Bag.read(ref);
        Map<Checksum, FetchRecord> fetches = new HashMap<>();
        boolean unpacked = false;
        for (FetchRecord fetch : bag.fetches()) {
            unpacked |= fetch.unpacked();
            fetch.checksums().values().forEach(checksum -> fetches.put(checksum, fetch));
        }
        Map<String, List<BagFile>> files = new HashMap<>();
        for (BagFile file : bag.files()) {
            files.computeIfAbsent(file.fetch(), k -> new ArrayList<>()).add(file);
        }
        Recorded record = new Recorded(bag, fetches, unpacked, files);
        recorded.put(ref, record);
        return record;
    }

    /** The published checksums that are equal; null if one differs. */
    private static @Nullable List<RemoteFile.Stated> equal(RemoteFile file, Map<Algorithm, Checksum> checksums) {
        List<RemoteFile.Stated> equal = new ArrayList<>();
        for (RemoteFile.Stated stated : file.checksums()) {
            Checksum known = checksums.get(stated.checksum().algorithm());
            if (stated.checksum().equals(known)) {
                equal.add(stated);
            } else if (known != null && stated.checksum().algorithm() != Algorithm.S3_ETAG) {
                return null;
            }
        }
        return equal.isEmpty() ? null : equal;
    }

    private Optional<LocalItem> file(PullPlan.Item item, Recorded record, FetchRecord fetch) throws Problem {
        List<BagFile> files = record.files().getOrDefault(fetch.id(), List.of());
        Map<Algorithm, Checksum> checksums = fetch.checksums();
        List<RemoteFile.Stated> equal = equal(item.file(), checksums);
        if (files.size() != 1
                || equal == null
                || !files.get(0).sha256().equals(checksums.get(Algorithm.SHA256))
                || !intact(record.bag(), files)) {
            return Optional.empty();
        }
        String check = equal.get(0).checksum().algorithm().word();
        LocalCopy copy = copy(
                record.bag(),
                files.get(0),
                item.file().path(),
                checksums,
                check,
                item.file().executable(),
                null);
        return Optional.of(LocalItem.plain(
                copy, from(record.bag()), fetched(item, record.bag(), fetch, checksums, equal), item.part()));
    }

    /** Whether an entry that was left out would be left out again. */
    private static boolean ofSystem(String entry) {
        return SystemFiles.isPath(entry) || SystemFiles.mayBeAppleDouble(entry.substring(entry.lastIndexOf('/') + 1));
    }

    /** Only if the same archive would be unpacked to the same files. */
    private Optional<LocalItem> archive(PullPlan.Item item, Recorded record, FetchRecord fetch) throws Problem {
        List<BagFile> files = record.files().getOrDefault(fetch.id(), List.of());
        Map<Algorithm, Checksum> checksums = fetch.checksums();
        List<RemoteFile.Stated> equal = equal(item.file(), checksums);
        List<String> skipped = fetch.skipped();
        boolean usual = manifest.contents().unpack() == null && skipped.stream().allMatch(MirrorContent::ofSystem);
        boolean all = fetch.unpackedFiles() == files.size()
                && FileSelection.ofGlobs(record.bag().selection()).whole(item.file());
        if (equal == null
                || !usual
                || !all
                || files.isEmpty()
                || !fetch.folder().isEmpty()) {
            return Optional.empty();
        }
        String folder = item.into().isEmpty() ? "" : item.into() + "/";
        List<BagFile> needed = new ArrayList<>();
        for (BagFile file : files) {
            if (!file.path().text().equals(folder + file.entry())) {
                return Optional.empty();
            }
            if (wanted.isWanted(file.path(), item)) {
                needed.add(file);
            }
        }
        if (!intact(record.bag(), needed)) {
            return Optional.empty();
        }
        String check = equal.get(0).checksum().algorithm().word();
        List<LocalCopy> copies = new ArrayList<>();
        for (BagFile file : needed) {
            Map<Algorithm, Checksum> own = Map.of(Algorithm.SHA256, file.sha256());
            copies.add(copy(record.bag(), file, file.path(), own, check, file.executable(), file.entry()));
        }
        FetchResult result = new FetchResult(
                fetched(item, record.bag(), fetch, checksums, equal),
                item.part(),
                new FetchResult.Unpacked(
                        copies.stream().map(LocalCopy::unpacked).toList(), skipped, null, null, null));
        return Optional.of(new LocalItem(copies, from(record.bag()), result));
    }

    private LocalCopy copy(
            Bag bag,
            BagFile file,
            FilePath path,
            Map<Algorithm, Checksum> checksums,
            String check,
            boolean executable,
            @Nullable String entry) {
        return new LocalCopy(path, mirrorFile(bag, file, executable), checksums, check, executable, entry);
    }

    /** A linked file has one mode in all bags, and the files of a shared mirror are those of others. */
    private MirrorFile mirrorFile(Bag bag, BagFile file, boolean executable) {
        boolean linkable = mirror.owns(bag.ref()) && executable == file.executable();
        return new MirrorFile(bag.ref(), file.path(), file.bytes(), linkable);
    }

    private static String from(Bag bag) {
        return new DatasetRef(bag.ref().id(), bag.ref().version()).toString();
    }

    /** Whether the files are those of the record: by their stamps, or else by their content. */
    private boolean intact(Bag bag, List<BagFile> files) throws Problem {
        Map<FilePath, BagFile> byPath = new TreeMap<>();
        files.forEach(file -> byPath.put(file.path(), file));
        List<FilePath> paths = List.copyOf(byPath.keySet());
        List<FilePath> touched = mirror.stamps(bag.ref())
                .touched(FileStamps.look(bag.ref().data(), paths))
                .orElse(paths);
        for (FilePath path : touched) {
            Path file = bag.ref().data().resolve(path.text());
            try {
                if (!Files.isRegularFile(file)
                        || !Hasher.sha256(file)
                                .equals(Objects.requireNonNull(byPath.get(path)).sha256())) {
                    return false;
                }
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    /** The record of the new bag has the origin that the old one recorded. */
    private static FetchedFile fetched(
            PullPlan.Item item,
            Bag bag,
            FetchRecord fetch,
            Map<Algorithm, Checksum> checksums,
            List<RemoteFile.Stated> equal) {
        return new FetchedFile(
                item.file(), bag.ref().data(), fetch.bytes(), checksums, new ChecksumCheck(equal), fetch.origin());
    }

    @Override
    public void close() {
        index.close();
    }
}
