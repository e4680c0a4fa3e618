package org.histods.pull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.FilePath;
import org.histods.manifest.Manifest;
import org.histods.mirror.BagRef;
import org.histods.mirror.FileStamps;
import org.histods.mirror.Mirror;
import org.histods.mirror.Staging;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagFile;
import org.histods.provenance.BagWriter;
import org.histods.provenance.ExtraFileCarrier;
import org.histods.provenance.FileSelection;
import org.histods.provenance.Receipt;
import org.histods.provenance.Tool;
import org.histods.pull.local.LocalCopy;
import org.histods.pull.local.Offer;
import org.histods.pull.local.OfferedFile;
import org.histods.pull.local.OfferedFiles;
import org.histods.pull.remote.RemoteBag;
import org.histods.text.TerminalText;
import org.histods.transport.Transport;

/** Turns staged files into a bag or a shard with its record, and publishes it. */
final class RunPublisher {

    /** How many files that were kept are listed one by one. */
    private static final int LISTED = 20;

    private final Mirror mirror;
    private final Transport transport;
    private final BagWriter writer;
    private final Tool tool;
    private final Clock clock;

    RunPublisher(Mirror mirror, Transport transport, BagWriter writer, Tool tool, Clock clock) {
        this.mirror = mirror;
        this.transport = transport;
        this.writer = writer;
        this.tool = tool;
        this.clock = clock;
    }

    /** Empty if another bag is there than the one that this was made from. */
    Optional<Puller.Result> publish(PullRun run, Stager.Staged staged) throws Problem {
        PullPlan plan = staged.plan();
        Staging staging = staged.staging();
        BagAssembly assembly = staged.assembly();
        ExtraFileCarrier carrier = staged.carrier();
        ExistingBag present = run.present();
        Manifest manifest = run.manifest();
        DatasetVersion version = run.sources().version();
        RemoteBag served = present.bag().isPresent() ? null : run.sources().served();
        RemoteBag.UpstreamRecord upstream = served == null ? null : served.record(transport);
        int number = present.receiptNumber()
                + (upstream == null ? 0 : upstream.receipts().size())
                + 1;
        List<BagFile> files = assembly.files(staged.fetches(), number);
        if (upstream != null) {
            files = upstream.origins(files);
        }
        assembly.refuseUnrepaired(files);
        Receipt receipt = receipt(run, staged, number, files);
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
        transfers.addAll(staged.executor().keys());
        staging.completion(publisher.event(manifest.id(), version, receipt, staging.root(), files.size()), transfers);
        Offer offer = run.request().offer();
        if (offer != null && offer.how() != Offer.How.COPY) {
            requireUnchangedLinks(plan);
        }
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
        publisher.describe(ref, files, assembly.doubtful(), () -> {
            staged.executor().discardFetched();
            present.shardSet().ifPresent(mirror::deleteShards);
            publisher.complete(staging, ref);
            if (offer != null) {
                new OfferRelease(mirror).release(plan, offer, ref, assembly, run.listener());
            }
            renewStamps(plan);
        });
        return Optional.of(new Puller.Result(
                Bag.read(ref),
                true,
                staged.transferred(),
                Duration.between(run.started(), clock.instant()),
                List.copyOf(new TreeSet<>(assembly.doubtful())),
                carrier.carried()));
    }

    /**
     * Keeps a shard in the mirror until all are there.
     *
     * @return how many bytes arrived over the network
     */
    long keep(PullRun run, ShardPlan.Planned shard, Stager.Staged staged) throws Problem {
        int number = run.present().receiptNumber() + shard.number();
        List<BagFile> files = staged.assembly().files(staged.fetches(), number);
        Receipt receipt = receipt(run, staged, number, files);
        writer.write(staged.staging().root(), files, run.request().manifest(), receipt, false);
        Optional<BagRef> ref = staged.staging().publishShard(shard.plan().set(), shard.number());
        staged.executor().discardFetched();
        if (ref.isPresent()) {
            FileStamps.Seen seen = FileStamps.look(
                    ref.get().data(), files.stream().map(BagFile::path).toList());
            try {
                mirror.stamps(ref.get()).take(seen, List.of());
            } catch (Problem p) {
                run.listener().note(p.message() + "; the next `histods verify` reads these files");
            }
        }
        return staged.transferred();
    }

    private Receipt receipt(PullRun run, Stager.Staged staged, int number, List<BagFile> files) throws Problem {
        ExistingBag present = run.present();
        boolean repairs = run.action() == PullRun.Mode.REPAIR;
        boolean adopts = run.request().offer() != null;
        String action = repairs ? "repair" : adopts ? "adopt" : present.bag().isPresent() ? "add" : "pull";
        return new Receipt(
                number,
                action,
                new Receipt.Scope(
                        run.sources().variant(),
                        repairs ? present.selection() : present.selectionWith(selected(run, staged.plan())),
                        repairs ? null : run.request().choice(),
                        leftOut(run.request())),
                tool,
                run.started(),
                clock.instant(),
                staged.fetches(),
                staged.assembly().reused(),
                BagWriter.fingerprint(files),
                null);
    }

    /** The files that were left out of the folders that the user gave. */
    private static List<String> leftOut(PullRequest request) throws Problem {
        List<Path> folders = new ArrayList<>(request.localFiles());
        if (request.offer() != null) {
            folders.add(request.offer().folder());
        }
        List<String> all = new ArrayList<>();
        for (Path folder : folders) {
            if (Files.isDirectory(folder)) {
                all.addAll(OfferedFiles.leftOut(folder));
            }
        }
        return all;
    }

    /** What the bag has of the dataset: what was requested, or less if only what was found is taken. */
    private static FileSelection selected(PullRun run, PullPlan plan) throws Problem {
        AdoptionReport adoption = plan.adoption();
        return adoption == null || adoption.selection().isEmpty()
                ? FileSelection.of(run.request().only(), run.manifest())
                : FileSelection.ofGlobs(adoption.selection());
    }

    /**
     * A file that was linked is the user's own still: a program that has it open may have written to it since its content was
     * compared.
     *
     * @throws Problem {@code USAGE} if one has another size or time
     */
    private static void requireUnchangedLinks(PullPlan plan) throws Problem {
        for (PullPlan.Item item : plan.items()) {
            if (item.local() != null) {
                for (LocalCopy copy : item.local().copies()) {
                    if (copy.file() instanceof OfferedFile file && file.linkable()) {
                        file.requireUnchanged();
                    }
                }
            }
        }
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
