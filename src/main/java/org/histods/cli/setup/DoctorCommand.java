package org.histods.cli.setup;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.credentials.CredentialChain;
import org.histods.dataset.DatasetId;
import org.histods.mirror.BagRef;
import org.histods.mirror.Journal;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.source.all.Sources;
import org.histods.text.Bytes;
import org.histods.text.Count;
import org.histods.transport.AscpInstallation;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code histods doctor}: checks the installation. */
@Command(
        name = "doctor",
        description = {
            "Check the installation, the mirror and the settings",
            "",
            "Makes no network request. Exits with code 7 if a check fails."
        },
        footer = {"", "Examples:", "  histods doctor", "  histods doctor --mirror /data/histods"})
public final class DoctorCommand implements CliCommand {

    private final AppContext app;
    private final Map<String, String> reported = new HashMap<>();
    private boolean failed;

    public DoctorCommand(AppContext app) {
        this.app = app;
    }

    @Override
    public int run() throws Problem {
        good(
                "histods",
                app.version() + " on Java " + System.getProperty("java.version") + ", " + System.getProperty("os.name")
                        + " " + System.getProperty("os.arch"));
        encoding();
        check("settings", () -> {
            app.settings();
            Path file = app.paths().settings().orElse(null);
            if (file == null) {
                return "none (this user has no home folder)";
            }
            return Files.exists(file) ? file.toString() : "none (would be read from " + file + ")";
        });
        check("ascp", this::ascp);
        check("logins", this::logins);
        check("hosts", this::hosts);
        check("catalogue", () -> Count.of(app.catalogue().all().size(), "manifest") + ", all readable");
        check("mirror", this::mirror);
        for (Mirror shared : sharedMirrors()) {
            check("shared mirror", () -> {
                if (!shared.marked()) {
                    throw new Problem(
                            Problem.Kind.DISK,
                            shared.root()
                                    + (Files.exists(shared.root())
                                            ? " is not a mirror: it has no mirror.json"
                                            : " does not exist"),
                            "check `shared-mirrors` in the settings, or HISTODS_MIRROR");
                }
                return shared.root() + ", " + Count.of(shared.bags().size(), "dataset") + ", only read";
            });
        }
        check("journal", () -> {
            Journal.Content journal = app.mirror().journal().read();
            List<String> faults = journal.faults();
            if (!faults.isEmpty()) {
                throw new Problem(
                        Problem.Kind.WRONG_BYTES,
                        faults.get(0),
                        "`histods verify --journal` lists all errors, and what to do");
            }
            return journal.lines() == 0 ? "none yet" : "intact, " + Count.of(journal.lines(), "line");
        });
        bags();
        check("left over", () -> {
            var items = app.mirror().garbage().find();
            long bytes = items.stream().mapToLong(item -> item.bytes()).sum();
            return items.isEmpty() ? "nothing" : Bytes.text(bytes) + "; `histods gc` frees it";
        });
        app.console().say("no host was contacted; `histods pull --dry-run ID` contacts those of a dataset");
        return failed ? Problem.Kind.DISK.exit() : 0;
    }

    /** Names each damaged bag and counts the others. */
    private void bags() {
        check("bags", () -> {
            int count = 0;
            for (BagRef ref : app.mirror().bags()) {
                try {
                    readable(Bag.read(ref));
                    count++;
                } catch (Problem p) {
                    bad("bags", ref.id() + " " + ref.version() + ": " + p.message(), p.hint() == null ? "" : p.hint());
                }
            }
            for (DatasetId id : app.mirror().unreadable()) {
                bad("bags", id + ": you may not look into its folder", "ask its owner for access");
            }
            String strays = app.mirror().strays().stream()
                    .map(path -> "; " + path + " is not a pulled dataset and is ignored")
                    .collect(Collectors.joining());
            return count + " with a readable record; `histods verify` looks at their files" + strays;
        });
    }

    /** Whether the list of files is the one that the bag was made with, and there is a folder for them. */
    private static void readable(Bag bag) throws Problem {
        bag.checksums();
        for (Path place :
                List.of(bag.ref().path().resolve("bagit.txt"), bag.ref().data())) {
            if (!Files.exists(place)) {
                throw new Problem(
                        Problem.Kind.WRONG_BYTES,
                        place + " is missing",
                        "`histods verify " + bag.ref().id() + "` lists everything that is missing");
            }
        }
    }

    private String ascp() throws Problem {
        AscpInstallation ascp = app.ascp();
        return ascp.program() == null
                ? "none; only IBM Aspera packages need this program"
                : ascp.program() + ", " + (ascp.key() == null ? "no key found" : "key " + ascp.key());
    }

    /** The hosts with known credentials and where they are from; never the credentials. */
    private String logins() throws Problem {
        List<Problem> damaged = new ArrayList<>();
        List<CredentialChain.Known> known = app.credentials(damaged::add).known();
        if (!damaged.isEmpty()) {
            throw damaged.get(0);
        }
        return known.isEmpty()
                ? "none; most datasets need none"
                : known.stream()
                        .map(one -> one.host() + " (" + one.from() + ")")
                        .collect(Collectors.joining(", "));
    }

    private String hosts() throws Problem {
        app.settings().network().policies(Sources.policies());
        Set<String> own = new TreeSet<>(app.settings().network().hosts().keySet());
        return own.isEmpty() ? "built-in limits" : "limits from the settings: " + String.join(", ", own);
    }

    private String mirror() throws Problem {
        Path root = app.mirrorFolder();
        app.mirror().check();
        if (!app.mirror().marked() && app.mirror().bags().stream().anyMatch(app.mirror()::owns)) {
            throw new Problem(
                    Problem.Kind.WRONG_BYTES,
                    root + "/mirror.json is missing, which makes the folder a mirror",
                    "nothing is deleted in it without that file; the next pull writes it");
        }
        Path folder = root;
        while (!Files.exists(folder) && folder.getParent() != null) {
            folder = folder.getParent();
        }
        if (!Files.isWritable(folder)) {
            throw new Problem(Problem.Kind.DISK, folder + " is not writable", "choose another folder with --mirror");
        }
        return root + (Files.exists(root) ? "" : " (does not exist yet)") + ", "
                + Bytes.text(app.mirror().files().free()) + " free, " + fileSystem(folder);
    }

    private static String fileSystem(Path folder) {
        try {
            return Files.getFileStore(folder).type();
        } catch (IOException e) {
            return "kind of file system unknown";
        }
    }

    private void encoding() {
        String names = System.getProperty("sun.jnu.encoding", "unknown");
        if (Charset.isSupported(names) && Charset.forName(names).newEncoder().canEncode('é')) {
            good("file names", names);
        } else {
            bad(
                    "file names",
                    "the locale's encoding is " + names + ", so names beyond ASCII cannot be opened",
                    "start histods with its launcher script, or set LC_ALL=C.UTF-8");
        }
    }

    /** One check; returns what it found. */
    private interface Check {
        String run() throws Problem;
    }

    /** The shared mirrors; none if the settings or the mirror cannot be read, which the check of the mirror reports. */
    private List<Mirror> sharedMirrors() {
        try {
            return app.mirror().shared();
        } catch (Problem reported) {
            return List.of();
        }
    }

    private void check(String what, Check check) {
        try {
            good(what, check.run());
        } catch (Problem p) {
            String cause = reported.putIfAbsent(p.message(), what);
            if (cause == null) {
                bad(what, p.message(), p.hint() == null ? "" : p.hint());
            } else {
                line(what, null, "not checked, because of the " + cause, "");
            }
        }
    }

    private void good(String what, String found) {
        line(what, true, found, "");
    }

    private void bad(String what, String found, String hint) {
        failed = true;
        line(what, false, found, hint);
    }

    /** @param ok null if it was not checked, because a check it depends on failed */
    private void line(String what, @Nullable Boolean ok, String found, String hint) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("check", what);
        line.put("ok", ok);
        line.put("found", found);
        line.put("hint", hint.isEmpty() ? null : hint);
        app.console().object(line);
        app.console()
                .data(String.format(Locale.ROOT, "%-4s %-11s %s", ok == null ? "?" : ok ? "ok" : "BAD", what, found));
        if (!hint.isEmpty()) {
            app.console().data("                 hint: " + hint);
        }
    }
}
