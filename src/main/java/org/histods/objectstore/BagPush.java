package org.histods.objectstore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.histods.concurrent.Parallel;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Hasher;
import org.histods.mirror.BagRef;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagFile;
import org.histods.provenance.FileNames;
import org.histods.provenance.ManifestLine;
import org.histods.pull.remote.RemoteBag;
import org.histods.text.Count;

/**
 * Uploads a bag to an object store. Each file is there once, named by its SHA-256. The bag appears when its tag manifest is
 * written, which is last, after the store has listed all its files with their sizes.
 */
public final class BagPush {

    /** How often the tag manifest is read again after another process wrote it, before the push fails. */
    private static final int MAX_ATTEMPTS = 5;

    private static final String AGAIN = "run the same command again: what was uploaded is kept";

    private final ObjectStore store;
    private final Bag bag;
    private final boolean replace;
    private final int jobs;
    private final String key;

    /**
     * A push that sends no request yet.
     *
     * @param replace whether the bag may replace one with files that this one does not have
     * @param jobs how many requests are sent in parallel
     */
    public BagPush(ObjectStore store, Bag bag, boolean replace, int jobs) {
        this.store = store;
        this.bag = bag;
        this.replace = replace;
        this.jobs = jobs;
        this.key = store.location().bag(bag.ref().id(), bag.ref().version());
    }

    /** A file on this machine. */
    private record LocalFile(Path path, Checksum sha256, long bytes) {}

    /** The state of the bag in the store. */
    private enum StoreState {
        /** No bag of that dataset and version. */
        NONE,
        /** Exactly this bag. */
        SAME,
        /** Another complete record of the same files, which stays. */
        SAME_FILES,
        /** A bag that this one may replace. */
        OTHER
    }

    /**
     * The plan of a push.
     *
     * @param files how many files the bag has, with those of its record; each content once
     * @param bytes how many bytes they have
     * @param missing how many of them the store lacks
     * @param missingBytes how many bytes these have
     * @param listed whether the store has the bag itself
     */
    public record Plan(long files, long bytes, long missing, long missingBytes, boolean listed) {
        /** Whether there is nothing to do. */
        public boolean done() {
            return listed && missing == 0;
        }
    }

    /**
     * The result of a push.
     *
     * @param files how many files
     * @param bytes how many bytes were sent
     * @param kept how many bytes of unfinished uploads were there already
     * @param published whether the bag was written; false if it was there
     */
    public record Done(Plan plan, long files, long bytes, long kept, boolean published) {}

    /** Receives the bytes that were sent so far, and how many are to be sent. */
    public interface Listener {
        void sent(long bytes, long of);
    }

    /** The state at the start: all files of the bag, and which of them have no object of their size. */
    private record Start(
            byte[] tagManifest,
            Map<Checksum, LocalFile> files,
            Set<Checksum> lacking,
            Set<Checksum> wrong,
            StoreState state) {

        Plan plan() {
            return new Plan(
                    files.size(),
                    bytes(files.values()),
                    lacking.size(),
                    bytes(lacking.stream()
                            .map(sum -> Objects.requireNonNull(files.get(sum)))
                            .toList()),
                    state == StoreState.SAME || state == StoreState.SAME_FILES);
        }

        private static long bytes(Iterable<LocalFile> files) {
            long sum = 0;
            for (LocalFile file : files) {
                sum += file.bytes();
            }
            return sum;
        }
    }

    /**
     * Plans a push, without uploading anything. Parts of unfinished uploads are not counted.
     *
     * @throws Problem as {@link #run}
     */
    public Plan plan() throws Problem {
        return start().plan();
    }

    /**
     * Uploads what the store lacks.
     *
     * @throws Problem {@code USAGE} if the store has a bag with files that this one does not have; {@code WRONG_BYTES} if
     *     a file is not the recorded one, here or in the store after the upload; {@code NETWORK}, {@code PERSON},
     *     {@code DISK}, {@code INTERRUPTED}
     */
    public Done run(Listener listener) throws Problem {
        Start start = start();
        Plan plan = start.plan();
        if (plan.done()) {
            return new Done(plan, 0, 0, 0, false);
        }
        AtomicLong sent = new AtomicLong();
        AtomicLong kept = new AtomicLong();
        AtomicLong files = new AtomicLong();
        upload(start, sent, kept, files, () -> listener.sent(sent.get(), plan.missingBytes()));
        if (!start.lacking().isEmpty()) {
            requireComplete(start);
        }
        if (!Bag.state(bag.ref().path()).equals(new String(start.tagManifest(), StandardCharsets.UTF_8))) {
            throw new Problem(
                    Problem.Kind.BUSY, bag.ref().id() + " was changed by another process while it was pushed", AGAIN);
        }
        boolean published = !plan.listed() && publish(start);
        return new Done(plan, files.get(), sent.get(), kept.get(), published);
    }

    private Start start() throws Problem {
        Map<Checksum, LocalFile> files = new LinkedHashMap<>();
        byte[] tagManifest = collectRecord(files);
        StoreState state = storeState(tagManifest, current());
        if (state == StoreState.SAME_FILES) {
            // No bag in the store would need this record.
            files.clear();
        }
        collectData(files);
        Map<Checksum, Long> stored = stored(files);
        Set<Checksum> lacking = files.values().stream()
                .filter(file -> !Long.valueOf(file.bytes()).equals(stored.get(file.sha256())))
                .map(LocalFile::sha256)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        Set<Checksum> wrong = lacking.stream().filter(stored::containsKey).collect(Collectors.toSet());
        return new Start(tagManifest, files, lacking, wrong, state);
    }

    /** Adds the tag files of the bag and returns its tag manifest. */
    private byte[] collectRecord(Map<Checksum, LocalFile> files) throws Problem {
        Path root = bag.ref().path();
        Path tags = Bag.file(root.resolve("tagmanifest-sha256.txt"));
        try {
            byte[] tagManifest = Files.readAllBytes(tags);
            for (Map.Entry<String, Checksum> tag : ManifestLine.tagFiles(
                            new String(tagManifest, StandardCharsets.UTF_8))
                    .entrySet()) {
                Path file = Bag.file(root.resolve(tag.getKey()));
                files.put(tag.getValue(), new LocalFile(file, tag.getValue(), Files.size(file)));
            }
            return tagManifest;
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.DISK,
                    Problem.because("cannot read the record in " + root, e),
                    "run `histods verify " + bag.ref().id() + "`",
                    e);
        } catch (IllegalArgumentException e) {
            throw new Problem(
                    Problem.Kind.WRONG_BYTES,
                    tags + " is damaged: " + e.getMessage(),
                    "run `histods verify " + bag.ref().id() + " --repair`",
                    e);
        }
    }

    private void collectData(Map<Checksum, LocalFile> files) throws Problem {
        FileNames names = new FileNames(bag.ref().data());
        for (BagFile file : bag.files()) {
            files.put(file.sha256(), new LocalFile(names.of(file.path()), file.sha256(), file.bytes()));
        }
    }

    private Optional<ObjectStore.Content> current() throws Problem {
        return store.read(key, StoredMirror.MAX_TAG_MANIFEST);
    }

    /**
     * Determines the state of the bag in the store.
     *
     * @throws Problem {@code USAGE} if it must not be replaced
     */
    private StoreState storeState(byte[] tagManifest, Optional<ObjectStore.Content> current) throws Problem {
        if (current.isEmpty()) {
            return StoreState.NONE;
        }
        byte[] there = current.get().bytes();
        if (Arrays.equals(there, tagManifest)) {
            return StoreState.SAME;
        }
        if (replace) {
            return StoreState.OTHER;
        }
        Map<String, Checksum> record = Map.of();
        try {
            record = ManifestLine.tagFiles(new String(there, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException damaged) {
            // It cannot be used by anybody.
        }
        Checksum manifest = record.get("manifest-sha256.txt");
        if (manifest == null) {
            return StoreState.OTHER;
        }
        if (manifest.hex().equals(bag.fingerprint().hex())) {
            return hasAll(record.values()) ? StoreState.SAME_FILES : StoreState.OTHER;
        }
        requireAll(manifest);
        return StoreState.OTHER;
    }

    private boolean hasAll(Collection<Checksum> objects) throws Problem {
        List<String> wanted =
                objects.stream().distinct().map(store.location()::file).sorted().toList();
        return listed(wanted).keySet().containsAll(wanted);
    }

    /** Stops if the bag in the store has files that this one does not have. */
    private void requireAll(Checksum manifest) throws Problem {
        byte[] manifestText = store.read(store.location().file(manifest), RemoteBag.MAX_TAG_FILE)
                .map(ObjectStore.Content::bytes)
                .filter(bytes -> Hasher.sha256(bytes).equals(manifest))
                .orElse(null);
        if (manifestText == null) {
            // The bag in the store is damaged.
            return;
        }
        Map<FilePath, Checksum> own = bag.checksums();
        List<String> lost = new ArrayList<>();
        try {
            for (String text :
                    new String(manifestText, StandardCharsets.UTF_8).lines().toList()) {
                ManifestLine line = ManifestLine.parse(text);
                if (!line.sha256().equals(own.get(line.file()))) {
                    lost.add(line.file().text());
                }
            }
        } catch (IllegalArgumentException damaged) {
            return;
        }
        if (!lost.isEmpty()) {
            BagRef ref = bag.ref();
            throw new Problem(
                    Problem.Kind.USAGE,
                    store.location() + " has another copy of " + ref.id() + " " + ref.version() + " (fingerprint "
                            + manifest.hex() + "), with " + Count.of(lost.size(), "file")
                            + " that the one in your mirror does not have, such as " + lost.get(0),
                    "pull the whole dataset first, or replace the copy with --replace");
        }
    }

    /** The sizes of those files that the store has. */
    private Map<Checksum, Long> stored(Map<Checksum, LocalFile> files) throws Problem {
        List<String> wanted = files.keySet().stream()
                .map(sum -> store.location().file(sum))
                .sorted()
                .toList();
        int each = (wanted.size() + jobs - 1) / jobs;
        List<List<String>> pieces = new ArrayList<>();
        for (int from = 0; from < wanted.size(); from += each) {
            pieces.add(wanted.subList(from, Math.min(from + each, wanted.size())));
        }
        Map<Checksum, Long> sizes = new HashMap<>();
        for (Map<String, Long> found : Parallel.map(jobs, pieces, this::listed)) {
            found.forEach((object, bytes) -> sizes.put(
                    new Checksum(
                            Algorithm.SHA256,
                            object.substring(store.location().files().length())),
                    bytes));
        }
        return sizes;
    }

    /**
     * The sizes of those objects that exist, found with as few listings as possible: each begins just before the next wanted
     * key.
     *
     * @param wanted sorted keys
     */
    private Map<String, Long> listed(List<String> wanted) throws Problem {
        Map<String, Long> found = new HashMap<>();
        int next = 0;
        String after = "";
        while (next < wanted.size()) {
            String first = wanted.get(next);
            // The text before the first wanted key: at most 15 other keys of 64 hex digits are between them.
            String before = first.substring(0, first.length() - 1);
            after = after.compareTo(before) < 0 ? before : after;
            ObjectStore.Page page = store.list(store.location().files(), after);
            Map<String, Long> sizes = new HashMap<>();
            for (ObjectStore.ListedObject object : page.objects()) {
                sizes.put(object.key(), object.bytes());
                after = object.key().compareTo(after) > 0 ? object.key() : after;
            }
            boolean more = page.more() && !page.objects().isEmpty();
            while (next < wanted.size() && (!more || wanted.get(next).compareTo(after) <= 0)) {
                Long bytes = sizes.get(wanted.get(next));
                if (bytes != null) {
                    found.put(wanted.get(next), bytes);
                }
                next++;
            }
        }
        return found;
    }

    private void upload(Start start, AtomicLong sent, AtomicLong kept, AtomicLong files, Runnable progress)
            throws Problem {
        List<LocalFile> small = new ArrayList<>();
        List<LocalFile> large = new ArrayList<>();
        for (Checksum sum : start.lacking()) {
            LocalFile file = Objects.requireNonNull(start.files().get(sum));
            (file.bytes() > MultipartUpload.PART ? large : small).add(file);
        }
        try {
            Parallel.map(jobs, small, file -> {
                byte[] content = content(file);
                if (store.write(store.location().file(file.sha256()), content, condition(start, file))) {
                    sent.addAndGet(content.length);
                    files.incrementAndGet();
                    progress.run();
                }
                return file;
            });
            for (LocalFile file : large) {
                requireSize(file);
                MultipartUpload.Done done = new MultipartUpload(store, file.path(), file.sha256(), file.bytes())
                        .run(jobs, condition(start, file), bytes -> {
                            sent.addAndGet(bytes);
                            progress.run();
                        });
                kept.addAndGet(done.kept());
                files.incrementAndGet();
            }
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.DISK,
                    Problem.because("cannot read the mirror", e),
                    "run `histods verify " + bag.ref().id() + "`; what was uploaded is kept",
                    e);
        }
    }

    /** An object of another size is not this file, and is replaced. */
    private static ObjectStore.Condition condition(Start start, LocalFile file) {
        return start.wrong().contains(file.sha256()) ? ObjectStore.Condition.ALWAYS : ObjectStore.Condition.ABSENT;
    }

    private static void requireSize(LocalFile file) throws Problem, IOException {
        if (!Files.isRegularFile(file.path()) || Files.size(file.path()) != file.bytes()) {
            throw damaged(file.path());
        }
    }

    private static byte[] content(LocalFile file) throws Problem, IOException {
        requireSize(file);
        byte[] content = Files.readAllBytes(file.path());
        if (!Hasher.sha256(content).equals(file.sha256())) {
            throw damaged(file.path());
        }
        return content;
    }

    static Problem damaged(Path file) {
        return new Problem(
                Problem.Kind.WRONG_BYTES,
                file + " does not match the record of its dataset, so it was not pushed",
                "repair the dataset with `histods verify ID --repair`, then run the same command again");
    }

    /** Compares what the store lists now with the record. */
    private void requireComplete(Start start) throws Problem {
        Map<Checksum, Long> stored = stored(start.files());
        for (LocalFile file : start.files().values()) {
            Long bytes = stored.get(file.sha256());
            if (bytes == null || bytes != file.bytes()) {
                throw new Problem(
                        Problem.Kind.WRONG_BYTES,
                        "after the upload, " + store.location() + " has "
                                + (bytes == null ? "no object" : "an object of " + Count.of(bytes, "byte"))
                                + " for " + file.path() + ", which has " + Count.of(file.bytes(), "byte")
                                + "; the dataset is not visible there yet",
                        AGAIN);
            }
        }
    }

    /** Writes the tag manifest, unless another process has written a record of the same files in the meantime. */
    private boolean publish(Start start) throws Problem {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Optional<ObjectStore.Content> current = current();
            StoreState state = storeState(start.tagManifest(), current);
            if (state == StoreState.SAME || state == StoreState.SAME_FILES) {
                return false;
            }
            ObjectStore.Condition condition = current.map(there -> there.tag().isEmpty()
                            ? ObjectStore.Condition.ALWAYS
                            : ObjectStore.Condition.unchanged(there.tag()))
                    .orElse(ObjectStore.Condition.ABSENT);
            if (store.write(key, start.tagManifest(), condition)) {
                return true;
            }
        }
        throw new Problem(
                Problem.Kind.BUSY,
                "other processes keep writing " + bag.ref().id() + " to " + store.location(),
                "wait for them to end, then run the same command again; what was uploaded is kept");
    }
}
