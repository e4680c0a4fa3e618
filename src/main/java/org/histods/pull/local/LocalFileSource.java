package org.histods.pull.local;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.histods.digest.FilePath;
import org.histods.fetch.FetchCandidate;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.mirror.FileStamp;
import org.histods.problem.Problem;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * A local file that the user gave, as a source: it is checked, unpacked and recorded like a downloaded one.
 */
public final class LocalFileSource implements Source {

    /** The kind of source that records name: a file that the user brought. */
    public static final String KIND = "brought";

    private final Path file;
    private final List<Path> pieces;

    private final String name;

    private LocalFileSource(List<Path> pieces, String name) {
        this.file = pieces.get(0);
        this.pieces = List.copyOf(pieces);
        this.name = name;
    }

    @Override
    public String kind() {
        return KIND;
    }

    /** The file's name without its folder. */
    public String name() {
        return name;
    }

    /** The file itself, or the pieces that it was cut into, in order. */
    List<Path> pieces() {
        return pieces;
    }

    @Override
    public List<RemoteFile> resolve(SourceSpec spec, Transport transport) {
        throw new UnsupportedOperationException("local files are recognised, not listed");
    }

    @Override
    public Response open(RemoteFile remote, URI uri, long from, long to, @Nullable String ifRange, Transport transport)
            throws Problem {
        try {
            List<FileStamp> stamps = stamps();
            long size = stamps.stream().mapToLong(FileStamp::bytes).sum();
            InputStream in = joined();
            in.skipNBytes(from);
            long length = size - from;
            Map<String, String> headers =
                    Map.of("last-modified", stamps.get(0).modified().toString());
            InputStream body = new UnchangedInputStream(in, length, () -> {
                List<FileStamp> now = stamps();
                return remote.checksums().isEmpty() ? now.equals(stamps) : resemble(now, stamps);
            });
            return new Response(from > 0 ? 206 : 200, uri, List.of(), headers, from, length, size, body);
        } catch (IOException e) {
            throw new Problem(Problem.Kind.USAGE, Problem.because("cannot read " + file, e));
        }
    }

    private List<FileStamp> stamps() throws IOException {
        List<FileStamp> stamps = new ArrayList<>();
        for (Path piece : pieces) {
            stamps.add(FileStamp.of(piece));
        }
        return stamps;
    }

    private static boolean resemble(List<FileStamp> now, List<FileStamp> before) {
        for (int i = 0; i < now.size(); i++) {
            if (!now.get(i).resembles(before.get(i))) {
                return false;
            }
        }
        return true;
    }

    private interface Check {
        boolean unchanged() throws IOException;
    }

    /** Fails with the last byte if the file is not the one that was opened; without a checksum, nobody else would notice. */
    private final class UnchangedInputStream extends FilterInputStream {

        private final Check check;
        private long left;

        UnchangedInputStream(InputStream in, long length, Check check) {
            super(in);
            this.left = length;
            this.check = check;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0 || length == 0) {
                return length == 0 ? 0 : -1;
            }
            int count = in.read(buffer, offset, (int) Math.min(length, left));
            left -= Math.max(0, count);
            if (count < 0 || (left == 0 && !check.unchanged())) {
                Problem changed = new Problem(
                        Problem.Kind.WRONG_BYTES,
                        file + " changed while it was read",
                        "run the command again when nothing writes to it");
                throw new IOException(changed.message(), changed);
            }
            return count;
        }
    }

    private InputStream joined() throws IOException {
        List<InputStream> streams = new ArrayList<>();
        try {
            for (Path piece : pieces) {
                streams.add(Files.newInputStream(piece));
            }
        } catch (IOException e) {
            for (InputStream stream : streams) {
                stream.close();
            }
            throw e;
        }
        return streams.size() == 1 ? streams.get(0) : new SequenceInputStream(Collections.enumeration(streams));
    }

    /** The size of the pieces together. */
    static long size(List<Path> pieces) throws IOException {
        long size = 0;
        for (Path piece : pieces) {
            size += Files.size(piece);
        }
        return size;
    }

    /** A local file as the place to fetch a remote one from. */
    public static FetchCandidate inPlaceOf(FetchCandidate remote, Path file) {
        RemoteFile old = remote.file();
        String name = String.valueOf(file.getFileName());
        RemoteFile here = new RemoteFile(
                old.path(),
                List.of(file.toUri()),
                old.bytes(),
                old.checksums(),
                old.executable(),
                old.slice(),
                old.span(),
                old.attributes());
        return new FetchCandidate(new LocalFileSource(List.of(file), name), remote.record(), here, name);
    }

    /** Numbered pieces as the file that they were split from. */
    static Recognised joined(List<Path> pieces, PinnedFile pinned, String part) throws Problem {
        Recognised first = as(pieces.get(0), pinned, part, "by its name");
        try {
            long size = size(pieces);
            String name = pieces.get(0).getFileName() + " and the pieces after it";
            RemoteFile remote = first.remote();
            Long bytes = pinned.bytes() != null ? pinned.bytes() : (Long) size;
            RemoteFile whole = new RemoteFile(remote.path(), remote.uris(), bytes, remote.checksums(), false, null);
            return new Recognised(new LocalFileSource(pieces, name), whole, pinned, part, first.how(), List.of());
        } catch (IOException e) {
            throw new Problem(Problem.Kind.USAGE, Problem.because("cannot read " + pieces.get(0), e));
        }
    }

    /** A file of an archive that the user unpacked by hand, at its path in the dataset. */
    static Recognised unpacked(Path file, String path, LocalFileMatcher.Archive archive) throws Problem {
        String name = file.getFileName() + " (unpacked by hand from " + archive.name() + ")";
        return named(List.of(file), name, path, null, archive.part(), "unpacked by hand", archive.paths());
    }

    /** A zip with a part of what an archive holds, to be unpacked where that would be. */
    static Recognised partOf(Path file, LocalFileMatcher.Archive archive) throws Problem {
        return inPlaceOf(file, archive, "of a series in place of " + archive.name(), "by the name of its series");
    }

    /** An archive that the user joined of the parts that the manifest lists, to be unpacked where those would be. */
    static Recognised joinedByHand(Path file, LocalFileMatcher.Archive archive) throws Problem {
        return inPlaceOf(file, archive, "joined by hand", "by the name of its parts");
    }

    /** A tar in place of the compressed one, as Safari keeps it. */
    static Recognised decompressed(Path file, LocalFileMatcher.Archive archive) throws Problem {
        return inPlaceOf(file, archive, "decompressed from " + archive.name(), "by its name");
    }

    private static Recognised inPlaceOf(Path file, LocalFileMatcher.Archive archive, String what, String how)
            throws Problem {
        String own = String.valueOf(file.getFileName());
        String path = archive.path();
        String place = path.substring(0, path.lastIndexOf('/') + 1) + own;
        PinnedFile of = archive.pinned();
        PinnedFile pinned =
                new PinnedFile(place, null, null, null, List.of(), of.role(), of.variant(), true, of.into(), false);
        return named(List.of(file), own + " (" + what + ")", place, pinned, archive.part(), how, archive.paths());
    }

    /** A file of a folder, at its path below it, in a part whose files no manifest lists. */
    static Recognised listed(Path file, String path, String part) throws Problem {
        return named(List.of(file), String.valueOf(file.getFileName()), path, null, part, "by being given", List.of());
    }

    /** The file as a remote file, at the path of a pinned file or, if that is null, under its own name. */
    static Recognised as(Path file, @Nullable PinnedFile pinned, String part, String how) throws Problem {
        String own = String.valueOf(file.getFileName());
        return named(List.of(file), own, pinned == null ? own : pinned.plainPath(), pinned, part, how, List.of());
    }

    private static Recognised named(
            List<Path> pieces,
            String name,
            String path,
            @Nullable PinnedFile pinned,
            String part,
            String how,
            List<String> archive)
            throws Problem {
        Path file = pieces.get(0);
        try {
            List<RemoteFile.Stated> checksums = pinned == null
                    ? List.of()
                    : pinned.checksums().stream()
                            .map(p -> new RemoteFile.Stated(p.checksum(), p.by()))
                            .toList();
            Long bytes = pinned != null && pinned.bytes() != null ? pinned.bytes() : (Long) Files.size(file);
            RemoteFile remote =
                    new RemoteFile(new FilePath(path), List.of(file.toUri()), bytes, checksums, false, null);
            return new Recognised(new LocalFileSource(pieces, name), remote, pinned, part, how, archive);
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
     * @param how {@code by its checksum}, {@code by its name} …
     * @param archive the paths of the archive, or of all its parts, that it is in place of, wholly or partly; empty for a file
     *     that is given as it is
     */
    public record Recognised(
            LocalFileSource source,
            RemoteFile remote,
            @Nullable PinnedFile pinned,
            String part,
            String how,
            List<String> archive) {

        public Recognised {
            archive = List.copyOf(archive);
        }

        /** The same file at a position among the pieces of a torrent. */
        public Recognised in(RemoteFile.Span span) {
            return new Recognised(source, remote.withSpan(span), pinned, part, how, archive);
        }
    }
}
