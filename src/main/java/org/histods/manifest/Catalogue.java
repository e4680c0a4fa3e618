package org.histods.manifest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.histods.problem.Problem;

/**
 * All manifests of a folder. Reads what it is asked for and no more: one manifest for one id, all for a list or an
 * alias. Safe to share between threads.
 */
public final class Catalogue {

    private static final String ENDING = ".yaml";

    private final Path folder;
    private final Manifests manifests;

    /**
     * The manifests in a folder, which may lie in a zip file system.
     *
     * @param folder holds {@code <id>.yaml} files
     */
    public Catalogue(Path folder, Manifests manifests) {
        this.folder = folder;
        this.manifests = manifests;
    }

    /**
     * The catalogue that a jar carries in its folder {@code manifests/}.
     *
     * @throws Problem {@code DISK} if the jar cannot be read
     */
    public static Catalogue inJar(Path jar, Manifests manifests) throws Problem {
        try {
            // Stays open as long as the program: manifests are read from it when they are asked for.
            @SuppressWarnings("resource")
            FileSystem files = FileSystems.newFileSystem(jar);
            return new Catalogue(files.getPath("manifests"), manifests);
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, "cannot read the catalogue in " + jar + ": " + e.getMessage());
        }
    }

    /** Where the manifests are. */
    public Path folder() {
        return folder;
    }

    /** The ids, sorted. */
    public List<String> ids() throws Problem {
        try (Stream<Path> list = Files.list(folder)) {
            return list.map(path -> String.valueOf(path.getFileName()))
                    .filter(name -> name.endsWith(ENDING))
                    .map(name -> name.substring(0, name.length() - ENDING.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, "cannot read the catalogue in " + folder + ": " + e.getMessage());
        }
    }

    /**
     * All manifests, sorted by id.
     *
     * @throws Problem {@code USAGE} if one of them has a mistake
     */
    public List<ManifestFile> all() throws Problem {
        List<ManifestFile> all = new ArrayList<>();
        for (String id : ids()) {
            all.add(load(id));
        }
        return all;
    }

    /**
     * The manifest of that id or alias, whatever its case.
     *
     * @throws Problem {@code USAGE} if there is none; the hint names near ones
     */
    public ManifestFile get(String name) throws Problem {
        String lower = name.toLowerCase(Locale.ROOT);
        if (has(lower)) {
            return load(lower);
        }
        List<String> known = new ArrayList<>();
        for (ManifestFile file : all()) {
            if (answersTo(file.manifest(), name)) {
                return file;
            }
            known.add(file.manifest().id());
            known.addAll(file.manifest().aliases());
        }
        List<String> near = Nearest.to(name, known);
        throw new Problem(
                Problem.Kind.USAGE,
                "no dataset is called '" + name + "'",
                near.isEmpty()
                        ? "`histods list` shows all, `histods search TEXT` looks in every field"
                        : "did you mean " + String.join(", ", near) + "?");
    }

    /** The manifest of that id, empty if there is none. */
    public Optional<ManifestFile> find(String id) throws Problem {
        return has(id) ? Optional.of(load(id)) : Optional.empty();
    }

    private boolean has(String id) {
        return id.matches("[a-z0-9-]+") && Files.isRegularFile(folder.resolve(id + ENDING));
    }

    private static boolean answersTo(Manifest manifest, String name) {
        String asked = plain(name);
        return manifest.aliases().stream().anyMatch(alias -> plain(alias).equals(asked));
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-').replace(' ', '-');
    }

    private ManifestFile load(String id) throws Problem {
        Path file = folder.resolve(id + ENDING);
        return manifests.read(text(file), "manifests/" + id + ENDING, id);
    }

    /**
     * Reads a manifest from a file of the user's.
     *
     * @throws Problem {@code USAGE} if it cannot be read or has mistakes
     */
    public ManifestFile file(Path file) throws Problem {
        return manifests.read(text(file), file.toString(), null);
    }

    private static String text(Path file) throws Problem {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new Problem(Problem.Kind.USAGE, "cannot read the manifest " + file + ": " + e);
        }
    }
}
