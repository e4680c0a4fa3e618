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
import org.histods.problem.Problem;
import org.histods.provenance.index.ContentIndex;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** From any file back to the dataset that it comes from. */
@Command(
        name = "whence",
        description =
                "Say which pulled dataset a file comes from, by its content: renamed, moved and copied files too.",
        footer = {
            "",
            "Folders are looked through. Known is what was pulled into the mirror, and the archives that it came in.",
            "A file that was changed, cropped or converted is another file and unknown.",
            "Exit code 0 if every file is known, 9 if one is not. An empty file says nothing and counts as neither.",
            "",
            "Examples:",
            "  histods whence figure2.tif",
            "  histods whence --json training-data/ | jq -r 'select(.matches == []).file'"
        })
public final class IdentifyCommand implements CliCommand {

    private static final int AHEAD = 64;

    private final AppContext wiring;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "files and folders")
    private List<Path> files = new ArrayList<>();

    public IdentifyCommand(AppContext wiring) {
        this.wiring = wiring;
    }

    @Override
    public int run() throws Problem {
        IdentifyView view = new IdentifyView(wiring.console());
        ExecutorService threads =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try (ContentIndex index = new ContentIndex(wiring.mirror(), wiring.console()::say)) {
            Look look = new Look(new ContentLookup(wiring.mirror(), index), view, threads);
            try {
                index.refresh();
            } catch (Problem p) {
                look.failed(p);
            }
            for (Path file : files) {
                look.at(file, wiring.path(file));
            }
            look.rest();
            view.summary();
            if (wiring.mirror().bags().isEmpty()) {
                wiring.console().say("the mirror " + wiring.mirror().root() + " holds no dataset");
            }
            return look.exit != 0 ? look.exit : view.allKnown() ? 0 : NO;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.interrupted();
        } finally {
            threads.shutdownNow();
        }
    }

    /** Goes through files and folders in order, a few files ahead of what is shown. */
    private final class Look {
        private final ContentLookup whence;
        private final IdentifyView view;
        private final ExecutorService threads;
        private final Deque<Future<ContentLookup.Answer>> ahead = new ArrayDeque<>();
        private final Set<Path> above = new LinkedHashSet<>();
        private int exit;

        Look(ContentLookup whence, IdentifyView view, ExecutorService threads) {
            this.whence = whence;
            this.view = view;
            this.threads = threads;
        }

        void failed(Problem problem) {
            wiring.console().problem("", problem);
            exit = exit == 0 ? problem.kind().exit() : exit;
        }

        void at(Path named, Path file) throws InterruptedException {
            try {
                if (!Files.isDirectory(file)) {
                    one(named, file);
                    return;
                }
                view.folder();
                Path real = file.toRealPath();
                if (!above.add(real)) {
                    failed(new Problem(Problem.Kind.USAGE, named + " leads back to a folder that it is in"));
                    return;
                }
                for (Path child : children(file)) {
                    at(named.resolve(child.getFileName()), child);
                }
                above.remove(real);
            } catch (IOException e) {
                view.unreadable();
                failed(ContentLookup.unreadable(named, e));
            }
        }

        private static List<Path> children(Path folder) throws IOException {
            try (Stream<Path> list = Files.list(folder)) {
                return list.sorted().toList();
            }
        }

        private void one(Path named, Path file) throws InterruptedException {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                view.unreadable();
                failed(new Problem(Problem.Kind.USAGE, named + " is neither a file nor a folder"));
                return;
            }
            ahead.add(threads.submit(() -> whence.of(named, file)));
            if (ahead.size() >= AHEAD) {
                show(ahead.remove());
            }
        }

        void rest() throws InterruptedException {
            while (!ahead.isEmpty()) {
                show(ahead.remove());
            }
        }

        private void show(Future<ContentLookup.Answer> future) throws InterruptedException {
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
