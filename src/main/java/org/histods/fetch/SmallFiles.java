package org.histods.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.Hasher;
import org.histods.mirror.PartialTransfer;
import org.histods.problem.Problem;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Stated;
import org.histods.transport.Response;
import org.histods.transport.Transport;

/**
 * Fetches the small files of one pull. Each is fetched with one request into memory, hashed and compared there, and
 * written once, to a shared folder. Only files with a known size and a published checksum are fetched this way; a later
 * run reuses those with the right checksum. If anything is wrong with a response, the file is left to a {@link
 * Transfer}, which can resume and reports what is wrong. Thread-safe.
 */
public final class SmallFiles implements AutoCloseable {

    /** Maximum size of a file; each thread holds one file in memory. */
    public static final long MOST = 2L << 20;

    private static final int MOST_SHARED = 1000;

    private final PartialTransfer partial;
    private final Transport transport;
    private final FetchSettings settings;
    private final Clock clock;
    private final FetchListener listener;
    /** The names of files that earlier runs left. */
    private final Set<String> left = ConcurrentHashMap.newKeySet();

    /** Header values that many responses share, such as the date, each as the one object that all records hold. */
    private final Map<String, String> shared = new ConcurrentHashMap<>();

    private volatile boolean discarded;

    /** A small file that is complete and correct. Its place is not kept, since there are many. */
    private final class SmallFile implements FetchedBytes {

        private final RemoteFile remote;

        SmallFile(RemoteFile remote) {
            this.remote = remote;
        }

        @Override
        public void put(Path target, boolean executable) throws Problem {
            Path file = place(remote);
            try {
                partial.put(file, target);
                if (executable && !target.toFile().setExecutable(true)) {
                    throw new IOException("the executable bit cannot be set");
                }
            } catch (IOException e) {
                throw TransferErrors.disk("cannot put " + file + " at " + target, e);
            }
        }

        /** Does nothing: all files are discarded together. */
        @Override
        public void discard() {}

        /** Does nothing: all files are closed together. */
        @Override
        public void close() {}
    }

    SmallFiles(
            PartialTransfer partial, Transport transport, FetchSettings settings, Clock clock, FetchListener listener)
            throws Problem {
        this.partial = partial;
        this.transport = transport;
        this.settings = settings;
        this.clock = clock;
        this.listener = listener;
        try {
            left.addAll(partial.prepareFiles());
        } catch (IOException e) {
            throw TransferErrors.disk("cannot write " + partial.files(), e);
        }
    }

    /** Whether a file can be fetched like this: it is small, its size is stated and a checksum is published. */
    public static boolean has(FetchCandidate candidate) {
        RemoteFile file = candidate.file();
        Long bytes = file.bytes();
        return bytes != null
                && bytes > 0
                && bytes <= MOST
                && candidate.localName() == null
                && file.slice() == null
                && file.span() == null
                && file.checksumDecides();
    }

    /**
     * Fetches a file, unless an earlier run left it.
     *
     * @return empty if the response is not usable, so that a {@link Transfer} must fetch it
     * @throws Problem as {@link Transfer#await}
     */
    public Optional<FetchedFile> fetch(FetchCandidate candidate) throws Problem {
        Path target = place(candidate.file());
        Instant started = clock.instant();
        if (left.remove(String.valueOf(target.getFileName()))) {
            Optional<FetchedFile> before = takeOver(candidate, target, started);
            if (before.isPresent()) {
                return before;
            }
        }
        return download(candidate, target, started);
    }

    /** The stored bytes of a file that was fetched. */
    public FetchedBytes bytes(FetchCandidate candidate) {
        return new SmallFile(candidate.file());
    }

    /** A file keeps its name as long as its path and what is published of it are the same. */
    private Path place(RemoteFile file) {
        StringBuilder text = new StringBuilder(file.path().text());
        file.comparable().forEach(checksum -> text.append('\n').append(checksum));
        return partial.files().resolve(Hasher.sha256(text.toString()).hex().substring(0, 40));
    }

    private Optional<FetchedFile> takeOver(FetchCandidate candidate, Path target, Instant started) throws Problem {
        RemoteFile file = candidate.file();
        long stated = size(file);
        try {
            Optional<Computed> computed = Optional.empty();
            if (Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS) && Files.size(target) == stated) {
                computed = compare(file, Files.readAllBytes(target), (int) stated, List.of());
            }
            if (computed.isEmpty() || !computed.get().check().verified()) {
                partial.deleteFile(target);
                return Optional.empty();
            }
            listener.bytes(stated, false);
            FetchOrigin origin = new FetchOrigin(
                    candidate.source().kind(),
                    candidate.record(),
                    ResponseSummary.nothing(file.uri()),
                    null,
                    null,
                    started,
                    clock.instant(),
                    0,
                    1,
                    List.of());
            return Optional.of(fetched(candidate, target, computed.get(), origin));
        } catch (IOException e) {
            throw TransferErrors.disk("cannot read " + target, e);
        }
    }

    private Optional<FetchedFile> download(FetchCandidate candidate, Path target, Instant started) throws Problem {
        RemoteFile file = candidate.file();
        URI uri = file.uri();
        int stated = (int) size(file);
        byte[] content = new byte[stated + 1];
        ResponseSummary summary;
        Optional<Computed> computed;
        try (Response response = candidate.source().open(file, uri, 0, -1, null, transport)) {
            if (!usable(response, stated) || read(response, content) != stated) {
                return Optional.empty();
            }
            String instead = ContentSniffer.instead(file.path().name(), content, stated, transport::redact);
            if (instead != null) {
                return Optional.empty();
            }
            summary = ResponseSummary.of(uri, response, this::shared);
            computed = compare(file, content, stated, HeaderChecksums.of(response));
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw Problem.interrupted();
            }
            return Optional.empty();
        } catch (Problem p) {
            if (p.kind() == Problem.Kind.INTERRUPTED || file.uris().size() == 1) {
                throw p;
            }
            return Optional.empty();
        }
        if (computed.isEmpty()) {
            return Optional.empty();
        }
        write(target, content, stated);
        listener.bytes(stated, true);
        FetchOrigin origin = new FetchOrigin(
                candidate.source().kind(),
                candidate.record(),
                summary,
                null,
                null,
                started,
                clock.instant(),
                stated,
                0,
                List.of());
        return Optional.of(fetched(candidate, target, computed.get(), origin));
    }

    private String shared(String header, String value) {
        if (header.equals("etag")) {
            return value;
        }
        String known = shared.putIfAbsent(value, value);
        if (known == null && shared.size() > MOST_SHARED) {
            shared.clear();
        }
        return known == null ? value : known;
    }

    private static boolean usable(Response response, long stated) {
        return response.coding().isEmpty()
                && response.from() == 0
                && response.status() == 200
                && (response.total() < 0 || response.total() == stated);
    }

    private int read(Response response, byte[] content) throws IOException {
        InputStream in = response.body();
        int count = in.readNBytes(content, 0, content.length);
        settings.rate().spend(count);
        return count;
    }

    private static FetchedFile fetched(FetchCandidate candidate, Path target, Computed computed, FetchOrigin origin) {
        RemoteFile file = candidate.file();
        return new FetchedFile(file, target, size(file), computed.checksums(), computed.check(), origin);
    }

    private static long size(RemoteFile file) {
        return Objects.requireNonNull(file.bytes());
    }

    /** The checksums of a file, and what is equal to them. */
    private record Computed(Map<Algorithm, Checksum> checksums, ChecksumCheck check) {}

    /** Empty if a checksum is not equal. */
    private Optional<Computed> compare(RemoteFile file, byte[] content, int length, List<Stated> headers) {
        List<Checksum> expected = new ArrayList<>(file.comparable());
        for (Stated header : headers) {
            if (expected.stream()
                    .noneMatch(e -> e.algorithm() == header.checksum().algorithm())) {
                expected.add(header.checksum());
            }
        }
        Hasher hasher = Hasher.toCompare(expected, length);
        hasher.update(content, 0, length);
        Map<Algorithm, Checksum> checksums = hasher.finish();
        try {
            ChecksumCheck check = new ChecksumVerifier(
                            file,
                            checksums,
                            listener::note,
                            (wanted, got, by, hint) -> new Problem(Problem.Kind.WRONG_BYTES, by))
                    .withPublished(length)
                    .withHeaders(headers)
                    .check();
            // One object for each checksum, of which a dataset has many.
            check.against().forEach(stated -> checksums.put(stated.checksum().algorithm(), stated.checksum()));
            return Optional.of(new Computed(checksums, check));
        } catch (Problem p) {
            return Optional.empty();
        }
    }

    private void write(Path target, byte[] content, int length) throws Problem {
        try {
            partial.writeFile(target, ByteBuffer.wrap(content, 0, length));
        } catch (ClosedByInterruptException e) {
            throw Problem.interrupted();
        } catch (IOException e) {
            throw TransferErrors.disk("cannot write " + target, e);
        }
    }

    /** The name of the folder among those for partial files. */
    public String key() {
        return partial.key();
    }

    /** Deletes all files: the bag is published. Before its files are stamped, since deleting the other name of one changes its stamp. */
    public void discard() {
        discarded = true;
        partial.discard();
    }

    @Override
    public void close() {
        if (discarded) {
            return;
        }
        // An interrupted thread cannot write files, and just then the bytes that arrived are to be kept.
        boolean interrupted = Thread.interrupted();
        partial.release();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
