package org.histods.cli.setup;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.credentials.CredentialChain;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.source.all.Sources;
import org.histods.text.Bytes;
import org.histods.text.Count;
import org.histods.transport.AscpInstallation;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** Looks whether everything that histods needs is well. */
@Command(name = "doctor", description = "Look whether the program, the mirror and the settings are well.")
public final class DoctorCommand implements CliCommand {

    private final AppContext wiring;
    private final Map<String, String> told = new HashMap<>();
    private int ill;

    public DoctorCommand(AppContext wiring) {
        this.wiring = wiring;
    }

    @Override
    public int run() throws Problem {
        good(
                "histods",
                wiring.version() + " on Java " + System.getProperty("java.version") + ", "
                        + System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        encoding();
        check("settings", () -> {
            wiring.config();
            Path file = wiring.folders().settings().orElse(null);
            if (file == null) {
                return "none (this user has no home folder)";
            }
            return Files.exists(file) ? file.toString() : "none (" + file + " would be read)";
        });
        check("ascp", this::ascp);
        check("logins", this::logins);
        check("hosts", this::hosts);
        check("catalogue", () -> Count.of(wiring.catalogue().all().size(), "manifest") + ", all readable");
        check("mirror", this::mirror);
        check("journal", () -> {
            Optional<Long> broken = wiring.mirror().journal().broken();
            if (broken.isPresent()) {
                throw new Problem(
                        Problem.Kind.WRONG_BYTES,
                        "line " + broken.get() + " of the journal does not follow from the line before it",
                        "a line before it was changed or taken away");
            }
            return "every line follows from the one before";
        });
        check("bags", () -> {
            int count = 0;
            for (var ref : wiring.mirror().bags()) {
                Bag.read(ref).fingerprint();
                count++;
            }
            return count + " readable; `histods verify` looks at their files";
        });
        check("left over", () -> {
            var rubbish = wiring.mirror().garbage();
            long bytes = rubbish.stream().mapToLong(r -> r.bytes()).sum();
            return rubbish.isEmpty() ? "nothing" : Bytes.text(bytes) + " that `histods gc` would free";
        });
        wiring.console().say("no host was asked; `histods pull --dry-run ID` asks those of a dataset");
        return ill == 0 ? 0 : Problem.Kind.DISK.exit();
    }

    private String ascp() throws Problem {
        AscpInstallation aspera = wiring.aspera();
        return aspera.program() == null
                ? "none; only packages of TCIA need this program of IBM's"
                : aspera.program() + ", " + (aspera.key() == null ? "no key found" : "key " + aspera.key());
    }

    /** For which hosts a login is known and from where; never the login. */
    private String logins() throws Problem {
        List<Problem> damaged = new ArrayList<>();
        List<CredentialChain.Known> known = wiring.logins(damaged::add).known();
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
        wiring.config().policies(Sources.policies());
        Set<String> own = new TreeSet<>(wiring.config().hosts().keySet());
        return own.isEmpty() ? "treated as built in" : "treated as the settings say: " + String.join(", ", own);
    }

    private String mirror() throws Problem {
        Path root = wiring.mirrorFolder();
        wiring.mirror().check();
        Path there = root;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isWritable(there)) {
            throw new Problem(Problem.Kind.DISK, there + " cannot be written to", "use another folder with --mirror");
        }
        try {
            FileStore store = Files.getFileStore(there);
            return root + (Files.exists(root) ? "" : " (will be made)") + ", " + Bytes.text(store.getUsableSpace())
                    + " free, " + store.type();
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot look at " + there, e));
        }
    }

    private void encoding() {
        String names = System.getProperty("sun.jnu.encoding", "unknown");
        if (Charset.isSupported(names) && Charset.forName(names).newEncoder().canEncode('é')) {
            good("file names", names);
        } else {
            bad(
                    "file names",
                    "the locale's encoding is " + names + ": names beyond ASCII cannot be opened",
                    "start with ./histods, or set LC_ALL=C.UTF-8");
        }
    }

    private interface Look {
        String at() throws Problem;
    }

    private void check(String what, Look look) {
        try {
            good(what, look.at());
        } catch (Problem p) {
            String before = told.putIfAbsent(p.message(), what);
            if (before == null) {
                bad(what, p.message(), p.hint() == null ? "" : p.hint());
            } else {
                line(what, null, "not looked at, because of the " + before, "");
            }
        }
    }

    private void good(String what, String found) {
        line(what, true, found, "");
    }

    private void bad(String what, String found, String hint) {
        ill++;
        line(what, false, found, hint);
    }

    /** @param ok null where it was not looked at, for what it needs is ill and was told */
    private void line(String what, @Nullable Boolean ok, String found, String hint) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("check", what);
        line.put("ok", ok);
        line.put("found", found);
        line.put("hint", hint.isEmpty() ? null : hint);
        wiring.console().object(line);
        wiring.console()
                .data(String.format(Locale.ROOT, "%-4s %-11s %s", ok == null ? "?" : ok ? "ok" : "BAD", what, found));
        if (!hint.isEmpty()) {
            wiring.console().data("                 hint: " + hint);
        }
    }
}
