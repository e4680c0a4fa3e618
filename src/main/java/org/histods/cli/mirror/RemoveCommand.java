package org.histods.cli.mirror;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.Console;
import org.histods.cli.shell.MirrorLookup;
import org.histods.dataset.DatasetRef;
import org.histods.mirror.BagRef;
import org.histods.mirror.DiskUsage;
import org.histods.mirror.Mirror;
import org.histods.mirror.RemovedBag;
import org.histods.problem.Problem;
import org.histods.project.Lock;
import org.histods.project.Project;
import org.histods.provenance.BagWriter;
import org.histods.provenance.UserFiles;
import org.histods.text.Bytes;
import org.histods.text.Count;
import org.histods.text.TerminalText;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code histods remove}: deletes datasets from the mirror. */
@Command(
        name = "remove",
        description = {
            "Delete pulled datasets from the mirror",
            "",
            "Lists what will be deleted and which projects use it, and asks. Scripts must pass --yes."
        },
        footer = {"", "Examples:", "  histods remove kather-2018 --dry-run", "  histods remove kather-2018@v0.1 --yes"})
public final class RemoveCommand implements CliCommand {

    private static final Duration LOCK_TIMEOUT = Duration.ofMinutes(10);

    /** Files deleted between two updates of the progress line. */
    private static final int PROGRESS_STEP = 1000;

    private final AppContext app;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "ID[@VERSION]", description = "pulled datasets")
    private List<String> names = new ArrayList<>();

    @Option(names = "--dry-run", description = "show what would be deleted, without deleting")
    private boolean dryRun;

    @Option(names = "--all-versions", description = "delete all versions of a dataset given without @VERSION")
    private boolean allVersions;

    @Option(names = "--discard-extra", description = "also delete your own and modified files in the dataset's folder")
    private boolean discardExtra;

    public RemoveCommand(AppContext app) {
        this.app = app;
    }

    /**
     * A bag to be removed.
     *
     * @param extent its size on disk
     * @param users folders of known projects whose lock file names it
     * @param own files in it that cannot be fetched again
     */
    private record Removal(BagRef bag, DiskUsage extent, List<Path> users, UserFiles own) {

        /** What is lost for good, one line each. */
        List<String> lost() {
            List<String> lines = new ArrayList<>();
            own.extra().forEach(name -> lines.add(TerminalText.safeLine(name) + " is not part of the dataset"));
            own.modified().forEach(name -> lines.add(TerminalText.safeLine(name) + " is modified"));
            if (own.unread() > 0) {
                lines.add(own.unreadFiles());
            }
            return lines;
        }

        String shown() {
            String lost = lost().stream().map(line -> "\n  " + line).collect(Collectors.joining());
            String used = users.isEmpty()
                    ? ""
                    : "\n  used by " + users.stream().map(Path::toString).collect(Collectors.joining("\n  used by "));
            return bag.id() + " " + bag.version() + ": " + Count.of(extent.files(), "file") + ", "
                    + Bytes.text(extent.bytes()) + " in " + bag.path() + lost + used;
        }

        Map<String, Object> json(String event) {
            Map<String, Object> line = MirrorLookup.event(event, bag);
            line.put("files", extent.files());
            line.put("bytes", extent.bytes());
            line.put("path", bag.path().toString());
            line.put("extra", own.extra());
            line.put("modified", own.modified());
            line.put("unread", own.unread());
            line.put("projects", users.stream().map(Path::toString).toList());
            return line;
        }
    }

    @Override
    public int run() throws Problem {
        Mirror mirror = app.mirror();
        if (mirror.shared().isEmpty()) {
            mirror.require();
        }
        List<Removal> removals = new ArrayList<>();
        for (BagRef bag : bags()) {
            if (!mirror.owns(bag)) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        bag.path() + " is in a shared mirror, which is only read",
                        "its owner can remove it there");
            }
            UserFiles own = userFiles(mirror, bag);
            if (!discardExtra) {
                own.refuseToDelete(bag);
            }
            removals.add(new Removal(bag, mirror.usage(bag), users(mirror, bag), own));
        }
        if (dryRun) {
            for (Removal removal : removals) {
                app.console().object(removal.json("would-remove"));
                app.console().result("would remove " + removal.shown());
            }
            return 0;
        }
        if (!app.yes() && !confirmed(removals)) {
            app.console().say("nothing was deleted");
            return NO;
        }
        int exit = 0;
        for (Removal removal : removals) {
            removal.lost().forEach(line -> app.console().say(line + " and will be deleted"));
            try {
                remove(mirror, removal);
            } catch (Problem p) {
                app.console().problem(removal.bag().id().toString(), p);
                exit = exit == 0 ? p.kind().exit() : exit;
                if (p.kind() == Problem.Kind.INTERRUPTED) {
                    return exit;
                }
            }
        }
        return exit;
    }

    /** The named bags, without duplicates. */
    private Set<BagRef> bags() throws Problem {
        Set<BagRef> bags = new LinkedHashSet<>();
        for (String name : names) {
            List<BagRef> found = new MirrorLookup(app).of(List.of(name));
            if (found.size() > 1 && !allVersions) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        "the mirror has several versions of " + name,
                        "choose one: " + MirrorLookup.refs(found) + "; --all-versions deletes them all");
            }
            bags.addAll(found);
        }
        return bags;
    }

    /** The user's files in the bag; with {@code --discard-extra} none, and a warning, if they cannot be determined. */
    private UserFiles userFiles(Mirror mirror, BagRef bag) throws Problem {
        try {
            return UserFiles.of(bag, mirror.stamps(bag), app.verifier());
        } catch (Problem p) {
            if (!discardExtra || p.kind() == Problem.Kind.INTERRUPTED) {
                throw p;
            }
            app.console().warn(p.message());
            return UserFiles.NONE;
        }
    }

    private boolean confirmed(List<Removal> removals) throws Problem {
        String all = removals.stream().map(Removal::shown).collect(Collectors.joining("\n"));
        if (!app.input().interactive()) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "remove must be confirmed, and there is no terminal to ask at; it would delete\n" + all,
                    "`" + commandWithYes() + "` deletes without asking; --dry-run shows what would be deleted");
        }
        return app.input().confirms(all + "\nDelete " + (removals.size() == 1 ? "it" : "them") + "?");
    }

    /** The command line as typed, with {@code --yes} added. */
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

    private void remove(Mirror mirror, Removal removal) throws Problem {
        Console console = app.console();
        BagRef bag = removal.bag();
        Path linked = linked(bag);
        String lock = new DatasetRef(bag.id(), bag.version()).toString();
        try (var lease = mirror.lock(lock, LOCK_TIMEOUT, console::say)) {
            Map<String, Object> line = new LinkedHashMap<>(Map.of("time", BagWriter.time(Instant.now())));
            line.putAll(MirrorLookup.event("remove", bag));
            RemovedBag removed = mirror.remove(bag, line);
            long[] deleted = {0};
            removed.deleteFiles(() -> {
                if (++deleted[0] % PROGRESS_STEP == 0) {
                    console.status("deleting " + bag.id() + ": " + deleted[0] + " of "
                            + Count.of(removal.extent().files(), "file"));
                }
            });
        } finally {
            console.endStatus();
        }
        console.object(removal.json("removed"));
        console.result("removed " + bag.id() + " " + bag.version() + ", "
                + Bytes.text(removal.extent().bytes()) + " freed");
        if (linked != null) {
            console.say("left alone: " + linked + ", to which " + bag.data() + " was a link");
        }
    }

    /** Where the files of the bag are if its folder of files is a link; else null. */
    private static @Nullable Path linked(BagRef bag) throws Problem {
        try {
            return Files.isSymbolicLink(bag.data()) ? Files.readSymbolicLink(bag.data()) : null;
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot read the link " + bag.data(), e));
        }
    }

    /** Known projects whose lock file names the bag; warns of projects that cannot be read. */
    private List<Path> users(Mirror mirror, BagRef bag) {
        List<Path> users = new ArrayList<>();
        for (Path folder : mirror.projects().all()) {
            try {
                Path file = folder.resolve(Lock.FILE);
                if (!Files.exists(file) && !Files.notExists(file)) {
                    throw new Problem(Problem.Kind.DISK, "cannot read " + file);
                }
                Optional<Lock> lock = Project.in(folder).lock();
                if (lock.isPresent() && lock.get().datasets().stream().anyMatch(l -> names(l, bag))) {
                    users.add(folder);
                }
            } catch (Problem p) {
                app.console()
                        .warn("cannot determine whether the project " + folder + " uses " + bag.id() + ": "
                                + p.message());
            }
        }
        return users;
    }

    private static boolean names(Lock.Locked locked, BagRef bag) {
        return bag.id().equals(locked.id())
                && (bag.version().equals(locked.version())
                        || bag.version().equals(locked.version().with(locked.variant())));
    }
}
