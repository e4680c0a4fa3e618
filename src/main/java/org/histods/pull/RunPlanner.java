package org.histods.pull;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.histods.concurrent.Parallel;
import org.histods.digest.FilePath;
import org.histods.fetch.Fetcher;
import org.histods.manifest.Manifest;
import org.histods.manifest.PinnedFile;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;
import org.histods.pull.local.LocalFileMatcher;
import org.histods.pull.local.LocalFileSource;
import org.histods.pull.local.LocalItem;
import org.histods.pull.local.Offer;
import org.histods.text.Bytes;
import org.histods.text.Count;
import org.histods.text.Size;
import org.histods.unpack.ArchiveKind;
import org.histods.unpack.Unpacker;

/**
 * Plans what a run fetches: files that are neither in the mirror nor on this machine, and of archives only the selected
 * members.
 */
final class RunPlanner {

    private final Mirror mirror;
    private final Fetcher fetcher;
    private final Unpacker unpacker;
    private final Clock clock;

    RunPlanner(Mirror mirror, Fetcher fetcher, Unpacker unpacker, Clock clock) {
        this.mirror = mirror;
        this.fetcher = fetcher;
        this.unpacker = unpacker;
        this.clock = clock;
    }

    /**
     * Plans a pull.
     *
     * @param read what the mirror has, with its files
     */
    PullPlan whole(PullSources used, PullPlanner planner, ExistingBag read, PullRequest request) throws Problem {
        WantedFiles wanted = new WantedFiles(request, read, Set.of());
        MemberPlanner members = members(used, PullListener.silent());
        PullPlan plan = local(
                missing(used, planner, read, Set.of(), localFiles(request, note -> {})),
                request,
                planner,
                wanted,
                members,
                PullListener.silent());
        return lookInside(plan, used, planner, read, Set.of(), wanted, members, true);
    }

    /** The plan of a run with local files in place of downloads, and with only the selected members of archives. */
    PullPlan inside(PullRun run, PullPlan plan, WantedFiles wanted, MemberPlanner members) throws Problem {
        PullPlan wantedOnly = lookInside(
                local(plan, run.request(), run.planner(), wanted, members, run.listener()),
                run.sources(),
                run.planner(),
                run.present(),
                run.broken(),
                wanted,
                members,
                run.shard() == null);
        return run.shard() == null ? wantedOnly : withoutMirror(wantedOnly, run.planner());
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
        refuseRar(plan, used);
        boolean keepArchives = used.request().keepArchives();
        List<PullPlan.Item> looked = Parallel.map(
                MemberPlanner.DIRECTORIES,
                plan.items(),
                item -> members.plan(item, wanted, present.of(item, broken), keepArchives));
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

    /** Rejects archives that would be downloaded in vain, unless the manifest says that they can be unpacked in spite of their name. */
    private static void refuseRar(PullPlan plan, PullSources used) throws Problem {
        List<String> rar = new ArrayList<>();
        for (PullPlan.Item item : plan.items()) {
            PinnedFile pinned = used.pinned(item);
            boolean named = ArchiveKind.named(item.file().path().name()).orElse(null) == ArchiveKind.RAR;
            if (named
                    && item.unpack()
                    && item.local() == null
                    && item.first().localName() == null
                    && (pinned == null || pinned.unpack() == null)) {
                rar.add(item.file().path().text());
            }
        }
        if (!rar.isEmpty()) {
            throw new Problem(
                    Problem.Kind.PERSON,
                    Count.shortened(rar, 5) + (rar.size() == 1 ? " is a RAR archive" : " are RAR archives")
                            + ", which histods cannot unpack; nothing was downloaded",
                    "download and unpack it yourself, and give the folder with --from; or keep it packed with `unpack:"
                            + " false` in a manifest of your own");
        }
    }

    /** What reads the directories of remote zips. */
    MemberPlanner members(PullSources used, PullListener listener) {
        return new MemberPlanner(fetcher, unpacker, new SourceFallback(used), listener);
    }

    /**
     * Leaves files that other datasets have to the node that publishes, so that they are linked once and their stamps
     * are renewed once.
     */
    private static PullPlan withoutMirror(PullPlan plan, PullPlanner planner) {
        List<PullPlan.Item> items =
                plan.items().stream().filter(item -> item.inMirror() == null).toList();
        return plan.with(items, planner.size(items, false));
    }

    /** The plan if everything is in the mirror. */
    static PullPlan nothing(PullSources used, ExistingBag present) {
        return new PullPlan(
                used.manifest().id(), used.version(), List.of(), present.fileCount(), Size.ZERO, Size.ZERO, 0, null);
    }

    /**
     * All files of the request that the bag lacks, as the sources list them.
     *
     * @param broken files of the bag that count as missing
     * @param local files of the user
     */
    PullPlan missing(
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
                whole && manifest.contents().unpacked() != null
                        ? manifest.contents().unpacked().size()
                        : Size.UNKNOWN,
                fetcher.received(items.stream().map(PullPlan.Item::first).toList()),
                null);
    }

    /** The plan with the items of one shard only. */
    PullPlan ofShard(PullRun run, ShardPlan.Planned shard) {
        List<PullPlan.Item> items = shard.items();
        return new PullPlan(
                run.manifest().id(),
                run.sources().version(),
                items,
                run.present().fileCount(),
                run.planner().size(items, false),
                Size.UNKNOWN,
                fetcher.received(items.stream().map(PullPlan.Item::first).toList()),
                null);
    }

    /**
     * The files of {@code --from} that are files of the dataset, by their paths there.
     *
     * @param note receives what was not taken
     */
    static Map<String, LocalFileSource.Recognised> localFiles(PullRequest request, Consumer<String> note)
            throws Problem {
        return new LocalFileMatcher(request.manifest().manifest()).recognise(request.localFiles(), note);
    }
}
