package org.histods.cli.catalogue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.TypedDatasets;
import org.histods.dataset.DatasetId;
import org.histods.problem.Problem;
import org.histods.pull.ManifestDraft;
import org.histods.source.RecordDescription;
import org.histods.source.all.Sources;
import org.histods.text.Count;
import org.histods.yaml.YamlError;
import org.histods.yaml.YamlText;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code histods manifest}: commands for authors of manifests. */
@Command(
        name = "manifest",
        description = "Write and check manifests",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example:", "  histods manifest lint my-dataset.yaml"})
public final class ManifestCommand implements CliCommand {

    @Override
    public int run() throws Problem {
        throw new Problem(Problem.Kind.USAGE, "a command is missing", "see `histods manifest --help`");
    }

    /** {@code histods manifest lint}: finds errors in manifests without requests to hosts. */
    @Command(
            name = "lint",
            description = {
                "Find errors in manifests",
                "",
                "Reports every error with file, line and field, and exits with code 2 if there is one."
            },
            footer = {"", "Examples:", "  histods manifest lint", "  histods manifest lint kather-2018 my-dataset.yaml"
            })
    public static final class Lint implements CliCommand {

        private final AppContext app;

        @Parameters(
                arity = "0..*",
                paramLabel = "ID|FILE",
                description = "datasets or manifest files (default: the whole catalogue)")
        private List<String> names = new ArrayList<>();

        public Lint(AppContext app) {
            this.app = app;
        }

        @Override
        public int run() throws Problem {
            List<YamlError> errors = new ArrayList<>();
            int checked = 0;
            if (names.isEmpty()) {
                errors.addAll(app.catalogue().lint(Sources.manifestRules()));
                checked = app.catalogue().ids().size();
            }
            for (String name : names) {
                DatasetId id = TypedDatasets.isFile(name) ? null : DatasetId.parse(name);
                Path path =
                        id == null ? app.path(Path.of(name)) : app.catalogue().pathOf(id);
                if (!Files.exists(path)) {
                    throw new Problem(Problem.Kind.USAGE, "no such manifest: " + path);
                }
                errors.addAll(app.manifests().errors(YamlText.read(path), name, id, Sources.manifestRules()));
                checked++;
            }
            if (checked == 0) {
                throw new Problem(Problem.Kind.USAGE, "the catalogue has no manifest, so nothing was checked");
            }
            for (YamlError error : errors) {
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("file", error.file());
                line.put("line", error.line());
                line.put("field", error.field());
                line.put("message", error.message());
                app.console().object(line);
                app.console().data(error.toString());
            }
            app.console().say(Count.of(checked, "manifest") + ", " + Count.of(errors.size(), "error"));
            return errors.isEmpty() ? 0 : Problem.Kind.USAGE.exit();
        }
    }

    /** {@code histods manifest new}: drafts a manifest from a record's metadata. */
    @Command(
            name = "new",
            description = {
                "Draft a manifest from a URL or DOI and print it",
                "",
                "The draft contains the facts that the host states. Add organs, stains, tasks, patients and lineage"
                        + " by hand. If programs cannot download the files, the draft lists the manual steps."
            },
            footer = {
                "",
                "Example:",
                "  histods manifest new https://zenodo.org/records/1214456 --id my-slides > my-slides.yaml",
                "  histods pull my-slides.yaml"
            })
    public static final class New implements CliCommand {

        private final AppContext app;

        @Parameters(
                paramLabel = "URL|DOI",
                description = "record to describe: its URL, as the browser shows it, or its DOI")
        private String record = "";

        @Option(names = "--id", paramLabel = "ID", description = "id of the dataset (default: made from the record)")
        private @Nullable String id;

        public New(AppContext app) {
            this.app = app;
        }

        @Override
        public int run() throws Problem {
            DatasetId chosen = id == null ? null : DatasetId.parse(id);
            RecordDescription description = app.datasets().describe(record);
            String text = app.manifests().write(ManifestDraft.of(description, chosen));
            app.console().raw(text);
            app.console()
                    .say("drafted from " + description.publication().landing() + "; add what the host does not state");
            for (String step : description.terms().access().steps()) {
                app.console().say("  " + step);
            }
            for (YamlError error : app.manifests().errors(text, "draft", null, Sources.manifestRules())) {
                app.console().say("to correct: " + error);
            }
            return 0;
        }
    }
}
