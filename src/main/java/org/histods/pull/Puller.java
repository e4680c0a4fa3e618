package org.histods.pull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
import org.histods.concurrent.Parallel;
import org.histods.concurrent.TaskExecutor;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
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
    private final ServedMirrors served;

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
            ServedMirrors served) {
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
     * @param touched files of an existing bag that are missing or whose stamp has changed since the pull
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
     */
    private record Run(
            PullSources sources,
            PullPlanner planner,
            ExistingBag present,
            Mode action,
            Set<FilePath> broken,
            Instant started,
            PullListener listener,
            Set<String> transfers) {

        PullRequest request() {
            return sources.request();
        }

        Manifest manifest() {
            return sources.manifest();
        }

        Run with(ExistingBag read) {
            return new Run(sources, planner, read, action, broken, started, listener, transfers);
        }

        /** Whether only the record of the bag is written again. */
        boolean recordOnly() {
            return action == Mode.REPAIR && broken.isEmpty();
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
            for (ServedBag bag : offered(used, listener::note)) {
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
                Optional<Result> result = attempt(
                        new Run(used, planner, own(present), Mode.PULL, Set.of(), started, listener, transfers));
                if (result.isPresent()) {
                    return result.get();
                }
                listener.note("another process changed the dataset meanwhile; continuing from what is there");
            }
        }
        throw changedByOthers(request.manifest().manifest().id());
    }

    /** The bags of served mirrors that have the dataset; none if the request names what to use instead. */
    private List<ServedBag> offered(PullSources own, Consumer<String> note) throws Problem {
        PullRequest request = own.request();
        return request.source() != null
                        || request.offer() != null
                        || !request.localFiles().isEmpty()
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
        return fromMirror(new Run(used, planner, own(present), Mode.PULL, Set.of(), started, listener, transfers));
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
            ServedBag bag = Objects.requireNonNull(run.sources().served());
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
        try {
            return execute(run.with(run.present().withFiles()));
        } catch (Problem p) {
            if (p.kind() != Problem.Kind.INTERRUPTED && run.present().gone()) {
                return Optional.empty();
            }
            throw p;
        }
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
            for (ServedBag bag : broken.isEmpty() ? List.<ServedBag>of() : offered(used, listener::note)) {
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
                                transfers))
                        : Optional.empty();
                if (result.isPresent()) {
                    return result.get();
                }
            }
            return attempt(new Run(
                            used, new PullPlanner(used), present, Mode.REPAIR, broken, started, listener, transfers))
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
        for (ServedBag bag : offered(used, notes::add)) {
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
        return lookInside(plan, used, planner, read, Set.of(), wanted, members);
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
        List<String> words = bag == null ? null : choice.of(bag.sums().keySet());
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
     * @throws Problem {@code USAGE} if the selection matches no file, as far as directories of archives can tell
     */
    private static PullPlan lookInside(
            PullPlan plan,
            PullSources used,
            PullPlanner planner,
            ExistingBag present,
            Set<FilePath> broken,
            WantedFiles wanted,
            MemberPlanner members)
            throws Problem {
        boolean keepArchives = used.request().keepArchives();
        List<PullPlan.Item> all = Parallel.map(
                DIRECTORIES, plan.items(), item -> members.plan(item, wanted, present.of(item, broken), keepArchives));
        List<PullPlan.Item> items = all.stream()
                .filter(item -> item.local() != null
                        || item.members() == null
                        || !item.members().contents().members().isEmpty())
                .toList();
        if (items.equals(plan.items())) {
            return plan;
        }
        boolean opaque = all.stream().anyMatch(item -> item.unpack() && item.members() == null);
        if (!opaque && !wanted.isRepair()) {
            planner.refuseUnmatched(
                    word -> present.fetched(word)
                            || wanted.keepsAny(word)
                            || items.stream().anyMatch(item -> item.holds(word)),
                    members.paths(all, wanted));
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
        Set<FilePath> paths = bag.sums().keySet();
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

    private Optional<Result> execute(Run run) throws Problem {
        PullRequest request = run.request();
        PullListener listener = run.listener();
        refuseChangedRecord(run);
        Map<String, LocalFileSource.Recognised> local =
                new TorrentPieceLocator(sources, transport, listener::note).locate(run.manifest(), localFiles(request));
        WantedFiles wanted = new WantedFiles(request, run.present(), run.broken());
        MemberPlanner members = members(run.sources(), listener);
        PullPlan plan = run.recordOnly()
                ? nothingToFetch(run.sources(), run.present())
                : lookInside(
                        local(
                                plan(run.sources(), run.planner(), run.present(), run.broken(), local),
                                request,
                                run.planner(),
                                wanted,
                                members,
                                listener),
                        run.sources(),
                        run.planner(),
                        run.present(),
                        run.broken(),
                        wanted,
                        members);
        run.sources().demoted().forEach(listener::note);
        ExtraFileCarrier carrier = carrier(run, plan);
        needSpace(plan, request.offer());
        noteEntire(plan, listener);
        if (run.manifest().access().status() == Access.Status.CREDENTIAL
                && plan.items().size() > 1) {
            requireAccess(plan.items(), new SourceFallback(run.sources()));
        }
        listener.planned(plan);
        try (Staging staging = mirror.stage();
                SmallFiles small = smallFiles(plan, listener);
                TaskExecutor tasks = new TaskExecutor("histods-pull")) {
            BagAssembly assembly = new BagAssembly(staging, mirror, run.present(), run.broken(), request.offer());
            ItemFetcher items = new ItemFetcher(
                    fetcher,
                    new SourceFallback(run.sources()),
                    new ItemUnpacker(wanted, unpacker, staging, assembly),
                    listener,
                    tasks,
                    small);
            try (PullExecutor executor = new PullExecutor(request, items, assembly, tasks, small)) {
                List<FetchResult> fetches = executor.fetch(plan.items());
                refuseUnmatched(run, wanted, fetches);
                return publish(run, plan, staging, assembly, executor, fetches, carrier);
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

    /** Refuses what does not fit on the disk. Copies of large files need no space if they share the blocks of the originals. */
    private void needSpace(PullPlan plan, @Nullable Offer offer) throws Problem {
        List<LocalFile> copied = offer == null || offer.how() != Offer.How.COPY
                ? List.of()
                : plan.items().stream()
                        .map(PullPlan.Item::local)
                        .filter(local -> local != null && local.offered())
                        .flatMap(local -> local.copies().stream())
                        .map(LocalCopy::file)
                        .toList();
        long bytes = copied.stream().mapToLong(LocalFile::bytes).sum();
        if (bytes > 0 && mirror.free() < plan.atLeast() + bytes) {
            LocalFile largest = Collections.max(copied, Comparator.comparingLong(LocalFile::bytes));
            if (mirror.copiesShareBlocks(largest.file())) {
                bytes = copied.stream()
                        .mapToLong(LocalFile::bytes)
                        .filter(size -> size < Mirror.LARGE)
                        .sum();
            }
        }
        mirror.need(plan.atLeast() + bytes, plan.dataset().text());
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
    private @Nullable SmallFiles smallFiles(PullPlan plan, PullListener listener) throws Problem {
        long count = plan.items().stream()
                .filter(item -> !item.unpack() && SmallFiles.has(item.first()))
                .count();
        return count > FEW ? fetcher.smallFiles(plan.dataset() + "@" + plan.version(), listener) : null;
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
    private Optional<Result> publish(
            Run run,
            PullPlan plan,
            Staging staging,
            BagAssembly assembly,
            PullExecutor executor,
            List<FetchResult> fetches,
            ExtraFileCarrier carrier)
            throws Problem {
        ExistingBag present = run.present();
        Manifest manifest = run.manifest();
        DatasetVersion version = run.sources().version();
        ServedBag served = present.bag().isPresent() ? null : run.sources().served();
        ServedBag.UpstreamRecord upstream = served == null ? null : served.record(transport);
        int number = present.receiptNumber()
                + (upstream == null ? 0 : upstream.receipts().size())
                + 1;
        List<BagFile> files = assembly.files(fetches, number);
        if (upstream != null) {
            files = upstream.origins(files);
        }
        assembly.refuseUnrepaired(files);
        boolean adopts = run.request().offer() != null;
        String action = run.action() == Mode.REPAIR
                ? "repair"
                : adopts ? "adopt" : present.bag().isPresent() ? "add" : "pull";
        Receipt receipt = new Receipt(
                number,
                action,
                run.sources().variant(),
                run.action() == Mode.REPAIR ? present.selection() : present.selectionWith(selected(run, plan)),
                tool,
                run.started(),
                clock.instant(),
                fetches,
                assembly.reused(),
                BagWriter.fingerprint(files),
                null,
                run.action() == Mode.REPAIR ? null : run.request().choice());
        assembly.takeReceipts();
        if (upstream != null) {
            upstream.writeReceipts(staging.root());
        }
        writer.write(staging.root(), files, run.request().manifest(), receipt);
        BagPublisher publisher = new BagPublisher(mirror, run.listener()::note);
        staging.completion(
                publisher.event(manifest.id(), version, receipt, staging.root(), files.size()), executor.keys());
        BagRef ref;
        try {
            ref = staging.publish(manifest.id(), version, carrier);
        } catch (Problem p) {
            if (carrier.outdated()) {
                return Optional.empty();
            }
            throw p;
        }
        noteCarried(carrier.carried(), run.listener());
        executor.discardFetched();
        publisher.complete(staging, ref);
        Offer offer = run.request().offer();
        if (offer != null) {
            release(plan, offer, ref, assembly, run.listener());
        }
        renewStamps(plan);
        publisher.stamp(ref, files, assembly.doubtful());
        long transferred =
                fetches.stream().mapToLong(f -> f.file().origin().transferred()).sum();
        return Optional.of(new Result(
                Bag.read(ref),
                true,
                transferred,
                Duration.between(run.started(), clock.instant()),
                List.of(),
                carrier.carried()));
    }

    /** What the bag has of the dataset: what was requested, or less if only what was found is taken. */
    private static FileSelection selected(Run run, PullPlan plan) throws Problem {
        AdoptionReport adoption = plan.adoption();
        return adoption == null || adoption.selection().isEmpty()
                ? FileSelection.of(run.request().only(), run.manifest())
                : FileSelection.ofGlobs(adoption.selection());
    }

    /** Deletes the names in the user's folder of files that are in the mirror now, if they are to be moved. */
    private void release(PullPlan plan, Offer offer, BagRef ref, BagAssembly assembly, PullListener listener) {
        if (offer.how() == Offer.How.MOVE) {
            for (PullPlan.Item item : plan.items()) {
                if (item.local() != null && item.local().offered()) {
                    item.local()
                            .copies()
                            .forEach(copy -> mirror.release(
                                    copy.file().file(),
                                    ref.data().resolve(copy.path().text())));
                }
            }
        }
        if (assembly.copied() > 0) {
            listener.note(Count.of(assembly.copied(), "file") + " of " + offer.folder()
                    + " cannot be linked (another disk, another owner or a link) and stay"
                    + (assembly.copied() == 1 ? "s" : "") + " there; the mirror has copies");
        }
    }

    /**
     * Deletes the names that an adoption with {@link Offer.How#MOVE} left when it was interrupted after the dataset was
     * published: those of files that the bag has.
     */
    private void finishMove(ExistingBag present, @Nullable Offer offer, PullListener listener) throws Problem {
        if (offer == null) {
            return;
        }
        Bag bag = present.bag().orElseThrow();
        long moved = 0;
        if (offer.how() == Offer.How.MOVE && mirror.owns(bag.ref())) {
            Map<Object, Path> inBag = new HashMap<>();
            for (FilePath path : bag.sums().keySet()) {
                Path file = bag.ref().data().resolve(path.text());
                Mirror.fileKey(file).ifPresent(key -> inBag.put(key, file));
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
