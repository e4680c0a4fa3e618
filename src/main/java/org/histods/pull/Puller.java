package org.histods.pull;

import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
import org.histods.provenance.ContentIndex;
import org.histods.provenance.Fetch;
import org.histods.provenance.Receipt;
import org.histods.provenance.Tool;
import org.histods.quantity.Size;
import org.histods.source.Source;
import org.histods.transport.Transport;
import org.histods.unpack.Unpacker;

/** Brings datasets into the mirror: the flow of which every other package does a step. */
public final class Puller {

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
     */
    public record Result(Bag bag, boolean changed, long transferred, Duration took, List<FilePath> touched) {}

    /**
     * Makes the wanted files present. Nothing appears in the mirror before every file is there and right, and nothing
     * is asked of a host if all is there.
     *
     * @throws Problem if that cannot be done; what was transferred is kept for the next run where it can be used
     */
    public Result pull(PullRequest request, PullListener listener) throws Problem {
        Instant started = clock.instant();
        mirror.check();
        Planner planner = new Planner(sources, transport, request);
        Manifest manifest = request.manifest().manifest();
        Present present = present(manifest.id(), planner.version());
        if (covered(present, request, planner)) {
            return there(present, started);
        }
        try (var lease = mirror.lock(
                manifest.id() + "@" + planner.version(), wait, who -> listener.note("waiting for " + who))) {
            present = present(manifest.id(), planner.version());
            if (covered(present, request, planner)) {
                return there(present, started);
            }
            return fetch(request, planner, present.withFiles(), Set.of(), "pull", started, listener);
        }
    }

    /**
     * Fetches again what a bag has lost or what was changed in it, and nothing else.
     *
     * @param broken files of the bag that are missing or wrong
     * @throws Problem as {@link #pull}
     */
    public Result repair(PullRequest request, Set<FilePath> broken, PullListener listener) throws Problem {
        Instant started = clock.instant();
        Planner planner = new Planner(sources, transport, request);
        Manifest manifest = request.manifest().manifest();
        try (var lease = mirror.lock(
                manifest.id() + "@" + planner.version(), wait, who -> listener.note("waiting for " + who))) {
            Present present = present(manifest.id(), planner.version()).withFiles();
            return fetch(request, planner, present, broken, "repair", started, listener);
        }
    }

    /** What a pull would do, without doing it. */
    public Plan plan(PullRequest request) throws Problem {
        Planner planner = new Planner(sources, transport, request);
        Manifest manifest = request.manifest().manifest();
        Present present = present(manifest.id(), planner.version());
        if (covered(present, request, planner)) {
            return new Plan(manifest.id(), planner.version(), List.of(), present.fileCount(), Size.ZERO, Size.ZERO);
        }
        return plan(request, planner, present.withFiles(), Set.of(), recognised(request));
    }

    /** Whether all that is asked for is there; what the dataset does not have is refused rather than there. */
    private static boolean covered(Present present, PullRequest request, Planner planner) throws Problem {
        if (!present.covers(request, request.manifest().manifest())) {
            return false;
        }
        planner.refuseUnknown(present);
        return true;
    }

    private Present present(String id, String version) throws Problem {
        var ref = mirror.bag(id, version);
        return ref.isPresent() ? Present.of(Bag.read(ref.get())) : Present.NOTHING;
    }

    private Result there(Present present, Instant started) throws Problem {
        Bag bag = present.bag().orElseThrow();
        BagRef ref = bag.ref();
        Set<FilePath> paths = bag.sums().keySet();
        Set<FilePath> touched = new TreeSet<>(mirror.stamps(ref.id(), ref.version())
                .touched(ref.data(), paths)
                .orElse(List.of()));
        paths.stream()
                .filter(path -> !Files.exists(ref.data().resolve(path.text())))
                .forEach(touched::add);
        return new Result(bag, false, 0, Duration.between(started, clock.instant()), List.copyOf(touched));
    }

    private static Map<String, Brought.Recognised> recognised(PullRequest request) throws Problem {
        return new Recogniser(request.manifest().manifest()).recognise(request.brought());
    }

    private Plan plan(
            PullRequest request,
            Planner planner,
            Present present,
            Set<FilePath> broken,
            Map<String, Brought.Recognised> brought)
            throws Problem {
        Manifest manifest = request.manifest().manifest();
        List<Plan.Item> items = new ArrayList<>();
        List<Plan.Item> all = planner.items(brought);
        for (Plan.Item item : all) {
            if (present.lacks(item, broken)) {
                items.add(item);
            }
        }
        // What came another way before, such as file by file where there is an archive now, is looked for everywhere.
        Set<FilePath> rest = present.without(items, broken);
        all.stream()
                .filter(item -> !items.contains(item) && Present.mayHold(item, rest))
                .forEach(items::add);
        boolean whole = items.size() == all.size() && request.only().isEmpty() && planner.usual();
        return new Plan(
                manifest.id(),
                planner.version(),
                items,
                present.fileCount() - broken.size(),
                planner.size(items, whole),
                whole && manifest.unpacked() != null ? manifest.unpacked().size() : Size.UNKNOWN);
    }

    private Result fetch(
            PullRequest request,
            Planner planner,
            Present present,
            Set<FilePath> broken,
            String action,
            Instant started,
            PullListener listener)
            throws Problem {
        Map<String, Brought.Recognised> brought = new BroughtPieces(sources, transport, listener::note)
                .of(request.manifest().manifest(), recognised(request));
        Plan plan = plan(request, planner, present, broken, brought);
        mirror.need(plan.exactBytes(), "fetching " + plan.dataset());
        listener.planned(plan);
        try (Staging staging = mirror.stage()) {
            Assembly assembly = new Assembly(staging, mirror, present, broken);
            ItemUnpacking unpacking = new ItemUnpacking(request, unpacker, staging, assembly, broken);
            Work work = new Work(request, planner, fetcher, unpacking, assembly, listener);
            List<Fetch> fetches = work.all(plan.items());
            return record(request, planner, present, action, started, staging, assembly, fetches);
        }
    }

    private Result record(
            PullRequest request,
            Planner planner,
            Present present,
            String action,
            Instant started,
            Staging staging,
            Assembly assembly,
            List<Fetch> fetches)
            throws Problem {
        Manifest manifest = request.manifest().manifest();
        List<BagFile> files = assembly.files(fetches, present.receiptNumber() + 1);
        assembly.refuseUnmended(files);
        Fingerprint fingerprint = BagWriter.fingerprint(files);
        Receipt receipt = new Receipt(
                present.receiptNumber() + 1,
                present.bag().isPresent() && action.equals("pull") ? "add" : action,
                planner.variantName(),
                present.selectionWith(Selection.of(request.only(), manifest), action),
                tool,
                started,
                clock.instant(),
                fetches,
                assembly.reused(),
                fingerprint);
        assembly.takeReceipts();
        writer.write(staging.root(), files, request.manifest(), receipt);
        BagRef ref = staging.publish(manifest.id(), planner.version());
        mirror.stamps(ref.id(), ref.version())
                .take(ref.data(), files.stream().map(BagFile::path).toList());
        try (ContentIndex index = new ContentIndex(mirror)) {
            index.add(ref);
        }
        journal(receipt, ref, files.size());
        long transferred =
                fetches.stream().mapToLong(f -> f.file().origin().transferred()).sum();
        return new Result(Bag.read(ref), true, transferred, Duration.between(started, clock.instant()), List.of());
    }

    private void journal(Receipt receipt, BagRef ref, int files) throws Problem {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", BagWriter.time(receipt.finished()));
        line.put("event", receipt.action());
        line.put("dataset", ref.id());
        line.put("version", ref.version());
        line.put("fingerprint", receipt.fingerprint().hex());
        line.put("files", files);
        mirror.journal().append(line);
    }
}
