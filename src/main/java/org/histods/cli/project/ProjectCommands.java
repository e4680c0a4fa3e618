package org.histods.cli.project;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.dataset.DatasetRef;
import org.histods.manifest.Manifest;
import org.histods.problem.Problem;
import org.histods.project.Declaration;
import org.histods.project.Declaration.Declared;
import org.histods.project.Placement;
import org.histods.project.Project;
import org.histods.provenance.FileSelection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that write what a project declares. */
public final class ProjectCommands {

    private ProjectCommands() {}

    /** Makes a project. */
    @Command(
            name = "init",
            description = "Make this folder a project: write a histods.yaml.",
            footer = {"", "Next: histods add ID --role train"})
    public static final class Init implements CliCommand {

        private final AppContext wiring;

        @Option(
                names = "--purpose",
                paramLabel = "WORD",
                description = "what the work is for, such as research or commercial")
        private @Nullable String purpose;

        public Init(AppContext wiring) {
            this.wiring = wiring;
        }

        @Override
        public int run() throws Problem {
            Project project = Project.init(wiring.here(), purpose);
            String file = project.folder().resolve(Declaration.FILE).toString();
            wiring.console().object(Map.of("event", "init", "project", file));
            wiring.console().data(file);
            wiring.console().say("next: `histods add ID --role train`, then `histods sync`");
            return 0;
        }
    }

    /** Declares datasets. */
    @Command(
            name = "add",
            description = "Declare that this project uses datasets; writes histods.yaml and brings nothing.",
            footer = {
                "",
                "Examples:",
                "  histods add kather-2018 --role train",
                "  histods add kather-2018 --only test --role test --name kather-test --path inputs/test"
            })
    public static final class Add implements CliCommand {

        private final AppContext wiring;

        @Parameters(arity = "1..*", paramLabel = "ID", description = "ids or aliases, with @VERSION to insist on one")
        private List<String> ids = new ArrayList<>();

        @Option(
                names = "--role",
                split = ",",
                paramLabel = "WORD",
                description = "train, test, validation, pretrain or words of your own")
        private List<String> roles = new ArrayList<>();

        @Option(names = "--variant", paramLabel = "NAME", description = "another variant than the preferred one")
        private @Nullable String variant;

        @Option(
                names = "--only",
                paramLabel = "GLOB|SPLIT",
                description = "only files that match, or that belong to the split")
        private List<String> only = new ArrayList<>();

        @Option(names = "--name", paramLabel = "NAME", description = "what the project calls it (default: its id)")
        private @Nullable String name;

        @Option(
                names = "--path",
                paramLabel = "PATH",
                description = "where in the project it is wanted (default: data/NAME)")
        private @Nullable String path;

        public Add(AppContext wiring) {
            this.wiring = wiring;
        }

        @Override
        public int run() throws Problem {
            if (ids.size() > 1 && (name != null || path != null)) {
                throw new Problem(Problem.Kind.USAGE, "--name and --path go with one dataset at a time");
            }
            Project project = Project.of(wiring.here());
            for (String id : ids) {
                Declared declared = declared(id);
                project.add(declared);
                wiring.console()
                        .object(Map.of(
                                "event",
                                "added",
                                "name",
                                declared.name(),
                                "dataset",
                                declared.id(),
                                "path",
                                declared.path()));
                wiring.console().say(declared.name() + " added; `histods sync` brings it to " + declared.path());
            }
            return 0;
        }

        private Declared declared(String asked) throws Problem {
            DatasetRef typed = wiring.dataset(asked);
            if (typed.version() != null && typed.version().variant() != null) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        "'" + typed.version() + "' names a version and a variant",
                        "write " + typed.id() + "@" + typed.version().with(null) + " --variant "
                                + typed.version().variant());
            }
            Manifest manifest = wiring.catalogue().get(typed.id()).manifest();
            List<String> variants =
                    manifest.variants().stream().map(Manifest.Variant::name).toList();
            if (variant != null && !variants.contains(variant)) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        manifest.id() + " has no variant '" + variant + "'",
                        variants.isEmpty() ? "it has no variants" : "it has " + String.join(", ", variants));
            }
            String called = name == null ? manifest.id().text() : name;
            return new Declared(
                    called,
                    manifest.id(),
                    typed.version(),
                    variant,
                    FileSelection.words(only),
                    roles,
                    path == null ? "data/" + called : path);
        }
    }

    /** Takes datasets out of the declaration. */
    @Command(
            name = "drop",
            description = "Declare no longer that this project uses datasets; the mirror keeps them.",
            footer = {"", "Takes them out of histods.yaml and histods.lock, and their links out of the project."})
    public static final class Drop implements CliCommand {

        private final AppContext wiring;

        @Parameters(arity = "1..*", paramLabel = "NAME", description = "names in histods.yaml")
        private List<String> names = new ArrayList<>();

        public Drop(AppContext wiring) {
            this.wiring = wiring;
        }

        @Override
        public int run() throws Problem {
            Project project = Project.of(wiring.here());
            for (String name : names) {
                Declared declared = project.drop(name);
                Optional<Path> stays = new Placement(project).remove(declared);
                wiring.console().object(Map.of("event", "dropped", "name", name, "dataset", declared.id()));
                wiring.console()
                        .say(name + " dropped"
                                + stays.map(path -> "; " + declared.path() + " stays: " + path
                                                + " is no link that histods put there")
                                        .orElse(""));
            }
            return 0;
        }
    }
}
