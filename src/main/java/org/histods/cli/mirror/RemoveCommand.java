package org.histods.cli.mirror;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.Console;
import org.histods.cli.shell.ConsoleInput;
import org.histods.cli.shell.MirrorLookup;
import org.histods.mirror.BagRef;
import org.histods.mirror.DiskUsage;
import org.histods.mirror.Mirror;
import org.histods.mirror.RemovedBag;
import org.histods.problem.Problem;
import org.histods.project.Lock;
import org.histods.project.Project;
import org.histods.provenance.BagWriter;
import org.histods.provenance.ExtraFiles;
import org.histods.text.Bytes;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Deletes datasets from the mirror. */
@Command(
        name = "remove",
        description = "Delete pulled datasets from the mirror.",
        footer = {
            "",
            "Says what it will delete and asks. In a script, where nobody can be asked, --yes is needed.",
            "",
            "Examples:",
            "  histods remove kather-2018 --dry-run",
            "  histods remove kather-2018@v0.1 --yes"
        })
public final class RemoveCommand implements CliCommand {

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** How many files are deleted between two looks at the progress line. */
    private static final int STEP = 1000;

    private final AppContext wiring;
    private final ConsoleInput keyboard;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "ID[@VERSION]", description = "datasets that were pulled")
    private List<String> names = new ArrayList<>();

    @Option(names = "--dry-run", description = "say what would be deleted, delete nothing")
    private boolean dryRun;

    @Option(names = "--all-versions", description = "delete every version of a dataset given without @VERSION")
    private boolean allVersions;

    @Option(names = "--discard-extra", description = "also delete files in data/ that are not the dataset's")
    private boolean discardExtra;

    public RemoveCommand(AppContext wiring, ConsoleInput keyboard) {
        this.wiring = wiring;
        this.keyboard = keyboard;
    }

    /**
     * A bag that is to be removed.
     *
     * @param users folders of known projects whose lock names it
     */
    private record Doomed(BagRef bag, DiskUsage extent, List<Path> users) {

        String shown() {
            String used = users.isEmpty()
                    ? ""
                    : "\n  used by " + users.stream().map(Path::toString).collect(Collectors.joining("\n  used by "));
            return bag.id() + " " + bag.version() + ": " + Count.of(extent.files(), "file") + ", "
                    + Bytes.text(extent.bytes()) + " in " + bag.path() + used;
        }

        Map<String, Object> row(String event) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("event", event);
            row.put("dataset", bag.id());
            row.put("version", bag.version());
            row.put("files", extent.files());
            row.put("bytes", extent.bytes());
            row.put("path", bag.path().toString());
            row.put("projects", users.stream().map(Path::toString).toList());
            return row;
        }
    }

    @Override
    public int run() throws Problem {
        Mirror mirror = wiring.mirror();
        for (String name : names) {
            refuse(name);
        }
        mirror.require();
        List<Doomed> doomed = new ArrayList<>();
        for (BagRef bag : bags()) {
            if (!discardExtra) {
                ExtraFiles.refuseToDelete(bag);
            }
            doomed.add(new Doomed(bag, mirror.usage(bag), users(mirror, bag)));
        }
        if (dryRun) {
            for (Doomed one : doomed) {
                wiring.console().object(one.row("would-remove"));
                data("would remove " + one.shown());
            }
            return 0;
        }
        if (!wiring.agreed() && !agreed(doomed)) {
            wiring.console().say("nothing was deleted");
            return NO;
        }
        int exit = 0;
        for (Doomed one : doomed) {
            try {
                remove(mirror, one);
            } catch (Problem p) {
                wiring.console().problem(one.bag().id().toString(), p);
                exit = exit == 0 ? p.kind().exit() : exit;
                if (p.kind() == Problem.Kind.INTERRUPTED) {
                    return exit;
                }
            }
        }
        return exit;
    }

    /** Only names of datasets may lead to a deletion: no paths, and not the empty text of a variable that is not set. */
    private static void refuse(String name) throws Problem {
        if (name.isBlank() || name.contains("/")) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    name.isBlank() ? "an empty argument names no dataset" : "'" + name + "' is a path, not a dataset",
                    "name datasets as `histods status` lists them; nothing was deleted");
        }
    }

    /** What is named, each once. */
    private Set<BagRef> bags() throws Problem {
        Set<BagRef> bags = new LinkedHashSet<>();
        for (String name : names) {
            List<BagRef> found = new MirrorLookup(wiring).of(List.of(name));
            if (found.size() > 1 && !allVersions) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        name + " is in the mirror in several versions",
                        "name one: "
                                + found.stream()
                                        .map(b -> b.id() + "@" + b.version())
                                        .collect(Collectors.joining(", "))
                                + "; --all-versions deletes them all");
            }
            bags.addAll(found);
        }
        return bags;
    }

    private boolean agreed(List<Doomed> doomed) throws Problem {
        if (!keyboard.asks()) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "would delete " + doomed.stream().map(Doomed::shown).collect(Collectors.joining("\nand "))
                            + "\nand nobody can be asked, since this is not a terminal",
                    "`" + commandWithYes() + "` deletes without asking; --dry-run only says what");
        }
        String all = doomed.stream().map(Doomed::shown).collect(Collectors.joining("\n"));
        String answer = keyboard.line(all + "\nDelete " + (doomed.size() == 1 ? "it" : "them") + "? [y/N] ")
                .toLowerCase(Locale.ROOT);
        return answer.equals("y") || answer.equals("yes");
    }

    /** The command line as it was typed, with {@code --yes}. */
    private String commandWithYes() {
        List<String> words = new ArrayList<>(
                spec == null
                        ? List.of("remove")
                        : spec.root().commandLine().getParseResult().originalArgs());
        int end = words.indexOf("--");
        words.add(end < 0 ? words.size() : end, "--yes");
        return "histods "
                + words.stream()
                        .map(word -> word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'")
                        .collect(Collectors.joining(" "));
    }

    private void remove(Mirror mirror, Doomed one) throws Problem {
        Console console = wiring.console();
        BagRef bag = one.bag();
        try (var lease =
                mirror.lock(bag.id() + "@" + bag.version(), PATIENCE, who -> console.say("waiting for " + who))) {
            RemovedBag removed = mirror.remove(bag);
            Optional<Problem> unwritten = journal(mirror, bag);
            long[] deleted = {0};
            removed.deleteFiles(() -> {
                if (++deleted[0] % STEP == 0) {
                    console.status("deleting " + bag.id() + ": " + deleted[0] + " of "
                            + Count.of(one.extent().files(), "file"));
                }
            });
            // On a full disk there is room for the line now.
            if (unwritten.isPresent() && journal(mirror, bag).isPresent()) {
                throw unwritten.get();
            }
        } finally {
            console.endStatus();
        }
        console.object(one.row("removed"));
        data("removed " + bag.id() + " " + bag.version() + ", "
                + Bytes.text(one.extent().bytes()) + " freed");
    }

    private static Optional<Problem> journal(Mirror mirror, BagRef bag) {
        try {
            mirror.journal()
                    .append(Map.of(
                            "time",
                            BagWriter.time(Instant.now()),
                            "event",
                            "remove",
                            "dataset",
                            bag.id(),
                            "version",
                            bag.version()));
            return Optional.empty();
        } catch (Problem p) {
            return Optional.of(p);
        }
    }

    private void data(String line) {
        if (!wiring.console().quiet()) {
            wiring.console().data(line);
        }
    }

    /** The known projects whose lock names that bag; those that cannot be looked into are said. */
    private List<Path> users(Mirror mirror, BagRef bag) {
        List<Path> users = new ArrayList<>();
        for (Path folder : mirror.projects().all()) {
            try {
                Path file = folder.resolve(Lock.FILE);
                if (!Files.exists(file) && !Files.notExists(file)) {
                    throw new Problem(Problem.Kind.DISK, file + " cannot be looked at");
                }
                Optional<Lock> lock = Project.in(folder).lock();
                if (lock.isPresent() && lock.get().datasets().stream().anyMatch(l -> is(bag, l))) {
                    users.add(folder);
                }
            } catch (Problem p) {
                wiring.console()
                        .warn("whether the project " + folder + " uses " + bag.id() + " is not known: " + p.message());
            }
        }
        return users;
    }

    private static boolean is(BagRef bag, Lock.Locked locked) {
        return bag.id().equals(locked.id())
                && (bag.version().equals(locked.version())
                        || bag.version().equals(locked.version().with(locked.variant())));
    }
}
