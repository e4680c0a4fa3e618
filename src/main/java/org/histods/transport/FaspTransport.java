package org.histods.transport;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.jspecify.annotations.Nullable;

/**
 * The way out over FASP, which only IBM's own program {@code ascp} speaks: it is run once for each file and streams it to
 * its standard output.
 */
final class FaspTransport {

    private static final String LATER = "run the same command later; what has arrived is kept";

    /** What the program may know of ours; above all not other passwords and agents. */
    private static final Set<String> INHERITED =
            Set.of("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "LD_LIBRARY_PATH", "TZ");

    private final AscpInstallation aspera;
    private final RetryPolicy patience;
    private final HostThrottles gates;
    private final Set<AscpRun> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    FaspTransport(AscpInstallation aspera, RetryPolicy patience, HostThrottles gates) {
        this.aspera = aspera;
        this.patience = patience;
        this.gates = gates;
    }

    boolean installed() {
        return aspera.program() != null;
    }

    /** Comes back with data or with a setback. */
    AttemptResult go(FaspFile file, long from, long to, RetryState budget) throws Problem {
        if (!installed()) {
            throw new Problem(
                    Kind.PERSON,
                    "could not get " + file + ": no program ascp of IBM Aspera was found",
                    "docs/settings.md says where it is looked for");
        }
        HostThrottle.Place place = gates.of(file.host()).enter(budget, true);
        AscpRun run = null;
        boolean handedOn = false;
        try {
            run = start(file, from);
            long length = to >= 0 ? to - from + 1 : file.bytes() < 0 ? -1 : file.bytes() - from;
            AscpRun running = run;
            FaspBodyStream body = new FaspBodyStream(run, length, to < 0, () -> end(running, place));
            if (body.begins()) {
                handedOn = true;
                return new AttemptResult.Data(new Response(
                        from > 0 || to >= 0 ? 206 : 200,
                        file.uri(),
                        List.of(),
                        Map.of(),
                        from,
                        length,
                        file.bytes(),
                        body));
            }
            return refused(file, run);
        } catch (IOException e) {
            budget.throwIfInterrupted(file.host());
            String said = String.valueOf(e.getMessage());
            return run == null ? unfit(file, said, e) : setback(file, Kind.NETWORK, true, run.scrubbed(said), LATER, e);
        } finally {
            if (!handedOn) {
                end(run, place);
            }
        }
    }

    private AscpRun start(FaspFile file, long from) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(aspera.command(file, from));
        builder.environment().keySet().retainAll(INHERITED);
        builder.environment().putAll(aspera.environment(file));
        AscpRun run = new AscpRun(builder.start(), file, patience, () -> closed);
        running.add(run);
        return run;
    }

    private void end(@Nullable AscpRun run, HostThrottle.Place place) {
        if (run != null) {
            run.kill();
            running.remove(run);
        }
        place.close();
    }

    /** Stops every transfer. */
    void close() {
        closed = true;
        running.forEach(AscpRun::kill);
    }

    private AttemptResult refused(FaspFile file, AscpRun run) {
        String said = run.ending();
        String words = said.toLowerCase(Locale.ROOT);
        if (run.unfit()) {
            return unfit(file, said, null);
        }
        if (words.contains("authenticat") || words.contains("authoriz")) {
            String hint = aspera.key() == null
                    ? "no key was found beside " + aspera.program() + ": name one as ascp-key in the settings;"
                            + " 'ascli config ascp install' brings it as ~/.aspera/sdk/aspera_bypass_rsa.pem"
                    : "the key " + aspera.key() + " did not open the session: name another as ascp-key in the settings";
            return setback(file, Kind.PERSON, false, said, hint, null);
        }
        if (words.contains("no such file")) {
            return setback(file, Kind.NETWORK, false, said, "the file may have been withdrawn from its package", null);
        }
        return setback(
                file,
                Kind.NETWORK,
                true,
                said,
                "FASP needs TCP port " + file.sshPort() + " and UDP port " + file.faspPort()
                        + " outwards, which many networks block; " + LATER,
                null);
    }

    private AttemptResult unfit(FaspFile file, String said, @Nullable Throwable cause) {
        String hint = "look whether " + aspera.program() + " is whole and made for this machine";
        return setback(file, Kind.PERSON, false, "ascp cannot be run: " + said, hint, cause);
    }

    private static AttemptResult.Setback setback(
            FaspFile file, Kind kind, boolean again, String what, String hint, @Nullable Throwable cause) {
        URI uri = file.uri();
        return new AttemptResult.Setback(
                kind,
                again,
                false,
                null,
                "could not get " + uri + ": " + what,
                hint,
                new Problem.Attempt(file.host(), uri.toString(), null, null, what),
                cause);
    }
}
