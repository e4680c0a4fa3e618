package org.histods.digest;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;

/**
 * Computes several checksums of the same bytes in one pass. For one thread.
 *
 * <p>Always computes SHA-256. A git blob id and an S3 multipart tag need the length beforehand; where it is unknown
 * they are left out of the result, which means "not compared", never equal.
 */
public final class Hasher {

    /** How many bytes of a file are read at once. */
    private static final int BUFFER = 1 << 17;

    /** Digests by name, which are only cloned: looking one up takes as long as hashing a small file. */
    private static final Map<String, MessageDigest> UNUSED = new ConcurrentHashMap<>();

    private final Map<Algorithm, MessageDigest> digests = new EnumMap<>(Algorithm.class);
    private final Map<Checksum, MultipartEtag> etags = new LinkedHashMap<>();
    private final boolean wantsCrc;
    private final CRC32C crc = new CRC32C();
    private long bytes;

    private Hasher(Set<Algorithm> algorithms, Collection<Checksum> expectedEtags, long length) {
        digests.put(Algorithm.SHA256, digest("SHA-256"));
        for (Algorithm algorithm : algorithms) {
            if (algorithm.jcaName().isPresent() && !algorithm.ofFolder()) {
                if (algorithm == Algorithm.GIT_BLOB && length < 0) {
                    continue;
                }
                digests.put(algorithm, digest(algorithm.jcaName().get()));
            }
        }
        MessageDigest blob = digests.get(Algorithm.GIT_BLOB);
        if (blob != null) {
            blob.update(GitObjects.header("blob", length));
        }
        wantsCrc = algorithms.contains(Algorithm.CRC32C);
        for (Checksum etag : expectedEtags) {
            etags.put(etag, new MultipartEtag(etag, length));
        }
    }

    /** Computes SHA-256 and the given algorithms; {@code length} is the expected number of bytes, -1 if unknown. */
    public static Hasher of(Set<Algorithm> algorithms, long length) {
        return new Hasher(algorithms, Set.of(), length);
    }

    /**
     * Computes SHA-256 and the checksums that are needed to compare with {@code expected}; see {@link #of} for the
     * length.
     */
    public static Hasher toCompare(Collection<Checksum> expected, long length) {
        Set<Algorithm> all = EnumSet.noneOf(Algorithm.class);
        Set<Checksum> tags = new LinkedHashSet<>();
        for (Checksum checksum : expected) {
            if (checksum.algorithm() == Algorithm.S3_ETAG) {
                tags.add(checksum);
            } else {
                all.add(checksum.algorithm());
            }
        }
        return new Hasher(all, tags, length);
    }

    /** The SHA-256 of a text in UTF-8. */
    public static Checksum sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The SHA-256 of bytes. */
    public static Checksum sha256(byte[] content) {
        return new Checksum(
                Algorithm.SHA256, HexFormat.of().formatHex(digest("SHA-256").digest(content)));
    }

    /** The SHA-256 of a file. */
    public static Checksum sha256(Path file) throws IOException {
        return of(Set.of(), -1).read(file).sha256();
    }

    /**
     * The SHA-256 of a file and the checksums that are needed to compare with {@code expected}, as {@link #finish}
     * returns them.
     */
    public static Map<Algorithm, Checksum> compute(Path file, Collection<Checksum> expected) throws IOException {
        return toCompare(expected, Files.size(file)).read(file).finish();
    }

    private Hasher read(Path file) throws IOException {
        try (FileInputStream in = new FileInputStream(file.toFile())) {
            // One byte more than the file has, so that one read reaches its end.
            byte[] buffer = new byte[Math.min(BUFFER - 1, in.available()) + 1];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new ClosedByInterruptException();
                }
                update(buffer, 0, n);
            }
        }
        return this;
    }

    /** Ends this hasher and returns the SHA-256 only. */
    public Checksum sha256() {
        return Optional.ofNullable(finish().get(Algorithm.SHA256)).orElseThrow();
    }

    public void update(byte[] buffer, int offset, int count) {
        for (MessageDigest digest : digests.values()) {
            digest.update(buffer, offset, count);
        }
        for (MultipartEtag etag : etags.values()) {
            etag.update(buffer, offset, count);
        }
        if (wantsCrc) {
            crc.update(buffer, offset, count);
        }
        bytes += count;
    }

    /** How many bytes were hashed. */
    public long bytes() {
        return bytes;
    }

    /**
     * Ends this hasher and returns the checksums. A multipart tag is among them only if one of the usual part sizes gives
     * the expected tag: with another part size nothing is known.
     */
    public Map<Algorithm, Checksum> finish() {
        Map<Algorithm, Checksum> result = new EnumMap<>(Algorithm.class);
        digests.forEach((algorithm, digest) ->
                result.put(algorithm, new Checksum(algorithm, HexFormat.of().formatHex(digest.digest()))));
        if (wantsCrc) {
            result.put(Algorithm.CRC32C, new Checksum(Algorithm.CRC32C, String.format("%08x", crc.getValue())));
        }
        etags.forEach((expected, etag) -> {
            if (etag.matches()) {
                result.put(Algorithm.S3_ETAG, expected);
            }
        });
        return result;
    }

    static MessageDigest digest(String name) {
        try {
            MessageDigest unused = UNUSED.get(name);
            if (unused == null) {
                unused = MessageDigest.getInstance(name);
                UNUSED.put(name, unused);
            }
            return (MessageDigest) unused.clone();
        } catch (NoSuchAlgorithmException | CloneNotSupportedException e) {
            throw new IllegalStateException("every Java has " + name, e);
        }
    }
}
