package org.histods.cli.setup;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.histods.cli.Main;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.demo.DemoDatasets;
import org.histods.demo.DemoServer;
import org.histods.problem.Problem;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A tour with the real commands, against hosts that this program plays itself. */
@Command(
        name = "demo",
        description = {
            "Show histods at work with stand-in datasets; needs no internet and takes half a minute.",
            "",
            "The datasets are drawn by this program and only look like stained tissue; the hosts are played on this",
            "machine's loopback. The commands are the real ones."
        })
public final class DemoCommand implements CliCommand {

    private final AppContext wiring;
    private final Map<String, String> environment;
    private final PrintStream out;
    private final PrintStream err;

    @Option(names = "--serve", description = "keep the played hosts up afterwards, to try commands yourself")
    private boolean serve;

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description =
                    "where the demo's mirror is made (default: a new folder" + " below the system's temporary one)")
    private @Nullable Path to;

    @Option(names = "--port", paramLabel = "N", description = "the played hosts' port (default: any that is free)")
    private int port;

    public DemoCommand(AppContext wiring, Map<String, String> environment, PrintStream out, PrintStream err) {
        this.wiring = wiring;
        this.environment = environment;
        this.out = out;
        this.err = err;
    }

    @Override
    public int run() throws Problem {
        Path folder = folder();
        say("histods demo: drawing seven stand-in datasets (no real tissue) …");
        DemoDatasets standIns = DemoDatasets.draw();
        try (DemoServer origin = new DemoServer(standIns, port)) {
            prepare(folder, standIns, origin);
            say("Zenodo, GitHub, S3, Google Drive and two other hosts are played on 127.0.0.1:" + origin.port()
                    + ". On the way, this goes wrong:");
            origin.mishaps().forEach(m -> say("  - " + m));
            Tour tour = new Tour(folder, origin);
            walk(tour, folder);
            tour.end();
            if (serve) {
                serve(folder, origin);
            }
            return 0;
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot write the demo's folder " + folder, e));
        }
    }

    private Path folder() throws Problem {
        try {
            if (to != null) {
                Path chosen = wiring.path(to);
                if (Files.exists(chosen.resolve("mirror"))) {
                    throw new Problem(
                            Problem.Kind.USAGE, chosen + " holds a demo already", "take another folder, or delete it");
                }
                return Files.createDirectories(chosen);
            }
            return Files.createTempDirectory("histods-demo-");
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot make a folder for the demo", e));
        }
    }

    private static void prepare(Path folder, DemoDatasets standIns, DemoServer origin) throws Problem, IOException {
        standIns.writeManifests(folder.resolve("manifests"));
        standIns.writeBroughtFile(folder.resolve("downloads"));
        Files.writeString(
                folder.resolve("config.yaml"), "routes:\n  \"*\": \"" + origin.route() + "\"\nmirror: mirror\n");
    }

    private static void walk(Tour tour, Path folder) throws Problem, IOException {
        tour.step("What there is", 0, "list");
        tour.step("Part of a dataset: its test split", 0, "pull", "demo-colon", "--only", "test");
        tour.step("The rest; what is there is not fetched again", 0, "pull", "demo-colon");
        tour.step("A folder of a GitHub repository, compared with git's own name of it", 0, "pull", "demo-marrow");
        tour.step("A connection that breaks, and goes on where it broke", 0, "pull", "demo-node");
        tour.step("A host that sends wrong bytes: the next source is taken", 0, "pull", "demo-nuclei");
        tour.step("A dataset behind a form: what a person must do (exit code 3)", 3, "pull", "demo-form");
        tour.step("… and the file that this person brings", 0, "pull", "demo-form", "--from", brought(folder));
        tour.step("Pulled again: no request at all", 0, "pull", "demo-colon");
        Path damaged = damage(folder);
        tour.say("(now one byte of " + damaged.getFileName() + " is changed, as a failing disk would)");
        tour.step("Verifying finds it (exit code 5)", 5, "verify", "demo-marrow");
        tour.step("… and mends it", 0, "verify", "demo-marrow", "--repair");
        tour.step("Where a file came from", 0, "provenance", "demo-marrow", relative(folder, damaged));
        tour.step("All of it, every byte read again", 0, "verify", "--full");
        tour.step("What the mirror holds", 0, "status");
        tour.enter(Files.createDirectories(folder.resolve("project")));
        project(tour, folder.resolve("project"));
    }

    /** As {@code docs/example.md} tells it. */
    private static void project(Tour tour, Path project) throws Problem, IOException {
        tour.step("A project says which datasets it uses, and what for", 0, "init", "--purpose", "research");
        tour.step("… what it trains on", 0, "add", "demo-kumar", "--role", "train");
        tour.step("… and what it is tested on", 0, "add", "demo-monuseg", "--role", "test");
        tour.step("Its data set up, and a lock of exactly these bytes", 0, "sync");
        tour.step("Can its result be believed? It cannot (exit code 3)", 3, "audit");
        tour.step("The fix: testing on the part that training never saw", 0, "drop", "demo-monuseg");
        tour.step("… its test set alone", 0, "add", "demo-monuseg", "--role", "test", "--only", "test");
        tour.step("… set up anew, with nothing fetched twice", 0, "sync");
        tour.step("Now it can, as far as can be told", 0, "audit");
        Files.copy(firstImage(project.resolve("data/demo-kumar")), project.resolve("figure2.png"));
        tour.say("(now an image is copied under another name, as for a paper)");
        tour.step("From any file back to where it came from", 0, "whence", "figure2.png");
        tour.step("The datasets, for the paper", 0, "cite", "--format", "bibtex");
    }

    private static Path firstImage(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            return walk.filter(p -> p.toString().endsWith(".png"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String brought(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("downloads"))) {
            return folder.relativize(files.sorted().findFirst().orElseThrow()).toString();
        }
    }

    private static Path damage(Path folder) throws IOException {
        List<Path> images;
        try (Stream<Path> walk = Files.walk(folder.resolve("mirror/datasets/demo-marrow"))) {
            images = walk.filter(p -> p.toString().endsWith(".png")).sorted().toList();
        }
        Path victim = images.get(images.size() / 2);
        byte[] bytes = Files.readAllBytes(victim);
        bytes[bytes.length / 2] ^= 1;
        if (!victim.toFile().setWritable(true)) {
            throw new IOException(victim + " cannot be made writable");
        }
        Files.write(victim, bytes);
        return victim;
    }

    private static String relative(Path folder, Path file) {
        Path bag = folder.resolve("mirror/datasets/demo-marrow").relativize(file);
        return bag.subpath(2, bag.getNameCount()).toString();
    }

    private void serve(Path folder, DemoServer origin) throws Problem {
        say("");
        say("The played hosts stay up until you press Ctrl-C. In another terminal:");
        say("  cd " + folder);
        say("  export HISTODS_CONFIG=$PWD/config.yaml HISTODS_MANIFESTS=$PWD/manifests");
        say("  histods list          (or: histods pull demo-node --route '*=" + origin.route() + "')");
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Kind.INTERRUPTED, "the demo's hosts are down");
        }
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }

    /** The steps, run as a person would type them. */
    private final class Tour {
        private final Path folder;
        private final DemoServer origin;
        private final Map<String, String> world;
        private final long started = System.nanoTime();
        private Path here;
        private int step;

        Tour(Path folder, DemoServer origin) {
            this.folder = folder;
            this.here = folder;
            this.origin = origin;
            this.world = new HashMap<>();
            // No login of the person's goes to played hosts, and no proxy stands before them.
            for (String name : List.of("PATH", "USER", "LOGNAME", "COLUMNS", "HISTODS_LOCK", "HISTODS_CHECKOUT")) {
                if (environment.containsKey(name)) {
                    world.put(name, environment.get(name));
                }
            }
            world.put("HOME", folder.toString());
            world.put("HISTODS_CONFIG", folder.resolve("config.yaml").toString());
            world.put("HISTODS_MANIFESTS", folder.resolve("manifests").toString());
        }

        void say(String line) {
            DemoCommand.this.say("");
            DemoCommand.this.say(line);
        }

        /** Goes on in another folder. */
        void enter(Path other) {
            here = other;
            say("$ cd " + folder.relativize(other));
        }

        void step(String title, int expected, String... command) throws Problem {
            step++;
            DemoCommand.this.say("");
            DemoCommand.this.say("── " + step + ". " + title);
            DemoCommand.this.say("$ histods " + String.join(" ", command));
            int requests = origin.requests();
            int exit = new Main(world, here, out, out).run(command);
            if (exit != expected) {
                throw new Problem(
                        Problem.Kind.WRONG_BYTES,
                        "the demo's step " + step + " ended with exit code " + exit + " where " + expected
                                + " was due: the program on this machine does not do what it should",
                        "run `histods doctor`, and report this with the lines above");
            }
            if (command[0].equals("pull")) {
                DemoCommand.this.say("  (" + Count.of(origin.requests() - requests, "request") + ")");
            }
        }

        void end() {
            double seconds = (System.nanoTime() - started) / 1e9;
            DemoCommand.this.say("");
            DemoCommand.this.say(String.format(
                    java.util.Locale.ROOT,
                    "Done in %.1f s with %d requests to played hosts: a verified mirror of stand-ins lies in%n  %s",
                    seconds,
                    origin.requests(),
                    folder.resolve("mirror")));
            DemoCommand.this.say("Look at the tiles there; delete the folder when you have seen enough.");
            DemoCommand.this.say("Next: histods list --access open");
            err.flush();
        }
    }
}
