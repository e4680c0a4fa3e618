package org.histods.serve;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.histods.concurrent.TaskExecutor;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.problem.Problem;
import org.histods.provenance.MirrorPull;
import org.jspecify.annotations.Nullable;

/**
 * Queue of the pulls that clients requested. They run one after another, and each dataset is pulled once, however many
 * clients request it. Thread-safe.
 */
public final class PullQueue implements AutoCloseable {

    /** How many datasets may wait. */
    private static final int PLACES = 16;

    /** How long a failure is remembered: clients that ask again must not cause requests to the dataset's hosts. */
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    /** Problems whose messages may be sent to clients; others are about this machine. */
    private static final Set<Problem.Kind> SHOWN = EnumSet.of(
            Problem.Kind.NETWORK, Problem.Kind.PERSON, Problem.Kind.WRONG_BYTES, Problem.Kind.UPSTREAM_CHANGED);

    private final MirrorPuller puller;
    private final Clock clock;
    private final TaskExecutor tasks = new TaskExecutor("serve-pull");
    private final Deque<Wanted> waiting = new ArrayDeque<>();
    private final Map<Dataset, Failure> failures = new HashMap<>();
    private final Progress all = new Progress();
    private @Nullable Wanted current;
    private long done;
    private long failed;

    /** Pulls datasets into the mirror. */
    public interface MirrorPuller {

        /** Why a dataset is not pulled; empty if it may be. Must return at once. */
        Optional<String> refusal(DatasetId id, DatasetVersion version);

        /** Pulls all of a dataset. */
        void pull(DatasetId id, Progress progress) throws Problem;

        /** Stops the pull in progress, and refuses further ones. */
        void stop();
    }

    /** Progress of a pull. */
    public static final class Progress {
        private final AtomicLong bytes = new AtomicLong();
        private volatile @Nullable Long total;

        /**
         * Sets how much will arrive.
         *
         * @param bytes that will arrive; null if unknown
         */
        public void planned(@Nullable Long bytes) {
            total = bytes;
        }

        /** Counts bytes that arrived. */
        public void add(long count) {
            bytes.addAndGet(count);
        }
    }

    private record Dataset(DatasetId id, DatasetVersion version) {}

    private record Wanted(Dataset dataset, Progress progress) {}

    private record Failure(String reason, Instant until) {}

    /** The numbers for {@link Metrics}. */
    record Counts(int active, int waiting, long done, long failed, long bytes) {}

    public PullQueue(MirrorPuller puller, Clock clock) {
        this.puller = puller;
        this.clock = clock;
    }

    /**
     * Requests the pull of a dataset that the mirror lacks. A repeated request for the same dataset returns the
     * progress.
     */
    synchronized MirrorPull ask(DatasetId id, DatasetVersion version) {
        Dataset dataset = new Dataset(id, version);
        String refusal = puller.refusal(id, version).orElse(null);
        if (refusal != null) {
            return new MirrorPull(MirrorPull.State.REFUSED, 0, null, refusal);
        }
        failures.values().removeIf(old -> !clock.instant().isBefore(old.until()));
        Failure failure = failures.get(dataset);
        if (failure != null) {
            return new MirrorPull(MirrorPull.State.FAILED, 0, null, failure.reason());
        }
        if (current != null && current.dataset().equals(dataset)) {
            Progress progress = current.progress();
            return new MirrorPull(MirrorPull.State.PULLING, progress.bytes.get(), progress.total, null);
        }
        if (waiting.stream().noneMatch(wanted -> wanted.dataset().equals(dataset))) {
            if (waiting.size() == PLACES) {
                return new MirrorPull(
                        MirrorPull.State.REFUSED, 0, null, PLACES + " other datasets wait to be pulled already");
            }
            waiting.add(new Wanted(dataset, new Progress()));
            if (current == null) {
                Wanted first = next();
                tasks.start(() -> {
                    work(first);
                    return null;
                });
            }
        }
        // Grows while the pulls before this one receive bytes.
        return new MirrorPull(MirrorPull.State.WAITING, counts().bytes(), null, null);
    }

    private @Nullable Wanted next() {
        current = waiting.poll();
        return current;
    }

    private void work(@Nullable Wanted first) {
        for (Wanted wanted = first; wanted != null; ) {
            String reason = null;
            try {
                puller.pull(wanted.dataset().id(), wanted.progress());
            } catch (Problem p) {
                reason = SHOWN.contains(p.kind()) ? p.message() : "see the log of the mirror";
            } catch (RuntimeException e) {
                reason = "an internal error; see the log of the mirror";
            }
            wanted = ended(wanted, reason);
        }
    }

    private synchronized @Nullable Wanted ended(Wanted wanted, @Nullable String reason) {
        all.add(wanted.progress().bytes.get());
        if (reason == null) {
            done++;
        } else {
            failed++;
            failures.put(wanted.dataset(), new Failure(reason, clock.instant().plus(REMEMBERED)));
        }
        return next();
    }

    synchronized Counts counts() {
        long underWay = current == null ? 0 : current.progress().bytes.get();
        return new Counts(current == null ? 0 : 1, waiting.size(), done, failed, all.bytes.get() + underWay);
    }

    /** Stops the pull in progress; received bytes are kept for the next one. */
    @Override
    public void close() {
        synchronized (this) {
            waiting.clear();
        }
        puller.stop();
        tasks.close();
    }
}
