package org.histods.pull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.histods.concurrent.TaskExecutor;
import org.histods.digest.BlockChecksums;
import org.histods.digest.FilePath;
import org.histods.fetch.FetchCandidate;
import org.histods.fetch.Fetcher;
import org.histods.fetch.SmallFiles;
import org.histods.manifest.Access;
import org.histods.mirror.Mirror;
import org.histods.mirror.Staging;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagFile;
import org.histods.provenance.BagVerifier;
import org.histods.provenance.ExtraFileCarrier;
import org.histods.provenance.ExtraFiles;
import org.histods.provenance.FetchLog;
import org.histods.provenance.FetchRecord;
import org.histods.provenance.FileNames;
import org.histods.provenance.JournalVerifier;
import org.histods.pull.local.LocalCopy;
import org.histods.pull.local.LocalFile;
import org.histods.pull.local.LocalFileSource;
import org.histods.pull.local.Offer;
import org.histods.source.Source;
import org.histods.text.Bytes;
import org.histods.text.TerminalText;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.histods.unpack.Unpacker;
import org.jspecify.annotations.Nullable;

/**
 * Makes all checks that are possible before the first byte, then fetches and unpacks the files of a run into staging.
 */
final class Stager {

    /** How many archives that are downloaded whole are listed one by one. */
    private static final int LISTED = 20;

    /** Up to this number, small files are fetched like large ones. */
    private static final int FEW = 16;

    private final List<Source> sources;
    private final Transport transport;
    private final Mirror mirror;
    private final Fetcher fetcher;
    private final Unpacker unpacker;
    private final RunPlanner plans;

    Stager(
            List<Source> sources,
            Transport transport,
            Mirror mirror,
            Fetcher fetcher,
            Unpacker unpacker,
            RunPlanner plans) {
        this.sources = List.copyOf(sources);
        this.transport = transport;
        this.mirror = mirror;
        this.fetcher = fetcher;
        this.unpacker = unpacker;
        this.plans = plans;
    }

    /**
     * The files of a bag in staging, complete and correct.
     *
     * @param carrier carries over the user's own files
     */
    record Staged(
            PullPlan plan,
            Staging staging,
            BagAssembly assembly,
            PullExecutor executor,
            List<FetchLog.Entry> fetches,
            ExtraFileCarrier carrier) {

        long transferred() {
            return fetches.stream().mapToLong(FetchLog.Entry::transferred).sum();
        }
    }

    /** Processes the staged files. */
    interface Finish<T> {
        T apply(Staged staged) throws Problem;
    }

    /**
     * Fetches and unpacks what a run needs.
     *
     * @param finish what is done with the files; staging is deleted after it
     * @throws Problem as {@link Puller#pull}
     */
    <T> T stage(PullRun run, Finish<T> finish) throws Problem {
        PullRequest request = run.request();
        PullListener listener = run.listener();
        refuseChangedRecord(run);
        Map<String, LocalFileSource.Recognised> local = new TorrentPieceLocator(sources, transport, listener::note)
                .locate(run.manifest(), RunPlanner.localFiles(request, listener::note));
        WantedFiles wanted = run.wanted();
        ShardPlan.Planned shard = run.shard();
        MemberPlanner members = plans.members(run.sources(), listener);
        PullPlan plan = run.recordOnly()
                ? RunPlanner.nothing(run.sources(), run.present())
                : plans.inside(
                        run,
                        shard == null
                                ? plans.missing(run.sources(), run.planner(), run.present(), run.broken(), local)
                                : plans.ofShard(run, shard),
                        wanted,
                        members);
        run.sources().demoted().forEach(listener::note);
        ExtraFileCarrier carrier = carrier(run, plan);
        needSpace(
                plan,
                request.offer(),
                members.unpackedBytes(plan, mirror.files().free(), wanted));
        noteEntire(plan, listener);
        if (run.action() == PullRun.Mode.PULL && shard == null) {
            run.planner().doubts(plan).forEach(listener::note);
        }
        if (run.manifest().terms().access().status() == Access.Status.CREDENTIAL
                && plan.items().size() > 1) {
            requireAccess(plan.items(), new SourceFallback(run.sources()));
        }
        listener.planned(plan);
        if (run.action() == PullRun.Mode.REPAIR) {
            keepGoodBlocks(run, plan);
        }
        try (Staging staging = mirror.stage();
                FetchLog log = new FetchLog(staging.scratch("record").resolve("fetches"));
                SmallFiles small = smallFiles(plan, shard, listener);
                TaskExecutor tasks = new TaskExecutor("histods-pull")) {
            ExistingBag kept = shard == null ? run.present() : ExistingBag.NOTHING;
            BagAssembly assembly = new BagAssembly(staging, mirror, kept, run.broken(), request.offer());
            ItemFetcher items = new ItemFetcher(
                    fetcher,
                    new SourceFallback(run.sources()),
                    new ItemUnpacker(wanted, unpacker, staging, assembly),
                    listener,
                    tasks,
                    log,
                    small);
            try (PullExecutor executor = new PullExecutor(request, items, assembly, log, tasks, small)) {
                List<FetchLog.Entry> fetches = executor.fetch(plan.items());
                if (shard == null) {
                    refuseUnmatched(run, wanted, fetches);
                }
                return finish.apply(new Staged(plan, staging, assembly, executor, fetches, carrier));
            } finally {
                run.transfers().addAll(items.keys());
            }
        }
    }

    /**
     * Requests one byte from each host if the dataset needs credentials, so that missing or insufficient credentials
     * are reported before the files of other hosts are fetched. Any other failure is left to the fetch itself.
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
                // The host has responded; nothing else is checked here.
            } catch (Problem p) {
                if (p.kind() == Problem.Kind.INTERRUPTED
                        || (p.kind() == Problem.Kind.PERSON
                                && fallback.alternatives(item).isEmpty())) {
                    throw p;
                }
            }
        }
    }

    /** Keeps the intact blocks of damaged large files, so that only the damaged blocks are fetched. */
    private void keepGoodBlocks(PullRun run, PullPlan plan) throws Problem {
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
     * Rejects a plan that does not fit on the disk. Copies of large files need no space if they share the blocks of the
     * originals.
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
        if (bytes > 0 && mirror.files().free() < needed + bytes) {
            LocalFile largest = Collections.max(copied, Comparator.comparingLong(LocalFile::bytes));
            if (mirror.copiesShareBlocks(largest.file())) {
                bytes = copied.stream()
                        .mapToLong(LocalFile::bytes)
                        .filter(size -> size < Mirror.LARGE)
                        .sum();
            }
        }
        mirror.files().requireSpace(needed + bytes, plan.dataset().text());
    }

    /** Reports archives that are fetched completely although only some of their files are selected, and the reason. */
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

    /** The fetcher of small files; null if there are too few. */
    private @Nullable SmallFiles smallFiles(PullPlan plan, ShardPlan.@Nullable Planned shard, PullListener listener)
            throws Problem {
        long count = plan.items().stream()
                .filter(item -> !item.unpack() && SmallFiles.has(item.first()))
                .count();
        return count > FEW ? fetcher.smallFiles(smallFilesName(plan, shard), listener) : null;
    }

    static String smallFilesName(PullPlan plan, ShardPlan.@Nullable Planned shard) {
        return plan.dataset() + "@" + plan.version() + (shard == null ? "" : " " + shard);
    }

    /** The carrier of the user's own files. Rejects files that are in the way, if that is known already. */
    private static ExtraFileCarrier carrier(PullRun run, PullPlan plan) throws Problem {
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

    /** Rejects words of the selection that match nothing; for archives, this is known only when they have been read. */
    private static void refuseUnmatched(PullRun run, WantedFiles wanted, List<FetchLog.Entry> fetches) throws Problem {
        if (run.action() == PullRun.Mode.PULL) {
            run.planner()
                    .refuseUnmatched(
                            word -> run.present().fetched(word)
                                    || wanted.keepsAny(word)
                                    || fetches.stream().anyMatch(fetch -> fetch.holds(word)),
                            List.of());
        }
    }

    /**
     * Refuses to build on a bag whose record was changed, because the new bag would confirm the changed record. Tag
     * files that are written again anyway are only named.
     */
    private void refuseChangedRecord(PullRun run) throws Problem {
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
                    "restore the record, or look for your own notes in "
                            + bag.ref().path() + "; `histods remove` and" + " `histods pull` fetch the dataset again");
        }
    }
}
