package org.histods.cli.catalogue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.dataset.DatasetId;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.pull.UpstreamCheck;
import org.histods.source.RecordDescription;
import org.histods.source.all.Sources;
import org.histods.text.Count;
import org.histods.yaml.YamlError;
import org.histods.yaml.YamlText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Work on manifests. */
@Command(name = "manifest", description = "Write and check manifests.", synopsisSubcommandLabel = "COMMAND")
public final class ManifestCommand implements CliCommand {

    @Override
    public int run() throws Problem {
        throw new Problem(Problem.Kind.USAGE, "say what to do", "`histods manifest --help` shows what there is");
    }

    /** Finds every mistake. */
    @Command(
            name = "lint",
            description = "Find every mistake in manifests: of the catalogue, or in files.",
            footer = {"", "Exit code 2 if there is one."})
    public static final class Lint implements CliCommand {

        private final AppContext wiring;

        @Parameters(arity = "0..*", paramLabel = "ID|FILE", description = "ids or files; the whole catalogue if none")
        private List<String> names = new ArrayList<>();

        public Lint(AppContext wiring) {
            this.wiring = wiring;
        }

        @Override
        public int run() throws Problem {
            List<YamlError> faults = new ArrayList<>();
            int looked = 0;
            if (names.isEmpty()) {
                faults.addAll(wiring.catalogue().lint(new HashSet<>(wiring.kinds())));
                looked = wiring.catalogue().ids().size();
            }
            for (String name : names) {
                DatasetId id = AppContext.file(name) ? null : DatasetId.parse(name);
                Path path = id == null
                        ? wiring.path(Path.of(name))
                        : wiring.catalogue().folder().resolve(id + ".yaml");
                if (!Files.exists(path)) {
                    throw new Problem(Problem.Kind.USAGE, "there is no manifest " + path);
                }
                faults.addAll(wiring.manifests().errors(YamlText.read(path), name, id, new HashSet<>(wiring.kinds())));
                looked++;
            }
            for (YamlError fault : faults) {
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("file", fault.file());
                line.put("line", fault.line());
                line.put("field", fault.field());
                line.put("message", fault.message());
                wiring.console().object(line);
                wiring.console().data(fault.toString());
            }
            wiring.console().say(Count.of(looked, "manifest") + ", " + Count.of(faults.size(), "mistake"));
            return faults.isEmpty() ? 0 : Problem.Kind.USAGE.exit();
        }
    }

    /** Drafts a manifest from a record. */
    @Command(
            name = "new",
            description = "Draft a manifest from a record's address and print it.",
            footer = {
                "",
                "Takes the address in a browser's address bar, or a DOI. What the host does not say stays out:",
                "add organs, stains, tasks, patients and lineage by hand. Where only a person can get the files,",
                "the draft says the steps.",
                "",
                "Example:",
                "  histods manifest new https://zenodo.org/records/1214456 > my.yaml && histods pull my.yaml"
            })
    public static final class New implements CliCommand {

        private final AppContext wiring;

        @Parameters(paramLabel = "URL|DOI", description = "such as https://zenodo.org/records/1214456")
        private String address = "";

        public New(AppContext wiring) {
            this.wiring = wiring;
        }

        @Override
        public int run() throws Problem {
            RecordDescription described = described();
            String text = wiring.manifests().write(ManifestDraft.of(described));
            wiring.console().raw(text);
            wiring.console().say("drafted from " + described.landing() + "; what the host does not say is not in it");
            for (String step : described.access().steps()) {
                wiring.console().say("  " + step);
            }
            for (YamlError fault : wiring.manifests().errors(text, "draft", null, new HashSet<>(wiring.kinds()))) {
                wiring.console().say("to correct: " + fault);
            }
            return 0;
        }

        private RecordDescription described() throws Problem {
            try {
                return Sources.describe(address, wiring.transport())
                        .orElseThrow(() -> new Problem(
                                Problem.Kind.USAGE,
                                "'" + address + "' leads to a page from which no kind of source can list files",
                                "give the address of a record, folder or file of " + Sources.kinds()
                                        + ", or a DOI that leads to one; docs/manifests.md lists their forms"));
            } catch (Problem p) {
                String hint = p.hint();
                if (hint == null || !(hint.contains("--source") || hint.contains("--from"))) {
                    throw p;
                }
                // What helps a pull does not help here: there is no other source, and no dataset to bring a file to.
                throw new Problem(p.kind(), p.message(), "look at " + address + " in a browser", p.attempts(), p);
            }
        }
    }

    /** Compares with the hosts. */
    @Command(
            name = "check",
            description = "Compare what manifests pin with what the hosts state today. Fetches no data.",
            footer = {
                "",
                "Prints what to change. Exit code 6 if a host states something else, 4 if a host could not be asked.",
                "What a host does not state is told as not compared."
            })
    public static final class Check implements CliCommand {

        private final AppContext wiring;

        @Parameters(arity = "0..*", paramLabel = "ID|FILE", description = "ids or files; the whole catalogue if none")
        private List<String> names = new ArrayList<>();

        public Check(AppContext wiring) {
            this.wiring = wiring;
        }

        @Override
        public int run() throws Problem {
            List<ManifestFile> all = new ArrayList<>();
            for (String name : names) {
                all.add(wiring.manifest(name));
            }
            if (names.isEmpty()) {
                all.addAll(wiring.catalogue().all());
            }
            UpstreamCheck check = new UpstreamCheck(Sources.all(), wiring.transport());
            int different = 0;
            int uncompared = 0;
            int same = 0;
            for (ManifestFile file : all) {
                Manifest manifest = file.manifest();
                for (UpstreamCheck.Finding finding : check.check(manifest)) {
                    show(manifest.id(), finding);
                    switch (finding.outcome()) {
                        case SAME -> same++;
                        case NOT_COMPARED -> uncompared++;
                        default -> different++;
                    }
                }
            }
            wiring.console().say(same + " as pinned, " + different + " different, " + uncompared + " not compared");
            if (different > 0) {
                return Problem.Kind.UPSTREAM_CHANGED.exit();
            }
            return same == 0 && uncompared > 0 ? Problem.Kind.NETWORK.exit() : 0;
        }

        private void show(DatasetId id, UpstreamCheck.Finding finding) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("dataset", id.text());
            line.put("outcome", finding.outcome().word());
            line.put("source", finding.source());
            line.put("path", finding.path());
            line.put("message", finding.message());
            wiring.console().object(line);
            wiring.console()
                    .data(id + "  " + finding.outcome().word() + "  " + finding.source()
                            + (finding.path().isEmpty() ? "" : "  " + finding.path()) + ": " + finding.message());
        }
    }
}
