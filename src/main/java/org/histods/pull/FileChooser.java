package org.histods.pull;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.histods.concurrent.Parallel;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagFile;
import org.histods.provenance.Choice;
import org.histods.provenance.FetchRecord;
import org.histods.provenance.FileSelection;
import org.histods.source.Narrowing;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;

/** Lists the files of a dataset, and selects some by lists and conditions. */
final class FileChooser {

    private final SourceOpener sources;
    private final Mirror mirror;
    private final RunPlanner plans;

    FileChooser(SourceOpener sources, Mirror mirror, RunPlanner plans) {
        this.sources = sources;
        this.mirror = mirror;
        this.plans = plans;
    }

    /** As {@link Puller#archives}. */
    List<RemoteArchive> archives(PullRequest request) throws Problem {
        PullSources used = sources.open(request);
        List<PullPlan.Item> zips = new PullPlanner(used)
                .items(Map.of()).stream().filter(MemberPlanner::isRemoteZip).toList();
        WantedFiles wanted = new WantedFiles(request, ExistingBag.NOTHING, Set.of());
        MemberPlanner members = plans.members(used, PullListener.silent());
        return Parallel.map(MemberPlanner.DIRECTORIES, zips, item -> members.list(item, wanted));
    }

    /** As {@link Puller#files}. */
    FileTable files(PullRequest request) throws Problem {
        FileSelection selection =
                FileSelection.of(request.only(), request.manifest().manifest());
        FileTable table = table(request, PullSources.narrowing(selection), listed -> true);
        return selection.everything() ? table : table.only(selection);
    }

    private FileTable table(PullRequest request, Narrowing narrowing, Predicate<FileTable> needsMembers)
            throws Problem {
        PullRequest all = request.with(List.of());
        PullSources used = sources.open(all, narrowing);
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
        MemberPlanner members = plans.members(used, PullListener.silent());
        List<RemoteArchive> archives =
                Parallel.map(MemberPlanner.DIRECTORIES, zips, item -> members.list(item, wanted));
        for (int i = 0; i < zips.size(); i++) {
            Problem problem = archives.get(i).problem();
            if (problem != null) {
                throw problem;
            }
            table.add(archives.get(i), zips.get(i));
        }
        return table.build();
    }

    /** As {@link Puller#choose}. */
    PullRequest choose(PullRequest request, List<ListedWord> listed, @Nullable FileQuery query, Consumer<String> note)
            throws Problem {
        if (listed.isEmpty() && query == null) {
            return request;
        }
        FileChoice choice = new FileChoice(request.manifest().manifest(), request.only(), listed, query, note);
        Bag bag = ExistingBag.in(mirror, sources.open(request)).bag().orElse(null);
        List<String> words = bag == null ? null : choice.of(bag.checksums().keySet());
        if (bag != null && words == null) {
            for (Choice before : bag.choices()) {
                if (before.by().equals(choice.by())) {
                    note.accept("same selection as before: "
                            + Count.of(before.selection().size(), "file")
                            + " in the mirror; the host is not asked again");
                    return request.with(before);
                }
            }
            words = bag.selection().isEmpty() ? ofComplete(choice, bag, request) : null;
        }
        if (words == null) {
            words = choice.of(listed(request, query == null ? Narrowing.NONE : query.narrowing(), choice));
        }
        return request.with(new Choice(choice.by(), words));
    }

    private FileTable listed(PullRequest request, Narrowing narrowing, FileChoice choice) throws Problem {
        try {
            return table(request, narrowing, choice::needsMembers);
        } catch (Problem p) {
            if (p.kind() != Problem.Kind.PERSON || request.localFiles().isEmpty()) {
                throw p;
            }
            throw new Problem(
                    Problem.Kind.USAGE,
                    "files of " + request.manifest().manifest().id()
                            + " cannot be selected by a list or a condition before they are pulled: its host lists no files",
                    "pull all of it, or select files with --only",
                    p.attempts(),
                    p);
        }
    }

    /** Evaluates a choice from a bag that has all files of the dataset; null if the bag lacks a needed fact. */
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
}
