package org.histods.provenance.received;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.histods.concurrent.Parallel;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Hasher;
import org.histods.problem.Problem;

/** The regular files of an untrusted folder. No link in it is followed. */
final class BagFolder {

    /** The longest line of a text file, in characters. */
    private static final int LONGEST = 1 << 20;

    private final Path root;
    private final int threads;
    private final Set<FilePath> files = new TreeSet<>();
    private final List<String> odd = new ArrayList<>();
    private final Map<FilePath, FilePath> otherForms = new TreeMap<>();

    private BagFolder(Path root, int threads) {
        this.root = root;
        this.threads = threads;
    }

    /** Reads the names in that folder. */
    static BagFolder of(Path root, int threads) throws IOException {
        BagFolder folder = new BagFolder(root, threads);
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                folder.take(root.relativize(file).toString(), attributes);
                return FileVisitResult.CONTINUE;
            }
        });
        folder.odd.sort(null);
        return folder;
    }

    private void take(String path, BasicFileAttributes attributes) {
        String fault = FilePath.fault(path);
        if (attributes.isRegularFile() && fault == null) {
            files.add(new FilePath(path));
        } else {
            String why = attributes.isSymbolicLink()
                    ? "a link, not followed"
                    : fault == null ? "not a regular file, not opened" : fault + ", not opened";
            odd.add(FilePath.printable(path) + " (" + why + ")");
        }
    }

    boolean has(String path) {
        return FilePath.fault(path) == null && files.contains(new FilePath(path));
    }

    /** The regular files by their path in the folder. */
    Set<FilePath> files() {
        return files;
    }

    /** Everything else, each with the reason. */
    List<String> odd() {
        return odd;
    }

    /**
     * Uses the listed name of a file if only its Unicode form differs from that on disk, as after a copy from macOS to Linux or
     * back. A file whose own name is listed keeps it.
     *
     * @return the listed paths of files whose names have another form
     */
    Set<FilePath> useListedNames(Set<FilePath> listed) {
        Map<String, List<FilePath>> unlisted = new HashMap<>();
        files.stream()
                .filter(file -> !listed.contains(file))
                .forEach(file -> unlisted.computeIfAbsent(nfc(file), k -> new ArrayList<>())
                        .add(file));
        for (FilePath path : listed) {
            List<FilePath> there = files.contains(path) ? List.of() : unlisted.getOrDefault(nfc(path), List.of());
            if (there.size() == 1 && files.remove(there.get(0))) {
                files.add(path);
                otherForms.put(path, there.get(0));
            }
        }
        return otherForms.keySet();
    }

    private static String nfc(FilePath path) {
        return Normalizer.normalize(path.text(), Normalizer.Form.NFC);
    }

    private Path place(FilePath path) {
        return root.resolve(otherForms.getOrDefault(path, path).text());
    }

    /** Opens a file, and fails if a link has replaced it since. */
    private SeekableByteChannel open(FilePath path) throws IOException {
        return Files.newByteChannel(place(path), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }

    /** Receives each line of a file with its number, from 1. */
    interface Line {
        void take(int number, String text);
    }

    /** Passes on the lines of a text file; none if it does not exist. */
    void lines(String path, Line line) throws IOException {
        if (!has(path)) {
            return;
        }
        try (SeekableByteChannel channel = open(new FilePath(path));
                BufferedReader reader =
                        new BufferedReader(new Bounded(Channels.newReader(channel, StandardCharsets.UTF_8)))) {
            int number = 0;
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                line.take(++number, text);
            }
        }
    }

    /** Limits the length of lines, because an endless line would fill the memory. */
    private static final class Bounded extends Reader {

        private final Reader inner;
        private long since;

        Bounded(Reader inner) {
            this.inner = inner;
        }

        @Override
        public int read(char[] buffer, int offset, int length) throws IOException {
            int count = inner.read(buffer, offset, length);
            for (int i = offset; i < offset + count; i++) {
                since = buffer[i] == '\n' || buffer[i] == '\r' ? 0 : since + 1;
            }
            if (since > LONGEST) {
                throw new IOException("a line is longer than " + LONGEST + " characters");
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            inner.close();
        }
    }

    long size(FilePath path) throws IOException {
        return Files.size(place(path));
    }

    /** SHA-256 and the given checksums of those files. */
    Map<FilePath, Map<Algorithm, Checksum>> hashed(Set<FilePath> paths, Set<Algorithm> algorithms) throws Problem {
        List<FilePath> list = List.copyOf(paths);
        try {
            List<Map<Algorithm, Checksum>> hashes = Parallel.map(threads, list, path -> hash(path, algorithms));
            Map<FilePath, Map<Algorithm, Checksum>> byPath = new TreeMap<>();
            for (int i = 0; i < list.size(); i++) {
                byPath.put(list.get(i), hashes.get(i));
            }
            return byPath;
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.DISK,
                    Problem.because("cannot read " + root, e),
                    "what cannot be read is not verified",
                    e);
        }
    }

    private Map<Algorithm, Checksum> hash(FilePath path, Set<Algorithm> algorithms) throws IOException {
        try (SeekableByteChannel channel = open(path)) {
            Hasher hasher = Hasher.of(algorithms, channel.size());
            ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
            for (int n = channel.read(buffer); n >= 0; n = channel.read(buffer.clear())) {
                hasher.update(buffer.array(), 0, n);
            }
            return hasher.finish();
        }
    }
}
