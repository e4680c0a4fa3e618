package org.histods.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.histods.problem.Problem;
import org.histods.project.Declaration.Declared;
import org.histods.yaml.YamlText;
import org.jspecify.annotations.Nullable;

/** A folder with a {@code histods.yaml}. Reads and writes when it is asked to; keeps nothing. */
public final class Project {

    private static final String NEW = """
            # The datasets that this project uses. `histods add ID --role train` adds one, `histods sync` brings them;
            # docs/projects.md of histods explains every field.
            """;

    private final Path folder;

    private Project(Path folder) {
        this.folder = folder;
    }

    /**
     * The project that a folder belongs to: the nearest above with a {@code histods.yaml}.
     *
     * @throws Problem {@code USAGE} if there is none
     */
    public static Project of(Path from) throws Problem {
        for (Path at = from.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
            if (Files.isRegularFile(at.resolve(Declaration.FILE))) {
                return new Project(at);
            }
        }
        throw new Problem(
                Problem.Kind.USAGE,
                "neither " + from + " nor a folder above it has a " + Declaration.FILE,
                "`histods init` makes this folder a project");
    }

    /** The project in exactly that folder, whether it is still there or not. */
    public static Project in(Path folder) {
        return new Project(folder);
    }

    /**
     * Makes a folder a project.
     *
     * @param purpose what the work is for, null to leave it unsaid
     * @throws Problem {@code USAGE} if it is one already
     */
    public static Project init(Path folder, @Nullable String purpose) throws Problem {
        Path file = folder.resolve(Declaration.FILE);
        if (Files.exists(file)) {
            throw new Problem(
                    Problem.Kind.USAGE, folder + " is a project already", "`histods add ID` adds a dataset to it");
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

    public Path folder() {
        return folder;
    }

    /** The folder of what histods notes here for itself. */
    public Path own() {
        return folder.resolve(".histods");
    }

    /**
     * A file that histods notes something in for itself.
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
     * That place, after checking that it is in the project also when links are resolved: what comes with somebody's
     * project may lead anywhere.
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
                        place + " is not in the project: a link leads from " + above + " to elsewhere",
                        "put a folder in place of the link, or name another path in " + Declaration.FILE);
            }
            return place;
        } catch (IOException e) {
            throw new Problem(Problem.Kind.USAGE, Problem.because("cannot look at " + place, e));
        }
    }

    /** Where in the file system a dataset is wanted. */
    public Path place(Declared declared) {
        return folder.resolve(declared.path());
    }

    public Declaration declaration() throws Problem {
        return DeclarationFormat.read(
                text(Declaration.FILE), folder.resolve(Declaration.FILE).toString());
    }

    /** The lock, empty where there is none yet. */
    public Optional<Lock> lock() throws Problem {
        return Files.exists(folder.resolve(Lock.FILE))
                ? Optional.of(LockFormat.read(
                        text(Lock.FILE), folder.resolve(Lock.FILE).toString()))
                : Optional.empty();
    }

    /**
     * Adds a dataset to {@code histods.yaml}.
     *
     * @throws Problem {@code USAGE} if its name or path is taken, or the file is written in a form that cannot be edited
     */
    public void add(Declared declared) throws Problem {
        Declaration now = declaration();
        if (now.named(declared.name()).isPresent()) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "the project has a dataset '" + declared.name() + "' already",
                    "edit its entry in " + Declaration.FILE + ", or add it once more with another --name");
        }
        String fault = DeclarationFormat.pathFault(declared.path());
        if (fault != null) {
            throw new Problem(
                    Problem.Kind.USAGE, "'" + declared.path() + "' is no path in the project's folder: " + fault);
        }
        write(Declaration.FILE, new DeclarationEdit(text(Declaration.FILE)).add(declared));
    }

    /**
     * Takes a dataset out of {@code histods.yaml}, and out of the lock.
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

    private Problem unknown(String name) {
        return new Problem(
                Problem.Kind.USAGE,
                "the project declares no dataset '" + name + "'",
                folder.resolve(Declaration.FILE) + " says which it declares");
    }

    /** Writes the lock; gives whether the file has changed by that. */
    public boolean write(Lock lock) throws Problem {
        String text = LockFormat.write(lock);
        if (Files.exists(folder.resolve(Lock.FILE)) && text(Lock.FILE).equals(text)) {
            return false;
        }
        write(Lock.FILE, text);
        return true;
    }

    private String text(String name) throws Problem {
        return YamlText.read(folder.resolve(name), name.equals(Lock.FILE) ? LockFormat.LIMIT : YamlText.LIMIT);
    }

    /** The new text or the old, whatever happens. */
    private void write(String name, String text) throws Problem {
        Path file = folder.resolve(name);
        try {
            Path target = Files.isSymbolicLink(file) ? file.toRealPath() : file;
            if (!target.equals(file) && !target.startsWith(folder.toRealPath())) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        file + " is a link to " + target + ", which is not in the project",
                        "put the file itself in place of the link");
            }
            // Under a name that nobody has: neither a file of the user's nor one that a link leads to is written over.
            Path made = target.resolveSibling("." + name + "." + UUID.randomUUID());
            Files.writeString(made, text, StandardOpenOption.CREATE_NEW);
            Files.move(made, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, "cannot write " + file + ": " + Problem.why(e));
        }
    }
}
