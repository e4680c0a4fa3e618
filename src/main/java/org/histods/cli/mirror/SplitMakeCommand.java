package org.histods.cli.mirror;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.MirrorLookup;
import org.histods.csv.CsvTable;
import org.histods.digest.FilePath;
import org.histods.digest.Hasher;
import org.histods.manifest.Manifest;
import org.histods.problem.Problem;
import org.histods.project.AtomicFile;
import org.histods.provenance.Bag;
import org.histods.provenance.BagFile;
import org.histods.provenance.BagSelection;
import org.histods.provenance.FileSelection;
import org.histods.split.PatientTable;
import org.histods.split.Patients;
import org.histods.split.SplitCheck;
import org.histods.split.SplitMaker;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code histods split make}: writes a split that keeps patients apart. */
@Command(
        name = "make",
        description = {
            "Write a split of a pulled dataset that keeps patients apart",
            "",
            "The same dataset, ratios and seed give the same split on every machine. Writes a table with the columns path,"
                    + " patient and split, and beside it a record (.json) of how it was made, with the fingerprint of the"
                    + " dataset. Refuses files without a patient, and never replaces a file."
        },
        footer = {
            "",
            "Examples:",
            "  histods split make kather-2018 --ratios 70/15/15 --seed 1",
            "  histods split make my-slides --patients clinical.csv --stratify grade,site",
            "  histods split make bracs --by slide --ratios 1/1/1/1/1 --names f1,f2,f3,f4,f5"
        })
public final class SplitMakeCommand implements CliCommand {

    private final AppContext app;

    @Parameters(paramLabel = "ID[@VERSION]", description = "a pulled dataset")
    private String name = "";

    @Option(
            names = "--by",
            paramLabel = "patient|case|slide",
            description = "what must not occur in two splits (default: patient)")
    private String by = "patient";

    @Option(names = "--ratios", paramLabel = "N/N/N", description = "ratios of patients (default: 70/15/15)")
    private String ratios = "70/15/15";

    @Option(
            names = "--names",
            split = ",",
            hideParamSyntax = true,
            paramLabel = "NAME,…",
            description = "names of the splits (default: train,val,test or train,test)")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "random seed; each seed gives a different split (default: 0)")
    private long seed;

    @Option(
            names = "--stratify",
            split = ",",
            hideParamSyntax = true,
            paramLabel = "COLUMN,…",
            description = "give all splits the same mix of labels: columns of the --patients table, or folder")
    private List<String> stratify = new ArrayList<>();

    @Option(
            names = "--patients",
            paramLabel = "FILE",
            description = "table with a column for the file and one for its patient (default: the manifest's rule)")
    private @Nullable Path patientFile;

    @Option(names = "--only", paramLabel = "GLOB|SPLIT,…", description = "split only matching files")
    private List<String> only = new ArrayList<>();

    @Option(names = "--output", paramLabel = "FILE", description = "table to write (default: ID-split.csv)")
    private @Nullable Path output;

    public SplitMakeCommand(AppContext app) {
        this.app = app;
    }

    @Override
    public int run() throws Problem {
        if (!SplitCheck.LEVELS.contains(by)) {
            throw new Problem(Problem.Kind.USAGE, "--by must be patient, case or slide, not '" + by + "'");
        }
        SplitMaker maker = SplitMaker.of(ratios, names, seed);
        Bag bag = Bag.read(new MirrorLookup(app).one(name));
        Manifest manifest = SplitCommand.manifest(app, bag);
        List<String> paths = BagSelection.of(bag, FileSelection.words(only), manifest).files().stream()
                .map(BagFile::path)
                .map(FilePath::text)
                .toList();
        if (paths.isEmpty()) {
            throw new Problem(
                    Problem.Kind.USAGE, "no file of " + bag.ref().id() + " matches " + String.join(", ", only));
        }
        PatientTable table = patientFile == null
                ? null
                : PatientTable.read(app.path(patientFile), patientFile.toString(), paths, by);
        Patients patients = table == null ? Patients.of(manifest.contents().patients()) : table;
        Map<String, List<String>> files = byPatient(bag, patients, paths);
        Map<String, String> labels = new TreeMap<>();
        for (Map.Entry<String, List<String>> patient : files.entrySet()) {
            List<String> values = new ArrayList<>();
            for (String path : patient.getValue()) {
                values.add(label(path, table));
            }
            labels.put(patient.getKey(), SplitMaker.mostFrequent(values));
        }
        Map<String, String> made = maker.make(labels);
        Map<String, String> splitOf = new TreeMap<>();
        Map<String, String> patientOf = new TreeMap<>();
        files.forEach((patient, all) -> all.forEach(path -> {
            splitOf.put(path, String.valueOf(made.get(patient)));
            patientOf.put(path, patient);
        }));
        StringBuilder csv = new StringBuilder("path,patient,split\n");
        splitOf.forEach((path, split) -> csv.append(
                        CsvTable.exactLine(List.of(path, String.valueOf(patientOf.get(path)), split)))
                .append('\n'));
        Path file = app.output(output == null ? Path.of(bag.ref().id() + "-split.csv") : output);
        Map<String, Object> record = record(bag, maker, made, splitOf, csv.toString(), patients);
        write(file, csv.toString(), record);
        show(file, bag, maker, made, splitOf, labels);
        if (!bag.selection().isEmpty()) {
            app.console()
                    .say("  only a part of " + bag.ref().id()
                            + " was pulled; the other files of the dataset are in no split");
        }
        return 0;
    }

    /** The files of each patient, or of each case or slide. */
    private Map<String, List<String>> byPatient(Bag bag, Patients patients, List<String> paths) throws Problem {
        String level = patients.level();
        if (level == null) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "the patients of " + bag.ref().id()
                            + " are unknown: its manifest has no rule to read them from paths, so "
                            + Count.of(paths.size(), "file") + " would have no patient",
                    "give a table of files and patients with --patients FILE");
        }
        if (SplitCheck.LEVELS.indexOf(level) < SplitCheck.LEVELS.indexOf(by)) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    bag.ref().id() + ": " + SplitCheck.weaker(level, by),
                    "give a table with a column 'patient' with --patients FILE, or keep only " + level
                            + "s apart with --by " + level);
        }
        Map<String, List<String>> files = new TreeMap<>();
        List<String> without = new ArrayList<>();
        for (String path : paths) {
            String patient = patients.of(path).orElse(null);
            if (patient == null) {
                without.add(path);
            } else {
                files.computeIfAbsent(patient, p -> new ArrayList<>()).add(path);
            }
        }
        if (!without.isEmpty()) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    Count.of(without.size(), "file") + " of " + paths.size() + " without a " + level + ", such as "
                            + without.get(0),
                    "leave out files that are not images with --only, such as --only '**/*.png'");
        }
        return files;
    }

    /** The labels of a file as one text; empty if splits are not stratified. */
    private String label(String path, @Nullable PatientTable table) throws Problem {
        List<String> values = new ArrayList<>();
        for (String column : stratify) {
            if (column.equals("folder") && (table == null || !table.has(column))) {
                values.add(new FilePath(path).parent().replaceFirst(".*/", ""));
            } else if (table == null) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        "--stratify " + column + " needs a table with that column",
                        "give it with --patients FILE, or use --stratify folder for classes that are folders");
            } else {
                values.add(String.valueOf(table.value(path, column)));
            }
        }
        return String.join("\t", values);
    }

    /** The record of how the split was made. It has no date, so that the same split has the same record. */
    private Map<String, Object> record(
            Bag bag,
            SplitMaker maker,
            Map<String, String> made,
            Map<String, String> splitOf,
            String csv,
            Patients patients)
            throws Problem {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("dataset", bag.ref().id().text());
        record.put("version", bag.ref().version().text());
        record.put("fingerprint", bag.fingerprint().hex());
        record.put("only", FileSelection.words(only));
        record.put("by", by);
        record.put("level", patients.level());
        record.put("patients", patientFile == null ? null : tableRecord(patientFile));
        record.put("ratios", ratios);
        record.put("seed", seed);
        record.put("stratify", stratify);
        record.put("algorithm", SplitMaker.ALGORITHM);
        record.put(
                "splits",
                maker.names().stream().map(split -> sizes(split, made, splitOf)).toList());
        record.put("sha256", Hasher.sha256(csv).hex());
        return record;
    }

    private Map<String, Object> tableRecord(Path table) throws Problem {
        try {
            return Map.of("sha256", Hasher.sha256(app.path(table)).hex());
        } catch (IOException e) {
            throw ContentLookup.unreadable(table, e);
        }
    }

    private static Map<String, Object> sizes(String split, Map<String, String> made, Map<String, String> splitOf) {
        Map<String, Object> sizes = new LinkedHashMap<>();
        sizes.put("name", split);
        sizes.put("patients", made.values().stream().filter(split::equals).count());
        sizes.put("files", splitOf.values().stream().filter(split::equals).count());
        return sizes;
    }

    private void write(Path file, String csv, Map<String, Object> record) throws Problem {
        Path beside = file.resolveSibling(
                String.valueOf(file.getFileName()).replaceFirst("(?i)\\.(csv|tsv|txt)$", "") + ".json");
        String json = JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build()
                        .writeValueAsString(record)
                + "\n";
        try {
            for (Map.Entry<Path, String> one : Map.of(file, csv, beside, json).entrySet()) {
                if (Files.exists(one.getKey())
                        && !(Files.isRegularFile(one.getKey())
                                && Files.size(one.getKey()) < Integer.MAX_VALUE
                                && Files.readString(one.getKey()).equals(one.getValue()))) {
                    throw new Problem(
                            Problem.Kind.USAGE,
                            one.getKey() + " exists, with other content",
                            "move it away, or choose another name with --output");
                }
            }
            AtomicFile.write(file, csv);
            AtomicFile.write(beside, json);
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot write " + file, e));
        }
    }

    private void show(
            Path file,
            Bag bag,
            SplitMaker maker,
            Map<String, String> made,
            Map<String, String> splitOf,
            Map<String, String> labels) {
        Map<String, Object> line = MirrorLookup.event("split", bag.ref());
        line.put("path", file.toString());
        line.put(
                "splits",
                maker.names().stream().map(split -> sizes(split, made, splitOf)).toList());
        app.console().object(line);
        for (String split : maker.names()) {
            long patients = made.values().stream().filter(split::equals).count();
            long files = splitOf.values().stream().filter(split::equals).count();
            app.console()
                    .say("  " + split + ": " + Count.of(patients, by) + ", "
                            + percent(patients, made.size()) + " (wanted "
                            + percent(maker.wanted(split)) + "), " + Count.of(files, "file") + ", "
                            + percent(files, splitOf.size()));
        }
        if (!stratify.isEmpty()) {
            Map<String, Map<String, Long>> mix = new TreeMap<>();
            labels.forEach((patient, label) -> mix.computeIfAbsent(label, l -> new TreeMap<>())
                    .merge(String.valueOf(made.get(patient)), 1L, Long::sum));
            mix.forEach((label, counts) -> app.console()
                    .say("  " + FilePath.printable(label.replace("\t", ", ")) + ": "
                            + String.join(
                                    ", ",
                                    maker.names().stream()
                                            .map(split -> split + " " + counts.getOrDefault(split, 0L))
                                            .toList())));
        }
        app.console().data(file.toString());
    }

    private static String percent(long part, long all) {
        return percent((double) part / all);
    }

    private static String percent(double ratio) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * ratio);
    }
}
