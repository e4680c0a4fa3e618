package org.histods.cli.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.histods.audit.Auditor;
import org.histods.audit.finding.Audit;
import org.histods.audit.finding.HostState;
import org.histods.audit.finding.Severity;
import org.histods.audit.report.AuditReport;
import org.histods.audit.report.ReportContext;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.manifest.Manifest;
import org.histods.problem.Problem;
import org.histods.project.Declaration;
import org.histods.project.Lock;
import org.histods.provenance.index.ContentIndex;
import org.histods.pull.UpstreamCheck;
import org.histods.source.all.Sources;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what a project used, whether it was allowed to, and whether the result can be believed. */
@Command(
        name = "audit",
        description = "Which datasets did this project use, under which terms, and did its test data leak?",
        footer = {
            "",
            "Looks at histods.yaml, histods.lock, the record of runs, the mirror and every file of the folder. A folder",
            "without histods.yaml is audited by what lies in it and what its code names. Makes no request, unless --check",
            "is given. docs/audit.md explains every rule; `accepted` in histods.yaml marks a finding as looked at.",
            "",
            "Exit code 3, for a person must act, if an open finding weighs as much as --fail-on says; else 0.",
            "",
            "Examples:",
            "  histods audit",
            "  histods audit --purpose commercial --fail-on warning",
            "  histods audit --format html --to audit.html",
            "  histods audit ../their-project --format json --to audit.json"
        })
public final class AuditCommand implements CliCommand {

    /** From which weight on the exit code says so. */
    enum FailOn {
        ERROR,
        WARNING,
        NOTE,
        NEVER
    }

    private final AppContext wiring;

    @Parameters(arity = "0..1", paramLabel = "DIR", description = "the project's folder (default: where you are)")
    private @Nullable Path folder;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "text, json, html, cyclonedx (1.6), bibtex, data or latex: a paragraph on the data for a paper"
                            + " (default: text; json with --json)")
    private @Nullable String format;

    @Option(names = "--to", paramLabel = "FILE", description = "write the report into that file")
    private @Nullable Path to;

    @Option(
            names = "--purpose",
            paramLabel = "WORDS",
            description = "what the work is for: research, teaching, commercial, redistribution, or several with commas"
                    + " (default: what histods.yaml says)")
    private @Nullable String purpose;

    @Option(names = "--verify", description = "read every file of the pulled datasets, not only sizes and times")
    private boolean verify;

    @Option(names = "--check", description = "ask the hosts whether they still have what the manifests pin")
    private boolean check;

    @Option(names = "--fail-on", paramLabel = "error|warning|note|never", description = "default: error")
    private FailOn failOn = FailOn.ERROR;

    public AuditCommand(AppContext wiring) {
        this.wiring = wiring;
    }

    @Override
    public int run() throws Problem {
        AuditReport report = report();
        Path project = project();
        if (to != null) {
            spare(project, wiring.path(to));
        }
        List<String> strange = Auditor.unknownPurposes(purpose);
        if (!strange.isEmpty()) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "--purpose '" + String.join("', '", strange)
                            + "' is none of the words that terms can be held against",
                    "they are research, teaching, commercial and redistribution");
        }
        Audit audit = audit(new Auditor.Question(project, purpose, verify, check ? this::ask : null));
        String text = report.render(audit);
        if (to == null) {
            wiring.console().raw(text);
        } else {
            write(wiring.path(to), text);
        }
        if (failOn == FailOn.NEVER) {
            return 0;
        }
        int heavy = audit.open(Severity.valueOf(failOn.name())).size();
        if (heavy > 0) {
            wiring.console()
                    .say(heavy + (heavy == 1 ? " open finding weighs " : " open findings weigh ")
                            + failOn.name().toLowerCase(Locale.ROOT) + " or more");
        }
        return heavy == 0 ? 0 : Problem.Kind.PERSON.exit();
    }

    private Audit audit(Auditor.Question question) throws Problem {
        try (ContentIndex index = new ContentIndex(wiring.mirror(), wiring.console()::say)) {
            return new Auditor(
                            wiring.catalogue(),
                            wiring.manifests(),
                            Sources::links,
                            wiring.mirror(),
                            index,
                            wiring.verifier())
                    .audit(question);
        }
    }

    private AuditReport report() throws Problem {
        String word = format != null ? format : wiring.console().json() ? "json" : "text";
        ReportContext setting = new ReportContext(wiring.catalogue().lineages(), wiring.version());
        List<String> words =
                AuditReport.all(setting).stream().map(AuditReport::format).toList();
        return AuditReport.named(word, setting)
                .orElseThrow(() -> new Problem(
                        Problem.Kind.USAGE, "--format is " + String.join(", ", words) + ", not '" + word + "'"));
    }

    /** The project that the folder belongs to, or the folder itself. */
    private Path project() throws Problem {
        Path asked = folder == null ? wiring.here() : wiring.path(folder);
        if (!Files.isDirectory(asked)) {
            throw new Problem(Problem.Kind.USAGE, "there is no folder " + asked);
        }
        for (Path at = asked.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
            if (Files.isRegularFile(at.resolve(Declaration.FILE))) {
                return at;
            }
        }
        wiring.console().say(asked + " has no " + Declaration.FILE + ": only what lies in it can be audited");
        return asked;
    }

    private List<HostState> ask(Manifest manifest) throws Problem {
        List<HostState> answers = new ArrayList<>();
        for (UpstreamCheck.Finding f : new UpstreamCheck(Sources.all(), wiring.transport()).check(manifest)) {
            HostState.Outcome outcome = switch (f.outcome()) {
                case SAME -> HostState.Outcome.SAME;
                case DIFFERENT -> HostState.Outcome.DIFFERENT;
                case NEW -> HostState.Outcome.NEW;
                case NOT_COMPARED -> HostState.Outcome.NOT_COMPARED;
            };
            answers.add(new HostState(outcome, f.source(), f.path(), f.message()));
        }
        return answers;
    }

    /** A report must not take the place of what it reports on. */
    private static void spare(Path project, Path file) throws Problem {
        Path target = file.toAbsolutePath().normalize();
        Path root = project.toAbsolutePath().normalize();
        if (target.equals(root.resolve(Declaration.FILE))
                || target.equals(root.resolve(Lock.FILE))
                || target.startsWith(root.resolve(".histods"))) {
            throw new Problem(
                    Problem.Kind.USAGE, file + " is the project's own file", "name another file for the report");
        }
    }

    /** The whole report, or what was there before. */
    private void write(Path file, String text) throws Problem {
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                // A device or a pipe, such as /dev/stdout, cannot be replaced.
                Files.writeString(file, text);
            } else {
                Path target = Files.exists(file) ? file.toRealPath() : file;
                Path made = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
                Files.writeString(made, text, StandardOpenOption.CREATE_NEW);
                Files.move(made, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            }
            wiring.console().say("written to " + file);
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.DISK,
                    "cannot write " + file + ": " + Problem.why(e),
                    "name a file in a folder that is there and that you may write to");
        }
    }
}
