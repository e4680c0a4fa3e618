package org.histods.provenance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.histods.concurrent.Parallel;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Fingerprint;
import org.histods.digest.Hasher;
import org.histods.mirror.BagRef;
import org.histods.mirror.FileStamps;
import org.histods.mirror.TagFiles;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compares a bag with its own record. */
public final class BagVerifier {

    /** How thoroughly a bag is checked. */
    public enum Level {
        /**
         * A file with another size or modification time counts as changed. Of the others, only those with another change time
         * are read, which hard links, a new owner, new permissions and copies that keep the modification time set too.
         */
        QUICK,
        /** Reads the files whose size or times changed since their content was last found correct. */
        USUAL,
        /** Reads everything. */
        FULL
    }

    /**
     * The result.
     *
     * @param ok whether nothing is wrong
     * @param files how many files the bag should have
     * @param read how many were read and hashed
     * @param changed files with other content, or with {@link Level#QUICK} another size or modification time
     * @param missing files that do not exist
     * @param otherForms files whose names on disk have another Unicode form (NFC or NFD)
     * @param extra files that the bag's manifest does not list
     * @param record tag files that are changed or missing
     */
    public record Report(
            boolean ok,
            long files,
            long read,
            List<FilePath> changed,
            List<FilePath> missing,
            List<FilePath> otherForms,
            List<String> extra,
            List<String> record) {

        public Report {
            changed = List.copyOf(changed);
            missing = List.copyOf(missing);
            otherForms = List.copyOf(otherForms);
            extra = List.copyOf(extra);
            record = List.copyOf(record);
        }

        /** The same with another fault of the record; null for none. */
        public Report with(@Nullable String fault) {
            if (fault == null) {
                return this;
            }
            List<String> more = new ArrayList<>(record);
            more.add(fault);
            return new Report(false, files, read, changed, missing, otherForms, extra, more);
        }
    }

    private static final String TAG_MANIFEST = "tagmanifest-sha256.txt";

    private final int threads;

    /** A verifier that reads so many files at a time. */
    public BagVerifier(int threads) {
        this.threads = threads;
    }

    /** A verifier of the files that have gone unread for the longest time, with the same number of threads. */
    public OldestVerifier oldest(Function<BagRef, FileStamps> stamps, JournalVerifier journal) {
        return new OldestVerifier(threads, stamps, journal);
    }

    /**
     * Verifies a bag.
     *
     * @param bytesRead receives how many bytes were just hashed
     * @throws Problem {@code DISK} if something cannot be read; {@code WRONG_BYTES} if the bag's own manifest is
     *     damaged beyond reading; {@code INTERRUPTED}
     */
    public Report verify(Bag bag, FileStamps stamps, Level level, LongConsumer bytesRead) throws Problem {
        Path data = bag.ref().data();
        Map<FilePath, Checksum> checksums = bag.listed();
        FileNames names = new FileNames(data);
        // Most files have exactly the listed name, so that one look suffices.
        FileStamps.Seen before = FileStamps.look(data, checksums.keySet());
        Set<FilePath> missing = new LinkedHashSet<>();
        List<FilePath> otherForms = new ArrayList<>();
        for (FilePath path : before.unseen()) {
            boolean file = Files.isRegularFile(names.of(path));
            if (!file) {
                missing.add(path);
            }
            if (names.otherForm(path)) {
                otherForms.add(path);
            }
        }
        List<FilePath> there = checksums.keySet().stream()
                .filter(path -> !missing.contains(path))
                .toList();
        // Stamps belong to the listed names, so a file under another name counts as touched.
        Optional<List<FilePath>> known = stamps.touched(before)
                .map(touched ->
                        touched.stream().filter(path -> !missing.contains(path)).toList());
        List<FilePath> touched = known.orElse(level == Level.QUICK ? List.of() : there);
        Set<FilePath> written = level == Level.QUICK && !touched.isEmpty()
                ? new HashSet<>(stamps.written(before).orElse(touched))
                : new HashSet<>();
        otherForms.forEach(written::remove);
        List<FilePath> changed =
                touched.stream().filter(written::contains).collect(Collectors.toCollection(ArrayList::new));
        List<FilePath> toRead = level == Level.FULL
                ? there
                : touched.stream().filter(path -> !written.contains(path)).toList();
        changed.addAll(different(names, toRead, checksums, bytesRead));
        List<String> extra =
                ExtraFiles.of(bag.ref(), checksums.keySet(), before.unseen()).names();
        List<String> record = new ArrayList<>(
                record(bag, checksums).stream().map(Fault::toString).toList());
        if (level == Level.QUICK && known.isEmpty()) {
            record.add("the sizes and times of the files were not recorded, so --quick cannot detect changes");
        }
        boolean ok = changed.isEmpty() && missing.isEmpty() && extra.isEmpty() && record.isEmpty();
        if (ok && !toRead.isEmpty()) {
            keep(() -> stamps.take(before, toRead));
        } else if (level != Level.QUICK && !changed.isEmpty()) {
            // A failing disk may change the content of a file but not its times.
            keep(() -> stamps.update(before, Set.of(), changed, FileStamps.NEVER));
        }
        return new Report(
                ok, checksums.size(), toRead.size(), changed, List.copyOf(missing), otherForms, extra, record);
    }

    private interface Recording {
        void run() throws Problem;
    }

    /**
     * Stores stamps. They only save reading the next time, so failures are ignored and a read-only mirror can be
     * verified too.
     */
    private static void keep(Recording recording) {
        try {
            recording.run();
        } catch (Problem p) {
            return;
        }
    }

    /** Those of the files with another content than listed. */
    List<FilePath> different(
            FileNames names, List<FilePath> paths, Map<FilePath, Checksum> checksums, LongConsumer bytesRead)
            throws Problem {
        try {
            return Parallel.map(threads, paths, path -> {
                        Path file = names.of(path);
                        boolean equal = Hasher.sha256(file).equals(checksums.get(path));
                        bytesRead.accept(Files.size(file));
                        return equal ? Optional.<FilePath>empty() : Optional.of(path);
                    })
                    .stream()
                    .flatMap(Optional::stream)
                    .toList();
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.DISK,
                    Problem.because("cannot read the bag", e),
                    "what cannot be read is not verified",
                    e);
        }
    }

    /**
     * A fault of a bag's record.
     *
     * @param file the tag file that it is about
     */
    public record Fault(String file, String what) {

        @Override
        public String toString() {
            return what;
        }

        /** Whether a pull that replaces this bag writes the file again, so that the fault is not carried over. */
        public boolean isWrittenAgain() {
            return WRITTEN_AGAIN.contains(file);
        }
    }

    /** Tag files whose content follows from the other tag files, the catalogue and the standards. */
    private static final Set<String> WRITTEN_AGAIN =
            Set.of("bagit.txt", "manifest.yaml", "ro-crate-metadata.json", TagFiles.PREVIEW);

    /**
     * The faults of a bag's record; the files of the dataset are not checked.
     *
     * @throws Problem {@code DISK} if the list of files cannot be read; {@code WRONG_BYTES} if it is damaged
     */
    public static List<Fault> record(Bag bag) throws Problem {
        return record(bag, bag.listed());
    }

    /** The tag files are few and small, so they are always read. Those of others are {@link ExtraFiles}. */
    static List<Fault> record(Bag bag, Map<FilePath, Checksum> checksums) {
        List<Fault> wrong = new ArrayList<>();
        Set<String> listed = new HashSet<>();
        Path root = bag.ref().path();
        Path tags = root.resolve(TAG_MANIFEST);
        if (Files.exists(tags) && !Files.isRegularFile(tags)) {
            return List.of(new Fault(TAG_MANIFEST, TAG_MANIFEST + " is not a file"));
        }
        try {
            for (String text : Files.readAllLines(tags)) {
                ManifestLine line = ManifestLine.parse(text);
                String path = line.path();
                listed.add(path);
                Path file = root.resolve(new FilePath(path).text());
                if (!Files.isRegularFile(file)) {
                    wrong.add(new Fault(path, path + " is missing"));
                } else if (!Hasher.sha256(file).equals(line.sha256())) {
                    wrong.add(new Fault(path, path + " was changed"));
                }
            }
            unlisted(root, listed).forEach(path -> wrong.add(new Fault(path, path + " is not in " + TAG_MANIFEST)));
            if (wrong.isEmpty()) {
                receipts(bag).ifPresent(what -> wrong.add(new Fault("receipts", what)));
            }
            if (!Fingerprint.of(checksums).equals(bag.fingerprint())) {
                wrong.add(new Fault(
                        "bag-info.txt", "the fingerprint in bag-info.txt is not that of manifest-sha256.txt"));
            }
        } catch (IOException | IllegalArgumentException e) {
            wrong.add(new Fault(
                    TAG_MANIFEST, "tagmanifest-sha256.txt or bag-info.txt cannot be read: " + e.getMessage()));
        } catch (Problem p) {
            wrong.add(new Fault("receipts", p.message()));
        }
        return wrong;
    }

    /** Tag files of histods that the tag manifest does not list, whether they exist or not. */
    private static Set<String> unlisted(Path root, Set<String> listed) throws IOException {
        Set<String> all = new TreeSet<>(TagFiles.FILES);
        Path receipts = root.resolve("receipts");
        if (Files.isDirectory(receipts)) {
            try (Stream<Path> list = Files.list(receipts)) {
                list.map(file -> "receipts/" + file.getFileName())
                        .filter(Bag::isTagFile)
                        .forEach(all::add);
            }
        }
        all.remove(TAG_MANIFEST);
        if (!Files.exists(root.resolve(TagFiles.PREVIEW))) {
            // Bags that older versions made have no page.
            all.remove(TagFiles.PREVIEW);
        }
        all.removeAll(listed);
        return all;
    }

    /** Checks that receipts are numbered without gaps and that the last one describes these files; empty if so. */
    private static Optional<String> receipts(Bag bag) throws Problem {
        List<Path> files = bag.receiptFiles();
        for (int i = 0; i < files.size(); i++) {
            if (!String.valueOf(files.get(i).getFileName()).startsWith(Receipt.digits(i + 1) + "-")) {
                return Optional.of("receipt " + Receipt.digits(i + 1) + " is missing, or there are two");
            }
        }
        List<JsonNode> receipts = bag.receipts(0);
        JsonNode last = receipts.get(receipts.size() - 1).path("predicate").path("fingerprint");
        return last.asString("").equals(bag.fingerprint().hex())
                ? Optional.empty()
                : Optional.of("the last receipt describes other files");
    }
}
