package org.histods.provenance.received;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Fingerprint;
import org.histods.problem.Problem;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;

/**
 * A bag (BagIt 0.97 or 1.0) that was received from others, in any folder. It is read completely, never written, and not
 * trusted: no path is followed out of the folder, and no link is followed.
 */
public final class ReceivedBag {

    /**
     * The result.
     *
     * @param files how many files the payload manifests list
     * @param read how many files of the payload were read and hashed
     * @param changed paths below {@code data/} of files with other bytes
     * @param missing paths of listed files that do not exist, or are still to be fetched
     * @param extra paths of files that no manifest lists
     * @param record faults of the rest of the bag
     * @param unchecked what could not be checked
     * @param otherForms listed paths of files whose names on disk have another Unicode form (NFC or NFD)
     * @param fingerprint of the dataset's files as they are, with their names as listed
     * @param info the labels of {@code bag-info.txt}
     */
    public record Report(
            long files,
            long read,
            List<String> changed,
            List<String> missing,
            List<String> extra,
            List<String> record,
            List<String> unchecked,
            List<String> otherForms,
            Fingerprint fingerprint,
            Map<String, String> info) {

        public Report {
            changed = List.copyOf(changed);
            missing = List.copyOf(missing);
            extra = List.copyOf(extra);
            record = List.copyOf(record);
            unchecked = List.copyOf(unchecked);
            otherForms = List.copyOf(otherForms);
            info = Map.copyOf(info);
        }

        /** Whether every file is there, is listed, and has the checksums that are stated. */
        public boolean ok() {
            return changed.isEmpty() && missing.isEmpty() && extra.isEmpty() && record.isEmpty();
        }
    }

    /** The algorithms of BagIt manifests that are supported here. */
    private static final Set<Algorithm> KNOWN =
            Set.of(Algorithm.MD5, Algorithm.SHA1, Algorithm.SHA256, Algorithm.SHA512);

    private final BagFolder folder;
    private final List<String> record = new ArrayList<>();
    private final List<String> unchecked = new ArrayList<>();

    private ReceivedBag(BagFolder folder) {
        this.folder = folder;
    }

    /**
     * Verifies a received bag.
     *
     * @param root the folder with {@code bagit.txt}
     * @param threads how many files are read at a time
     * @param expected the fingerprint that the files should have, from a paper or a lock; null if unknown
     * @throws Problem {@code USAGE} if there is no bag; {@code DISK} if something cannot be read; {@code INTERRUPTED}
     */
    public static Report verify(Path root, int threads, @Nullable Fingerprint expected) throws Problem {
        try {
            if (!looksLikeABag(root)) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        root
                                + (Files.isDirectory(root)
                                        ? " contains neither bagit.txt nor a manifest"
                                        : " is not a folder"),
                        "name the folder that contains bagit.txt");
            }
            BagFolder folder = BagFolder.of(root.toRealPath(), threads);
            return new ReceivedBag(folder).judge(expected);
        } catch (IOException e) {
            throw new Problem(
                    e instanceof CharacterCodingException ? Problem.Kind.WRONG_BYTES : Problem.Kind.DISK,
                    Problem.because(
                            "cannot read " + (e instanceof CharacterCodingException ? "the record of " : "") + root, e),
                    "what cannot be read is not verified",
                    e);
        }
    }

    /** Whether a folder contains files of a bag. Checked first, so that a mistyped name does not start reading a whole disk. */
    private static boolean looksLikeABag(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return false;
        }
        try (Stream<Path> list = Files.list(root)) {
            return list.map(path -> String.valueOf(path.getFileName()))
                    .anyMatch(name -> name.equals("bagit.txt") || name.matches("manifest-.+\\.txt"));
        }
    }

    private Report judge(@Nullable Fingerprint expected) throws IOException, Problem {
        declaration();
        List<BagManifest> manifests = listed("manifest-");
        List<BagManifest> tags = listed("tagmanifest-");
        if (manifests.isEmpty()) {
            record.add("there is no payload manifest of a supported algorithm, so the files cannot be checked");
        }
        if (tags.isEmpty()) {
            unchecked.add("there is no tag manifest, so the tag files cannot be checked");
        }
        Set<FilePath> payload = new TreeSet<>();
        manifests.forEach(manifest -> payload.addAll(manifest.checksums().keySet()));
        payload.removeIf(path -> outside(path, "the payload manifests"));
        if (!manifests.isEmpty() && payload.isEmpty()) {
            record.add("no manifest lists a file, so nothing was compared");
        }
        complete(manifests, payload);
        Set<FilePath> listed = new TreeSet<>(payload);
        tags.forEach(manifest -> listed.addAll(manifest.checksums().keySet()));
        List<String> otherForms =
                folder.useListedNames(listed).stream().map(FilePath::text).toList();
        Set<String> fetch = fetch(payload);

        Set<FilePath> data = new TreeSet<>(folder.files());
        data.removeIf(path -> !path.text().startsWith("data/"));
        Map<FilePath, Map<Algorithm, Checksum>> checksums = folder.hashed(
                data, manifests.stream().map(BagManifest::algorithm).collect(Collectors.toSet()));
        List<String> changed = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (FilePath path : payload) {
            if (!data.contains(path)) {
                missing.add(below(path));
            } else if (manifests.stream().anyMatch(m -> differs(m, path, checksums))) {
                changed.add(below(path));
            }
        }
        List<String> extra = new ArrayList<>();
        folder.odd()
                .forEach(odd -> (odd.startsWith("data/") ? extra : record)
                        .add(odd.startsWith("data/") ? odd.substring("data/".length()) : odd));
        data.stream().filter(path -> !payload.contains(path)).forEach(path -> extra.add(below(path)));
        tags(tags);
        unlisted(tags);
        BagInfo info = BagInfo.read(folder);
        record.addAll(info.against(bytes(data), data.size()));
        Fingerprint fingerprint = fingerprint(checksums, info, expected);
        if (!fetch.isEmpty()) {
            record.add("fetch.txt names " + Count.of(fetch.size(), "file")
                    + " still to be fetched, such as "
                    + fetch.iterator().next() + ": the bag is not complete");
        }
        return new Report(
                payload.size(),
                data.size(),
                changed,
                missing,
                extra,
                record,
                unchecked,
                otherForms,
                fingerprint,
                info.labels());
    }

    private void declaration() throws IOException {
        List<String> lines = new ArrayList<>();
        folder.lines("bagit.txt", (number, line) -> lines.add(line));
        if (!folder.has("bagit.txt")) {
            record.add("bagit.txt is missing");
        } else if (lines.size() != 2
                || !lines.get(0).matches("BagIt-Version: \\d+\\.\\d+")
                || !lines.get(1).startsWith("Tag-File-Character-Encoding: ")) {
            record.add("bagit.txt does not declare a version and an encoding in two lines");
        } else if (!lines.get(1).toUpperCase(Locale.ROOT).endsWith(": UTF-8")) {
            record.add("bagit.txt names an encoding other than UTF-8, the only one supported");
        } else if (!lines.get(0).matches("BagIt-Version: (0\\.\\d+|1\\.0)")) {
            unchecked.add(FilePath.printable(lines.get(0)) + " is not known; it was read as version 1.0");
        }
    }

    private List<BagManifest> listed(String prefix) throws IOException {
        List<BagManifest> manifests = new ArrayList<>();
        for (FilePath path : folder.files()) {
            String name = path.text();
            if (name.startsWith(prefix) && name.endsWith(".txt") && !name.contains("/")) {
                String word = name.substring(prefix.length(), name.length() - ".txt".length());
                Optional<Algorithm> algorithm = Algorithm.named(word).filter(KNOWN::contains);
                if (algorithm.isEmpty()) {
                    unchecked.add(FilePath.printable(name) + ": its algorithm is not supported");
                } else {
                    BagManifest manifest = BagManifest.read(folder, name, algorithm.get());
                    record.addAll(manifest.faults());
                    manifests.add(manifest);
                }
            }
        }
        return manifests;
    }

    private boolean outside(FilePath path, String who) {
        boolean outside = !path.text().startsWith("data/");
        if (outside) {
            record.add(path + " is listed in " + who + " and is not below data/");
        }
        return outside;
    }

    /** Since BagIt 1.0 every payload manifest lists every file. */
    private void complete(List<BagManifest> manifests, Set<FilePath> payload) {
        for (BagManifest manifest : manifests) {
            long lacking = payload.stream()
                    .filter(path -> !manifest.checksums().containsKey(path))
                    .count();
            if (lacking > 0) {
                record.add(manifest.file() + " does not list " + lacking + " of the files that another manifest lists");
            }
        }
    }

    private static boolean differs(
            BagManifest manifest, FilePath path, Map<FilePath, Map<Algorithm, Checksum>> checksums) {
        Checksum stated = manifest.checksums().get(path);
        Map<Algorithm, Checksum> computed = checksums.get(path);
        return stated != null && computed != null && !stated.equals(computed.get(manifest.algorithm()));
    }

    private static String below(FilePath path) {
        return path.text().substring("data/".length());
    }

    private void tags(List<BagManifest> tags) throws Problem {
        for (BagManifest manifest : tags) {
            Set<FilePath> present = new TreeSet<>(manifest.checksums().keySet());
            present.retainAll(folder.files());
            Map<FilePath, Map<Algorithm, Checksum>> checksums = folder.hashed(present, Set.of(manifest.algorithm()));
            for (FilePath path : manifest.checksums().keySet()) {
                if (!present.contains(path)) {
                    String missing = path + " is missing";
                    if (!record.contains(missing)) {
                        record.add(missing);
                    }
                } else if (differs(manifest, path, checksums)) {
                    record.add(path + " was modified (" + manifest.file() + ")");
                }
            }
        }
    }

    /** Notes files outside of the payload that no tag manifest lists: BagIt allows them, but they cannot be checked. */
    private void unlisted(List<BagManifest> tags) {
        Set<FilePath> rest = new TreeSet<>(folder.files());
        rest.removeIf(path -> path.text().startsWith("data/") || path.text().matches("tagmanifest-[^/]+\\.txt"));
        tags.forEach(manifest -> rest.removeAll(manifest.checksums().keySet()));
        if (!tags.isEmpty() && !rest.isEmpty()) {
            unchecked.add("no tag manifest lists " + Count.of(rest.size(), "file") + ", such as "
                    + rest.iterator().next());
        }
    }

    /** The missing files that {@code fetch.txt} lists. They are not fetched here: its URLs are not trusted. */
    private Set<String> fetch(Set<FilePath> payload) throws IOException {
        Set<String> open = new LinkedHashSet<>();
        folder.lines("fetch.txt", (number, line) -> {
            String[] words = line.strip().split("[ \\t]+", 3);
            String path = words.length < 3 ? line : BagManifest.named(words[2]);
            if (line.isBlank()) {
                return;
            }
            if (FilePath.fault(path) != null || !payload.contains(new FilePath(path))) {
                record.add(
                        "fetch.txt, line " + number + ": no payload manifest lists '" + FilePath.printable(path) + "'");
            } else if (!folder.has(path)) {
                open.add(path);
            }
        });
        return open;
    }

    private Fingerprint fingerprint(
            Map<FilePath, Map<Algorithm, Checksum>> checksums, BagInfo info, @Nullable Fingerprint expected) {
        Map<FilePath, Checksum> payload = new TreeMap<>();
        checksums.forEach((path, checksum) ->
                payload.put(new FilePath(below(path)), Objects.requireNonNull(checksum.get(Algorithm.SHA256))));
        Fingerprint found = info.fingerprint(payload, expected);
        record.addAll(info.against(found));
        if (expected != null && !expected.equals(found)) {
            record.add("the fingerprint of these files is " + found + ", not the expected " + expected);
        }
        return found;
    }

    private long bytes(Set<FilePath> data) throws IOException {
        long bytes = 0;
        for (FilePath path : data) {
            bytes += folder.size(path);
        }
        return bytes;
    }
}
