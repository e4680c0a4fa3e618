package org.histods.fetch;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.histods.concurrent.TaskExecutor;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.Hasher;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;
import org.histods.transport.Transport;

/** Fetches remote files into the mirror's folder for partial files. */
public final class Fetcher {

    /** Strongest first: a partial file is named by its strongest checksum. */
    private static final List<Algorithm> STRENGTH =
            List.of(Algorithm.SHA512, Algorithm.SHA256, Algorithm.SHA1, Algorithm.GIT_BLOB, Algorithm.MD5);

    private final Mirror mirror;
    private final Transport transport;
    private final FetchSettings settings;
    private final Clock clock;

    public Fetcher(Mirror mirror, Transport transport, FetchSettings settings, Clock clock) {
        this.mirror = mirror;
        this.transport = transport;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Starts a transfer, or resumes one that an earlier run left. The caller closes it.
     *
     * @param tasks runs the transfer
     * @throws Problem {@code DISK} if the mirror cannot be written
     */
    public Transfer start(FetchCandidate candidate, FetchListener listener, TaskExecutor tasks) throws Problem {
        return new Transfer(candidate, mirror.claim(key(candidate)), transport, settings, clock, listener, tasks);
    }

    /**
     * A place for the small files of one pull. The caller closes it.
     *
     * @param dataset what is pulled; a later run for the same takes over what is left
     * @throws Problem {@code DISK} if the mirror cannot be written
     */
    public SmallFiles smallFiles(String dataset, FetchListener listener) throws Problem {
        String key = "files-" + sha256(dataset).substring(0, 40);
        return new SmallFiles(mirror.claim(key), transport, settings, clock, listener);
    }

    /**
     * The name of the partial file. The same bytes have the same name at every source, so that one source can resume
     * what another began.
     */
    private static String key(FetchCandidate candidate) {
        List<Checksum> sums = candidate.file().comparable();
        return sums.stream()
                .filter(s -> STRENGTH.contains(s.algorithm()))
                .min(Comparator.comparingInt(s -> STRENGTH.indexOf(s.algorithm())))
                .map(s -> s.algorithm().word() + "-" + s.hex())
                .orElseGet(
                        () -> "at-" + sha256(candidate.file().uri().toString()).substring(0, 40));
    }

    static String sha256(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Hasher hasher = Hasher.of(Set.of(), bytes.length);
        hasher.update(bytes, 0, bytes.length);
        return Objects.requireNonNull(hasher.finish().get(Algorithm.SHA256)).hex();
    }
}
