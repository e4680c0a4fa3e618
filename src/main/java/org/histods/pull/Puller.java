package org.histods.pull;

import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.FilePath;
import org.histods.digest.Fingerprint;
import org.histods.fetch.Fetcher;
import org.histods.manifest.Manifest;
import org.histods.mirror.BagRef;
import org.histods.mirror.Mirror;
import org.histods.mirror.Staging;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagFile;
import org.histods.provenance.BagWriter;
import org.histods.provenance.ExtraFileCarrier;
import org.histods.provenance.ExtraFiles;
import org.histods.provenance.FetchResult;
import org.histods.provenance.FileSelection;
import org.histods.provenance.Receipt;
import org.histods.provenance.Tool;
import org.histods.provenance.index.ContentIndex;
import org.histods.source.Source;
import org.histods.text.Size;
import org.histods.transport.Transport;
import org.histods.unpack.Unpacker;

/** Brings datasets into the mirror: the flow of which every other package does a step. */
public final class Puller {

    /** How many files that were kept are named one by one. */
    private static final int LISTED = 20;

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
    private final Duration wait;

    /**
     * A puller.
     *
     * @param wait how long to wait for another process that pulls the same dataset
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
            Duration wait) {
        this.sources = List.copyOf(sources);
        this.transport = transport;
        this.mirror = mirror;
        this.fetcher = fetcher;
        this.unpacker = unpacker;
        this.writer = writer;
        this.tool = tool;
        this.clock = clock;
        this.wait = wait;
    }

    /**
     * What a pull did.
     *
     * @param bag the bag that is in the mirror now
     * @param changed whether the pull made it; false if everything was there
     * @param transferred bytes that came over the network
     * @param took how long it took
     * @param touched files of a bag that was there that are gone or whose stamp has changed since
     * @param extra files of the bag before that are not the dataset's and were carried over, as paths below {@code data/}
     */
    public record Result(
            Bag bag, boolean changed, long transferred, Duration took, List<FilePath> touched, List<String> extra) {}

    /**
     * Makes the wanted files present. Nothing appears in the mirror before every file is there and right, and nothing
     * is asked of a host if all is there.
     *
     * @throws Problem if that cannot be done; what was transferred is kept for the next run where it can be used.
     *     {@code EXTRA_FILES} if a file that a person put into the bag is where the dataset has one
     */
    public Result pull(PullRequest request, PullListener listener) throws Problem {
        Instant started = clock.instant();
        mirror.check();
        mirror.tidy().forEach(listener::note);
        PullPlanner planner = new PullPlanner(sources, transport, request);
        Manifest manifest = request.manifest().manifest();
        mirror.requirePlace(manifest.id(), planner.version());
        ExistingBag present = present(manifest.id(), planner.version());
        if (covered(present, request, planner)) {
            return there(present, started);
        }
        try (var lease = mirror.lock(
                manifest.id() + "@" + planner.version(), wait, who -> listener.note("waiting for " + who))) {
            for (int attempt = 0; attempt < RIVALS; attempt++) {
                present = present(manifest.id(), planner.version());
                if (covered(present, request, planner)) {
                    return there(present, started);
                }
                Optional<Result> result = made(new Run(request, planner, present, "pull", started, listener), Set.of());
                if (result.isPresent()) {
                    return result.get();
                }
                listener.note("another process changed " + manifest.id() + " meanwhile; going on from what is there");
            }
        }
        throw rivals(manifest.id());
    }

    private static Problem rivals(DatasetId id) {
        return new Problem(
                Problem.Kind.BUSY,
                "other processes changed " + id + " while it was fetched",
                "wait for them to end, then run the same command again; what was fetched is kept");
    }

    /** Empty if another process published or removed the dataset meanwhile, which comes first without locks. */
    private Optional<Result> made(Run run, Set<FilePath> broken) throws Problem {
        try {
            return fetch(run.with(run.present().withFiles()), broken);
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
     * @param broken files of the bag that are missing or wrong; without any, only the bag's record is written again
     * @throws Problem as {@link #pull}
     */
    public Result repair(PullRequest request, Set<FilePath> broken, PullListener listener) throws Problem {
        Instant started = clock.instant();
        mirror.tidy().forEach(listener::note);
        PullPlanner planner = new PullPlanner(sources, transport, request);
        Manifest manifest = request.manifest().manifest();
        try (var lease = mirror.lock(
                manifest.id() + "@" + planner.version(), wait, who -> listener.note("waiting for " + who))) {
            ExistingBag present = present(manifest.id(), planner.version());
            return made(new Run(request, planner, present, "repair", started, listener), broken)
                    .orElseThrow(() -> rivals(manifest.id()));
        }
    }

    /** What a pull would do, without doing it. */
    public PullPlan plan(PullRequest request) throws Problem {
        PullPlanner planner = new PullPlanner(sources, transport, request);
        Manifest manifest = request.manifest().manifest();
        ExistingBag present = present(manifest.id(), planner.version());
        if (covered(present, request, planner)) {
            return new PullPlan(manifest.id(), planner.version(), List.of(), present.fileCount(), Size.ZERO, Size.ZERO);
        }
        return plan(request, planner, present.withFiles(), Set.of(), recognised(request));
    }

    /** Whether all that is asked for is there; what the dataset does not have is refused rather than there. */
    private static boolean covered(ExistingBag present, PullRequest request, PullPlanner planner) throws Problem {
        if (!present.covers(request, request.manifest().manifest())) {
            return false;
        }
        planner.refuseUnknown(present);
        return true;
    }

    private ExistingBag present(DatasetId id, DatasetVersion version) throws Problem {
        var ref = mirror.bag(id, version);
        return ref.isPresent() ? ExistingBag.of(Bag.read(ref.get())) : ExistingBag.NOTHING;
    }

    private Result there(ExistingBag present, Instant started) throws Problem {
        Bag bag = present.bag().orElseThrow();
        BagRef ref = bag.ref();
        Set<FilePath> paths = bag.sums().keySet();
        Set<FilePath> touched =
                new TreeSet<>(mirror.stamps(ref).touched(ref.data(), paths).orElse(List.of()));
        paths.stream()
                .filter(path -> !Files.exists(ref.data().resolve(path.text())))
                .forEach(touched::add);
        return new Result(bag, false, 0, Duration.between(started, clock.instant()), List.copyOf(touched), List.of());
    }

    private static Map<String, LocalFileSource.Recognised> recognised(PullRequest request) throws Problem {
        return new LocalFileMatcher(request.manifest().manifest()).recognise(request.brought());
    }

    private PullPlan plan(
            PullRequest request,
            PullPlanner planner,
            ExistingBag present,
            Set<FilePath> broken,
            Map<String, LocalFileSource.Recognised> brought)
            throws Problem {
        Manifest manifest = request.manifest().manifest();
        List<PullPlan.Item> items = new ArrayList<>();
        List<PullPlan.Item> all = planner.items(brought);
        for (PullPlan.Item item : all) {
            if (present.lacks(item, broken)) {
                items.add(item);
            }
        }
        // What came another way before, such as file by file where there is an archive now, is looked for everywhere.
        Set<FilePath> rest = present.without(items, broken);
        all.stream()
                .filter(item -> !items.contains(item) && ExistingBag.mayHold(item, rest))
                .forEach(items::add);
        boolean whole = items.size() == all.size() && request.only().isEmpty() && planner.usual();
        return new PullPlan(
                manifest.id(),
                planner.version(),
                items,
                present.fileCount() - broken.size(),
                planner.size(items, whole),
                whole && manifest.unpacked() != null ? manifest.unpacked().size() : Size.UNKNOWN);
    }

    /** A pull or repair that is under way. */
    private record Run(
            PullRequest request,
            PullPlanner planner,
            ExistingBag present,
            String action,
            Instant started,
            PullListener listener) {

        Manifest manifest() {
            return request.manifest().manifest();
        }

        Run with(ExistingBag read) {
            return new Run(request, planner, read, action, started, listener);
        }
    }

    private Optional<Result> fetch(Run run, Set<FilePath> broken) throws Problem {
        PullRequest request = run.request();
        PullPlanner planner = run.planner();
        ExistingBag present = run.present();
        PullListener listener = run.listener();
        Map<String, LocalFileSource.Recognised> brought =
                new TorrentPieceLocator(sources, transport, listener::note).of(run.manifest(), recognised(request));
        PullPlan plan = run.action().equals("repair") && broken.isEmpty()
                ? new PullPlan(
                        run.manifest().id(), planner.version(), List.of(), present.fileCount(), Size.ZERO, Size.ZERO)
                : plan(request, planner, present, broken, brought);
        ExtraFileCarrier carrier = carrier(request, present, plan, listener);
        mirror.need(plan.exactBytes(), "fetching " + plan.dataset());
        listener.planned(plan);
        try (Staging staging = mirror.stage()) {
            BagAssembly assembly = new BagAssembly(staging, mirror, present, broken);
            ItemUnpacker unpacking = new ItemUnpacker(request, unpacker, staging, assembly, broken);
            try (PullExecutor work = new PullExecutor(request, planner, fetcher, unpacking, assembly, listener)) {
                List<FetchResult> fetches = work.all(plan.items());
                return record(run, staging, assembly, work, fetches, carrier);
            }
        }
    }

    /** What takes a person's own files along. Refuses those that are in the way, as far as that is known beforehand. */
    private static ExtraFileCarrier carrier(
            PullRequest request, ExistingBag present, PullPlan plan, PullListener listener) throws Problem {
        Bag bag = present.bag().orElse(null);
        if (bag == null) {
            return new ExtraFileCarrier(null, List.of());
        }
        ExtraFiles extra = ExtraFiles.of(bag.ref());
        if (request.discardExtra()) {
            extra.names().forEach(path -> listener.note(path + " is not the dataset's and will be deleted"));
            return new ExtraFileCarrier(present.state(), extra.names());
        }
        List<FilePath> dataset = new ArrayList<>();
        present.files().forEach(file -> dataset.add(file.path()));
        plan.items().stream()
                .filter(item -> !item.unpack())
                .forEach(item -> dataset.add(item.file().path()));
        extra.refuseInPlaceOf(dataset);
        return new ExtraFileCarrier(present.state(), List.of());
    }

    /** Empty if another bag was there than the one that this was made from. */
    private Optional<Result> record(
            Run run,
            Staging staging,
            BagAssembly assembly,
            PullExecutor work,
            List<FetchResult> fetches,
            ExtraFileCarrier carrier)
            throws Problem {
        PullRequest request = run.request();
        PullPlanner planner = run.planner();
        ExistingBag present = run.present();
        Manifest manifest = run.manifest();
        String action = run.action();
        List<BagFile> files = assembly.files(fetches, present.receiptNumber() + 1);
        assembly.refuseUnmended(files);
        Fingerprint fingerprint = BagWriter.fingerprint(files);
        Receipt receipt = new Receipt(
                present.receiptNumber() + 1,
                present.bag().isPresent() && action.equals("pull") ? "add" : action,
                planner.variantName(),
                present.selectionWith(FileSelection.of(request.only(), manifest), action),
                tool,
                run.started(),
                clock.instant(),
                fetches,
                assembly.reused(),
                fingerprint);
        assembly.takeReceipts();
        writer.write(staging.root(), files, request.manifest(), receipt);
        staging.completion(event(receipt, manifest.id(), planner.version(), files.size()), work.keys());
        BagRef ref;
        try {
            ref = staging.publish(manifest.id(), planner.version(), carrier);
        } catch (Problem p) {
            if (carrier.outdated()) {
                return Optional.empty();
            }
            throw p;
        }
        name(carrier.carried(), run.listener());
        work.letGo();
        try {
            staging.complete();
        } catch (Problem p) {
            throw new Problem(
                    p.kind(),
                    ref.id() + " " + ref.version() + " is in the mirror, whole and right, but " + p.message(),
                    "the next `histods pull` or `histods gc` writes that line",
                    List.of(),
                    p);
        }
        stamp(ref, files, assembly.doubtful(), run.listener());
        try (ContentIndex index = new ContentIndex(mirror)) {
            index.add(ref);
        }
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

    private static void name(List<String> carried, PullListener listener) {
        carried.stream().limit(LISTED).forEach(path -> listener.note("kept " + path + ", which is not the dataset's"));
        if (carried.size() > LISTED) {
            listener.note("kept " + (carried.size() - LISTED) + " more files that are not the dataset's");
        }
    }

    /** Stamps what was fetched or is known to be right; without stamps `verify` reads more. */
    private void stamp(BagRef ref, List<BagFile> files, Set<FilePath> doubtful, PullListener listener) {
        try {
            mirror.stamps(ref)
                    .take(
                            ref.data(),
                            files.stream()
                                    .map(BagFile::path)
                                    .filter(path -> !doubtful.contains(path))
                                    .toList());
        } catch (Problem p) {
            listener.note(p.message() + "; the next `histods verify` will read all files");
        }
    }

    private static Map<String, Object> event(Receipt receipt, DatasetId id, DatasetVersion version, int files) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", BagWriter.time(receipt.finished()));
        line.put("event", receipt.action());
        line.put("dataset", id);
        line.put("version", version);
        line.put("fingerprint", receipt.fingerprint().hex());
        line.put("files", files);
        return line;
    }
}
