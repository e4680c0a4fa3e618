package org.histods.cli.setup;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.demo.DemoDatasets;
import org.histods.demo.DemoServer;
import org.histods.problem.Problem;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code histods demo}: a tour with the real commands, against hosts that this program simulates. */
@Command(
        name = "demo",
        description = {
            "Try everything with generated data, without internet",
            "",
            "Runs the real commands on small generated datasets that only look like stained tissue. The hosts are"
                    + " simulated on this machine. Takes about half a minute."
        },
        footer = {"", "Examples:", "  histods demo", "  histods demo --serve --to /tmp/histods-demo"})
public final class DemoCommand implements CliCommand {

    /** Runs the program with given environment variables in a folder; returns the exit code. */
    public interface Runner {
        int run(Map<String, String> environment, Path folder, String... args);
    }

    private final AppContext app;
    private final PrintStream out;
    private final Runner runner;

    @Option(names = "--serve", description = "keep the simulated hosts running afterwards, to try commands yourself")
    private boolean serve;

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description = "folder for the demo's mirror and project (default: a new temporary folder)")
    private @Nullable Path to;

    @Option(names = "--port", paramLabel = "N", description = "port of the simulated hosts (default: any free port)")
    private int port;

    public DemoCommand(AppContext app, PrintStream out, Runner runner) {
        this.app = app;
        this.out = out;
        this.runner = runner;
    }

    @Override
    public int run() throws Problem {
        Path folder = folder();
        print("histods demo: generating seven datasets (no real tissue) …");
        DemoDatasets datasets = DemoDatasets.draw();
        try (DemoServer server = new DemoServer(datasets, port)) {
            prepare(folder, datasets, server);
            print("Zenodo, GitHub, S3, Google Drive and two other hosts are simulated on 127.0.0.1:" + server.port()
                    + ". These faults are built in:");
            server.faults().forEach(fault -> print("  - " + fault));
            Tour tour = new Tour(folder, server);
            walk(tour, folder);
            tour.end();
            if (serve) {
                serve(folder);
            }
            return 0;
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot write the demo's folder " + folder, e));
        }
    }

    private Path folder() throws Problem {
        try {
            if (to != null) {
                Path chosen = app.path(to);
                if (Files.exists(chosen.resolve("mirror"))) {
                    throw new Problem(
                            Problem.Kind.USAGE,
                            chosen + " already contains a demo",
                            "choose another folder, or delete this one");
                }
                return Files.createDirectories(chosen);
            }
            return Files.createTempDirectory("histods-demo-");
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot create a folder for the demo", e));
        }
    }

    private static void prepare(Path folder, DemoDatasets datasets, DemoServer server) throws Problem, IOException {
        datasets.writeManifests(folder.resolve("manifests"));
        datasets.writeLocalFile(folder.resolve("downloads"));
        Files.writeString(
                folder.resolve("config.yaml"), "routes:\n  \"*\": \"" + server.route() + "\"\nmirror: mirror\n");
    }

    private static void walk(Tour tour, Path folder) throws Problem, IOException {
        tour.step("What is available", 0, "list");
        tour.step("Part of a dataset: its test split", 0, "pull", "demo-colon", "--only", "test");
        tour.step("The rest; nothing is downloaded twice", 0, "pull", "demo-colon");
        tour.step("A folder of a GitHub repository, verified against its git tree", 0, "pull", "demo-marrow");
        tour.step("A connection breaks, and the download continues where it broke", 0, "pull", "demo-node");
        tour.step("A host sends wrong bytes, and the next source is used", 0, "pull", "demo-nuclei");
        tour.step("A dataset behind a form: manual steps (exit code 3)", 3, "pull", "demo-form");
        tour.step("… and the file downloaded by hand", 0, "pull", "demo-form", "--from", localFile(folder));
        tour.step("Pulling again makes no request", 0, "pull", "demo-colon");
        Path damaged = damage(folder);
        tour.say("(now one byte of " + damaged.getFileName() + " is changed, as a failing disk would)");
        tour.step("Verifying finds it (exit code 5)", 5, "verify", "demo-marrow");
        tour.step("… and repairs it", 0, "verify", "demo-marrow", "--repair");
        tour.step("Where a file came from", 0, "provenance", "demo-marrow", pathInDataset(folder, damaged));
        tour.step("Every byte of every dataset, read again", 0, "verify", "--full");
        tour.step("What is in the mirror", 0, "status");
        tour.enter(Files.createDirectories(folder.resolve("project")));
        project(tour, folder.resolve("project"));
    }

    /** The steps of {@code docs/tutorial.md}. */
    private static void project(Tour tour, Path project) throws Problem, IOException {
        tour.step("A project declares its purpose", 0, "init", "--purpose", "research");
        tour.step("… the data it trains on", 0, "add", "demo-kumar", "--role", "train");
        tour.step("… and the data it tests on", 0, "add", "demo-monuseg", "--role", "test");
        tour.step("Pull the data and lock exactly these files", 0, "sync");
        tour.step("Is the test set independent? It is not (exit code 3)", 3, "audit");
        tour.step("The fix: test on the part that is not in the training data", 0, "drop", "demo-monuseg");
        tour.step("… only its test split", 0, "add", "demo-monuseg", "--role", "test", "--only", "test");
        tour.step("… with nothing downloaded twice", 0, "sync");
        tour.step("Now no overlap is found", 0, "audit");
        Files.copy(firstImage(project.resolve("data/demo-kumar")), project.resolve("figure2.png"));
        tour.say("(now an image is copied under another name, as for a paper)");
        tour.step("From any file back to its dataset", 0, "identify", "figure2.png");
        tour.step("Citations for the paper", 0, "cite", "--format", "bibtex");
    }

    private static Path firstImage(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            return walk.filter(p -> p.toString().endsWith(".png"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String localFile(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("downloads"))) {
            return folder.relativize(files.sorted().findFirst().orElseThrow()).toString();
        }
    }

    private static Path damage(Path folder) throws IOException {
        List<Path> images;
        try (Stream<Path> walk = Files.walk(folder.resolve("mirror/datasets/demo-marrow"))) {
            images = walk.filter(p -> p.toString().endsWith(".png")).sorted().toList();
        }
        Path image = images.get(images.size() / 2);
        byte[] bytes = Files.readAllBytes(image);
        bytes[bytes.length / 2] ^= 1;
        if (!image.toFile().setWritable(true)) {
            throw new IOException("cannot make " + image + " writable");
        }
        Files.write(image, bytes);
        return image;
    }

    private static String pathInDataset(Path folder, Path file) {
        Path bag = folder.resolve("mirror/datasets/demo-marrow").relativize(file);
        return bag.subpath(2, bag.getNameCount()).toString();
    }

    private void serve(Path folder) throws Problem {
        print("");
        print("The simulated hosts run until you press Ctrl-C. In another terminal:");
        print("  cd " + folder);
        print("  export HISTODS_CONFIG=$PWD/config.yaml HISTODS_MANIFESTS=$PWD/manifests HISTODS_BUILTIN=off");
        print("  histods list");
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Kind.INTERRUPTED, "interrupted: the simulated hosts are stopped");
        }
    }

    private void print(String line) {
        out.println(line);
        out.flush();
    }

    /** The steps of the demo, run as a user would type them. */
    private final class Tour {
        private final Path folder;
        private final DemoServer server;
        private final Map<String, String> environment = new HashMap<>();
        private final long started = System.nanoTime();
        private Path here;
        private int step;

        Tour(Path folder, DemoServer server) {
            this.folder = folder;
            this.here = folder;
            this.server = server;
            // Only these variables: no credentials reach simulated hosts, and no proxy is used for them.
            for (String name : List.of("PATH", "USER", "LOGNAME", "COLUMNS", "HISTODS_LOCK", "HISTODS_CHECKOUT")) {
                if (app.environment().containsKey(name)) {
                    environment.put(name, app.environment().get(name));
                }
            }
            environment.put("HOME", folder.toString());
            environment.put("HISTODS_CONFIG", folder.resolve("config.yaml").toString());
            environment.put("HISTODS_MANIFESTS", folder.resolve("manifests").toString());
            environment.put("HISTODS_BUILTIN", "off");
        }

        void say(String line) {
            print("");
            print(line);
        }

        /** Continues in another folder. */
        void enter(Path other) {
            here = other;
            say("$ cd " + folder.relativize(other));
        }

        void step(String title, int expected, String... command) throws Problem {
            step++;
            print("");
            print("── " + step + ". " + title);
            print("$ histods " + String.join(" ", command));
            int before = server.requests();
            int exit = runner.run(environment, here, command);
            if (exit != expected) {
                throw new Problem(
                        Problem.Kind.WRONG_BYTES,
                        "step " + step + " of the demo ended with exit code " + exit + ", expected " + expected
                                + ": histods does not work correctly on this machine",
                        "run `histods doctor`, and report this with the lines above");
            }
            if (command[0].equals("pull")) {
                print("  (" + Count.of(server.requests() - before, "request") + ")");
            }
        }

        void end() {
            double seconds = (System.nanoTime() - started) / 1e9;
            print("");
            print(String.format(
                    Locale.ROOT,
                    "Done in %.1f s with %d requests to simulated hosts. The verified mirror is at%n  %s",
                    seconds,
                    server.requests(),
                    folder.resolve("mirror")));
            print("Look at the images there, and delete the folder when you are finished.");
            print("Next: histods list --access open");
        }
    }
}
