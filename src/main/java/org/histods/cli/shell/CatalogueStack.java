package org.histods.cli.shell;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.histods.catalogue.Catalogue;
import org.histods.problem.Problem;
import org.histods.project.Declaration;
import org.jspecify.annotations.Nullable;

/** Combines the catalogue of a run from several folders. */
final class CatalogueStack {

    private final AppContext app;
    private final List<Path> named;

    /** @param named the folders that the command line names */
    CatalogueStack(AppContext app, List<Path> named) {
        this.app = app;
        this.named = List.copyOf(named);
    }

    /**
     * The catalogue, combined from several folders. Later ones take precedence: built-in, settings, environment,
     * project, command line.
     */
    Catalogue catalogue() throws Problem {
        List<Path> folders = new ArrayList<>();
        for (String folder : app.settings().manifests()) {
            folders.add(required(app.paths().configured(folder), "'manifests' of the settings"));
        }
        for (Path folder : app.paths().manifestsNamed()) {
            folders.add(required(folder, "HISTODS_MANIFESTS"));
        }
        Path own = projectManifests();
        if (own != null) {
            folders.add(own);
        }
        for (Path folder : named) {
            folders.add(required(app.path(folder), "--manifests"));
        }
        Catalogue stack = !app.paths().builtInManifests()
                ? null
                : app.paths()
                        .checkoutManifests()
                        .map(folder -> new Catalogue(folder, app.manifests()))
                        .orElseGet(this::builtIn);
        for (Path folder : folders) {
            stack = stack == null
                    ? new Catalogue(folder, app.manifests())
                    : Catalogue.over(stack, folder, folder.equals(own), app.manifests());
        }
        if (stack == null) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "HISTODS_BUILTIN=off leaves out the program's catalogue, and there is no other",
                    "name a folder of manifests with --manifests or HISTODS_MANIFESTS");
        }
        return stack;
    }

    /** A missing folder is an error: its datasets would be missing, or be replaced by those of the same ids below it. */
    private static Path required(Path folder, String by) throws Problem {
        if (!Files.isDirectory(folder)) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    (Files.exists(folder) ? folder + " is not a folder" : "there is no folder " + folder)
                            + ", named by " + by,
                    "check the spelling, and whether its disk is mounted; without it, its datasets would be missing");
        }
        return folder;
    }

    /** The folder {@code manifests} of the project around the working directory; null if there is none. */
    private @Nullable Path projectManifests() {
        for (Path at = app.here(); at != null; at = at.getParent()) {
            if (Files.isRegularFile(at.resolve(Declaration.FILE))) {
                Path folder = at.resolve("manifests");
                return Files.isDirectory(folder) ? folder : null;
            }
        }
        return null;
    }

    private Catalogue builtIn() {
        // The code source is not used: Java 25 does not know it for classes of a cache that was made in another folder.
        String self = String.valueOf(AppContext.class.getResource("AppContext.class"));
        String name = "/" + AppContext.class.getName().replace('.', '/') + ".class";
        String code = self.substring(0, self.length() - name.length());
        if (code.startsWith("jar:")) {
            code = code.substring("jar:".length(), code.length() - "!".length());
        }
        return Catalogue.ofProgram(Path.of(URI.create(code)), app.manifests());
    }
}
