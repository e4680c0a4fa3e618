package org.histods.cli.catalogue;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.manifest.ManifestEdit;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.pull.upstream.UpstreamCheck;
import org.histods.pull.upstream.UpstreamCheck.Finding;
import org.histods.pull.upstream.UpstreamCheck.Outcome;
import org.histods.source.all.Sources;
import org.histods.text.Count;
import org.histods.text.UnifiedDiff;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code histods manifest check}: compares manifests with what their hosts state now. */
@Command(
        name = "check",
        description = {
            "Compare manifests with what the hosts state now",
            "",
            "Downloads no data. Lists records and files that are gone, moved or changed, newer versions, and sizes"
                    + " and checksums that hosts now publish. Values that a host does not publish are reported as"
                    + " not checked. Exits with code 6 if a manifest no longer matches its host, with 4 or 3 if"
                    + " something could not be checked, and with 0 only if every source that a program can query"
                    + " was compared. An interrupted check with --report continues when it is run again."
        },
        footer = {
            "",
            "Examples:",
            "  histods manifest check kather-2018 --json",
            "  histods manifest check --report check --write",
            "  git apply check/changes.patch"
        })
public final class CheckCommand implements CliCommand {

    private final AppContext app;
    private final Clock clock = Clock.systemUTC();

    @Parameters(
            arity = "0..*",
            paramLabel = "ID|FILE",
            description = "datasets or manifest files (default: the whole catalogue)")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description = "write report.md and findings.jsonl into a new or empty folder")
    private @Nullable Path folder;

    @Option(
            names = "--write",
            description = "with --report, also write the needed changes to manifests as changes.patch")
    private boolean write;

    public CheckCommand(AppContext app) {
        this.app = app;
    }

    @Override
    public int run() throws Problem {
        if (write && folder == null) {
            throw new Problem(
                    Problem.Kind.USAGE, "--write requires --report", "histods manifest check --report DIR --write");
        }
        List<ManifestFile> all = new ArrayList<>();
        for (String name : names) {
            all.add(app.datasets().manifest(name));
        }
        if (names.isEmpty()) {
            all.addAll(app.catalogue().all());
        }
        CheckReport report =
                folder == null ? null : CheckReport.open(app.output(folder), app.version(), Instant.now(clock));
        UpstreamCheck check = new UpstreamCheck(Sources.all(), app.transport());
        List<CheckReport.Entry> entries = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            ManifestFile file = all.get(i);
            CheckReport.Entry earlier = report == null ? null : report.earlier(file);
            if (earlier == null) {
                app.console()
                        .status("checking " + (i + 1) + " of " + all.size() + ": "
                                + file.manifest().id());
                earlier = new CheckReport.Entry(
                        file.manifest().id().text(),
                        file.sha256().hex(),
                        Instant.now(clock),
                        check.check(file.manifest()));
                app.console().endStatus();
                if (report != null) {
                    report.keep(earlier);
                }
            }
            entries.add(earlier);
            show(earlier);
        }
        if (report != null) {
            List<String> byHand = new ArrayList<>();
            String patch = write ? patch(all, entries, byHand) : null;
            report.end(entries, patch, byHand, Instant.now(clock));
            app.console().data(app.path(folder == null ? Path.of("") : folder).toString());
        }
        return exit(entries);
    }

    private void show(CheckReport.Entry entry) {
        for (Finding finding : entry.findings()) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("dataset", entry.dataset());
            line.put("outcome", finding.outcome().word());
            line.put("source", finding.source());
            line.put("path", finding.path());
            line.put("message", finding.message());
            app.console().object(line);
            if (finding.outcome() != Outcome.SAME || !names.isEmpty()) {
                app.console()
                        .data(entry.dataset() + "  " + finding.outcome().word() + "  " + finding.source()
                                + (finding.path().isEmpty() ? "" : "  " + finding.path()) + ": " + finding.message());
            }
        }
        if (entry.findings().isEmpty()) {
            app.console().data(entry.dataset() + "  not-checked  its manifest names no source that is used");
        }
    }

    private int exit(List<CheckReport.Entry> entries) {
        Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
        entries.stream().flatMap(e -> e.findings().stream()).forEach(f -> counts.merge(f.outcome(), 1, Integer::sum));
        List<String> words = new ArrayList<>();
        counts.forEach(
                (outcome, count) -> words.add(count + " " + outcome.word().replace('-', ' ')));
        app.console().say(Count.of(entries.size(), "dataset") + ": " + String.join(", ", words));
        if (counts.keySet().stream().anyMatch(Outcome::differs)) {
            return Problem.Kind.UPSTREAM_CHANGED.exit();
        }
        if (counts.containsKey(Outcome.NOT_CHECKED)) {
            return Problem.Kind.NETWORK.exit();
        }
        boolean nothing = !counts.containsKey(Outcome.SAME) && !counts.containsKey(Outcome.KNOWN);
        return nothing && !entries.isEmpty() ? Problem.Kind.PERSON.exit() : 0;
    }

    /** The changes of all manifests; what cannot be changed line by line is added to {@code byHand}. */
    private String patch(List<ManifestFile> files, List<CheckReport.Entry> entries, List<String> byHand) {
        StringBuilder patch = new StringBuilder();
        for (int i = 0; i < files.size(); i++) {
            ManifestFile file = files.get(i);
            String text = file.text();
            for (Finding finding : entries.get(i).findings()) {
                for (ManifestEdit edit : finding.edits()) {
                    text = edited(file, text, edit, byHand);
                }
            }
            patch.append(UnifiedDiff.of(patchPath(file), file.text(), text));
        }
        return patch.toString();
    }

    /** The manifest's path in the patch: relative to the working directory if possible, else its name. */
    private String patchPath(ManifestFile file) {
        Path origin = Path.of(file.origin());
        if (!origin.isAbsolute()) {
            return origin.toString();
        }
        return (origin.startsWith(app.here()) ? app.here().relativize(origin) : origin.getFileName()).toString();
    }

    private String edited(ManifestFile file, String text, ManifestEdit edit, List<String> byHand) {
        String what = file.manifest().id() + " " + edit.pointer() + " " + edit.field() + ": "
                + String.join(", ", edit.values());
        try {
            String after = edit.apply(text);
            List<?> errors = app.manifests().errors(after, file.origin(), null, Sources.manifestRules());
            if (errors.isEmpty()) {
                return after;
            }
            byHand.add(what + " (" + errors.get(0) + ")");
        } catch (IllegalArgumentException e) {
            byHand.add(what + " (" + e.getMessage() + ")");
        }
        return text;
    }
}
