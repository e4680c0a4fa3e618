package org.histods.provenance;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.histods.concurrent.Parallel;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Hasher;
import org.histods.mirror.BagRef;
import org.histods.mirror.FileStamps;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the files whose content has gone unread for the longest time, until the correct ones make up a share of all
 * bytes. Files are ordered by the time of their last reading, then by dataset, then by path. Progress is recorded every
 * few gigabytes, so that the next run continues after a kill.
 *
 * <p>Files that are wrong, missing or cannot be read do not count towards the share: they come first in each run until they are
 * repaired, and must not keep the others from being read.
 */
public final class OldestVerifier {

    /** Progress is recorded after this many bytes: about half a minute of reading from one disk. */
    private static final long BATCH_BYTES = 4_000_000_000L;

    /** The most files of a batch, if the files are very small. */
    private static final int BATCH_FILES = 100_000;

    /**
     * Result for one bag.
     *
     * @param files how many files were read and are correct
     * @param bytes the size of these
     * @param changed files with other content
     * @param unreadable files that could not be read, each with the reason
     * @param record what is wrong with the record; then no file was read, because there is nothing to compare it with
     * @param unrecorded why it could not be recorded which files were read; null if it was recorded
     */
    public record Report(
            Bag bag,
            long files,
            long bytes,
            List<FilePath> changed,
            List<FilePath> missing,
            List<String> unreadable,
            List<String> record,
            @Nullable Problem unrecorded) {

        public Report {
            changed = List.copyOf(changed);
            missing = List.copyOf(missing);
            unreadable = List.copyOf(unreadable);
            record = List.copyOf(record);
        }

        /** Whether everything that was checked is correct. */
        public boolean ok() {
            return changed.isEmpty() && missing.isEmpty() && unreadable.isEmpty() && record.isEmpty();
        }
    }

    /**
     * Result for all bags.
     *
     * @param reports of the bags of which something was looked at, in the order of the bags
     * @param bytes the size of the files that were read and are correct
     * @param total the size of all files of all bags
     * @param since the content of every file was read at this moment or later, and was correct; null if that is not known of some
     */
    public record Result(
            List<Report> reports,
            long bytes,
            long total,
            @Nullable Instant since) {

        public Result {
            reports = List.copyOf(reports);
        }
    }

    private final int threads;
    private final Function<BagRef, FileStamps> stamps;
    private final JournalVerifier journal;

    /**
     * @param threads how many files are read at a time
     * @param stamps the stamps of a bag
     */
    public OldestVerifier(int threads, Function<BagRef, FileStamps> stamps, JournalVerifier journal) {
        this.threads = threads;
        this.stamps = stamps;
        this.journal = journal;
    }

    /** Files of a bag that were last read at the same moment; {@code bag} is an index. */
    private record Portion(Instant moment, int bag) {}

    /**
     * Verifies the files that were last read longest ago.
     *
     * @param share of the bytes of all bags, above 0 and at most 1
     * @param now the moment that is recorded for what is read
     * @throws Problem {@code INTERRUPTED}
     */
    public Result verify(List<Bag> bags, double share, Instant now) throws Problem {
        TreeSet<Portion> portions =
                new TreeSet<>(Comparator.comparing(Portion::moment).thenComparing(Portion::bag));
        long total = 0;
        for (int i = 0; i < bags.size(); i++) {
            Bag bag = bags.get(i);
            total += bag.bytes();
            for (Instant moment : stamps.apply(bag.ref()).moments(bag.fileCount(), now)) {
                portions.add(new Portion(moment, i));
            }
        }
        // Files without a byte never reach it.
        long wanted = Math.max(1, (long) Math.ceil(total * share));
        Map<Integer, Check> checks = new TreeMap<>();
        long bytes = 0;
        Instant since = now;
        Check last = null;
        for (Portion portion : portions) {
            if (bytes >= wanted) {
                since = portion.moment.isBefore(since) ? portion.moment : since;
                break;
            }
            Check check = checks.get(portion.bag);
            if (check == null) {
                check = new Check(bags.get(portion.bag), now);
                checks.put(portion.bag, check);
            }
            if (last != null && last != check) {
                last.forget();
            }
            last = check;
            long before = check.bytes;
            if (!check.read(portion.moment, wanted - bytes)) {
                since = portion.moment;
            }
            bytes += check.bytes - before;
        }
        List<Report> reports = checks.values().stream().map(Check::report).toList();
        boolean known = since.isAfter(FileStamps.NEVER) && reports.stream().allMatch(Report::ok);
        return new Result(reports, bytes, total, known ? since : null);
    }

    private enum Outcome {
        RIGHT,
        CHANGED,
        MISSING,
        UNREADABLE
    }

    /** The check of one bag, in as many portions as its files have moments. */
    private final class Check {

        private final Bag bag;
        private final Instant now;
        private final FileNames names;
        private final List<FilePath> changed = new ArrayList<>();
        private final List<FilePath> missing = new ArrayList<>();
        private final List<String> unreadable = new ArrayList<>();
        private final List<String> record = new ArrayList<>();
        private @Nullable Map<FilePath, Checksum> checksums;
        private long files;
        private long bytes;
        private @Nullable Problem unrecorded;

        Check(Bag bag, Instant now) {
            this.bag = bag;
            this.now = now;
            this.names = new FileNames(bag.ref().data());
            this.checksums = listed();
            if (checksums != null) {
                BagVerifier.record(bag, checksums).forEach(one -> record.add(one.toString()));
            }
            String fault = journal.fault(bag.ref());
            if (fault != null) {
                record.add(fault);
            }
        }

        private @Nullable Map<FilePath, Checksum> listed() {
            try {
                return bag.listed();
            } catch (Problem p) {
                record.add(p.message());
                return null;
            }
        }

        /** Frees the list of files, which {@link #read} makes once more if it is needed. */
        void forget() {
            checksums = null;
        }

        /**
         * Reads the files of that moment until {@code wanted} bytes of them are correct.
         *
         * @return whether all of them were read
         */
        boolean read(Instant moment, long wanted) throws Problem {
            checksums = checksums == null && record.isEmpty() ? listed() : checksums;
            if (checksums == null || !record.isEmpty()) {
                return false;
            }
            List<FilePath> paths = stamps.apply(bag.ref()).readAt(moment, checksums.keySet(), now);
            long until = bytes + wanted;
            int at = 0;
            while (at < paths.size() && bytes < until) {
                int end = end(paths, at, until - bytes);
                batch(paths.subList(at, end), checksums);
                at = end;
            }
            return at == paths.size();
        }

        /** The end of the batch that begins at {@code from}. */
        private int end(List<FilePath> paths, int from, long wanted) {
            long size = 0;
            int end = from;
            while (end < paths.size() && end - from < BATCH_FILES && size < Math.min(wanted, BATCH_BYTES)) {
                size += size(paths.get(end));
                end++;
            }
            return end;
        }

        private long size(FilePath path) {
            try {
                return Files.size(names.of(path));
            } catch (IOException e) {
                return 0;
            }
        }

        private void batch(List<FilePath> paths, Map<FilePath, Checksum> listed) throws Problem {
            FileStamps.Seen seen = FileStamps.look(names::of, paths);
            List<String> reasons = new ArrayList<>();
            List<Outcome> outcomes = Parallel.map(threads, paths, path -> outcome(path, listed.get(path), reasons));
            Set<FilePath> right = new HashSet<>();
            List<FilePath> wrong = new ArrayList<>();
            for (int i = 0; i < paths.size(); i++) {
                FilePath path = paths.get(i);
                switch (outcomes.get(i)) {
                    case RIGHT -> {
                        right.add(path);
                        files++;
                        bytes += seen.size(i);
                    }
                    case CHANGED -> {
                        changed.add(path);
                        wrong.add(path);
                    }
                    case MISSING -> {
                        missing.add(path);
                        wrong.add(path);
                    }
                    // It was not read, so its stamp stays as it is.
                    case UNREADABLE -> {}
                }
            }
            reasons.sort(Comparator.naturalOrder());
            unreadable.addAll(reasons);
            try {
                stamps.apply(bag.ref()).update(seen, right, wrong, now);
            } catch (Problem p) {
                unrecorded = p;
            }
        }

        private Outcome outcome(FilePath path, @Nullable Checksum expected, List<String> reasons) throws Problem {
            Path file = names.of(path);
            try {
                if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
                    return Outcome.MISSING;
                }
                return Hasher.sha256(file).equals(expected) ? Outcome.RIGHT : Outcome.CHANGED;
            } catch (NoSuchFileException e) {
                return Outcome.MISSING;
            } catch (ClosedByInterruptException e) {
                throw Problem.interrupted();
            } catch (IOException e) {
                synchronized (reasons) {
                    reasons.add(Problem.because(path.text(), e));
                }
                return Outcome.UNREADABLE;
            }
        }

        Report report() {
            return new Report(bag, files, bytes, changed, missing, unreadable, record, unrecorded);
        }
    }
}
