package org.histods.pull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.histods.dataset.DatasetId;
import org.histods.digest.FilePath;
import org.histods.fetch.Fetcher;
import org.histods.mirror.BagRef;
import org.histods.mirror.FileStamps;
import org.histods.mirror.Lease;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagWriter;
import org.histods.provenance.FileNames;
import org.histods.provenance.FileSelection;
import org.histods.provenance.Tool;
import org.histods.pull.remote.RemoteBag;
import org.histods.pull.remote.RemoteMirrors;
import org.histods.source.Source;
import org.histods.transport.Transport;
import org.histods.unpack.Unpacker;
import org.jspecify.annotations.Nullable;

/** Pulls datasets into the mirror: plan, fetch and unpack, write the record, publish. */
public final class Puller {

    /** How often other processes may change the dataset during a pull before it gives up. */
    private static final int MAX_ATTEMPTS = 10;

    private final SourceOpener sources;
    private final Transport transport;
    private final Mirror mirror;
    private final Clock clock;
    private final Duration lockTimeout;
    private final RemoteMirrors served;
    private final RunPlanner plans;
    private final FileChooser chooser;
    private final Stager stager;
    private final RunPublisher publisher;
    private final Shards shards;

    /**
     * Creates a puller.
     *
     * @param lockTimeout how long to wait for another process that pulls the same dataset
     * @param failed the sources that failed in earlier runs
     * @param served mirrors to look at before the sources
     */
    public Puller(
            List<Source> sources,
            Transport transport,
            Mirror mirror,
            Fetcher fetcher,
            Unpacker unpacker,
            BagWriter writer,
            Tool tool,
            Clock clock,
            Duration lockTimeout,
            FailedSources failed,
            RemoteMirrors served) {
        this.sources = new SourceOpener(sources, transport, failed);
        this.transport = transport;
        this.mirror = mirror;
        this.clock = clock;
        this.lockTimeout = lockTimeout;
        this.served = served;
        this.plans = new RunPlanner(mirror, fetcher, unpacker, clock);
        this.chooser = new FileChooser(this.sources, mirror, plans);
        this.stager = new Stager(sources, transport, mirror, fetcher, unpacker, plans);
        this.publisher = new RunPublisher(mirror, transport, writer, tool, clock);
        this.shards = new Shards(mirror, lockTimeout, plans, stager, publisher);
    }

    /**
     * The result of a pull.
     *
     * @param bag the bag that is in the mirror now
     * @param changed whether the pull made it; false if everything was there
     * @param transferred how many bytes arrived over the network, also from a mirror that was not used in the end
     * @param took how long the pull took
     * @param touched files that an earlier pull made, and that are missing or have another stamp since
     * @param extra files of the bag before that are not part of the dataset and were carried over, as paths below {@code data/}
     */
    public record Result(
            Bag bag, boolean changed, long transferred, Duration took, List<FilePath> touched, List<String> extra) {

        /** The same with what attempts transferred that came to nothing. */
        Result after(long lost) {
            return new Result(bag, changed, transferred + lost, took, touched, extra);
        }
    }

    /**
     * Result of fetching one shard on one of several nodes.
     *
     * @param plan what the shard is of the dataset; nothing if the dataset was published already
     * @param missing the shards that are not there yet; none if the dataset is published
     * @param others how many finished shards there are of other plans, which do not count for this one
     * @param transferred how many bytes arrived over the network for the shard
     * @param published the dataset, if it is in the mirror now; else null
     */
    public record ShardResult(
            PullPlan plan,
            List<Integer> missing,
            int others,
            long transferred,
            Duration took,
            @Nullable Result published) {

        public ShardResult {
            missing = List.copyOf(missing);
        }
    }

    /**
     * Pulls what is requested. Nothing appears in the mirror before every file is complete and correct, and no host is
     * asked if everything is in the mirror.
     *
     * @throws Problem if that fails; transferred bytes are kept for the next run if they can be used.
     *     {@code EXTRA_FILES} if the user has put a file into the bag where the dataset has one
     */
    public Result pull(PullRequest request, PullListener listener) throws Problem {
        Instant started = clock.instant();
        PullSources used = opened(request, listener);
        PullPlanner planner = new PullPlanner(used);
        ExistingBag before = ExistingBag.in(mirror, used);
        Optional<Result> there = ifThere(
                before,
                planner,
                request,
                started,
                () -> new OfferRelease(mirror).finish(before, request.offer(), listener));
        if (there.isPresent()) {
            noteUnread(request, listener);
            return there.get();
        }
        Optional<PullRequest> wider = withShared(before, request);
        if (wider.isPresent()) {
            return pull(wider.get(), listener);
        }
        requirePlace(used);
        Set<String> transfers = new HashSet<>();
        long lost = 0;
        try (Lease lease = lock(used, listener)) {
            for (RemoteBag bag : offered(used, true, listener::note)) {
                NetworkBytes network = new NetworkBytes(listener);
                Optional<Result> result = once(used.only(bag), started, transfers, network);
                if (result.isPresent()) {
                    return result.get().after(lost);
                }
                lost += network.arrived();
            }
            for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
                NetworkBytes network = new NetworkBytes(listener);
                Optional<Result> result = once(used, started, transfers, network);
                if (result.isPresent()) {
                    return result.get().after(lost);
                }
                lost += network.arrived();
                listener.note("another process changed the dataset; continuing from its current state");
            }
        }
        throw changedByOthers(request.manifest().manifest().id());
    }

    /**
     * The bags of served mirrors that have the dataset; none if the request names what to use instead, or shards are there.
     *
     * @param ask whether a mirror may be asked to pull the dataset
     */
    private List<RemoteBag> offered(PullSources own, boolean ask, Consumer<String> note) throws Problem {
        PullRequest request = own.request();
        return request.source() != null
                        || request.offer() != null
                        || !request.localFiles().isEmpty()
                        || !mirror.shardSets(own.manifest().id(), own.version()).isEmpty()
                ? List.of()
                : served.find(
                        own.manifest(), own.version(), ask && request.only().isEmpty(), transport, note);
    }

    /** The sources of a request, after checking that a pull can begin. */
    private PullSources opened(PullRequest request, PullListener listener) throws Problem {
        mirror.check();
        mirror.garbage().tidy().forEach(listener::note);
        return sources.open(request);
    }

    /** Before anything is fetched. A complete dataset needs no place, so it may be reached through a link. */
    private void requirePlace(PullSources used) throws Problem {
        mirror.requirePlace(used.manifest().id(), used.version());
        mirror.requireWritable(used.manifest().id());
    }

    /**
     * Empty if the dataset has to be pulled once more or in another way; fetched files are kept if they can be used.
     */
    private Optional<Result> once(PullSources used, Instant started, Set<String> transfers, PullListener listener)
            throws Problem {
        PullPlanner planner = new PullPlanner(used);
        // Another process may have pulled it meanwhile.
        ExistingBag present = ExistingBag.in(mirror, used);
        Optional<Result> there =
                ifThere(present, planner, used.request(), started, () -> mirror.deleteTransfers(transfers));
        if (there.isPresent()) {
            return there;
        }
        PullRun run = new PullRun(used, planner, own(present), started, listener, transfers);
        return used.served() == null ? attempt(run) : fromMirror(run);
    }

    /** Empty if the served mirror that the run is from fails. */
    private Optional<Result> fromMirror(PullRun run) throws Problem {
        try {
            return attempt(run);
        } catch (Problem p) {
            Problem.Kind kind = p.kind();
            if (kind != Problem.Kind.NETWORK
                    && kind != Problem.Kind.WRONG_BYTES
                    && kind != Problem.Kind.UPSTREAM_CHANGED
                    && kind != Problem.Kind.PERSON) {
                throw p;
            }
            RemoteBag bag = Objects.requireNonNull(run.sources().served());
            run.listener().note("the mirror at " + bag.url() + " is not used further: " + p.message());
            return Optional.empty();
        }
    }

    private static Problem changedByOthers(DatasetId id) {
        return new Problem(
                Problem.Kind.BUSY,
                "other processes changed " + id + " while it was being fetched",
                "wait for them to end, then run the same command again; the fetched files are kept");
    }

    /** Empty if another process published or removed the dataset meanwhile, which can happen without locks only. */
    private Optional<Result> attempt(PullRun run) throws Problem {
        return unlessGone(run.present(), () -> {
            PullRun read = run.with(run.present().withFiles());
            ExistingBag all = shards.join(read).orElse(null);
            return all == null ? Optional.empty() : unlessGone(all, () -> joined(read.with(all)));
        });
    }

    /** Says that local files were not read, because the dataset is in the mirror. */
    private static void noteUnread(PullRequest request, PullListener listener) {
        List<Path> files = request.localFiles();
        if (!files.isEmpty()) {
            listener.note("not read: " + files.get(0)
                    + (files.size() > 1 ? " and " + (files.size() - 1) + " more given with --from" : "") + ", because "
                    + request.manifest().manifest().id()
                    + " has in the mirror what is requested; to make it of other files, remove it first");
        }
    }

    private interface Step {
        void run() throws Problem;
    }

    /** Empty if something is missing of what is requested, or another process removes the dataset at this moment. */
    private Optional<Result> ifThere(
            ExistingBag present, PullPlanner planner, PullRequest request, Instant started, Step then) throws Problem {
        return unlessGone(present, () -> {
            if (!covered(present, planner, request)) {
                return Optional.empty();
            }
            then.run();
            return Optional.of(unchanged(present, started)).filter(result -> !present.gone());
        });
    }

    private interface Attempt {
        Optional<Result> run() throws Problem;
    }

    private static Optional<Result> unlessGone(ExistingBag present, Attempt attempt) throws Problem {
        try {
            return attempt.run();
        } catch (Problem p) {
            if (p.kind() != Problem.Kind.INTERRUPTED && present.gone()) {
                return Optional.empty();
            }
            throw p;
        }
    }

    private Optional<Result> joined(PullRun run) throws Problem {
        Shards.refuseChanged(run.present());
        return stager.stage(run, staged -> publisher.publish(run, staged));
    }

    /**
     * Fetches the files of one shard, and keeps them in the mirror until all shards are there; the node that finishes last
     * publishes the dataset. Without working locks as well, exactly one node publishes, and the others find it published.
     *
     * @throws Problem as {@link #pull}
     */
    public ShardResult pullShard(PullRequest request, Shard shard, PullListener listener) throws Problem {
        Instant started = clock.instant();
        PullSources used = opened(request, listener);
        PullPlanner planner = new PullPlanner(used);
        ExistingBag before = ExistingBag.in(mirror, used);
        if (covered(before, planner, request)) {
            return inMirror(used, before, started);
        }
        Optional<PullRequest> wider = withShared(before, request);
        if (wider.isPresent()) {
            return pullShard(wider.get(), shard, listener);
        }
        requirePlace(used);
        if (!served.mirrors().isEmpty()) {
            listener.note("other mirrors are not used with --shard; a pull on one node without --shard uses them");
        }
        PullRun run = new PullRun(used, planner, own(before).withFiles(), started, listener, new HashSet<>());
        ShardPlan plan = ShardPlan.of(
                plans.missing(used, planner, run.present(), Set.of(), Map.of()), shard.count(), used, run.present());
        ShardPlan.Planned planned = new ShardPlan.Planned(plan, shard.number());
        long transferred = shards.fetch(run.only(planned));
        Duration took = Duration.between(started, clock.instant());
        List<Integer> missing = shards.missing(plan);
        ExistingBag after = ExistingBag.in(mirror, used);
        if (covered(after, planner, request)) {
            mirror.deleteShards(plan.set());
            return inMirror(used, after, started);
        }
        int others = mirror.shardSets(used.manifest().id(), used.version()).stream()
                .filter(set -> !set.equals(plan.set()))
                .mapToInt(set -> mirror.finishedShards(set).size())
                .sum();
        return new ShardResult(
                plans.ofShard(run, planned),
                missing,
                others,
                transferred,
                took,
                missing.isEmpty() ? pull(request, listener) : null);
    }

    private ShardResult inMirror(PullSources used, ExistingBag present, Instant started) throws Problem {
        Result result = unchanged(present, started);
        return new ShardResult(RunPlanner.nothing(used, present), List.of(), 0, 0, result.took(), result);
    }

    /** What would be fetched by each of several nodes; nothing for a shard that is finished. */
    public List<PullPlan> planShards(PullRequest request, int count) throws Problem {
        mirror.check();
        PullSources used = sources.open(request);
        PullPlanner planner = new PullPlanner(used);
        ExistingBag present = ExistingBag.in(mirror, used);
        if (covered(present, planner, request)) {
            return Collections.nCopies(count, RunPlanner.nothing(used, present));
        }
        Optional<PullRequest> wider = withShared(present, request);
        if (wider.isPresent()) {
            return planShards(wider.get(), count);
        }
        PullRun run =
                new PullRun(used, planner, own(present).withFiles(), clock.instant(), PullListener.silent(), Set.of());
        ShardPlan plan = ShardPlan.of(
                plans.missing(used, planner, run.present(), Set.of(), Map.of()), count, used, run.present());
        List<Integer> missing = shards.missing(plan);
        List<PullPlan> each = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            ShardPlan.Planned planned = new ShardPlan.Planned(plan, number);
            each.add(
                    missing.contains(number)
                            ? plans.inside(
                                    run.only(planned),
                                    plans.ofShard(run, planned),
                                    run.wanted(),
                                    plans.members(used, run.listener()))
                            : RunPlanner.nothing(used, run.present()));
        }
        return each;
    }

    /**
     * Fetches again what a bag has lost or what was changed in it, and nothing else.
     *
     * @param broken files of the bag that are missing or wrong; if empty, only the bag's record is written again
     * @throws Problem as {@link #pull}
     */
    public Result repair(PullRequest request, Set<FilePath> broken, PullListener listener) throws Problem {
        Instant started = clock.instant();
        mirror.garbage().tidy().forEach(listener::note);
        PullSources used = sources.open(request);
        try (Lease lease = lock(used, listener)) {
            ExistingBag present = ExistingBag.in(mirror, used);
            if (own(present) != present) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        present.bag().orElseThrow().ref().path() + " is in a shared mirror, which is only read",
                        "ask its owner to repair it, or `histods pull "
                                + request.manifest().manifest().id() + "` with a mirror of your own alone (--mirror)");
            }
            mirror.requireOneDisk(used.manifest().id(), used.version());
            mirror.requireWritable(used.manifest().id());
            Set<String> transfers = new HashSet<>();
            long lost = 0;
            for (RemoteBag bag : broken.isEmpty() ? List.<RemoteBag>of() : offered(used, false, listener::note)) {
                PullSources only = used.only(bag);
                boolean same = bag.fingerprint()
                        .equals(present.bag().map(Bag::fingerprint).orElse(null));
                NetworkBytes network = new NetworkBytes(listener);
                Optional<Result> result = same
                        ? fromMirror(new PullRun(
                                only,
                                new PullPlanner(only),
                                present,
                                PullRun.Mode.REPAIR,
                                broken,
                                started,
                                network,
                                transfers,
                                null))
                        : Optional.empty();
                if (result.isPresent()) {
                    return result.get().after(lost);
                }
                lost += network.arrived();
            }
            return attempt(new PullRun(
                            used,
                            new PullPlanner(used),
                            present,
                            PullRun.Mode.REPAIR,
                            broken,
                            started,
                            listener,
                            transfers,
                            null))
                    .orElseThrow(
                            () -> changedByOthers(request.manifest().manifest().id()))
                    .after(lost);
        }
    }

    /** Plans a pull, without fetching anything. */
    public PullPlan plan(PullRequest request) throws Problem {
        mirror.check();
        PullSources used = sources.open(request);
        PullPlanner planner = new PullPlanner(used);
        ExistingBag present = ExistingBag.in(mirror, used);
        if (covered(present, planner, request)) {
            return RunPlanner.nothing(used, present);
        }
        Optional<PullRequest> wider = withShared(present, request);
        if (wider.isPresent()) {
            return plan(wider.get());
        }
        List<String> notes = new ArrayList<>();
        for (RemoteBag bag : offered(used, false, notes::add)) {
            PullSources only = used.only(bag);
            try {
                return plans.whole(only, new PullPlanner(only), own(present).withFiles(), request);
            } catch (Problem p) {
                if (p.kind() != Problem.Kind.NETWORK && p.kind() != Problem.Kind.WRONG_BYTES) {
                    throw p;
                }
            }
        }
        return plans.whole(used, planner, own(present).withFiles(), request);
    }

    /**
     * The contents of a dataset's zips, read from their directories at the first source; nothing else is fetched.
     *
     * @throws Problem if a source cannot list its files
     */
    public List<RemoteArchive> archives(PullRequest request) throws Problem {
        return chooser.archives(request);
    }

    /**
     * The requested files of a dataset, and of its zips.
     *
     * @throws Problem if a source cannot list its files, or the directory of a zip cannot be read
     */
    public FileTable files(PullRequest request) throws Problem {
        return chooser.files(request);
    }

    /**
     * The request with the files that lists and conditions choose, as paths. No host is asked if the same choice was made before,
     * or if the dataset is complete in the mirror and its record has what the conditions ask for.
     *
     * @param listed words of lists
     * @param query conditions; null if there are none
     * @param note receives what the user should know
     * @throws Problem {@code USAGE} if a word names no file, or the conditions leave none; otherwise as {@link #plan}
     */
    public PullRequest choose(
            PullRequest request, List<ListedWord> listed, @Nullable FileQuery query, Consumer<String> note)
            throws Problem {
        return chooser.choose(request, listed, query, note);
    }

    private Lease lock(PullSources used, PullListener listener) throws Problem {
        return mirror.lock(used.manifest().id() + "@" + used.version(), lockTimeout, listener::note);
    }

    /**
     * Whether everything requested is in the mirror. A selection that the dataset does not have is refused, and so is a bag of other
     * files than the manifest describes now.
     */
    private boolean covered(ExistingBag present, PullPlanner planner, PullRequest request) throws Problem {
        boolean covered = present.covers(request, request.manifest().manifest());
        Bag bag = present.bag().orElse(null);
        if (bag != null && (covered || mirror.owns(bag.ref()))) {
            EditedManifest.requireSameFiles(bag, request, covered);
        }
        if (!covered) {
            return false;
        }
        planner.refuseUnknown(present);
        return true;
    }

    /** The bag that a pull adds to; bags in shared mirrors are never changed. */
    private ExistingBag own(ExistingBag present) {
        return present.bag().map(bag -> mirror.owns(bag.ref())).orElse(true) ? present : ExistingBag.NOTHING;
    }

    /** Extends a pull by what a shared mirror has of the dataset, because the new bag hides the shared one. */
    private Optional<PullRequest> withShared(ExistingBag present, PullRequest request) throws Problem {
        if (own(present) == present) {
            return Optional.empty();
        }
        FileSelection requested =
                FileSelection.of(request.only(), request.manifest().manifest());
        List<String> all = present.selectionWith(requested);
        return all.equals(requested.globs()) || all.equals(request.only())
                ? Optional.empty()
                : Optional.of(request.with(all));
    }

    private Result unchanged(ExistingBag present, Instant started) throws Problem {
        Bag bag = present.bag().orElseThrow();
        BagRef ref = bag.ref();
        Set<FilePath> paths = bag.checksums().keySet();
        Set<FilePath> touched = new TreeSet<>(
                mirror.stamps(ref).touched(FileStamps.look(ref.data(), paths)).orElse(List.of()));
        FileNames names = new FileNames(ref.data());
        touched.removeIf(names::otherForm);
        paths.stream().filter(path -> !Files.exists(names.of(path))).forEach(touched::add);
        return new Result(bag, false, 0, Duration.between(started, clock.instant()), List.copyOf(touched), List.of());
    }
}
