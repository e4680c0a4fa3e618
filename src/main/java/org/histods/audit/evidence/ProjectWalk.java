package org.histods.audit.evidence;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Walks a project's folder. Files that git ignores are included, because data usually are. Links are reported and not
 * followed.
 */
final class ProjectWalk {

    /** Folders of tools, without files of the project itself. */
    private static final Set<String> TOOLS =
            Set.of((".git .hg .svn .histods node_modules __pycache__ site-packages .ipynb_checkpoints .tox "
                            + ".nox .mypy_cache .pytest_cache .ruff_cache .gradle .idea .vscode")
                    .split(" "));

    /** Gets the files and links. Paths are from the project's folder, with {@code /}. */
    interface Visitor {

        void file(String path, Path file, long bytes) throws Problem;

        /**
         * A symbolic link.
         *
         * @param target its target, which may not exist; null if it cannot be read
         */
        void link(String path, Path link, @Nullable Path target) throws Problem;
    }

    private final Path folder;
    private final Set<Path> apart;
    private final Consumer<String> unchecked;

    /** @param apart folders that are left out: the mirror, the catalogue */
    ProjectWalk(Path folder, Set<Path> apart, Consumer<String> unchecked) {
        this.folder = folder;
        this.apart = apart;
        this.unchecked = unchecked;
    }

    void visit(List<Visitor> visitors) throws Problem {
        List<Problem> problems = new ArrayList<>();
        try {
            Files.walkFileTree(folder, new Walk(visitors, problems));
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot search " + folder, e));
        }
        if (!problems.isEmpty()) {
            throw problems.get(0);
        }
    }

    private final class Walk extends SimpleFileVisitor<Path> {

        private final List<Visitor> visitors;
        private final List<Problem> problems;

        Walk(List<Visitor> visitors, List<Problem> problems) {
            this.visitors = visitors;
            this.problems = problems;
        }

        private String path(Path file) {
            return folder.relativize(file).toString().replace(File.separatorChar, '/');
        }

        @Override
        public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes) {
            if (at.equals(folder)) {
                return FileVisitResult.CONTINUE;
            }
            boolean environment = Files.exists(at.resolve("pyvenv.cfg")) || Files.exists(at.resolve("conda-meta"));
            if (environment) {
                unchecked.accept(path(at) + "/: an environment of Python or conda, not searched");
            }
            boolean skip = environment || TOOLS.contains(String.valueOf(at.getFileName())) || apart.contains(real(at));
            return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        private static Path real(Path at) {
            try {
                return at.toRealPath();
            } catch (IOException e) {
                return at;
            }
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            try {
                if (Thread.currentThread().isInterrupted()) {
                    throw Problem.interrupted();
                }
                for (Visitor visitor : visitors) {
                    if (attributes.isSymbolicLink()) {
                        visitor.link(path(file), file, target(file));
                    } else if (attributes.isRegularFile()) {
                        visitor.file(path(file), file, attributes.size());
                    }
                }
                if (attributes.isOther()) {
                    unchecked.accept(path(file) + " is not a regular file, and was not opened");
                }
                return FileVisitResult.CONTINUE;
            } catch (Problem p) {
                problems.add(p);
                return FileVisitResult.TERMINATE;
            }
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            unchecked.accept(path(file) + " cannot be read");
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path at, @Nullable IOException e) {
            if (e != null) {
                unchecked.accept(path(at) + "/ could not be searched completely");
            }
            return FileVisitResult.CONTINUE;
        }
    }

    private static @Nullable Path target(Path link) {
        try {
            Path target = link.resolveSibling(Files.readSymbolicLink(link));
            return Files.exists(target)
                    ? target.toRealPath()
                    : target.toAbsolutePath().normalize();
        } catch (IOException e) {
            return Files.exists(link, LinkOption.NOFOLLOW_LINKS) ? link : null;
        }
    }
}
