package org.histods.mirror;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.histods.problem.Problem;
import org.histods.text.Count;

/** Finds, completes and deletes what interrupted runs and unused transfers leave in a mirror. */
public final class MirrorGarbage {

    /** How long an unused transfer is kept. */
    public static final Duration OLD_TRANSFER = Duration.ofDays(7);

    /** Maximum time that a pull spends on cleaning up after other runs. */
    private static final Duration TIDYING = Duration.ofSeconds(10);

    private final Mirror mirror;
    private final MirrorLayout layout;
    private final FileOperations disk;
    private final MirrorFormat format;
    private final Journal journal;
    private final PartialClaims claims;
    private final ShardStore shards;
    private final MirrorDeletion deletion;
    private final GarbageFinder finder;

    MirrorGarbage(
            Mirror mirror,
            MirrorLayout layout,
            FileOperations disk,
            MirrorFormat format,
            Journal journal,
            PartialClaims claims,
            ShardStore shards,
            MirrorDeletion deletion,
            GarbageFinder finder) {
        this.mirror = mirror;
        this.layout = layout;
        this.disk = disk;
        this.format = format;
        this.journal = journal;
        this.claims = claims;
        this.shards = shards;
        this.deletion = deletion;
        this.finder = finder;
    }

    /** The events of pulls and removals that are done and whose lines are not in the journal yet. */
    public List<Map<String, Object>> unwrittenEvents() {
        List<Map<String, Object>> events = new ArrayList<>();
        for (String name : disk.names(layout.staging())) {
            unwrittenEvent(layout.staging().resolve(name)).ifPresent(events::add);
        }
        return events;
    }

    /** The event of a staging folder; empty if it has none, was just completed, or cannot be read. */
    private static Optional<Map<String, Object>> unwrittenEvent(Path staging) {
        try {
            return PublishCompletion.pending(staging)
                    ? Optional.of(PublishCompletion.read(staging).event())
                    : Optional.empty();
        } catch (Problem p) {
            return Optional.empty();
        }
    }

    /**
     * Completes the steps that earlier runs could not do after publishing or removing a bag, because they were killed
     * or the disk was full: appends the journal line and deletes the transfers. Best effort: a later run does the rest.
     *
     * @return what was done, in sentences
     */
    public List<String> complete() {
        List<String> done = new ArrayList<>();
        for (Path staging : abandoned()) {
            complete(staging).ifPresent(done::add);
        }
        return done;
    }

    /**
     * Completes as {@link #complete} does, and deletes the unfinished bags of processes of this host that died. Best
     * effort, and nothing new is started after ten seconds: `histods gc` finds the rest.
     *
     * @return what was done, in sentences
     */
    public List<String> tidy() {
        List<String> done = new ArrayList<>();
        long until = System.nanoTime() + TIDYING.toNanos();
        int deleted = 0;
        for (Path staging : abandoned()) {
            if (System.nanoTime() > until) {
                break;
            }
            complete(staging).ifPresent(done::add);
            deleted += Files.exists(staging) && !PublishCompletion.pending(staging) && deleted(staging) ? 1 : 0;
        }
        if (deleted > 0) {
            done.add("deleted what " + Count.of(deleted, "interrupted pull") + " left");
        }
        return done;
    }

    /** Staging folders without a live process, as far as this host knows. */
    private List<Path> abandoned() {
        if (!format.there()) {
            return List.of();
        }
        return disk.names(layout.staging()).stream()
                .map(name -> layout.staging().resolve(name))
                .filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                .filter(path -> PartialClaims.holder(path) == PartialClaims.Holder.DEAD
                        || (PublishCompletion.pending(path) && !Files.exists(path.resolve(PartialClaims.OWNER))))
                .toList();
    }

    /** What was done, in a sentence; empty if there was nothing to do or it failed. */
    private Optional<String> complete(Path staging) {
        if (!PublishCompletion.pending(staging)) {
            return Optional.empty();
        }
        try {
            PublishCompletion completion = PublishCompletion.read(staging);
            journal.appendMissing(completion.event());
            claims.drop(completion.transfers());
            // The rest belongs to histods, whether the note exists or not.
            PublishCompletion.leave(staging);
            deletion.own(staging);
            deleted(staging);
            return Optional.of("completed the record of " + completion.event().get("dataset") + " "
                    + completion.event().get("version") + ", which an earlier pull could not");
        } catch (Problem | IOException e) {
            return Optional.empty();
        }
    }

    private boolean deleted(Path staging) {
        try {
            // First, so that a kill does not leave a folder that looks published.
            PublishCompletion.forget(staging);
            deletion.delete(PlaceKind.STAGING, staging);
            return true;
        } catch (IOException | Problem e) {
            // Another run deletes it too, or it cannot be deleted.
            return false;
        }
    }

    /**
     * Remains of interrupted runs that no run will use: unfinished bags of dead processes, and transfers unchanged for
     * {@code transferAge}. Nothing that a live process uses.
     */
    public GarbageReport find(Duration transferAge) throws Problem {
        return search(() -> finder.garbage(transferAge));
    }

    /** The same, with transfers unused for a week. */
    public List<GarbageItem> find() throws Problem {
        return find(OLD_TRANSFER).items();
    }

    /** The kept archives that are unchanged for {@code age}. */
    public GarbageReport keptArchives(Duration age) throws Problem {
        return search(() -> finder.archives(age));
    }

    /** Whether a bag is being made in the mirror, as far as is known. */
    public boolean inUse() throws Problem {
        return search(finder::inUse);
    }

    /** Transfers that a later run can continue, with their sizes. */
    public List<GarbageItem> partials() throws Problem {
        return search(finder::partials);
    }

    private interface Search<T> {
        T run() throws IOException;
    }

    private <T> T search(Search<T> search) throws Problem {
        try {
            return search.run();
        } catch (IOException e) {
            throw FileOperations.problem("cannot look through " + layout.root(), e);
        }
    }

    /**
     * Deletes garbage.
     *
     * @throws Problem {@code USAGE} if it has changed; {@code DISK}
     */
    public void delete(GarbageItem garbage) throws Problem {
        try {
            if (garbage.kind() == PlaceKind.TRANSFER) {
                claims.delete(garbage.path());
            } else if (garbage.kind() == PlaceKind.SHARD && Files.exists(garbage.path(), LinkOption.NOFOLLOW_LINKS)) {
                deletion.refuse(garbage.kind(), garbage.path());
                mirror.keepingStamps(
                        shards.bagOf(garbage.path()), () -> deletion.delete(garbage.kind(), garbage.path()));
                shards.deleteEmpty(garbage.path().resolveSibling(""));
            } else {
                deletion.delete(garbage.kind(), garbage.path());
            }
        } catch (IOException e) {
            throw FileOperations.problem("cannot delete " + garbage.path(), e);
        }
    }
}
