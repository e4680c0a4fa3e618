package org.histods.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.histods.dataset.DatasetVersion;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.project.Declaration.Declared;
import org.histods.yaml.YamlText;
import org.jspecify.annotations.Nullable;

/** A folder with a {@code histods.yaml}. Nothing is cached: every call reads or writes files. */
public final class Project {

    private static final String NEW = """
            # The datasets that this project uses. `histods add ID --role train` adds one, `histods sync` fetches them;
            # docs/projects.md of histods explains every field.
            """;

    private static final String MANIFESTS = "manifests/";

    private final Path folder;

    private Project(Path folder) {
        this.folder = folder;
    }

    /**
     * The project that a folder belongs to: the folder itself or the nearest above it with a {@code histods.yaml}.
     *
     * @throws Problem {@code USAGE} if there is none
     */
    public static Project of(Path from) throws Problem {
        return around(from)
                .orElseThrow(() -> new Problem(
                        Problem.Kind.USAGE,
                        "neither " + from + " nor a folder above it has a " + Declaration.FILE,
                        "`histods init` makes this folder a project"));
    }

    /** As {@link #of}; empty if there is none. */
    public static Optional<Project> around(Path from) {
        for (Path at = from.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
            if (Files.isRegularFile(at.resolve(Declaration.FILE))) {
                return Optional.of(new Project(at));
            }
        }
        return Optional.empty();
    }

    /** The project in exactly that folder, which may no longer exist. */
    public static Project in(Path folder) {
        return new Project(folder);
    }

    /**
     * Makes a folder a project.
     *
     * @param purpose what the work is for; null to leave it out
     * @throws Problem {@code USAGE} if it is already one
     */
    public static Project init(Path folder, @Nullable String purpose) throws Problem {
        Path file = folder.resolve(Declaration.FILE);
        if (Files.exists(file)) {
            throw new Problem(
                    Problem.Kind.USAGE, folder + " is already a project", "`histods add ID` adds a dataset to it");
        }
        String line = purpose == null
                ? ""
                : "purpose: \"" + purpose.replace("\\", "\\\\").replace("\"", "\\\"") + "\"\n";
        String text = NEW + line + "datasets:\n";
        DeclarationFormat.read(text, Declaration.FILE);
        Project project = new Project(folder.toAbsolutePath().normalize());
        project.write(Declaration.FILE, text);
        return project;
    }

    /** The folder with the {@code histods.yaml}. */
    public Path folder() {
        return folder;
    }

    /** The folder of histods's own files in the project. */
    public Path own() {
        return folder.resolve(".histods");
    }

    /** Makes the folder {@link #own}, in which git ignores what is valid on one machine only. */
    void makeOwn() throws IOException {
        Files.createDirectories(own());
        Path ignored = own().resolve(".gitignore");
        if (!Files.exists(ignored, LinkOption.NOFOLLOW_LINKS)) {
            AtomicFile.write(ignored, "# Valid on one machine only. Commit everything else.\nplaces.json*\n");
        }
    }

    /**
     * A file in {@link #own} that histods keeps for itself.
     *
     * @param name its path in {@link #own}
     * @throws Problem {@code USAGE} if it or a folder above it is a link out of the project
     */
    public Path own(String name) throws Problem {
        Path file = own().resolve(name);
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new Problem(
                    Problem.Kind.USAGE, file + " is not a file that histods made", "move it away and run this again");
        }
        return inside(file);
    }

    /**
     * The same path, checked to be in the project after links are resolved: another person's project may contain links
     * to anywhere.
     *
     * @throws Problem {@code USAGE} if a folder above it is a link out of the project
     */
    public Path inside(Path place) throws Problem {
        try {
            Path real = folder.toRealPath();
            Path above = place.toAbsolutePath().getParent();
            while (above != null && !Files.exists(above, LinkOption.NOFOLLOW_LINKS)) {
                above = above.getParent();
            }
            if (above == null || !above.toRealPath().startsWith(real)) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        place + " is not in the project: " + above + " is a link to elsewhere",
                        "replace the link with a folder, or use another path in " + Declaration.FILE);
            }
            return place;
        } catch (IOException e) {
            throw new Problem(Problem.Kind.USAGE, Problem.because("cannot read " + place, e));
        }
    }

    /** The path of a dataset in the file system. */
    public Path place(Declared declared) {
        return folder.resolve(declared.path());
    }

    /** The content of {@code histods.yaml}. */
    public Declaration declaration() throws Problem {
        return DeclarationFormat.read(
                text(Declaration.FILE), folder.resolve(Declaration.FILE).toString());
    }

    /** The line of each dataset's entry in {@code histods.yaml}, by its name in the project. */
    public Map<String, Integer> declaredLines() throws Problem {
        return DeclarationFormat.lines(text(Declaration.FILE), Declaration.FILE);
    }

    /** The lock; empty if there is none yet. */
    public Optional<Lock> lock() throws Problem {
        return Files.exists(folder.resolve(Lock.FILE))
                ? Optional.of(LockFormat.read(
                        text(Lock.FILE), folder.resolve(Lock.FILE).toString()))
                : Optional.empty();
    }

    /**
     * Adds a dataset to {@code histods.yaml}.
     *
     * @throws Problem {@code USAGE} if its name or path is taken, or the file has a layout that cannot be edited
     */
    public void add(Declared declared) throws Problem {
        Declaration now = declaration();
        if (now.named(declared.name()).isPresent()) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "the project already has a dataset '" + declared.name() + "'",
                    "edit its entry in " + Declaration.FILE + ", or add it under another --name");
        }
        String fault = DeclarationFormat.pathFault(declared.path());
        if (fault != null) {
            throw new Problem(
                    Problem.Kind.USAGE, "'" + declared.path() + "' is not a path in the project's folder: " + fault);
        }
        write(Declaration.FILE, new DeclarationEdit(text(Declaration.FILE)).add(declared));
    }

    /**
     * Removes a dataset from {@code histods.yaml} and from the lock.
     *
     * @throws Problem {@code USAGE} if the project has none of that name, or the file cannot be edited
     */
    public Declared drop(String name) throws Problem {
        Declared declared = declaration().named(name).orElseThrow(() -> unknown(name));
        write(Declaration.FILE, new DeclarationEdit(text(Declaration.FILE)).drop(name));
        Optional<Lock> lock = lock();
        if (lock.isPresent() && lock.get().named(name).isPresent()) {
            List<Lock.Locked> rest = new ArrayList<>(lock.get().datasets());
            rest.removeIf(l -> l.name().equals(name));
            write(new Lock(rest));
        }
        return declared;
    }

    /** Requires that version in the entry of a dataset, if the entry requires one. */
    public void useVersion(String name, DatasetVersion version) throws Problem {
        Declared declared = declaration().named(name).orElseThrow(() -> unknown(name));
        if (declared.version() != null && !declared.version().equals(version)) {
            write(Declaration.FILE, new DeclarationEdit(text(Declaration.FILE)).version(name, version));
        }
    }

    private Problem unknown(String name) {
        return new Problem(
                Problem.Kind.USAGE,
                "the project declares no dataset '" + name + "'",
                folder.resolve(Declaration.FILE) + " lists the declared ones");
    }

    /** Writes the lock; false if the file was up to date. */
    public boolean write(Lock lock) throws Problem {
        String text = LockFormat.write(lock);
        // Git may have written it with other line ends.
        if (Files.exists(folder.resolve(Lock.FILE))
                && text(Lock.FILE).replace("\r\n", "\n").equals(text)) {
            return false;
        }
        write(Lock.FILE, text);
        return true;
    }

    /**
     * The text of the manifest that an entry of the lock was made with, as kept beside the lock.
     *
     * @return empty if there is none, or if it is another than the lock names
     */
    public Optional<String> manifest(Lock.Locked locked) throws Problem {
        Path file = own(MANIFESTS + locked.name() + ".yaml");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String text = YamlText.read(file);
        return ManifestFile.sha256(text).equals(locked.stated().manifest()) ? Optional.of(text) : Optional.empty();
    }

    /** The path in the project of the manifest that is kept for a dataset. */
    public static String manifestPath(String name) {
        return ".histods/" + MANIFESTS + name + ".yaml";
    }

    /** Keeps the manifest that a dataset is locked with, so that it can be fetched again when the catalogue has changed. */
    public void keep(String name, ManifestFile manifest) throws Problem {
        Path file = own(MANIFESTS + name + ".yaml");
        try {
            if (!Files.exists(file) || !Files.readString(file).equals(manifest.text())) {
                makeOwn();
                Files.createDirectories(file.getParent());
                AtomicFile.write(file, manifest.text());
            }
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, "cannot write " + file + ": " + Problem.why(e));
        }
    }

    /**
     * Puts the manifest of a dataset that the catalogue does not have into the project's folder of manifests.
     *
     * @return its path in the project
     * @throws Problem {@code USAGE} if there is another manifest of that name
     */
    public String addManifest(ManifestFile manifest) throws Problem {
        String name = "manifests/" + manifest.manifest().id() + ".yaml";
        Path file = inside(folder.resolve(name));
        if (Files.exists(file)) {
            if (!ManifestFile.sha256(YamlText.read(file)).equals(manifest.sha256())) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        file + " is another manifest of " + manifest.manifest().id(),
                        "delete the one that is wrong; `histods add "
                                + manifest.manifest().id() + "` takes that of the project");
            }
            return name;
        }
        try {
            Files.createDirectories(file.getParent());
            AtomicFile.write(file, manifest.text());
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, "cannot write " + file + ": " + Problem.why(e));
        }
        return name;
    }

    private String text(String name) throws Problem {
        return YamlText.read(folder.resolve(name), name.equals(Lock.FILE) ? LockFormat.LIMIT : YamlText.LIMIT);
    }

    /** Replaces a file; after a failure it has the old text. */
    private void write(String name, String text) throws Problem {
        Path file = folder.resolve(name);
        try {
            Path target = Files.isSymbolicLink(file) ? file.toRealPath() : file;
            if (!target.equals(file) && !target.startsWith(folder.toRealPath())) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        file + " is a link to " + target + ", which is not in the project",
                        "replace the link with the file itself");
            }
            AtomicFile.write(target, text);
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, "cannot write " + file + ": " + Problem.why(e));
        }
    }
}
