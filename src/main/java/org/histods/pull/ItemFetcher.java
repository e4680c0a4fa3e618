package org.histods.pull;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.histods.concurrent.TaskExecutor;
import org.histods.fetch.FetchCandidate;
import org.histods.fetch.FetchedBytes;
import org.histods.fetch.FetchedFile;
import org.histods.fetch.Fetcher;
import org.histods.fetch.RangedFile;
import org.histods.fetch.SmallFiles;
import org.histods.fetch.Transfer;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Attempt;
import org.histods.provenance.FetchLog;
import org.histods.provenance.FetchResult;
import org.histods.pull.local.LocalItem;
import org.jspecify.annotations.Nullable;

/**
 * Fetches one item, from the first source that delivers it intact, and unpacks it if it is an archive. Safe to share
 * between threads.
 */
final class ItemFetcher {

    private final Fetcher fetcher;
    private final SourceFallback fallback;
    private final ItemUnpacker unpacker;
    private final PullListener listener;
    private final TaskExecutor tasks;
    private final FetchLog log;
    private final @Nullable SmallFiles small;
    private final Set<String> keys = ConcurrentHashMap.newKeySet();

    /** @param small fetches small files; null if there are few */
    ItemFetcher(
            Fetcher fetcher,
            SourceFallback fallback,
            ItemUnpacker unpacker,
            PullListener listener,
            TaskExecutor tasks,
            FetchLog log,
            @Nullable SmallFiles small) {
        this.fetcher = fetcher;
        this.fallback = fallback;
        this.unpacker = unpacker;
        this.listener = listener;
        this.tasks = tasks;
        this.log = log;
        this.small = small;
        if (small != null) {
            keys.add(small.key());
        }
    }

    /** Whether an item is fetched as a small file, in one request, so that many can be fetched at a time. */
    boolean isSmall(PullPlan.Item item) {
        return small != null && isSmall(item, item.first());
    }

    private static boolean isSmall(PullPlan.Item item, FetchCandidate candidate) {
        return !item.unpack() && SmallFiles.has(candidate);
    }

    /**
     * Result of fetching an item.
     *
     * @param fetched the item; empty if no source delivers it and other items take its place
     * @param next what to fetch next: the files that Git LFS pointers in an archive stand for, or the other items
     * @param failures the failed attempts at the item
     */
    record Result(Optional<FetchedItem> fetched, List<PullPlan.Item> next, List<Problem> failures) {}

    /** The names of all transfers that this or an earlier pull may have started for the items, including failed ones. */
    Set<String> keys() {
        return Set.copyOf(keys);
    }

    /**
     * Fetches an item.
     *
     * @throws Problem the most important failure if no source delivers it; {@code DISK} and {@code INTERRUPTED} at once
     */
    Result fetch(PullPlan.Item item) throws Problem {
        List<Problem> failures = new ArrayList<>();
        if (item.local() != null) {
            Optional<Result> outcome = local(item, item.local(), failures);
            if (outcome.isPresent()) {
                return outcome.get();
            }
        } else if (item.members() != null) {
            Optional<Result> outcome = fetchMembers(item, item.members(), failures);
            if (outcome.isPresent()) {
                return outcome.get();
            }
        }
        List<FetchCandidate> before = new ArrayList<>();
        boolean distrusted = fallback.distrusts(item.first());
        if (!distrusted) {
            Optional<Result> outcome = tryCandidate(item, item.first(), failures);
            if (outcome.isPresent()) {
                fallback.delivered(item.first(), before);
                return outcome.get();
            }
        }
        before.add(item.first());
        List<FetchCandidate> others = new ArrayList<>(fallback.alternatives(item));
        if (distrusted) {
            others.add(item.first());
        }
        for (FetchCandidate candidate : others) {
            if (!failures.isEmpty() || !candidate.equals(item.first())) {
                String reason = failures.isEmpty()
                        ? ", since " + item.first().shown() + " failed for another file"
                        : " after: " + lastMessage(failures);
                listener.note(item.file().path() + ": trying " + candidate.shown() + reason);
            }
            Optional<Result> outcome = tryCandidate(item, candidate, failures);
            if (outcome.isPresent()) {
                fallback.delivered(candidate, before);
                return outcome.get();
            }
            before.add(candidate);
        }
        List<PullPlan.Item> replacement = replacement(item, failures);
        if (replacement.isEmpty()) {
            throw fallback.withAgreement(item, FailureSummary.of(failures));
        }
        listener.note(item.file().path() + ": trying file by file after: " + lastMessage(failures));
        return new Result(Optional.empty(), replacement, failures);
    }

    /** Takes the files of this machine, and fetches the other files of a zip; empty if that failed. */
    private Optional<Result> local(PullPlan.Item item, LocalItem local, List<Problem> failures) throws Problem {
        if (item.members() != null) {
            return fetchMembers(item, item.members(), failures);
        }
        FetchResult result = Objects.requireNonNull(local.result()).with(local.content());
        if (item.unpack()) {
            unpacker.place(local, item);
        }
        return Optional.of(recorded(result, unpacker.bytes(local.copies().get(0)), List.of(), failures));
    }

    /** Fetches only the wanted members of a zip; empty if that failed, so that all of it must be fetched. */
    private Optional<Result> fetchMembers(PullPlan.Item item, WantedMembers members, List<Problem> failures)
            throws Problem {
        RangedFile file = fetcher.storeRanges(members.directory(), listener, tasks);
        keys.add(file.key());
        boolean done = false;
        try {
            ItemUnpacker.Result unpacked = unpacker.unpack(item, members, file);
            unpacked.notes().forEach(listener::note);
            FetchResult result = unpacked.fetched();
            LocalItem local = item.local();
            if (local != null) {
                result = unpacker.withLocal(result, local, item);
            }
            Result outcome = recorded(result, file, List.of(), failures);
            done = true;
            return Optional.of(outcome);
        } catch (Problem p) {
            if (p.kind() == Problem.Kind.WRONG_BYTES || p.kind() == Problem.Kind.UPSTREAM_CHANGED) {
                file.discard();
            }
            rethrowIfFinal(p);
            failures.add(p);
            listener.note(item.file().path() + ": downloading all of it after: " + lastMessage(failures));
            return Optional.empty();
        } finally {
            if (!done) {
                file.close();
            }
        }
    }

    private List<PullPlan.Item> replacement(PullPlan.Item item, List<Problem> failures) throws Problem {
        if (item.file().slice() == null) {
            return List.of();
        }
        try {
            return fallback.replacement(item);
        } catch (Problem p) {
            rethrowIfFinal(p);
            failures.add(p);
            return List.of();
        }
    }

    private static String lastMessage(List<Problem> failures) {
        return failures.get(failures.size() - 1).message().lines().findFirst().orElse("");
    }

    /** Tries one place; empty if another place may have the file. The reason is then the last of the failures. */
    private Optional<Result> tryCandidate(PullPlan.Item item, FetchCandidate candidate, List<Problem> failures)
            throws Problem {
        try {
            return Optional.of(fetchTwice(item, candidate, failures));
        } catch (Problem p) {
            rethrowIfFinal(p);
            failures.add(p);
            fallback.failed(candidate, p);
            return Optional.empty();
        }
    }

    /** Rethrows problems that no other place can solve. */
    private static void rethrowIfFinal(Problem p) throws Problem {
        if (EnumSet.of(Problem.Kind.DISK, Problem.Kind.INTERRUPTED, Problem.Kind.USAGE, Problem.Kind.BUSY)
                .contains(p.kind())) {
            throw p;
        }
    }

    /** Fetches again from the start if wrong bytes may be due to joining responses. */
    private Result fetchTwice(PullPlan.Item item, FetchCandidate candidate, List<Problem> failures) throws Problem {
        if (small != null && isSmall(item, candidate)) {
            Optional<FetchedFile> file = small.fetch(candidate);
            if (file.isPresent()) {
                FetchResult result = new FetchResult(file.get(), item.part(), null);
                return fetched(result, small.bytes(candidate), List.of(), failures);
            }
        }
        Problem first;
        Transfer transfer = fetcher.start(candidate, listener, tasks);
        keys.add(transfer.key());
        keys.add(Fetcher.rangesKey(candidate));
        try {
            return fetchOnce(item, transfer, failures);
        } catch (Problem p) {
            if (p.kind() != Problem.Kind.WRONG_BYTES || transfer.verified() || !transfer.joined()) {
                throw p;
            }
            first = p;
            failures.add(p);
            listener.note(item.file().path() + ": the joined bytes are wrong, fetching again from the start");
        }
        try {
            return fetchOnce(item, fetcher.start(candidate, listener, tasks), failures);
        } catch (Problem p) {
            // Bytes that an earlier run left are no reason any more: what is wrong now is in the whole file.
            failures.remove(first);
            throw p.after(first.attempts());
        }
    }

    /** Closes the transfer if it fails. */
    private Result fetchOnce(PullPlan.Item item, Transfer transfer, List<Problem> failures) throws Problem {
        boolean done = false;
        try {
            Result outcome = await(item, transfer, failures);
            done = true;
            return outcome;
        } catch (Problem p) {
            if (p.kind() == Problem.Kind.WRONG_BYTES && !transfer.verified()) {
                transfer.discard();
            }
            transfer.rejected().ifPresent(sha256 -> fallback.sentWrong(transfer.candidate(), sha256));
            throw p;
        } finally {
            if (!done) {
                transfer.close();
            }
        }
    }

    private Result await(PullPlan.Item item, Transfer transfer, List<Problem> failures) throws Problem {
        FetchResult result;
        List<PullPlan.Item> next = List.of();
        if (item.unpack()) {
            ItemUnpacker.Result unpacked = unpacker.unpack(item, transfer, tasks);
            result = unpacked.fetched();
            next = unpacked.behindPointers();
            unpacked.notes().forEach(listener::note);
        } else {
            result = new FetchResult(transfer.await(), item.part(), null);
        }
        transfer.closeFile();
        if (!item.file().checksumDecides()) {
            // Without such a checksum, a transfer that an earlier pull left is named by its place.
            fallback.knownPlaces(item).forEach(place -> keys.add(Fetcher.key(place)));
        }
        if (!next.isEmpty()) {
            listener.note(item.file().path() + ": " + next.size() + " of its files are Git LFS pointers; fetching the"
                    + " files they point to");
        }
        return fetched(result, transfer, next, failures);
    }

    private Result fetched(FetchResult result, FetchedBytes bytes, List<PullPlan.Item> next, List<Problem> failures)
            throws Problem {
        FetchResult all = result;
        if (!failures.isEmpty()) {
            List<Attempt> earlier =
                    failures.stream().flatMap(p -> p.attempts().stream()).toList();
            all = new FetchResult(result.file().after(earlier), result.part(), result.unpacked());
        }
        return recorded(all, bytes, next, failures);
    }

    private Result recorded(FetchResult result, FetchedBytes bytes, List<PullPlan.Item> next, List<Problem> failures)
            throws Problem {
        FetchedItem item = FetchedItem.of(result, bytes, log);
        listener.fetched(result);
        return new Result(Optional.of(item), next, failures);
    }
}
