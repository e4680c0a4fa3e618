package org.histods.cli.project;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.histods.audit.finding.Purpose;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.SelectionOptions;
import org.histods.dataset.DatasetRef;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.project.Declaration;
import org.histods.project.Declaration.Declared;
import org.histods.project.Placement;
import org.histods.project.Project;
import org.histods.pull.PullRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that edit {@code histods.yaml}. */
public final class ProjectCommands {

    private ProjectCommands() {}

    /** {@code histods init}: creates a project. */
    @Command(
            name = "init",
            description = "Create a project in this folder: write histods.yaml",
            footer = {"", "Example:", "  histods init --purpose research"})
    public static final class Init implements CliCommand {

        private final AppContext app;

        @Option(
                names = "--purpose",
                paramLabel = "WORD",
                description = "purpose of the work, such as research or commercial; `histods audit` checks licences"
                        + " against it")
        private @Nullable String purpose;

        public Init(AppContext app) {
            this.app = app;
        }

        @Override
        public int run() throws Problem {
            Project project = Project.init(app.here(), purpose);
            String file = project.folder().resolve(Declaration.FILE).toString();
            app.console().object(Map.of("event", "init", "project", file));
            app.console().data(file);
            for (String word : Purpose.of(purpose).unknown()) {
                app.console()
                        .say("'" + word
                                + "' is not a purpose that `histods audit` knows, so it cannot check licences against it;"
                                + " known: research, teaching, commercial, redistribution");
            }
            app.console().say("next: `histods add ID --role train`, then `histods sync`");
            return 0;
        }
    }

    /** {@code histods add}: adds datasets to a project. */
    @Command(
            name = "add",
            description = {
                "Add datasets to this project",
                "",
                "Edits histods.yaml and downloads nothing; run `histods sync` next. The files that --only-from and --where"
                        + " choose now are written there as paths, so that every sync gets the same files."
            },
            footer = {
                "",
                "Examples:",
                "  histods add kather-2018 --role train",
                "  histods add kather-2018 --only test --role test --name kather-test"
            })
    public static final class Add implements CliCommand {

        private final AppContext app;

        @Parameters(
                arity = "1..*",
                paramLabel = "ID|FILE",
                description =
                        "datasets; ID@VERSION requires that version; or manifest files, which are copied into the project")
        private List<String> ids = new ArrayList<>();

        @Option(
                names = "--role",
                split = ",",
                hideParamSyntax = true,
                paramLabel = "WORD,…",
                description = "role in the project: train, test, validation, pretrain or a word of your own")
        private List<String> roles = new ArrayList<>();

        @Option(names = "--variant", paramLabel = "NAME", description = "use another variant than the default")
        private @Nullable String variant;

        @Mixin
        private SelectionOptions selection = new SelectionOptions();

        @Option(names = "--name", paramLabel = "NAME", description = "name in the project (default: the id)")
        private @Nullable String name;

        @Option(
                names = "--path",
                paramLabel = "PATH",
                description = "path in the project's folder (default: data/NAME)")
        private @Nullable String path;

        public Add(AppContext app) {
            this.app = app;
        }

        @Override
        public int run() throws Problem {
            if (ids.size() > 1 && (name != null || path != null)) {
                throw new Problem(Problem.Kind.USAGE, "--name and --path require a single dataset");
            }
            selection.check();
            Project project = Project.of(app.here());
            return ProjectData.exclusively(app, project, () -> add(project));
        }

        private int add(Project project) throws Problem {
            for (String id : ids) {
                Declared declared = declared(id, project);
                project.add(declared);
                app.console()
                        .object(Map.of(
                                "event",
                                "added",
                                "name",
                                declared.name(),
                                "dataset",
                                declared.id(),
                                "path",
                                declared.path()));
                app.console().say(declared.name() + " added; `histods sync` places it at " + declared.path());
                if (declared.rolesUnknown()) {
                    app.console()
                            .say("`histods audit` does not know the role '" + String.join("', '", declared.roles())
                                    + "', and checks leakage for train, validation, pretrain and test only");
                }
            }
            return 0;
        }

        /** The manifest of a dataset that the catalogue does not have is copied into the project, which others can then use. */
        private ManifestFile known(DatasetRef ref, @Nullable ManifestFile given, Project project) throws Problem {
            ManifestFile known = app.catalogue().find(ref.id()).orElse(null);
            if (given == null && known != null) {
                return known;
            }
            ManifestFile own = given == null ? app.datasets().manifest(ref.toString()) : given;
            if (known == null || !known.sha256().equals(own.sha256())) {
                app.console()
                        .say(own.manifest().id() + " is not in the catalogue; its manifest is kept in "
                                + project.addManifest(own));
            }
            return own;
        }

        private Declared declared(String typed, Project project) throws Problem {
            ManifestFile given = app.datasets().manifestFile(typed).orElse(null);
            DatasetRef ref = given == null
                    ? app.datasets().dataset(typed)
                    : new DatasetRef(given.manifest().id(), null);
            if (ref.version() != null && ref.version().variant() != null) {
                DatasetRef withoutVariant =
                        new DatasetRef(ref.id(), ref.version().with(null));
                throw new Problem(
                        Problem.Kind.USAGE,
                        "'" + ref.version() + "' contains a variant",
                        "write " + withoutVariant + " --variant "
                                + ref.version().variant());
            }
            ManifestFile file = known(ref, given, project);
            Manifest manifest = file.manifest();
            List<String> variants = manifest.contents().variants().stream()
                    .map(Manifest.Variant::name)
                    .toList();
            if (variant != null && !variants.contains(variant)) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        manifest.id() + " has no variant '" + variant + "'",
                        variants.isEmpty() ? "it has no variants" : "it has " + String.join(", ", variants));
            }
            String nameInProject = name == null ? manifest.id().text() : name;
            return new Declared(
                    nameInProject,
                    manifest.id(),
                    ref.version(),
                    variant,
                    only(file),
                    roles,
                    path == null ? "data/" + nameInProject : path);
        }

        /** What histods.yaml records: the paths that lists and conditions choose now. */
        private List<String> only(ManifestFile file) throws Problem {
            PullRequest request = new PullRequest(file, variant, selection.words());
            return selection.choosesByHost()
                    ? selection.choose(app, app.puller(), request).only()
                    : request.only();
        }
    }

    /** {@code histods drop}: removes datasets from a project. */
    @Command(
            name = "drop",
            description = {
                "Remove datasets from this project",
                "",
                "Removes them from histods.yaml and histods.lock, and their links from the project's folder. The mirror"
                        + " keeps them."
            },
            footer = {"", "Example:", "  histods drop kather-test"})
    public static final class Drop implements CliCommand {

        private final AppContext app;

        @Parameters(arity = "1..*", paramLabel = "NAME", description = "names in histods.yaml")
        private List<String> names = new ArrayList<>();

        public Drop(AppContext app) {
            this.app = app;
        }

        @Override
        public int run() throws Problem {
            Project project = Project.of(app.here());
            return ProjectData.exclusively(app, project, () -> drop(project));
        }

        private int drop(Project project) throws Problem {
            for (String name : names) {
                Declared declared = project.drop(name);
                Optional<Path> kept = new Placement(project, app.console()::warn).remove(declared);
                app.console().object(Map.of("event", "dropped", "name", name, "dataset", declared.id()));
                app.console()
                        .say(name + " dropped"
                                + kept.map(path -> "; " + declared.path() + " is kept, because histods did not create "
                                                + path)
                                        .orElse(""));
            }
            return 0;
        }
    }
}
