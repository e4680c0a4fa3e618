package org.histods.cli.mirror;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.MirrorLookup;
import org.histods.digest.Hasher;
import org.histods.manifest.Manifest;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagFile;
import org.histods.provenance.BagSelection;
import org.histods.provenance.index.ContentIndex;
import org.histods.split.SplitCheck;
import org.histods.split.SplitFile;
import org.histods.split.SplitReport;
import org.histods.split.SplitTable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Whether a split keeps patients apart. */
@Command(
        name = "split",
        description = "Check that a split keeps the patients of a pulled dataset apart, and say where it does not.",
        footer = {
            "",
            "FILE is a table with a column for the file and one for the split (csv, tsv), or a column for each split; a",
            "list of paths, one a line; JSON; or a folder with a folder for each split, whose files are known by their",
            "content. Without any, the dataset's own splits are checked.",
            "Exit code 0 only if it is proven that the splits are apart; 9 if they are not, or if that cannot be told.",
            "",
            "Examples:",
            "  histods split kather-2018 splits.csv",
            "  histods split bracs train=train.txt test=test.txt --by slide"
        })
public final class SplitCommand implements CliCommand {

    private final AppContext wiring;

    @Parameters(index = "0", paramLabel = "ID[@VERSION]", description = "a dataset that was pulled")
    private String name = "";

    @Parameters(index = "1..*", paramLabel = "[SPLIT=]FILE", description = "what says which file is in which split")
    private List<String> given = new ArrayList<>();

    @Option(
            names = "--by",
            paramLabel = "patient|case|slide",
            description = "what must not be in two splits (default: patient)")
    private String by = "patient";

    @Option(names = "--file-column", paramLabel = "NAME", description = "the column with the file's path, name or id")
    private @Nullable String fileColumn;

    @Option(names = "--split-column", paramLabel = "NAME", description = "the column with the split's name")
    private @Nullable String splitColumn;

    public SplitCommand(AppContext wiring) {
        this.wiring = wiring;
    }

    @Override
    public int run() throws Problem {
        if (!SplitCheck.LEVELS.contains(by)) {
            throw new Problem(Problem.Kind.USAGE, "--by is patient, case or slide, not '" + by + "'");
        }
        Bag bag = Bag.read(new MirrorLookup(wiring).one(name));
        Manifest manifest = manifest(bag);
        SplitCheck check = new SplitCheck(bag.sums(), manifest.patients(), by);
        if (given.isEmpty()) {
            own(check, bag, manifest);
        } else {
            theirs(check, bag);
        }
        SplitReport report = check.report();
        new SplitView(wiring.console()).show(bag, report, manifest.patients());
        return report.verdict() == SplitReport.Verdict.APART ? 0 : NO;
    }

    /** The one that the catalogue has, as it may know better by now; of another version, the one that lies in the bag. */
    private Manifest manifest(Bag bag) throws Problem {
        Manifest now = wiring.catalogue()
                .find(bag.ref().id())
                .map(file -> file.manifest())
                .filter(m -> bag.ref().version().with(null).equals(m.version()))
                .orElse(null);
        return now != null ? now : new MirrorLookup(wiring).used(bag.ref()).manifest();
    }

    private void own(SplitCheck check, Bag bag, Manifest manifest) throws Problem {
        if (manifest.splits().isEmpty()) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    bag.ref().id() + " has no splits of its own",
                    "name a file that says which file is in which split");
        }
        for (String split : manifest.splits().keySet()) {
            BagSelection subset = BagSelection.of(bag, List.of(split), manifest);
            check.add(split, subset.files().stream().map(BagFile::path).toList());
        }
    }

    private void theirs(SplitCheck check, Bag bag) throws Problem {
        SplitTable.Columns columns = new SplitTable.Columns(fileColumn, splitColumn);
        try (ContentIndex index = new ContentIndex(wiring.mirror(), wiring.console()::say)) {
            for (String one : given) {
                int equals = one.indexOf('=');
                String file = one.substring(equals + 1);
                String split = equals > 0 ? one.substring(0, equals) : null;
                check.add(
                        new SplitFile(split, wiring.path(Path.of(file)), file).read(columns),
                        at -> contents(index, bag, at));
            }
        }
    }

    private static Collection<String> contents(ContentIndex index, Bag bag, Path file) throws Problem {
        try {
            Path real = file.toRealPath();
            Path data = bag.ref().data().toRealPath();
            if (real.startsWith(data)) {
                return List.of(data.relativize(real).toString());
            }
            return index.find(Hasher.sha256(file)).stream()
                    .filter(place -> place.bag().path().equals(bag.ref().path()))
                    .map(place -> place.path().text())
                    .toList();
        } catch (java.io.IOException e) {
            throw ContentLookup.unreadable(file, e);
        }
    }
}
