package org.histods.cli.project;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.histods.audit.Auditor;
import org.histods.audit.evidence.HostReferences;
import org.histods.audit.finding.Audit;
import org.histods.audit.finding.HostState;
import org.histods.audit.finding.Severity;
import org.histods.audit.report.AuditReport;
import org.histods.audit.report.ReportContext;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.manifest.Manifest;
import org.histods.problem.Problem;
import org.histods.project.AtomicFile;
import org.histods.project.Declaration;
import org.histods.project.Lock;
import org.histods.provenance.index.ContentIndex;
import org.histods.pull.upstream.UpstreamCheck;
import org.histods.source.all.Sources;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code histods audit}: checks a project for licence problems and for leakage between training and test data. */
@Command(
        name = "audit",
        description = {
            "Check a project for licence problems and data leakage",
            "",
            "Examines histods.yaml, histods.lock, the record of runs, the mirror and the files in the folder. In a"
                    + " folder without histods.yaml, examines the files and the datasets that the code names. Makes"
                    + " no network requests unless --check is given. docs/audit.md explains the rules; `accepted`"
                    + " in histods.yaml marks findings as reviewed.",
            "",
            "Exits with code 3 if an open finding is at or above the --fail-on severity, and with code 0 otherwise."
        },
        footer = {
            "",
            "Examples:",
            "  histods audit",
            "  histods audit --purpose commercial --fail-on warning",
            "  histods audit --format html --to audit.html",
            "  histods audit --format sarif --to audit.sarif --fail-on never",
            "  histods audit ../their-project --format json --to audit.json"
        })
public final class AuditCommand implements CliCommand {

    /** Severity from which findings change the exit code. */
    enum FailOn {
        ERROR,
        WARNING,
        NOTE,
        NEVER
    }

    private final AppContext app;

    @Parameters(arity = "0..1", paramLabel = "DIR", description = "the project's folder (default: this folder)")
    private @Nullable Path folder;

    @Option(
            names = "--format",
            paramLabel = "text|json|html|sarif|cyclonedx|bibtex|data|latex",
            description =
                    "text, json, html, sarif (2.1.0, for code scanning), cyclonedx (1.6), bibtex, or data or latex for a"
                            + " paragraph on the data in a paper (default: text; json with --json)")
    private @Nullable String format;

    @Option(names = "--to", paramLabel = "FILE", description = "write the report to a file")
    private @Nullable Path to;

    @Option(
            names = "--purpose",
            paramLabel = "WORD,…",
            description = "purpose of the work: research, teaching, commercial, redistribution (default: the purpose in"
                    + " histods.yaml)")
    private @Nullable String purpose;

    @Option(names = "--verify", description = "read every file of the pulled datasets instead of sizes and times")
    private boolean verify;

    @Option(names = "--check", description = "check that the hosts still have the files that the manifests pin")
    private boolean check;

    @Option(
            names = "--fail-on",
            paramLabel = "error|warning|note|never",
            description = "severity from which the exit code is 3 (default: error)")
    private FailOn failOn = FailOn.ERROR;

    public AuditCommand(AppContext app) {
        this.app = app;
    }

    @Override
    public int run() throws Problem {
        Path project = project();
        AuditReport report = report(project);
        if (to != null) {
            refuseProjectFile(project, app.output(to));
        }
        List<String> unknown = Auditor.unknownPurposes(purpose);
        if (!unknown.isEmpty()) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "--purpose: unknown purpose '" + String.join("', '", unknown) + "'",
                    "use research, teaching, commercial or redistribution");
        }
        Audit audit = audit(new Auditor.Question(project, purpose, verify, check ? this::hostStates : null));
        String text = report.render(audit);
        if (to == null) {
            app.console().raw(text);
        } else {
            write(app.output(to), text);
        }
        if (failOn == FailOn.NEVER) {
            return 0;
        }
        int failing = audit.open(Severity.valueOf(failOn.name())).size();
        if (failing > 0) {
            app.console()
                    .say(Count.of(failing, "open finding") + " of severity "
                            + failOn.name().toLowerCase(Locale.ROOT)
                            + (failOn == FailOn.ERROR ? "" : " or higher"));
        }
        return failing == 0 ? 0 : Problem.Kind.PERSON.exit();
    }

    private Audit audit(Auditor.Question question) throws Problem {
        try (ContentIndex index = new ContentIndex(app.mirror(), app.console()::say)) {
            HostReferences hosts = new HostReferences(Sources::links, Sources.codePatterns());
            return new Auditor(app.catalogue(), app.manifests(), hosts, app.mirror(), index, app.verifier())
                    .audit(question);
        }
    }

    private AuditReport report(Path project) throws Problem {
        String word = format != null ? format : app.console().json() ? "json" : "text";
        ReportContext context = new ReportContext(app.catalogue().lineages(), app.version(), within(project));
        List<String> words =
                AuditReport.all(context).stream().map(AuditReport::format).toList();
        return AuditReport.named(word, context)
                .orElseThrow(() -> new Problem(
                        Problem.Kind.USAGE,
                        "--format must be one of " + String.join(", ", words) + ", not '" + word + "'"));
    }

    /** The project that contains the folder, or the folder itself. */
    private Path project() throws Problem {
        Path start = folder == null ? app.here() : app.path(folder);
        if (!Files.isDirectory(start)) {
            throw new Problem(Problem.Kind.USAGE, "no such folder: " + start);
        }
        for (Path parent = start.toAbsolutePath().normalize(); parent != null; parent = parent.getParent()) {
            if (Files.isRegularFile(parent.resolve(Declaration.FILE))) {
                return parent;
            }
        }
        app.console().say(start + " has no " + Declaration.FILE + ": only its files can be audited");
        return start;
    }

    /** The project's folder from the root of its git work tree, with a slash at the end; empty if there is none above it. */
    private static String within(Path project) {
        Path folder = project.toAbsolutePath().normalize();
        for (Path root = folder; root != null; root = root.getParent()) {
            if (Files.exists(root.resolve(".git"))) {
                String path = root.relativize(folder).toString().replace(File.separatorChar, '/');
                return path.isEmpty() ? "" : path + "/";
            }
        }
        return "";
    }

    private List<HostState> hostStates(Manifest manifest) throws Problem {
        List<HostState> states = new ArrayList<>();
        for (UpstreamCheck.Finding f : new UpstreamCheck(Sources.all(), app.transport()).check(manifest)) {
            HostState.Outcome outcome = switch (f.outcome()) {
                case SAME, KNOWN -> HostState.Outcome.SAME;
                case GONE, MOVED, CHANGED -> HostState.Outcome.DIFFERENT;
                case NEW, NEWER -> HostState.Outcome.NEW;
                case NOT_CHECKED, BY_HAND -> HostState.Outcome.NOT_COMPARED;
            };
            states.add(new HostState(outcome, f.source(), f.path(), f.message()));
        }
        return states;
    }

    /** A report must not overwrite what it reports on. */
    private static void refuseProjectFile(Path project, Path file) throws Problem {
        Path target = file.toAbsolutePath().normalize();
        Path root = project.toAbsolutePath().normalize();
        if (target.equals(root.resolve(Declaration.FILE))
                || target.equals(root.resolve(Lock.FILE))
                || target.startsWith(root.resolve(".histods"))) {
            throw new Problem(
                    Problem.Kind.USAGE, file + " belongs to the project", "choose another file for the report");
        }
    }

    /** Writes the report completely, or leaves an existing file as it is. */
    private void write(Path file, String text) throws Problem {
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                // A device or a pipe, such as /dev/stdout, cannot be replaced.
                Files.writeString(file, text);
            } else {
                AtomicFile.write(Files.exists(file) ? file.toRealPath() : file, text);
            }
            app.console().say("written to " + file);
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.DISK,
                    "cannot write " + file + ": " + Problem.why(e),
                    "choose a file in an existing folder that you can write to");
        }
    }
}
