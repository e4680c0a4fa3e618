package org.histods.pull;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Hasher;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * A local file that the user gave, as a source: it is checked, unpacked and recorded like a downloaded one.
 */
final class LocalFileSource implements Source {

    static final String KIND = "brought";

    private final Path file;

    private LocalFileSource(Path file) {
        this.file = file;
    }

    @Override
    public String kind() {
        return KIND;
    }

    /** The file's name without its folder. */
    String name() {
        return String.valueOf(file.getFileName());
    }

    @Override
    public List<RemoteFile> resolve(SourceSpec spec, Transport transport) {
        throw new UnsupportedOperationException("local files are recognised, not listed");
    }

    @Override
    public Response open(RemoteFile remote, URI uri, long from, long to, @Nullable String ifRange, Transport transport)
            throws Problem {
        try {
            long size = Files.size(file);
            InputStream in = Files.newInputStream(file);
            in.skipNBytes(from);
            long length = size - from;
            Map<String, String> headers =
                    Map.of("last-modified", Files.getLastModifiedTime(file).toString());
            return new Response(from > 0 ? 206 : 200, uri, List.of(), headers, from, length, size, in);
        } catch (IOException e) {
            throw new Problem(Problem.Kind.USAGE, Problem.because("cannot read " + file, e));
        }
    }

    /** The file as a remote file, at the path of a pinned file or, if that is null, under its own name. */
    static Recognised as(Path file, @Nullable PinnedFile pinned, String part, String how) throws Problem {
        try {
            String path = pinned == null ? String.valueOf(file.getFileName()) : pinned.plainPath();
            List<RemoteFile.Stated> sums = pinned == null
                    ? List.of()
                    : pinned.sums().stream()
                            .map(p -> new RemoteFile.Stated(p.sum(), p.by()))
                            .toList();
            Long bytes = pinned != null && pinned.bytes() != null ? pinned.bytes() : (Long) Files.size(file);
            RemoteFile remote = new RemoteFile(new FilePath(path), List.of(file.toUri()), bytes, sums, false, null);
            return new Recognised(new LocalFileSource(file), remote, pinned, part, how);
        } catch (IOException e) {
            throw new Problem(Problem.Kind.USAGE, Problem.because("cannot read " + file, e));
        } catch (IllegalArgumentException e) {
            throw new Problem(Problem.Kind.USAGE, file + ": " + e.getMessage());
        }
    }

    /**
     * A local file and what it was recognised as.
     *
     * @param pinned the manifest's file, null if the manifest pins none
     * @param how {@code by its checksum} or {@code by its name}
     */
    record Recognised(
            LocalFileSource source,
            RemoteFile remote,
            @Nullable PinnedFile pinned,
            String part,
            String how) {

        /** The same file at a position among the pieces of a torrent. */
        Recognised in(RemoteFile.Span span) {
            return new Recognised(source, remote.withSpan(span), pinned, part, how);
        }
    }

    /** Whether the file has all checksums of a pinned file; false if none is pinned. */
    static boolean hasChecksums(Path file, PinnedFile pinned) throws Problem {
        List<Checksum> sums = pinned.sums().stream()
                .map(PinnedFile.Published::sum)
                .filter(s -> !s.algorithm().ofFolder())
                .toList();
        if (sums.isEmpty()) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            long size = Files.size(file);
            if (pinned.bytes() != null && pinned.bytes() != size) {
                return false;
            }
            Hasher hasher = Hasher.toCompare(sums, size);
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                hasher.update(buffer, 0, n);
            }
            Map<Algorithm, Checksum> computed = hasher.finish();
            return sums.stream().allMatch(s -> s.equals(computed.get(s.algorithm())));
        } catch (IOException e) {
            throw new Problem(Problem.Kind.USAGE, Problem.because("cannot read " + file, e));
        }
    }
}
