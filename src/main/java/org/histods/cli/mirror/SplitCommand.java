package org.histods.cli.mirror;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.MirrorLookup;
import org.histods.digest.FilePath;
import org.histods.digest.Hasher;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagFile;
import org.histods.provenance.BagSelection;
import org.histods.provenance.index.ContentIndex;
import org.histods.split.PatientTable;
import org.histods.split.Patients;
import org.histods.split.SplitCheck;
import org.histods.split.SplitFile;
import org.histods.split.SplitReport;
import org.histods.split.SplitTable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code histods split}: checks that no patient is in two splits. */
@Command(
        name = "split",
        description = {
            "Check that no patient of a pulled dataset is in two splits",
            "",
            "FILE is a CSV or TSV table with a column for the file and one for the split, or with a column for each"
                    + " split; a list with one path per line; JSON; or a folder with a subfolder for each split, whose"
                    + " files are recognised by content. Without FILE the dataset's own splits are checked.",
            "",
            "Exits with code 0 if no patient is in two splits, and with code 9 if a patient is, or if it cannot be"
                    + " proven. `split make` writes a split; `split check` is the same as `split`."
        },
        footer = {
            "",
            "Examples:",
            "  histods split kather-2018",
            "  histods split kather-2018 splits.csv",
            "  histods split make kather-2018 --ratios 70/15/15 --seed 1",
            "  histods split bracs train=train.txt test=test.txt --by slide"
        })
public final class SplitCommand implements CliCommand {

    private final AppContext app;

    // Optional only for picocli, because a subcommand can take its place.
    @Parameters(index = "0", arity = "0..1", paramLabel = "ID[@VERSION]", description = "a pulled dataset")
    private @Nullable String name;

    @Parameters(
            index = "1..*",
            paramLabel = "[SPLIT=]FILE",
            description = "the split to check (default: the dataset's own)")
    private List<String> splitFiles = new ArrayList<>();

    @Option(
            names = "--by",
            paramLabel = "patient|case|slide",
            description = "what must not occur in two splits (default: patient)")
    private String by = "patient";

    @Option(
            names = "--patients",
            paramLabel = "FILE",
            description = "table with a column for the file and one for its patient (default: the manifest's rule)")
    private @Nullable Path patientFile;

    @Option(names = "--file-column", paramLabel = "NAME", description = "column with the path, name or id of the file")
    private @Nullable String fileColumn;

    @Option(names = "--split-column", paramLabel = "NAME", description = "column with the name of the split")
    private @Nullable String splitColumn;

    public SplitCommand(AppContext app) {
        this.app = app;
    }

    @Override
    public int run() throws Problem {
        if (!SplitCheck.LEVELS.contains(by)) {
            throw new Problem(Problem.Kind.USAGE, "--by must be patient, case or slide, not '" + by + "'");
        }
        if (name == null) {
            throw new Problem(Problem.Kind.USAGE, "the argument ID[@VERSION] is missing", "see `histods split --help`");
        }
        Bag bag = Bag.read(new MirrorLookup(app).one(name));
        Manifest manifest = manifest(app, bag);
        Patients patients = patientFile == null
                ? Patients.of(manifest.contents().patients())
                : PatientTable.read(
                        app.path(patientFile),
                        patientFile.toString(),
                        bag.checksums().keySet().stream().map(FilePath::text).toList(),
                        by);
        SplitCheck check = new SplitCheck(bag.checksums(), patients, by);
        if (splitFiles.isEmpty()) {
            addManifestSplits(check, bag, manifest);
        } else {
            addSplitFiles(check, bag);
        }
        SplitReport report = check.report();
        new SplitView(app.console()).show(bag, report, manifest.contents().patients());
        return report.verdict() == SplitReport.Verdict.APART ? 0 : NO;
    }

    /** The catalogue's manifest, which may be newer than the bag's; the bag's if the catalogue has another version. */
    static Manifest manifest(AppContext app, Bag bag) throws Problem {
        Manifest current = app.catalogue()
                .find(bag.ref().id())
                .map(ManifestFile::manifest)
                .filter(m -> bag.ref().version().with(null).equals(m.version()))
                .orElse(null);
        return current != null
                ? current
                : new MirrorLookup(app).manifest(bag.ref()).manifest();
    }

    private void addManifestSplits(SplitCheck check, Bag bag, Manifest manifest) throws Problem {
        if (manifest.contents().splits().isEmpty()) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    bag.ref().id() + " has no splits of its own",
                    "give a file that lists which file is in which split");
        }
        for (String split : manifest.contents().splits().keySet()) {
            BagSelection subset = BagSelection.of(bag, List.of(split), manifest);
            check.add(split, subset.files().stream().map(BagFile::path).toList());
        }
        if (!bag.selection().isEmpty()) {
            check.addReason("only " + String.join(" ", bag.selection())
                    + " was pulled, so the rest of the splits was not read");
        }
    }

    private void addSplitFiles(SplitCheck check, Bag bag) throws Problem {
        SplitTable.Columns columns = new SplitTable.Columns(fileColumn, splitColumn);
        try (ContentIndex index = new ContentIndex(app.mirror(), app.console()::say)) {
            for (String argument : splitFiles) {
                int equals = argument.indexOf('=');
                String file = argument.substring(equals + 1);
                String split = equals > 0 ? argument.substring(0, equals) : null;
                if (file.isEmpty() || equals == 0) {
                    throw new Problem(
                            Problem.Kind.USAGE,
                            "'" + argument + "' names no split or no file",
                            "such as train=train.txt");
                }
                check.add(
                        new SplitFile(split, app.path(Path.of(file)), file).read(columns),
                        path -> sameContent(index, bag, path));
            }
        }
    }

    /** The paths of the bag's files with the content of that file. */
    private static Collection<String> sameContent(ContentIndex index, Bag bag, Path file) throws Problem {
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
        } catch (IOException e) {
            throw ContentLookup.unreadable(file, e);
        }
    }
}
