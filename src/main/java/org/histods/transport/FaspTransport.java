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
 * FASP client, by IBM's program {@code ascp}, the only implementation: one run per file, which streams the file to its
 * standard output.
 */
final class FaspTransport {

    private static final String LATER = "run the same command later; received data is kept";

    /** Environment variables that the program inherits; above all no other secrets. */
    private static final Set<String> INHERITED =
            Set.of("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "LD_LIBRARY_PATH", "TZ");

    private final AscpInstallation ascp;
    private final RetryPolicy retryPolicy;
    private final HostThrottles throttles;
    private final Set<AscpRun> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    FaspTransport(AscpInstallation ascp, RetryPolicy retryPolicy, HostThrottles throttles) {
        this.ascp = ascp;
        this.retryPolicy = retryPolicy;
        this.throttles = throttles;
    }

    boolean installed() {
        return ascp.program() != null;
    }

    /** Returns {@link AttemptResult.Data} or {@link AttemptResult.Failure}. */
    AttemptResult run(FaspFile file, long from, long to, RetryState retries) throws Problem {
        if (!installed()) {
            throw new Problem(
                    Kind.PERSON,
                    "could not get " + file + ": IBM Aspera's ascp is not installed",
                    "docs/settings.md lists where histods searches for it");
        }
        HostThrottle.Permit permit = throttles.of(file.host()).acquire(retries, true);
        AscpRun run = null;
        boolean handedOver = false;
        try {
            run = start(file, from);
            long length = to >= 0 ? to - from + 1 : file.bytes() < 0 ? -1 : file.bytes() - from;
            AscpRun running = run;
            FaspBodyStream body = new FaspBodyStream(run, length, to < 0, () -> end(running, permit));
            if (body.begins()) {
                handedOver = true;
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
            retries.throwIfInterrupted(file.host());
            String message = String.valueOf(e.getMessage());
            return run == null
                    ? notExecutable(file, message, e)
                    : failure(file, Kind.NETWORK, true, run.redacted(message), LATER, e);
        } finally {
            if (!handedOver) {
                end(run, permit);
            }
        }
    }

    private AscpRun start(FaspFile file, long from) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(ascp.command(file, from));
        builder.environment().keySet().retainAll(INHERITED);
        builder.environment().putAll(ascp.environment(file));
        AscpRun run = new AscpRun(builder.start(), file, retryPolicy, () -> closed);
        running.add(run);
        return run;
    }

    private void end(@Nullable AscpRun run, HostThrottle.Permit permit) {
        if (run != null) {
            run.kill();
            running.remove(run);
        }
        permit.close();
    }

    /** Stops every transfer. */
    void close() {
        closed = true;
        running.forEach(AscpRun::kill);
    }

    private AttemptResult refused(FaspFile file, AscpRun run) {
        String ending = run.ending();
        String words = ending.toLowerCase(Locale.ROOT);
        if (run.notExecutable()) {
            return notExecutable(file, ending, null);
        }
        if (words.contains("authenticat") || words.contains("authoriz")) {
            String hint = ascp.key() == null
                    ? "no key was found beside " + ascp.program() + ": set ascp-key in the settings file;"
                            + " 'ascli config ascp install' installs one as ~/.aspera/sdk/aspera_bypass_rsa.pem"
                    : "the server refused the key " + ascp.key() + ": set another as ascp-key in the settings file";
            return failure(file, Kind.PERSON, false, ending, hint, null);
        }
        if (words.contains("no such file")) {
            return failure(
                    file, Kind.NETWORK, false, ending, "the file may have been withdrawn from its package", null);
        }
        return failure(
                file,
                Kind.NETWORK,
                true,
                ending,
                "FASP needs TCP port " + file.sshPort() + " and UDP port " + file.faspPort()
                        + " outgoing, which many networks block; " + LATER,
                null);
    }

    private AttemptResult notExecutable(FaspFile file, String why, @Nullable Throwable cause) {
        String hint = "check that " + ascp.program() + " is complete and made for this machine";
        return failure(file, Kind.PERSON, false, "ascp cannot be run: " + why, hint, cause);
    }

    private static AttemptResult.Failure failure(
            FaspFile file, Kind kind, boolean retry, String what, String hint, @Nullable Throwable cause) {
        URI uri = file.uri();
        return new AttemptResult.Failure(
                kind,
                retry ? AttemptResult.Retry.ALLOWED : AttemptResult.Retry.NEVER,
                false,
                null,
                "could not get " + uri + ": " + what,
                hint,
                new Problem.Attempt(file.host(), uri.toString(), null, null, what),
                cause);
    }
}
