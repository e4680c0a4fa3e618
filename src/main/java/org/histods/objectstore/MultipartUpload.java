package org.histods.objectstore;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;
import org.histods.concurrent.Parallel;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.Hasher;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Uploads one large file in parts. An upload that an earlier run left is continued: its parts are kept if their sizes and MD5 are
 * those of the file. Nothing about it is stored on this machine.
 */
final class MultipartUpload {

    /** The smallest part in bytes, and the largest file that is uploaded in one request. Amazon allows parts of 5 MiB and more. */
    static final int PART = 16 << 20;

    /** The most parts that S3 allows (its "multipart upload limits"). */
    private static final int MAX_PARTS = 10_000;

    /** The most memory for parts, in bytes. */
    private static final long MEMORY = 256L << 20;

    private static final int MIB = 1 << 20;

    /** How often an upload is started again after another process ended it, before it fails. */
    private static final int MAX_ATTEMPTS = 3;

    private final ObjectStore store;
    private final Path file;
    private final Checksum sha256;
    private final long bytes;
    private final int partSize;

    /**
     * An upload that is not begun.
     *
     * @param bytes the recorded size of the file
     */
    MultipartUpload(ObjectStore store, Path file, Checksum sha256, long bytes) {
        this.store = store;
        this.file = file;
        this.sha256 = sha256;
        this.bytes = bytes;
        this.partSize = partSize(bytes);
    }

    /** A whole number of MiB, the same for each run. */
    static int partSize(long bytes) {
        long least = (bytes + MAX_PARTS - 1) / MAX_PARTS;
        long whole = (least + MIB - 1) / MIB * MIB;
        return Math.toIntExact(Math.max(PART, whole));
    }

    /** The result: bytes that were sent, and bytes of parts that already existed. */
    record Done(long sent, long kept) {}

    /** A part of the file; part 0 stands for the checksum of the whole file. */
    private record Span(int number, long from, int length) {}

    /**
     * Uploads the file.
     *
     * @param progress receives the bytes of each part
     * @throws Problem {@code WRONG_BYTES} if the file is not the recorded one; else as the requests
     */
    Done run(int jobs, ObjectStore.Condition condition, LongConsumer progress) throws Problem, IOException {
        String key = store.location().file(sha256);
        for (int attempt = 1; ; attempt++) {
            Map<String, Map<Integer, ObjectStore.Part>> unfinished = new TreeMap<>();
            for (String upload : store.uploads(key)) {
                unfinished.put(upload, store.parts(key, upload));
            }
            String upload = best(unfinished);
            Map<Integer, ObjectStore.Part> known =
                    upload == null ? Map.of() : unfinished.getOrDefault(upload, Map.of());
            if (upload == null) {
                upload = store.beginUpload(key);
            }
            Optional<Done> done = send(key, upload, known, jobs, condition, progress);
            if (done.isPresent()) {
                unfinished.remove(upload);
                for (String other : unfinished.keySet()) {
                    store.abortUpload(key, other);
                }
                return done.get();
            }
            // Another process ended the upload, most likely by finishing it.
            if (store.has(key, bytes)) {
                return new Done(0, bytes);
            }
            if (attempt == MAX_ATTEMPTS) {
                throw new Problem(
                        Problem.Kind.NETWORK,
                        "the upload of " + file + " to " + store.location() + " was ended " + MAX_ATTEMPTS
                                + " times by another process or a rule of the bucket",
                        "run the same command again; a rule that deletes unfinished uploads should wait for some days");
            }
        }
    }

    /** The upload with most parts. */
    private static @Nullable String best(Map<String, Map<Integer, ObjectStore.Part>> unfinished) {
        String best = null;
        int most = 0;
        for (Map.Entry<String, Map<Integer, ObjectStore.Part>> one : unfinished.entrySet()) {
            if (one.getValue().size() > most) {
                best = one.getKey();
                most = one.getValue().size();
            }
        }
        return best;
    }

    /** Sends the parts that are not known yet, and finishes the upload; empty if the upload no longer exists. */
    private Optional<Done> send(
            String key,
            String upload,
            Map<Integer, ObjectStore.Part> known,
            int jobs,
            ObjectStore.Condition condition,
            LongConsumer progress)
            throws Problem, IOException {
        List<Span> spans = new ArrayList<>(List.of(new Span(0, 0, 0)));
        for (long from = 0; from < bytes; from += partSize) {
            spans.add(new Span(spans.size(), from, (int) Math.min(partSize, bytes - from)));
        }
        AtomicLongArray compared = new AtomicLongArray(spans.size());
        AtomicLongArray read = new AtomicLongArray(spans.size());
        int threads = (int) Math.max(1, Math.min(jobs, MEMORY / partSize));
        // One more for the checksum of the whole file, which is read at the same time.
        List<Optional<Sent>> sent = Parallel.map(threads + 1, spans, span -> {
            if (span.number() == 0) {
                if (!sha256(compared).equals(sha256)) {
                    throw BagPush.damaged(file);
                }
                return Optional.of(new Sent(null, false));
            }
            byte[] content = content(span);
            read.set(span.number(), crc(content));
            Optional<Sent> part = send(key, upload, span, content, known.get(span.number()));
            part.filter(Sent::transferred).ifPresent(one -> progress.accept(span.length()));
            return part;
        });
        if (sent.stream().anyMatch(Optional::isEmpty)) {
            return Optional.empty();
        }
        for (int number = 1; number < spans.size(); number++) {
            // The file may have been written to between the two times that it is read.
            if (compared.get(number) != read.get(number)) {
                throw BagPush.damaged(file);
            }
        }
        List<ObjectStore.Part> parts = new ArrayList<>();
        long transferred = 0;
        for (Optional<Sent> one : sent) {
            ObjectStore.Part part = one.orElseThrow().part();
            if (part != null) {
                parts.add(part);
                transferred += one.orElseThrow().transferred() ? part.bytes() : 0;
            }
        }
        return store.finishUpload(key, upload, parts, condition)
                ? Optional.of(new Done(transferred, bytes - transferred))
                : Optional.empty();
    }

    /** A part that is in the store; null for the checksum of the whole file. */
    private record Sent(ObjectStore.@Nullable Part part, boolean transferred) {}

    /** The checksum of the whole file; the CRC-32C of each of its parts is put into {@code parts}. */
    private Checksum sha256(AtomicLongArray parts) throws Problem, IOException {
        Hasher hasher = Hasher.of(Set.of(), bytes);
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int number = 1; ; number++) {
                CRC32C crc = new CRC32C();
                int left = partSize;
                for (int n = in.read(buffer); n > 0; n = in.read(buffer, 0, Math.min(buffer.length, left))) {
                    hasher.update(buffer, 0, n);
                    crc.update(buffer, 0, n);
                    left -= n;
                    if (left == 0) {
                        break;
                    }
                }
                if (Thread.currentThread().isInterrupted()) {
                    throw Problem.interrupted();
                }
                if (left == partSize) {
                    return hasher.sha256();
                }
                if (number == parts.length()) {
                    throw BagPush.damaged(file);
                }
                parts.set(number, crc.getValue());
            }
        }
    }

    private byte[] content(Span span) throws Problem, IOException {
        byte[] content = new byte[span.length()];
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(span.from());
            in.readFully(content);
            return content;
        } catch (EOFException e) {
            throw BagPush.damaged(file);
        }
    }

    private static long crc(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        return crc.getValue();
    }

    private Optional<Sent> send(String key, String upload, Span span, byte[] content, ObjectStore.@Nullable Part known)
            throws Problem {
        if (known != null
                && known.bytes() == content.length
                && known.tag().replace("\"", "").equals(md5(content))) {
            return Optional.of(new Sent(known, false));
        }
        return store.writePart(key, upload, span.number(), content).map(part -> new Sent(part, true));
    }

    private static String md5(byte[] content) {
        Hasher hasher = Hasher.of(Set.of(Algorithm.MD5), content.length);
        hasher.update(content, 0, content.length);
        return Objects.requireNonNull(hasher.finish().get(Algorithm.MD5)).hex();
    }
}
