package org.histods.cli.catalogue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.Console;
import org.histods.cli.shell.SelectionOptions;
import org.histods.manifest.Lineage;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.manifest.StatedSize;
import org.histods.mirror.BagRef;
import org.histods.problem.Problem;
import org.histods.pull.PullRequest;
import org.histods.pull.Puller;
import org.histods.source.Source;
import org.histods.source.all.Sources;
import org.histods.text.Bytes;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code histods show}: everything the catalogue knows about a dataset. */
@Command(
        name = "show",
        description = {
            "Show everything known about a dataset",
            "",
            "With --files, lists the files of the dataset. The contents of zip archives are read from the archives'"
                    + " directories at the host, and files that the manifest does not pin are listed as the host"
                    + " lists them, with all known columns. --only, --only-from and --where list only the selected"
                    + " files in the same way."
        },
        footer = {
            "",
            "Examples:",
            "  histods show kather-2018",
            "  histods show kather-2018 --files",
            "  histods show tcga --where 'project=TCGA-LUAD & site=*lung*'",
            "  histods show monuseg --lineage",
            "  histods show my-dataset.yaml --json"
        })
public final class ShowCommand implements CliCommand {

    private static final int FILES = 12;

    private final AppContext app;

    @Parameters(paramLabel = "ID|FILE", description = "id or alias of a dataset, or a manifest file")
    private String name = "";

    @Option(names = "--files", description = "list all files with their checksums, and the contents of zips")
    private boolean files;

    @Option(names = "--source", paramLabel = "KIND", description = "list the files of this kind of source, such as idc")
    private @Nullable String source;

    @Mixin
    private SelectionOptions selection = new SelectionOptions();

    @Option(
            names = "--lineage",
            description = "show which datasets it is derived from, went into or shares images with")
    private boolean lineage;

    public ShowCommand(AppContext app) {
        this.app = app;
    }

    @Override
    public int run() throws Problem {
        selection.check();
        ManifestFile file = app.datasets().manifest(name);
        Manifest m = file.manifest();
        Console console = app.console();
        if (!selection.everything()) {
            printTable(file);
            return 0;
        }
        if (lineage) {
            new LineageView(app).print(m);
            return 0;
        }
        if (console.json()) {
            console.object(app.manifests().map(m));
            return files ? printFiles(file) : 0;
        }
        console.data(console.bold(m.title()));
        console.data(m.id() + " " + m.version()
                + (m.names().aliases().isEmpty()
                        ? ""
                        : "  (" + String.join(", ", m.names().aliases()) + ")"));
        if (m.publication().description() != null) {
            console.data("");
            wrap(m.publication().description(), "").forEach(console::data);
        }
        console.data("");
        facts(m);
        access(m);
        sources(m);
        splits(m);
        origins(m);
        list("Known problems", m.notes().problems());
        list("Unclear", m.notes().doubts());
        mirror(m);
        return files ? printFiles(file) : 0;
    }

    /** Prints the files that the sources do not show: those in zips, or all files as the host lists them if they are not pinned. */
    private int printFiles(ManifestFile file) throws Problem {
        boolean pinned = file.manifest().sources().stream()
                .filter(source -> source.use() == SourceSpec.Use.AUTO)
                .noneMatch(source -> source.files().isEmpty()
                        && !Sources.of(source.kind()).map(Source::byHand).orElse(false));
        if (pinned) {
            return new ArchiveListing(app).print(file);
        }
        if (app.offline()) {
            app.console().say("the files are not listed, because --offline forbids requests");
            return 0;
        }
        printTable(file);
        return 0;
    }

    private void printTable(ManifestFile file) throws Problem {
        Puller puller = app.puller();
        PullRequest request = new PullRequest(file, null, selection.words(), source, List.of(), false, 4);
        new FileTableView(app.console()).print(puller.files(selection.choose(app, puller, request)));
    }

    private void facts(Manifest m) {
        row("tissue", words(m.images().organs()));
        row("stain", words(m.images().stains()));
        row("tasks", words(m.contents().tasks()));
        row("species", words(m.images().species()));
        row("unit", m.images().unit());
        row("magnification", words(m.images().magnification()));
        row(
                "µm per pixel",
                m.images().mpp().isEmpty() ? null : m.images().mpp().toString().replaceAll("[\\[\\]]", ""));
        row("scanner", words(m.images().scanner()));
        row("image size", m.images().imageSize());
        row("formats", words(m.images().formats()));
        row(
                "counts",
                m.contents().counts().isEmpty() ? null : counts(m.contents().counts()));
        row("download", m.download().known() ? m.download().text() : null);
        row(
                "unpacked",
                m.contents().unpacked() == null ? null : m.contents().unpacked().words());
        row(
                "year",
                m.publication().year() == null
                        ? null
                        : String.valueOf(m.publication().year()));
        row(
                "licence",
                m.terms().license().shown()
                        + (m.terms().license().url() == null
                                ? ""
                                : "  " + m.terms().license().url()));
        if (m.terms().license().doubt() != null) {
            row("", "unclear: " + m.terms().license().doubt());
        }
        row(
                "dataset DOI",
                m.publication().doi() == null
                        ? null
                        : "https://doi.org/" + m.publication().doi());
        Manifest.Paper paper = m.publication().paper();
        row("paper", paper == null ? null : paper.doi() != null ? "https://doi.org/" + paper.doi() : paper.url());
        row("web page", m.publication().landing());
        if (m.contents().patients() != null) {
            String rule = m.contents().patients().pattern() == null
                    ? "not encoded in file names"
                    : "encoded in file names ("
                            + (m.contents().patients().level() == null
                                    ? "patient"
                                    : m.contents().patients().level()) + ")";
            row(
                    "patients",
                    m.contents().patients().note() == null
                            ? rule
                            : rule + ". " + m.contents().patients().note());
        }
    }

    private static String counts(Map<String, Long> counts) {
        List<String> parts = new ArrayList<>();
        counts.forEach((word, count) -> parts.add(String.format(Locale.ROOT, "%,d %s", count, word)));
        return String.join(", ", parts);
    }

    private static String size(PinnedFile f) {
        StatedSize stated = f.size();
        return stated != null ? stated.words() : f.bytes() == null ? "size unknown" : Bytes.text(f.bytes());
    }

    private static @Nullable String words(List<String> words) {
        return words.isEmpty() ? null : String.join(", ", words);
    }

    private void row(String label, @Nullable String value) {
        List<String> lines = wrap(value == null ? "unknown" : value, " ".repeat(16));
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            app.console().data(i == 0 ? String.format("  %-14s%s", label, line.strip()) : line);
        }
    }

    private void access(Manifest m) {
        Console console = app.console();
        console.data("");
        console.data("Access: " + console.bold(m.terms().access().status().word())
                + (m.terms().access().note() == null
                        ? ""
                        : ". " + m.terms().access().note()));
        if (m.terms().access().page() != null) {
            console.data("  web page: " + m.terms().access().page());
        }
        for (int i = 0; i < m.terms().access().steps().size(); i++) {
            List<String> lines = wrap(m.terms().access().steps().get(i), "     ");
            console.data("  " + (i + 1) + ". " + lines.get(0).strip());
            lines.stream().skip(1).forEach(console::data);
        }
    }

    private void sources(Manifest m) {
        Console console = app.console();
        console.data("");
        console.data("Sources, in order of preference");
        for (SourceSpec s : m.sources()) {
            String how = switch (s.use()) {
                case AUTO -> "";
                case ASK -> "  only with --source " + s.kind();
                case NEVER -> "  not used";
            };
            console.data("  " + s.kind() + " " + s.record() + (s.official() ? "" : "  (third party)")
                    + (s.part().isEmpty() ? "" : "  part " + s.part()) + how);
            if (s.size() != null) {
                wrap(s.size().words(), "      ").forEach(console::data);
            }
            if (s.note() != null) {
                wrap(s.note(), "      ").forEach(console::data);
            }
            int shown = files ? s.files().size() : Math.min(FILES, s.files().size());
            for (PinnedFile f : s.files().subList(0, shown)) {
                console.data("      " + f.path() + "  "
                        + size(f)
                        + (f.variant() == null ? "" : "  variant " + f.variant())
                        + (f.role() == null ? "" : "  " + f.role()));
                if (files) {
                    f.checksums().forEach(p -> console.data("        " + p.checksum() + "  by " + p.by()));
                }
            }
            if (shown < s.files().size()) {
                console.data("      … " + (s.files().size() - shown) + " more (--files lists all)");
            }
        }
        for (Manifest.Variant v : m.contents().variants()) {
            console.data("  variant " + v.name() + (v.preferred() ? " (default)" : "  --variant " + v.name())
                    + (v.title() == null ? "" : ": " + v.title()));
        }
    }

    private void splits(Manifest m) {
        if (!m.contents().splits().isEmpty()) {
            app.console().data("");
            app.console().data("Splits");
            m.contents()
                    .splits()
                    .forEach((name, globs) -> app.console().data("  --only " + name + "  " + String.join(", ", globs)));
        }
    }

    private void origins(Manifest m) {
        if (m.contents().lineage().isEmpty()) {
            return;
        }
        app.console().data("");
        app.console().data("Origin of its images");
        for (Lineage l : m.contents().lineage()) {
            app.console()
                    .data("  " + l.relation().word() + " " + l.other()
                            + (l.shares().isEmpty()
                                    ? ""
                                    : ", shares "
                                            + String.join(
                                                    ", ",
                                                    l.shares().stream()
                                                            .map(Lineage.Shared::word)
                                                            .toList())));
            if (l.note() != null) {
                wrap(l.note(), "      ").forEach(app.console()::data);
            }
            if (l.evidence() != null) {
                wrap("evidence: " + l.evidence(), "      ").forEach(app.console()::data);
            }
        }
        app.console().data("  See also: histods show " + m.id() + " --lineage");
    }

    private void list(String title, List<String> lines) {
        if (lines.isEmpty()) {
            return;
        }
        app.console().data("");
        app.console().data(title);
        for (String line : lines) {
            List<String> wrapped = wrap(line, "    ");
            app.console().data("  - " + wrapped.get(0).strip());
            wrapped.stream().skip(1).forEach(app.console()::data);
        }
    }

    private void mirror(Manifest m) throws Problem {
        app.console().data("");
        List<BagRef> bags = app.mirror().bags(m.id());
        if (bags.isEmpty()) {
            app.console().data("Not in the mirror. Download it: histods pull " + m.id());
        }
        for (BagRef bag : bags) {
            app.console().data("In the mirror: " + bag.version() + " at " + bag.data());
        }
    }

    private List<String> wrap(String text, String indent) {
        return app.console().wrap(text, indent);
    }
}
