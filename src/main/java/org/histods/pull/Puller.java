package org.histods.pull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.histods.concurrent.Parallel;
import org.histods.concurrent.TaskExecutor;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.BlockChecksums;
import org.histods.digest.FilePath;
import org.histods.fetch.FetchCandidate;
import org.histods.fetch.Fetcher;
import org.histods.fetch.SmallFiles;
import org.histods.manifest.Access;
import org.histods.manifest.Manifest;
import org.histods.manifest.SourceSpec;
import org.histods.mirror.BagRef;
import org.histods.mirror.FileStamps;
import org.histods.mirror.Lease;
import org.histods.mirror.Mirror;
import org.histods.mirror.ShardSet;
import org.histods.mirror.Staging;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagFile;
import org.histods.provenance.BagVerifier;
import org.histods.provenance.BagWriter;
import org.histods.provenance.Choice;
import org.histods.provenance.ExtraFileCarrier;
import org.histods.provenance.ExtraFiles;
import org.histods.provenance.FetchRecord;
import org.histods.provenance.FetchResult;
import org.histods.provenance.FileNames;
import org.histods.provenance.FileSelection;
import org.histods.provenance.JournalVerifier;
import org.histods.provenance.LocalContent;
import org.histods.provenance.Receipt;
import org.histods.provenance.Tool;
import org.histods.source.Narrowing;
import org.histods.source.Source;
import org.histods.text.Bytes;
import org.histods.text.Count;
import org.histods.text.Size;
import org.histods.text.TerminalText;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.histods.unpack.Unpacker;
import org.jspecify.annotations.Nullable;

/** Pulls datasets into the mirror: plan, fetch and unpack, write the record, publish. */
public final class Puller {

    /** How many files that were kept are listed one by one. */
    private static final int LISTED = 20;

    /** How many directories of remote zips are read at a time. */
    private static final int DIRECTORIES = 4;
    /** Up to so many small files are fetched like large ones. */
    private static final int FEW = 16;

    /** How often other processes may change the dataset while it is fetched. */
    private static final int RIVALS = 10;

    private final List<Source> sources;
    private final Transport transport;
    private final Mirror mirror;
    private final Fetcher fetcher;
    private final Unpacker unpacker;
    private final BagWriter writer;
    private final Tool tool;
    private final Clock clock;
    private final Duration lockTimeout;
    private final FailedSources failed;
    private final Map<SourceSpec, PullSources.Listing> listings = Collections.synchronizedMap(new IdentityHashMap<>());
    private final RemoteMirrors served;

    /**
     * A puller.
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
        this.sources = List.copyOf(sources);
        this.transport = transport;
        this.mirror = mirror;
        this.fetcher = fetcher;
        this.unpacker = unpacker;
        this.writer = writer;
        this.tool = tool;
        this.clock = clock;
        this.lockTimeout = lockTimeout;
        this.failed = failed;
        this.served = served;
    }

    /**
     * The result of a pull.
     *
     * @param bag the bag that is in the mirror now
     * @param changed whether the pull made it; false if everything was there
     * @param transferred how many bytes arrived over the network
     * @param took how long the pull took
     * @param touched files that an earlier pull made, and that are missing or have another stamp since
     * @param extra files of the bag before that are not part of the dataset and were carried over, as paths below {@code data/}
     */
    public record Result(
            Bag bag, boolean changed, long transferred, Duration took, List<FilePath> touched, List<String> extra) {}

    /** Whether all of a dataset is pulled, or broken files of a bag are fetched again. */
    private enum Mode {
        PULL,
        REPAIR
    }

    /**
     * A pull or repair that is under way.
     *
     * @param transfers collects the names of the transfers of all its attempts
     * @param share the only part of the dataset that is fetched, for other nodes to add theirs; null for all of it
     */
    private record Run(
            PullSources sources,
            PullPlanner planner,
            ExistingBag present,
            Mode action,
            Set<FilePath> broken,
            Instant started,
            PullListener listener,
            Set<String> transfers,
            @Nullable Share share) {

        /** A pull that has not looked at what is there. */
        Run(
                PullSources sources,
                PullPlanner planner,
                ExistingBag present,
                Instant started,
                PullListener listener,
                Set<String> transfers) {
            this(sources, planner, present, Mode.PULL, Set.of(), started, listener, transfers, null);
        }

        PullRequest request() {
            return sources.request();
        }

        Manifest manifest() {
            return sources.manifest();
        }

        Run with(ExistingBag read) {
            return new Run(sources, planner, read, action, broken, started, listener, transfers, share);
        }

        Run only(Share one) {
            return new Run(sources, planner, present, action, broken, started, listener, transfers, one);
        }

        /** Whether only the record of the bag is written again. */
        boolean recordOnly() {
            return action == Mode.REPAIR && broken.isEmpty();
        }
    }

    /** What one node of several fetches. */
    private record Share(ShardPlan plan, int number) {

        List<PullPlan.Item> items() {
            return plan.share(number);
        }

        @Override
        public String toString() {
            return number + " of " + plan.set().count();
        }
    }

    /**
     * What a node that fetches one shard did.
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
        mirror.check();
        mirror.tidy().forEach(listener::note);
        PullSources used = sources(request, null);
        PullPlanner planner = new PullPlanner(used);
        mirror.requirePlace(request.manifest().manifest().id(), used.version());
        ExistingBag before = present(used);
        if (covered(before, planner, request)) {
            finishMove(before, request.offer(), listener);
            return unchanged(before, started);
        }
        Optional<PullRequest> wider = withShared(before, request);
        if (wider.isPresent()) {
            return pull(wider.get(), listener);
        }
        mirror.requireWritable(used.manifest().id());
        Set<String> transfers = new HashSet<>();
        try (Lease lease = lock(used, listener)) {
            for (RemoteBag bag : offered(used, listener::note)) {
                Optional<Result> result = fromMirror(used.only(bag), request, started, transfers, listener);
                if (result.isPresent()) {
                    return result.get();
                }
            }
            for (int attempt = 0; attempt < RIVALS; attempt++) {
                // Another process may have pulled it meanwhile.
                ExistingBag present = present(used);
                if (covered(present, planner, request)) {
                    mirror.deleteTransfers(transfers);
                    return unchanged(present, started);
                }
                Optional<Result> result = attempt(new Run(used, planner, own(present), started, listener, transfers));
                if (result.isPresent()) {
                    return result.get();
                }
                listener.note("another process changed the dataset meanwhile; continuing from what is there");
            }
        }
        throw changedByOthers(request.manifest().manifest().id());
    }

    /** The bags of served mirrors that have the dataset; none if the request names what to use instead, or shards are there. */
    private List<RemoteBag> offered(PullSources own, Consumer<String> note) throws Problem {
        PullRequest request = own.request();
        return request.source() != null
                        || request.offer() != null
                        || !request.localFiles().isEmpty()
                        || !mirror.shardSets(own.manifest().id(), own.version()).isEmpty()
                ? List.of()
                : served.find(request, own.version(), transport, note);
    }

    /** Empty if the dataset has to be pulled in another way; what was fetched is kept where it can be used. */
    private Optional<Result> fromMirror(
            PullSources used, PullRequest request, Instant started, Set<String> transfers, PullListener listener)
            throws Problem {
        ExistingBag present = present(used);
        PullPlanner planner = new PullPlanner(used);
        if (covered(present, planner, request)) {
            mirror.deleteTransfers(transfers);
            return Optional.of(unchanged(present, started));
        }
        return fromMirror(new Run(used, planner, own(present), started, listener, transfers));
    }

    /** Empty if the served mirror that the run is from fails. */
    private Optional<Result> fromMirror(Run run) throws Problem {
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
                "other processes changed " + id + " while it was fetched",
                "wait for them to end, then run the same command again; what was fetched is kept");
    }

    /** Empty if another process published or removed the dataset meanwhile, which can happen without locks only. */
    private Optional<Result> attempt(Run run) throws Problem {
        return unlessGone(run.present(), () -> {
            Run read = run.with(run.present().withFiles());
            ExistingBag all = withShards(read).orElse(null);
            return all == null ? Optional.empty() : unlessGone(all, () -> joined(read.with(all)));
        });
    }

    private interface Work {
        Optional<Result> run() throws Problem;
    }

    private static Optional<Result> unlessGone(ExistingBag present, Work work) throws Problem {
        try {
            return work.run();
        } catch (Problem p) {
            if (p.kind() != Problem.Kind.INTERRUPTED && present.gone()) {
                return Optional.empty();
            }
            throw p;
        }
    }

    private Optional<Result> joined(Run run) throws Problem {
        refuseChangedShards(run.present());
        return execute(run, made -> publish(run, made));
    }

    /**
     * What is there and all shards, if several nodes have finished some for the same plan; those that are missing are fetched.
     * Empty if another process deleted them meanwhile, such as because it published the dataset.
     */
    private Optional<ExistingBag> withShards(Run run) throws Problem {
        PullRequest request = run.request();
        boolean usual = run.action() == Mode.PULL
                && run.sources().served() == null
                && request.offer() == null
                && request.localFiles().isEmpty();
        List<ShardSet> sets =
                usual ? mirror.shardSets(run.manifest().id(), run.sources().version()) : List.of();
        if (sets.isEmpty()) {
            return Optional.of(run.present());
        }
        PullPlan whole = plan(run.sources(), run.planner(), run.present(), Set.of(), Map.of());
        ShardPlan best = sets.stream()
                .map(set -> ShardPlan.of(whole, set.count(), run.sources(), run.present()))
                .filter(plan -> sets.contains(plan.set()))
                .min(Comparator.comparingLong(plan -> missing(plan).stream()
                        .flatMap(number -> plan.share(number).stream())
                        .mapToLong(item -> item.size().atLeast())
                        .sum()))
                .orElse(null);
        if (best == null) {
            return Optional.of(run.present());
        }
        for (int number : missing(best)) {
            fetchShare(run.only(new Share(best, number)));
        }
        // What nodes left that were killed as they finished their shard.
        best.shares().forEach(items -> items.forEach(item -> run.transfers().add(Fetcher.key(item.first()))));
        for (int number = 1; number <= best.used(); number++) {
            run.transfers().add(Fetcher.smallFilesKey(smallFilesName(whole, new Share(best, number))));
        }
        Collection<BagRef> finished = mirror.finishedShards(best.set()).values();
        if (finished.size() < best.used()) {
            return Optional.empty();
        }
        try {
            return Optional.of(run.present().with(best.set(), finished));
        } catch (Problem p) {
            if (p.kind() != Problem.Kind.INTERRUPTED && !missing(best).isEmpty()) {
                return Optional.empty();
            }
            throw p;
        }
    }

    /** As {@link #refuseChangedRecord}; a shard has only its own receipt. */
    private static void refuseChangedShards(ExistingBag present) throws Problem {
        for (ExistingBag.Held held : present.held()) {
            if (held.shard()) {
                List<BagVerifier.Fault> faults = BagVerifier.record(held.bag()).stream()
                        .filter(fault -> !fault.file().equals("receipts"))
                        .toList();
                if (!faults.isEmpty()) {
                    throw new Problem(
                            Problem.Kind.WRONG_BYTES,
                            "the record of a shard was changed: " + faults.get(0) + " in "
                                    + held.bag().ref().path(),
                            "delete that folder, then run the same command again");
                }
            }
        }
    }

    /** The numbers of the shards that are not finished. */
    private List<Integer> missing(ShardPlan plan) {
        Set<Integer> finished = mirror.finishedShards(plan.set()).keySet();
        return IntStream.rangeClosed(1, plan.used())
                .filter(number -> !finished.contains(number))
                .boxed()
                .toList();
    }

    /**
     * Fetches the files of one shard, and keeps them in the mirror until all shards are there; the node that finishes last
     * publishes the dataset. Without working locks as well, exactly one node publishes, and the others find it published.
     *
     * @throws Problem as {@link #pull}
     */
    public ShardResult pullShard(PullRequest request, Shard shard, PullListener listener) throws Problem {
        Instant started = clock.instant();
        mirror.check();
        mirror.tidy().forEach(listener::note);
        PullSources used = sources(request, null);
        PullPlanner planner = new PullPlanner(used);
        mirror.requirePlace(request.manifest().manifest().id(), used.version());
        ExistingBag before = present(used);
        if (covered(before, planner, request)) {
            return inMirror(used, before, started);
        }
        Optional<PullRequest> wider = withShared(before, request);
        if (wider.isPresent()) {
            return pullShard(wider.get(), shard, listener);
        }
        mirror.requireWritable(used.manifest().id());
        if (!served.mirrors().isEmpty()) {
            listener.note("other mirrors are not asked with --shard");
        }
        Run run = new Run(used, planner, own(before).withFiles(), started, listener, new HashSet<>());
        ShardPlan plan = ShardPlan.of(
                plan(used, planner, run.present(), Set.of(), Map.of()), shard.count(), used, run.present());
        Share share = new Share(plan, shard.number());
        long transferred = fetchShare(run.only(share));
        Duration took = Duration.between(started, clock.instant());
        List<Integer> missing = missing(plan);
        ExistingBag after = present(used);
        if (covered(after, planner, request)) {
            mirror.deleteShards(plan.set());
            return inMirror(used, after, started);
        }
        int others = mirror.shardSets(used.manifest().id(), used.version()).stream()
                .filter(set -> !set.equals(plan.set()))
                .mapToInt(set -> mirror.finishedShards(set).size())
                .sum();
        return new ShardResult(
                plan(run, share),
                missing,
                others,
                transferred,
                took,
                missing.isEmpty() ? pull(request, listener) : null);
    }

    private ShardResult inMirror(PullSources used, ExistingBag present, Instant started) throws Problem {
        Result result = unchanged(present, started);
        return new ShardResult(nothingToFetch(used, present), List.of(), 0, 0, result.took(), result);
    }

    /** What would be fetched by each of several nodes; nothing for a shard that is finished. */
    public List<PullPlan> planShards(PullRequest request, int count) throws Problem {
        PullSources used = sources(request, null);
        PullPlanner planner = new PullPlanner(used);
        ExistingBag present = present(used);
        if (covered(present, planner, request)) {
            return Collections.nCopies(count, nothingToFetch(used, present));
        }
        Optional<PullRequest> wider = withShared(present, request);
        if (wider.isPresent()) {
            return planShards(wider.get(), count);
        }
        Run run = new Run(used, planner, own(present).withFiles(), clock.instant(), PullListener.silent(), Set.of());
        ShardPlan plan =
                ShardPlan.of(plan(used, planner, run.present(), Set.of(), Map.of()), count, used, run.present());
        List<Integer> missing = missing(plan);
        List<PullPlan> plans = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            Share share = new Share(plan, number);
            plans.add(
                    missing.contains(number)
                            ? inside(run.only(share), plan(run, share), wanted(run), members(used, run.listener()))
                            : nothingToFetch(used, run.present()));
        }
        return plans;
    }

    private static WantedFiles wanted(Run run) throws Problem {
        return new WantedFiles(run.request(), run.present(), run.broken());
    }

    /** What another dataset has is left to the node that publishes: it is linked once, and its stamps renewed. */
    private static PullPlan withoutMirror(PullPlan plan, PullPlanner planner) {
        List<PullPlan.Item> items =
                plan.items().stream().filter(item -> item.inMirror() == null).toList();
        return plan.with(items, planner.size(items, false));
    }

    private PullPlan plan(Run run, Share share) {
        List<PullPlan.Item> items = share.items();
        return new PullPlan(
                run.manifest().id(),
                run.sources().version(),
                items,
                run.present().fileCount(),
                run.planner().size(items, false),
                Size.UNKNOWN,
                items.stream().mapToLong(item -> fetcher.received(item.first())).sum());
    }

    /**
     * Fetches a shard and keeps it in the mirror, unless it is there already.
     *
     * @return how many bytes arrived over the network
     */
    private long fetchShare(Run run) throws Problem {
        Share share = Objects.requireNonNull(run.share());
        ShardSet set = share.plan().set();
        String name = set.id() + "@" + set.version() + "." + share.number() + "-of-" + set.count();
        if (share.items().isEmpty()) {
            return 0;
        }
        try (Lease lease = mirror.lock(name, lockTimeout, run.listener()::note)) {
            if (mirror.finishedShards(set).containsKey(share.number())) {
                return 0;
            }
            return execute(run, made -> keep(run, share, made));
        }
    }

    private long keep(Run run, Share share, Made made) throws Problem {
        int number = run.present().receiptNumber() + share.number();
        List<BagFile> files = made.assembly().files(made.fetches(), number);
        Receipt receipt = receipt(run, made, number, files);
        writer.write(made.staging().root(), files, run.request().manifest(), receipt, false);
        Optional<BagRef> ref = made.staging().publishShard(share.plan().set(), share.number());
        made.executor().discardFetched();
        if (ref.isPresent()) {
            FileStamps.Seen seen = FileStamps.look(
                    ref.get().data(), files.stream().map(BagFile::path).toList());
            try {
                mirror.stamps(ref.get()).take(seen, List.of());
            } catch (Problem p) {
                run.listener().note(p.message() + "; the next `histods verify` reads these files");
            }
        }
        return made.transferred();
    }

    /**
     * Fetches again what a bag has lost or what was changed in it, and nothing else.
     *
     * @param broken files of the bag that are missing or wrong; if empty, only the bag's record is written again
     * @throws Problem as {@link #pull}
     */
    public Result repair(PullRequest request, Set<FilePath> broken, PullListener listener) throws Problem {
        Instant started = clock.instant();
        mirror.tidy().forEach(listener::note);
        PullSources used = sources(request, null);
        try (Lease lease = lock(used, listener)) {
            ExistingBag present = present(used);
            if (own(present) != present) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        present.bag().orElseThrow().ref().path() + " is in a shared mirror, which is only read",
                        "ask its owner to repair it, or `histods pull "
                                + request.manifest().manifest().id() + "` with a mirror of your own alone (--mirror)");
            }
            Set<String> transfers = new HashSet<>();
            for (RemoteBag bag : broken.isEmpty() ? List.<RemoteBag>of() : offered(used, listener::note)) {
                PullSources only = used.only(bag);
                boolean same = bag.fingerprint()
                        .equals(present.bag().map(Bag::fingerprint).orElse(null));
                Optional<Result> result = same
                        ? fromMirror(new Run(
                                only,
                                new PullPlanner(only),
                                present,
                                Mode.REPAIR,
                                broken,
                                started,
                                listener,
                                transfers,
                                null))
                        : Optional.empty();
                if (result.isPresent()) {
                    return result.get();
                }
            }
            return attempt(new Run(
                            used,
                            new PullPlanner(used),
                            present,
                            Mode.REPAIR,
                            broken,
                            started,
                            listener,
                            transfers,
                            null))
                    .orElseThrow(
                            () -> changedByOthers(request.manifest().manifest().id()));
        }
    }

    /** What a pull would fetch. */
    public PullPlan plan(PullRequest request) throws Problem {
        PullSources used = sources(request, null);
        PullPlanner planner = new PullPlanner(used);
        ExistingBag present = present(used);
        if (covered(present, planner, request)) {
            return nothingToFetch(used, present);
        }
        Optional<PullRequest> wider = withShared(present, request);
        if (wider.isPresent()) {
            return plan(wider.get());
        }
        List<String> notes = new ArrayList<>();
        for (RemoteBag bag : offered(used, notes::add)) {
            PullSources only = used.only(bag);
            try {
                return planned(only, new PullPlanner(only), present, request);
            } catch (Problem p) {
                if (p.kind() != Problem.Kind.NETWORK && p.kind() != Problem.Kind.WRONG_BYTES) {
                    throw p;
                }
            }
        }
        return planned(used, planner, present, request);
    }

    private PullPlan planned(PullSources used, PullPlanner planner, ExistingBag present, PullRequest request)
            throws Problem {
        ExistingBag read = own(present).withFiles();
        WantedFiles wanted = new WantedFiles(request, read, Set.of());
        MemberPlanner members = members(used, PullListener.silent());
        PullPlan plan = local(
                plan(used, planner, read, Set.of(), localFiles(request)),
                request,
                planner,
                wanted,
                members,
                PullListener.silent());
        return lookInside(plan, used, planner, read, Set.of(), wanted, members, true);
    }

    /** The plan of a run with what need not be fetched, and with only what is wanted of archives. */
    private PullPlan inside(Run run, PullPlan plan, WantedFiles wanted, MemberPlanner members) throws Problem {
        PullPlan wantedOnly = lookInside(
                local(plan, run.request(), run.planner(), wanted, members, run.listener()),
                run.sources(),
                run.planner(),
                run.present(),
                run.broken(),
                wanted,
                members,
                run.share() == null);
        return run.share() == null ? wantedOnly : withoutMirror(wantedOnly, run.planner());
    }

    /** The plan with what need not be fetched because it is on this machine. */
    private PullPlan local(
            PullPlan plan,
            PullRequest request,
            PullPlanner planner,
            WantedFiles wanted,
            MemberPlanner members,
            PullListener listener)
            throws Problem {
        Offer offer = request.offer();
        PullPlan adopted =
                offer == null ? plan : new Adopter(offer, wanted, members, listener, clock).adopt(plan, planner);
        if (wanted.isRepair() || request.keepArchives()) {
            return adopted;
        }
        List<PullPlan.Item> items = new ArrayList<>();
        try (MirrorContent content =
                new MirrorContent(mirror, request.manifest().manifest(), wanted)) {
            for (PullPlan.Item item : adopted.items()) {
                PullPlan.Item found = content.findMembers(content.find(item), plan.version(), members, clock);
                noteRanges(found, listener);
                items.add(found);
            }
        }
        return items.equals(adopted.items()) ? adopted : adopted.with(items, planner.size(items, false));
    }

    /** Says that an archive is not compared as a whole, since most of it is in the mirror. */
    private static void noteRanges(PullPlan.Item item, PullListener listener) {
        LocalItem local = item.local();
        if (local == null || local.offered() || !local.ofRanges()) {
            return;
        }
        WantedMembers rest = item.members();
        long missing = rest == null ? 0 : rest.contents().members().size();
        listener.note(item.file().path() + ": " + Count.of(local.copies().size(), "file") + " of "
                + (local.copies().size() + missing) + " are those of " + local.from()
                + " by CRC-32 and size; "
                + (rest == null ? "nothing" : Bytes.text(rest.bytes()))
                + " is downloaded, so that its own checksum cannot be compared (--keep-archives downloads all of it)");
    }

    /** Linking a file changes its stamp in the bag that it is from. */
    private void renewStamps(PullPlan plan) {
        Map<BagRef, List<FilePath>> linked = new HashMap<>();
        for (PullPlan.Item item : plan.items()) {
            if (item.local() != null) {
                for (LocalCopy copy : item.local().copies()) {
                    if (copy.file() instanceof MirrorContent.MirrorFile file && file.linkable()) {
                        linked.computeIfAbsent(file.bag(), k -> new ArrayList<>())
                                .add(file.path());
                    }
                }
            }
        }
        for (Map.Entry<BagRef, List<FilePath>> one : linked.entrySet()) {
            mirror.stamps(one.getKey()).renew(one.getKey().data(), one.getValue());
        }
    }

    /**
     * What the zips of a dataset hold, read from their directories at the first source; nothing else is fetched.
     *
     * @throws Problem if a source cannot list its files
     */
    public List<RemoteArchive> archives(PullRequest request) throws Problem {
        PullSources used = sources(request, null);
        List<PullPlan.Item> zips = new PullPlanner(used)
                .items(Map.of()).stream().filter(MemberPlanner::isRemoteZip).toList();
        WantedFiles wanted = new WantedFiles(request, ExistingBag.NOTHING, Set.of());
        MemberPlanner members = members(used, PullListener.silent());
        return Parallel.map(DIRECTORIES, zips, item -> members.list(item, wanted));
    }

    private PullSources sources(PullRequest request, @Nullable Narrowing narrowing) throws Problem {
        return new PullSources(sources, transport, request, failed, narrowing, listings);
    }

    /**
     * The requested files of a dataset, and of its zips.
     *
     * @throws Problem if a source cannot list its files, or the directory of a zip cannot be read
     */
    public FileTable files(PullRequest request) throws Problem {
        FileSelection selection =
                FileSelection.of(request.only(), request.manifest().manifest());
        FileTable table = table(request, PullSources.narrowing(selection), listed -> true);
        return selection.everything() ? table : table.only(selection);
    }

    private FileTable table(PullRequest request, Narrowing narrowing, Predicate<FileTable> needsMembers)
            throws Problem {
        PullRequest all = request.with(List.of());
        PullSources used = sources(all, narrowing);
        List<PullPlan.Item> items = new PullPlanner(used).items(Map.of());
        FileTable.Builder table = new FileTable.Builder(used.manifest());
        for (PullPlan.Item item : items) {
            table.add(item, used.pinned(item));
        }
        FileTable listed = table.build();
        List<PullPlan.Item> zips =
                items.stream().filter(MemberPlanner::isRemoteZip).toList();
        if (zips.isEmpty() || !needsMembers.test(listed)) {
            return listed;
        }
        WantedFiles wanted = new WantedFiles(all, ExistingBag.NOTHING, Set.of());
        MemberPlanner members = members(used, PullListener.silent());
        List<RemoteArchive> archives = Parallel.map(DIRECTORIES, zips, item -> members.list(item, wanted));
        for (int i = 0; i < zips.size(); i++) {
            Problem problem = archives.get(i).problem();
            if (problem != null) {
                throw problem;
            }
            table.add(archives.get(i), zips.get(i));
        }
        return table.build();
    }

    /**
     * The request with the files that lists and conditions choose, as paths. No host is asked if the same choice was made before,
     * or if the dataset is complete in the mirror and tells.
     *
     * @param listed words of lists
     * @param query conditions; null if there are none
     * @param note receives what the user should know
     * @throws Problem {@code USAGE} if a word names no file, or the conditions leave none; otherwise as {@link #plan}
     */
    public PullRequest choose(
            PullRequest request, List<ListedWord> listed, @Nullable FileQuery query, Consumer<String> note)
            throws Problem {
        if (listed.isEmpty() && query == null) {
            return request;
        }
        FileChoice choice = new FileChoice(request.manifest().manifest(), request.only(), listed, query, note);
        Bag bag = present(sources(request, null)).bag().orElse(null);
        List<String> words = bag == null ? null : choice.of(bag.checksums().keySet());
        if (bag != null && words == null) {
            for (Choice before : bag.choices()) {
                if (before.by().equals(choice.by())) {
                    note.accept("the same choice as before of "
                            + Count.of(before.selection().size(), "file")
                            + " in the mirror; the host is not asked again");
                    return request.with(before);
                }
            }
            words = bag.selection().isEmpty() ? ofComplete(choice, bag, request) : null;
        }
        if (words == null) {
            words = choice.of(table(request, query == null ? Narrowing.NONE : query.narrowing(), choice::needsMembers));
        }
        return request.with(new Choice(choice.by(), words));
    }

    /** What a choice means in a bag that has all files of the dataset; null if something is not known there. */
    private static @Nullable List<String> ofComplete(FileChoice choice, Bag bag, PullRequest request) throws Problem {
        FileTable.Builder files = new FileTable.Builder(request.manifest().manifest());
        Map<String, FetchRecord> fetches = new HashMap<>();
        bag.fetches().forEach(fetch -> fetches.put(fetch.id(), fetch));
        for (BagFile file : bag.files()) {
            FetchRecord fetch = fetches.get(file.fetch());
            if (fetch == null) {
                return null;
            }
            files.add(file, fetch);
        }
        FileTable table = files.build();
        return choice.isAnsweredBy(table) ? choice.of(table) : null;
    }

    private MemberPlanner members(PullSources used, PullListener listener) {
        return new MemberPlanner(fetcher, unpacker, new SourceFallback(used), listener);
    }

    /**
     * The plan with only the wanted members of remote zips, where their hosts allow that.
     *
     * @param all whether the plan has all that is selected, so that what it lacks does not exist
     * @throws Problem {@code USAGE} if the selection matches no file, as far as directories of archives can tell
     */
    private static PullPlan lookInside(
            PullPlan plan,
            PullSources used,
            PullPlanner planner,
            ExistingBag present,
            Set<FilePath> broken,
            WantedFiles wanted,
            MemberPlanner members,
            boolean all)
            throws Problem {
        boolean keepArchives = used.request().keepArchives();
        List<PullPlan.Item> looked = Parallel.map(
                DIRECTORIES, plan.items(), item -> members.plan(item, wanted, present.of(item, broken), keepArchives));
        List<PullPlan.Item> items = looked.stream()
                .filter(item -> item.local() != null
                        || item.members() == null
                        || !item.members().contents().members().isEmpty())
                .toList();
        if (items.equals(plan.items())) {
            return plan;
        }
        boolean opaque = looked.stream().anyMatch(item -> item.unpack() && item.members() == null);
        if (all && !opaque && !wanted.isRepair()) {
            planner.refuseUnmatched(
                    word -> present.fetched(word)
                            || wanted.keepsAny(word)
                            || items.stream().anyMatch(item -> item.holds(word)),
                    members.paths(looked, wanted));
        }
        return plan.with(items, planner.size(items, false));
    }

    private Lease lock(PullSources used, PullListener listener) throws Problem {
        return mirror.lock(used.manifest().id() + "@" + used.version(), lockTimeout, listener::note);
    }

    /** Whether everything requested is in the mirror; a selection that the dataset does not have is refused. */
    private static boolean covered(ExistingBag present, PullPlanner planner, PullRequest request) throws Problem {
        if (!present.covers(request, request.manifest().manifest())) {
            return false;
        }
        planner.refuseUnknown(present);
        return true;
    }

    /** The bag that a pull adds to: one of a shared mirror is never changed. */
    private ExistingBag own(ExistingBag present) {
        return present.bag().map(bag -> mirror.owns(bag.ref())).orElse(true) ? present : ExistingBag.NOTHING;
    }

    /** A pull of more than a shared mirror has of a dataset takes what that has as well, since it hides it. */
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

    private ExistingBag present(PullSources used) throws Problem {
        Optional<BagRef> ref = mirror.bag(used.manifest().id(), used.version());
        return ref.isPresent() ? ExistingBag.of(Bag.read(ref.get())) : ExistingBag.NOTHING;
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

    private static Map<String, LocalFileSource.Recognised> localFiles(PullRequest request) throws Problem {
        return new LocalFileMatcher(request.manifest().manifest()).recognise(request.localFiles());
    }

    private static PullPlan nothingToFetch(PullSources used, ExistingBag present) {
        return new PullPlan(
                used.manifest().id(), used.version(), List.of(), present.fileCount(), Size.ZERO, Size.ZERO, 0);
    }

    private PullPlan plan(
            PullSources used,
            PullPlanner planner,
            ExistingBag present,
            Set<FilePath> broken,
            Map<String, LocalFileSource.Recognised> local)
            throws Problem {
        List<PullPlan.Item> all = planner.items(local);
        List<PullPlan.Item> missing = new ArrayList<>();
        List<PullPlan.Item> others = new ArrayList<>();
        for (PullPlan.Item item : all) {
            (present.lacks(item, broken) ? missing : others).add(item);
        }
        // Files that were pulled from another item before, such as one by one instead of in an archive.
        Set<FilePath> rest = present.without(missing, broken);
        List<PullPlan.Item> items = new ArrayList<>(missing);
        others.stream().filter(item -> ExistingBag.mayHold(item, rest)).forEach(items::add);
        Manifest manifest = used.manifest();
        boolean whole = items.size() == all.size() && used.request().only().isEmpty() && used.isDefaultVariant();
        return new PullPlan(
                manifest.id(),
                used.version(),
                items,
                present.fileCount() - broken.size(),
                planner.size(items, whole),
                whole && manifest.unpacked() != null ? manifest.unpacked().size() : Size.UNKNOWN,
                items.stream().mapToLong(item -> fetcher.received(item.first())).sum());
    }

    /**
     * Refuses to make a bag from one whose record was changed: the new one would vouch for it. What is written again anyway
     * is only named.
     */
    private void refuseChangedRecord(Run run) throws Problem {
        Bag bag = run.present().bag().orElse(null);
        if (bag == null) {
            return;
        }
        List<String> changed = new ArrayList<>();
        for (BagVerifier.Fault fault : BagVerifier.record(bag)) {
            if (fault.isWrittenAgain()) {
                run.listener().note(fault + "; it is written again");
            } else {
                changed.add(fault.toString());
            }
        }
        String other = JournalVerifier.of(mirror).fault(bag.ref());
        if (changed.isEmpty() && other != null) {
            // Another process may have published between the journal and the bag.
            other = JournalVerifier.of(mirror).fault(bag.ref());
            changed.addAll(other == null ? List.of() : List.of(other));
        }
        boolean replaced = !Bag.state(bag.ref().path()).equals(run.present().state());
        if (!changed.isEmpty() && !replaced) {
            throw new Problem(
                    Problem.Kind.WRONG_BYTES,
                    "the record of " + bag.ref().id() + " in the mirror was changed:\n  "
                            + String.join("\n  ", changed),
                    "put it back as it was, or look for your own notes in "
                            + bag.ref().path() + "; `histods remove` and" + " `histods pull` make the dataset again");
        }
    }

    /**
     * The files of a bag in staging, complete and correct.
     *
     * @param carrier carries over the user's own files
     */
    private record Made(
            PullPlan plan,
            Staging staging,
            BagAssembly assembly,
            PullExecutor executor,
            List<FetchResult> fetches,
            ExtraFileCarrier carrier) {

        long transferred() {
            return fetches.stream()
                    .mapToLong(f -> f.file().origin().transferred())
                    .sum();
        }
    }

    /** What is done with the files. */
    private interface Finish<T> {
        T apply(Made made) throws Problem;
    }

    private <T> T execute(Run run, Finish<T> finish) throws Problem {
        PullRequest request = run.request();
        PullListener listener = run.listener();
        refuseChangedRecord(run);
        Map<String, LocalFileSource.Recognised> local =
                new TorrentPieceLocator(sources, transport, listener::note).locate(run.manifest(), localFiles(request));
        WantedFiles wanted = wanted(run);
        Share share = run.share();
        MemberPlanner members = members(run.sources(), listener);
        PullPlan plan = run.recordOnly()
                ? nothingToFetch(run.sources(), run.present())
                : inside(
                        run,
                        share == null
                                ? plan(run.sources(), run.planner(), run.present(), run.broken(), local)
                                : plan(run, share),
                        wanted,
                        members);
        run.sources().demoted().forEach(listener::note);
        ExtraFileCarrier carrier = carrier(run, plan);
        long unpacked = Parallel.map(DIRECTORIES, plan.items(), item -> members.unpackedBytes(item, wanted)).stream()
                .mapToLong(bytes -> bytes)
                .sum();
        needSpace(plan, request.offer(), unpacked);
        noteEntire(plan, listener);
        if (run.manifest().access().status() == Access.Status.CREDENTIAL
                && plan.items().size() > 1) {
            requireAccess(plan.items(), new SourceFallback(run.sources()));
        }
        listener.planned(plan);
        if (run.action() == Mode.REPAIR) {
            keepGoodBlocks(run, plan);
        }
        try (Staging staging = mirror.stage();
                SmallFiles small = smallFiles(plan, share, listener);
                TaskExecutor tasks = new TaskExecutor("histods-pull")) {
            ExistingBag kept = share == null ? run.present() : ExistingBag.NOTHING;
            BagAssembly assembly = new BagAssembly(staging, mirror, kept, run.broken(), request.offer());
            ItemFetcher items = new ItemFetcher(
                    fetcher,
                    new SourceFallback(run.sources()),
                    new ItemUnpacker(wanted, unpacker, staging, assembly),
                    listener,
                    tasks,
                    small);
            try (PullExecutor executor = new PullExecutor(request, items, assembly, tasks, small)) {
                List<FetchResult> fetches = executor.fetch(plan.items());
                if (share == null) {
                    refuseUnmatched(run, wanted, fetches);
                }
                return finish.apply(new Made(plan, staging, assembly, executor, fetches, carrier));
            } finally {
                run.transfers().addAll(items.keys());
            }
        }
    }

    /**
     * Asks each host for one byte, if the dataset needs credentials: that they are missing or may not read it is said before
     * the files of other hosts are fetched. Any other failure is left to the fetch itself.
     */
    private void requireAccess(List<PullPlan.Item> items, SourceFallback fallback) throws Problem {
        Set<String> asked = new HashSet<>();
        for (PullPlan.Item item : items) {
            FetchCandidate first = item.first();
            String place = first.source().kind() + " " + first.record() + " "
                    + first.file().uri().getHost();
            if (first.source().kind().equals(LocalFileSource.KIND) || !asked.add(place)) {
                continue;
            }
            try (Response response =
                    first.source().open(first.file(), first.file().uri(), 0, 0, null, transport)) {
                response.status();
            } catch (IOException brokeAfterTheResponse) {
                // The host has responded, which is all that is asked.
            } catch (Problem p) {
                if (p.kind() == Problem.Kind.INTERRUPTED
                        || (p.kind() == Problem.Kind.PERSON
                                && fallback.alternatives(item).isEmpty())) {
                    throw p;
                }
            }
        }
    }

    /** Of a damaged large file, only the blocks are fetched that are not as they were. */
    private void keepGoodBlocks(Run run, PullPlan plan) throws Problem {
        Bag bag = run.present().bag().orElse(null);
        if (bag == null || plan.items().isEmpty()) {
            return;
        }
        Map<FilePath, PullPlan.Item> items = new HashMap<>();
        plan.items().stream()
                .filter(item ->
                        !item.unpack() && item.local() == null && item.first().localName() == null)
                .forEach(item -> items.put(item.file().path(), item));
        Map<String, FetchRecord> fetches = new HashMap<>();
        bag.fetches().forEach(fetch -> fetches.put(fetch.id(), fetch));
        FileNames names = new FileNames(bag.ref().data());
        for (BagFile file : run.present().files()) {
            PullPlan.Item item = items.get(file.path());
            FetchRecord fetch = fetches.get(file.fetch());
            Path damaged = names.of(file.path());
            if (item == null
                    || fetch == null
                    || !run.broken().contains(file.path())
                    || !fetch.sha256().equals(file.sha256().hex())
                    || !Files.isRegularFile(damaged)) {
                continue;
            }
            Optional<BlockChecksums> blocks = fetch.blocks();
            long kept = blocks.isEmpty()
                    ? 0
                    : fetcher.keepGoodBlocks(item.first(), damaged, file.bytes(), blocks.get(), fetch.origin());
            if (kept > 0) {
                run.listener()
                        .note(file.path() + ": " + Bytes.text(kept) + " of " + Bytes.text(file.bytes())
                                + " are undamaged, fetching the rest");
            }
        }
    }

    /**
     * Refuses what does not fit on the disk. Copies of large files need no space if they share the blocks of the originals.
     *
     * @param unpacked how many bytes archives unpack to beside themselves, as far as that is known
     */
    private void needSpace(PullPlan plan, @Nullable Offer offer, long unpacked) throws Problem {
        List<LocalFile> copied = offer == null || offer.how() != Offer.How.COPY
                ? List.of()
                : plan.items().stream()
                        .map(PullPlan.Item::local)
                        .filter(local -> local != null && local.offered())
                        .flatMap(local -> local.copies().stream())
                        .map(LocalCopy::file)
                        .toList();
        long bytes = copied.stream().mapToLong(LocalFile::bytes).sum();
        long needed = Math.max(plan.atLeast(), plan.toFetch() + unpacked);
        if (bytes > 0 && mirror.free() < needed + bytes) {
            LocalFile largest = Collections.max(copied, Comparator.comparingLong(LocalFile::bytes));
            if (mirror.copiesShareBlocks(largest.file())) {
                bytes = copied.stream()
                        .mapToLong(LocalFile::bytes)
                        .filter(size -> size < Mirror.LARGE)
                        .sum();
            }
        }
        mirror.need(needed + bytes, plan.dataset().text());
    }

    /** Says of which archives everything is fetched although only some files are wanted, and why. */
    private static void noteEntire(PullPlan plan, PullListener listener) {
        List<PullPlan.Item> entire =
                plan.items().stream().filter(item -> item.entirely() != null).toList();
        entire.stream()
                .limit(LISTED)
                .forEach(item ->
                        listener.note(item.file().path() + ": downloading all of it, because " + item.entirely()));
        if (entire.size() > LISTED) {
            listener.note("downloading all of " + (entire.size() - LISTED) + " more archives");
        }
    }

    /** What fetches the small files; null if there are too few to be worth it. */
    private @Nullable SmallFiles smallFiles(PullPlan plan, @Nullable Share share, PullListener listener)
            throws Problem {
        long count = plan.items().stream()
                .filter(item -> !item.unpack() && SmallFiles.has(item.first()))
                .count();
        return count > FEW ? fetcher.smallFiles(smallFilesName(plan, share), listener) : null;
    }

    private static String smallFilesName(PullPlan plan, @Nullable Share share) {
        return plan.dataset() + "@" + plan.version() + (share == null ? "" : " " + share);
    }

    /** What carries over the user's own files. Refuses those that are in the way, as far as that is known now. */
    private static ExtraFileCarrier carrier(Run run, PullPlan plan) throws Problem {
        Bag bag = run.present().bag().orElse(null);
        if (bag == null) {
            return new ExtraFileCarrier(null, List.of());
        }
        ExtraFiles extra = ExtraFiles.of(bag.ref());
        if (run.request().discardExtra()) {
            extra.names()
                    .forEach(path -> run.listener()
                            .note(TerminalText.safeLine(path) + " is not part of the dataset and will be deleted"));
            return new ExtraFileCarrier(run.present().state(), extra.names());
        }
        List<FilePath> dataset = new ArrayList<>();
        run.present().files().forEach(file -> dataset.add(file.path()));
        for (PullPlan.Item item : plan.items()) {
            if (item.members() != null) {
                item.members().contents().members().forEach(member -> dataset.add(member.path()));
            } else if (!item.unpack()) {
                dataset.add(item.file().path());
            }
        }
        extra.refuseInPlaceOf(dataset);
        return new ExtraFileCarrier(run.present().state(), List.of());
    }

    /** A word of the selection that matches no member of an archive is noticed only when the archive is read. */
    private static void refuseUnmatched(Run run, WantedFiles wanted, List<FetchResult> fetches) throws Problem {
        if (run.action() == Mode.PULL) {
            run.planner()
                    .refuseUnmatched(
                            word -> run.present().fetched(word)
                                    || wanted.keepsAny(word)
                                    || fetches.stream().anyMatch(fetch -> fetch.holds(word)),
                            List.of());
        }
    }

    /** Empty if another bag was there than the one that this was made from. */
    private Optional<Result> publish(Run run, Made made) throws Problem {
        PullPlan plan = made.plan();
        Staging staging = made.staging();
        BagAssembly assembly = made.assembly();
        ExtraFileCarrier carrier = made.carrier();
        ExistingBag present = run.present();
        Manifest manifest = run.manifest();
        DatasetVersion version = run.sources().version();
        RemoteBag served = present.bag().isPresent() ? null : run.sources().served();
        RemoteBag.UpstreamRecord upstream = served == null ? null : served.record(transport);
        int number = present.receiptNumber()
                + (upstream == null ? 0 : upstream.receipts().size())
                + 1;
        List<BagFile> files = assembly.files(made.fetches(), number);
        if (upstream != null) {
            files = upstream.origins(files);
        }
        assembly.refuseUnrepaired(files);
        Receipt receipt = receipt(run, made, number, files);
        assembly.takeReceipts();
        if (upstream != null) {
            upstream.writeReceipts(staging.root());
        }
        writer.write(
                staging.root(),
                files,
                run.request().manifest(),
                receipt,
                present.bag().map(Bag::local).orElse(false));
        BagPublisher publisher = new BagPublisher(mirror, run.listener()::note);
        Set<String> transfers = new HashSet<>(run.transfers());
        transfers.addAll(made.executor().keys());
        staging.completion(publisher.event(manifest.id(), version, receipt, staging.root(), files.size()), transfers);
        BagRef ref;
        try {
            ref = staging.publish(manifest.id(), version, carrier);
        } catch (Problem p) {
            if (carrier.outdated()) {
                mirror.discard(staging, manifest.id(), version);
                return Optional.empty();
            }
            throw p;
        }
        noteCarried(carrier.carried(), run.listener());
        made.executor().discardFetched();
        // Before the files are stamped, since it changes their stamps.
        present.shardSet().ifPresent(mirror::deleteShards);
        publisher.complete(staging, ref);
        Offer offer = run.request().offer();
        if (offer != null) {
            release(plan, offer, ref, assembly, run.listener());
        }
        renewStamps(plan);
        publisher.stamp(ref, files, assembly.doubtful());
        return Optional.of(new Result(
                Bag.read(ref),
                true,
                made.transferred(),
                Duration.between(run.started(), clock.instant()),
                List.copyOf(new TreeSet<>(assembly.doubtful())),
                carrier.carried()));
    }

    private Receipt receipt(Run run, Made made, int number, List<BagFile> files) throws Problem {
        ExistingBag present = run.present();
        boolean repairs = run.action() == Mode.REPAIR;
        boolean adopts = run.request().offer() != null;
        String action = repairs ? "repair" : adopts ? "adopt" : present.bag().isPresent() ? "add" : "pull";
        return new Receipt(
                number,
                action,
                run.sources().variant(),
                repairs ? present.selection() : present.selectionWith(selected(run, made.plan())),
                tool,
                run.started(),
                clock.instant(),
                made.fetches(),
                made.assembly().reused(),
                BagWriter.fingerprint(files),
                null,
                repairs ? null : run.request().choice());
    }

    /** What the bag has of the dataset: what was requested, or less if only what was found is taken. */
    private static FileSelection selected(Run run, PullPlan plan) throws Problem {
        AdoptionReport adoption = plan.adoption();
        return adoption == null || adoption.selection().isEmpty()
                ? FileSelection.of(run.request().only(), run.manifest())
                : FileSelection.ofGlobs(adoption.selection());
    }

    /**
     * Deletes the names in the user's folder of files that are in the mirror now, if they are to be moved. What was compared with
     * nothing keeps its name: it may be a file of the user's own.
     */
    private void release(PullPlan plan, Offer offer, BagRef ref, BagAssembly assembly, PullListener listener) {
        int unchecked = 0;
        if (offer.how() == Offer.How.MOVE) {
            for (PullPlan.Item item : plan.items()) {
                if (item.local() == null || !item.local().offered()) {
                    continue;
                }
                for (LocalCopy copy : item.local().copies()) {
                    if (LocalContent.compared(copy.check())) {
                        mirror.release(
                                copy.file().file(),
                                ref.data().resolve(copy.path().text()));
                    } else {
                        unchecked++;
                    }
                }
            }
        }
        if (unchecked > 0) {
            listener.note(Count.of(unchecked, "file") + " of " + offer.folder()
                    + " that nothing was compared with stay" + (unchecked == 1 ? "s" : "")
                    + " there too, as some may be your own; the mirror has links to them");
        }
        if (assembly.copied() > 0) {
            listener.note(Count.of(assembly.copied(), "file") + " of " + offer.folder()
                    + " cannot be linked (another disk, another owner or a link) and stay"
                    + (assembly.copied() == 1 ? "s" : "") + " there; the mirror has copies");
        }
    }

    /**
     * Deletes the names that an adoption with {@link Offer.How#MOVE} left when it was interrupted after the dataset was
     * published: those of files that the bag has and that were compared with something.
     */
    private void finishMove(ExistingBag present, @Nullable Offer offer, PullListener listener) throws Problem {
        if (offer == null) {
            return;
        }
        Bag bag = present.bag().orElseThrow();
        long moved = 0;
        if (offer.how() == Offer.How.MOVE && mirror.owns(bag.ref())) {
            Map<Object, Path> inBag = new HashMap<>();
            Set<String> compared = bag.fetches().stream()
                    .filter(fetch -> fetch.local() != null
                            && fetch.local().groups().stream().allMatch(group -> LocalContent.compared(group.check())))
                    .map(FetchRecord::id)
                    .collect(Collectors.toSet());
            for (BagFile one : bag.files()) {
                if (compared.contains(one.fetch())) {
                    Path file = bag.ref().data().resolve(one.path().text());
                    Mirror.fileKey(file).ifPresent(key -> inBag.put(key, file));
                }
            }
            for (OfferedFile file : OfferedFiles.in(offer.folder()).all()) {
                Path same = file.linkable()
                        ? Mirror.fileKey(file.file()).map(inBag::get).orElse(null)
                        : null;
                if (same != null && mirror.release(file.file(), same)) {
                    moved++;
                }
            }
        }
        listener.note(
                moved > 0
                        ? "moved " + Count.of(moved, "file") + " of " + offer.folder()
                                + " that an earlier run has linked into the mirror"
                        : offer.folder() + " is left as it is, since the dataset is in the mirror already");
    }

    private static void noteCarried(List<String> carried, PullListener listener) {
        carried.stream()
                .limit(LISTED)
                .forEach(path ->
                        listener.note("kept " + TerminalText.safeLine(path) + ", which is not part of the dataset"));
        if (carried.size() > LISTED) {
            listener.note("kept " + (carried.size() - LISTED) + " more files that are not part of the dataset");
        }
    }
}
