package org.histods.cli.mirror;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.MirrorLookup;
import org.histods.problem.Problem;
import org.histods.provenance.index.ContentIndex;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code histods identify}: finds the dataset that a file comes from, by its content. */
@Command(
        name = "identify",
        description = {
            "Find out which pulled dataset a file comes from",
            "",
            "Compares file content, so renamed, moved and copied files are recognised, but modified, cropped or"
                    + " converted files are not. Searches folders recursively. Recognises files of pulled datasets,"
                    + " their archives, and files in imported indexes. Empty files are ignored.",
            "",
            "Exits with code 0 if every file is known and with code 9 if one is not."
        },
        footer = {
            "",
            "Examples:",
            "  histods identify figure2.tif",
            "  histods identify --json tiles/ | jq -r 'select(.matches == []).file'"
        })
public final class IdentifyCommand implements CliCommand {

    /** How many files are looked up ahead of the one to be shown next. */
    private static final int MAX_QUEUED = 64;

    private final AppContext app;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "files and folders")
    private List<Path> files = new ArrayList<>();

    public IdentifyCommand(AppContext app) {
        this.app = app;
    }

    @Override
    public int run() throws Problem {
        IdentifyView view = new IdentifyView(app.console());
        ExecutorService threads =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try (ContentIndex index = new ContentIndex(app.mirror(), app.console()::say)) {
            Walk walk = new Walk(new ContentLookup(app.mirror(), index), view, threads);
            walk.exit = new MirrorLookup(app).unreadable();
            try {
                index.refresh();
            } catch (Problem p) {
                walk.failed(p);
            }
            for (Path file : files) {
                walk.visit(file, app.path(file));
            }
            walk.finish();
            view.summary();
            if (!view.allKnown() && new MirrorLookup(app).all().isEmpty()) {
                app.console().say("the mirror " + app.mirror().root() + " contains no datasets");
            }
            return walk.exit != 0 ? walk.exit : view.allKnown() ? 0 : NO;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.interrupted();
        } finally {
            threads.shutdownNow();
        }
    }

    /** Visits files and folders, looks up the files in parallel, and shows them in order. */
    private final class Walk {
        private final ContentLookup lookup;
        private final IdentifyView view;
        private final ExecutorService threads;
        private final Deque<Future<ContentLookup.Result>> queue = new ArrayDeque<>();
        private final Set<Path> parents = new LinkedHashSet<>();
        private int exit;

        Walk(ContentLookup lookup, IdentifyView view, ExecutorService threads) {
            this.lookup = lookup;
            this.view = view;
            this.threads = threads;
        }

        void failed(Problem problem) throws Problem {
            if (problem.kind() == Problem.Kind.INTERRUPTED) {
                // Not everything was searched, so that no file can be called unknown.
                throw problem;
            }
            app.console().problem("", problem);
            exit = exit == 0 ? problem.kind().exit() : exit;
        }

        void visit(Path typed, Path file) throws InterruptedException, Problem {
            try {
                if (!Files.isDirectory(file)) {
                    lookUp(typed, file);
                    return;
                }
                view.folder();
                Path real = file.toRealPath();
                if (!parents.add(real)) {
                    view.unreadable();
                    failed(new Problem(Problem.Kind.USAGE, typed + " is a link to a folder that contains it"));
                    return;
                }
                for (Path child : children(file)) {
                    visit(typed.resolve(child.getFileName()), child);
                }
                parents.remove(real);
            } catch (IOException e) {
                view.unreadable();
                failed(ContentLookup.unreadable(typed, e));
            }
        }

        private static List<Path> children(Path folder) throws IOException {
            try (Stream<Path> list = Files.list(folder)) {
                return list.sorted().toList();
            }
        }

        private void lookUp(Path typed, Path file) throws InterruptedException, Problem {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                view.unreadable();
                failed(new Problem(Problem.Kind.USAGE, typed + " is neither a file nor a folder"));
                return;
            }
            queue.add(threads.submit(() -> lookup.of(typed, file)));
            if (queue.size() >= MAX_QUEUED) {
                show(queue.remove());
            }
        }

        void finish() throws InterruptedException, Problem {
            while (!queue.isEmpty()) {
                show(queue.remove());
            }
        }

        private void show(Future<ContentLookup.Result> future) throws InterruptedException, Problem {
            try {
                view.show(future.get());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof Problem problem)) {
                    throw new IllegalStateException(e.getCause());
                }
                view.unreadable();
                failed(problem);
            }
        }
    }
}
