package org.histods.fetch;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.histods.concurrent.TaskExecutor;
import org.histods.digest.Algorithm;
import org.histods.digest.BlockChecksums;
import org.histods.digest.Checksum;
import org.histods.digest.Hasher;
import org.histods.mirror.Mirror;
import org.histods.mirror.PartialTransfer;
import org.histods.problem.Problem;
import org.histods.transport.Response;
import org.histods.transport.Transport;

/** Fetches remote files into the mirror's folder for partial files. */
public final class Fetcher {

    /** Algorithms, strongest first: a partial file is named after its strongest checksum. */
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

    /** Number of bytes of these files that earlier runs left on the disk. */
    public long received(Collection<FetchCandidate> candidates) {
        Set<String> started = mirror.startedTransfers();
        return started.isEmpty()
                ? 0
                : candidates.stream()
                        .map(Fetcher::key)
                        .filter(started::contains)
                        .flatMap(key -> mirror.idleState(key).stream())
                        .flatMap(state -> ResumeState.parse(state).stream())
                        .mapToLong(ResumeState::bytes)
                        .sum();
    }

    /**
     * Stores the intact blocks of a damaged copy as an interrupted transfer, so that only the damaged blocks are
     * fetched. Does nothing if an earlier run left an interrupted transfer.
     *
     * @param damaged a copy of the file in the mirror
     * @param origin where it was from, with the headers of that response
     * @return how many bytes need not be fetched
     * @throws Problem {@code DISK} if the mirror cannot be written
     */
    public long keepGoodBlocks(
            FetchCandidate candidate, Path damaged, long bytes, BlockChecksums blocks, FetchOrigin origin)
            throws Problem {
        PartialTransfer partial = mirror.claim(key(candidate));
        try {
            if (Files.exists(partial.part())) {
                return 0;
            }
            List<WrittenRange> good = new ArrayList<>();
            for (long[] block : blocks.copyGood(damaged, bytes, partial.part())) {
                good.add(WrittenRange.of(partial.part(), block[0], block[1]));
            }
            partial.share();
            URI requested = origin.requested();
            ResponseSummary response = origin.response();
            ResumeState state = new ResumeState(
                    response == null ? null : Response.validator(response.headers()),
                    requested == null ? null : requested.getHost(),
                    bytes,
                    0,
                    good,
                    null);
            partial.writeState(state.text());
            return state.bytes();
        } catch (IOException e) {
            throw TransferErrors.disk("cannot copy the intact blocks of " + damaged, e);
        } finally {
            partial.release();
        }
    }

    /**
     * Requests the last bytes of a remote file, to read ranges of it instead of the whole.
     *
     * @throws RangesUnsupportedException if its host does not allow that
     * @throws IOException if a request failed
     * @throws Problem as {@link Transport#open}
     */
    public MemoryRanges readRanges(FetchCandidate candidate, FetchListener listener) throws Problem, IOException {
        return RangeReader.open(candidate, transport, settings, clock, listener);
    }

    /**
     * Stores further ranges of a remote file. The caller closes it.
     *
     * @param directory what was read of it before
     * @throws Problem {@code DISK} if the mirror cannot be written
     */
    public RangedFile storeRanges(MemoryRanges directory, FetchListener listener, TaskExecutor tasks) throws Problem {
        String key = rangesKey(directory.reader().candidate());
        return new RangedFile(directory, mirror.claim(key), clock, listener, tasks);
    }

    /** The name of the partial file with ranges of a remote file. */
    public static String rangesKey(FetchCandidate candidate) {
        return "ranges-" + key(candidate);
    }

    /**
     * Creates the fetcher for the small files of one pull. The caller closes it.
     *
     * @param dataset what is pulled; a later run for the same takes over what is left
     * @throws Problem {@code DISK} if the mirror cannot be written
     */
    public SmallFiles smallFiles(String dataset, FetchListener listener) throws Problem {
        return new SmallFiles(mirror.claim(smallFilesKey(dataset)), transport, settings, clock, listener);
    }

    /** The name of the folder of small files of a pull. */
    public static String smallFilesKey(String dataset) {
        return "files-" + Hasher.sha256(dataset).hex().substring(0, 40);
    }

    /**
     * How many requests a file takes if nothing fails.
     *
     * @param segments how many connections its host allows for one file
     */
    public static long requests(long bytes, int segments) {
        return SegmentedDownload.requests(bytes, segments);
    }

    /**
     * The name of the partial file. The same bytes have the same name at every source, so that one source can resume
     * what another began.
     */
    public static String key(FetchCandidate candidate) {
        List<Checksum> checksums = candidate.file().comparable();
        return checksums.stream()
                .filter(s -> STRENGTH.contains(s.algorithm()))
                .min(Comparator.comparingInt(s -> STRENGTH.indexOf(s.algorithm())))
                .map(s -> s.algorithm().word() + "-" + s.hex())
                .orElseGet(() -> "at-"
                        + Hasher.sha256(candidate.file().uri().toString()).hex().substring(0, 40));
    }
}
