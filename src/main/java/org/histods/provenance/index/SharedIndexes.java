package org.histods.provenance.index;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.Fingerprint;
import org.histods.digest.Hasher;
import org.histods.mirror.BagRef;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.jspecify.annotations.Nullable;

/** Exports and imports indexes, so that files of datasets that are not in the mirror are recognised. */
public final class SharedIndexes implements AutoCloseable {

    private static final String TEXT = ".txt";
    private static final String TABLES = ".idx";

    /** The longest line in bytes. A path has at most 1,000. */
    private static final int LONGEST_LINE = 1 << 16;

    private final Mirror mirror;
    private final List<SharedIndex> opened = new ArrayList<>();
    private boolean fresh;

    public SharedIndexes(Mirror mirror) {
        this.mirror = mirror;
    }

    /**
     * Writes an index of bags, compressed with gzip. The same bags, maker and program give the same bytes.
     *
     * @param madeBy the name of its maker
     */
    public static SharedIndex.Statement export(List<BagRef> bags, String madeBy, String program, OutputStream out)
            throws IOException, Problem {
        try (OutputStream packed = new BufferedOutputStream(new GZIPOutputStream(out), 1 << 16)) {
            SharedIndexText.Writer writer = new SharedIndexText.Writer(packed, madeBy, program);
            for (BagRef bag : bags) {
                writer.bag(Bag.read(bag));
            }
            return writer.end(madeBy);
        }
    }

    /**
     * Adds an index to the mirror.
     *
     * @param in the text, which may be compressed with gzip
     * @param expected its fingerprint; null if not known
     * @param name of its file or URL, for messages
     * @throws Problem {@code WRONG_BYTES} if it is not an index, damaged, or has another fingerprint; nothing is added then
     */
    public SharedIndex.Statement add(InputStream in, @Nullable Fingerprint expected, String name) throws Problem {
        Path folder = mirror.sharedIndexes();
        Path text = folder.resolve("incoming." + UUID.randomUUID() + ".tmp");
        Path tables = folder.resolve("incoming." + UUID.randomUUID() + ".tmp");
        try {
            mirror.makeSharedIndexes();
            Fingerprint fingerprint = new Fingerprint(copy(in, text));
            if (expected != null && !expected.equals(fingerprint)) {
                throw new SharedIndexText.Malformed("its fingerprint is " + fingerprint + ", not " + expected);
            }
            SharedIndex.Statement statement = new SharedIndexText.Check().run(text, fingerprint, tables);
            mirror.files().share(text);
            mirror.files().share(tables);
            Files.move(tables, file(fingerprint, TABLES), StandardCopyOption.ATOMIC_MOVE);
            Files.move(text, file(fingerprint, TEXT), StandardCopyOption.ATOMIC_MOVE);
            fresh = false;
            return statement;
        } catch (SharedIndexText.Malformed | ZipException | EOFException e) {
            throw new Problem(
                    Problem.Kind.WRONG_BYTES,
                    name + " cannot be imported: " + Problem.why(e),
                    "get it again from whoever made it; nothing was added to the mirror");
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot import " + name, e));
        } finally {
            drop(text);
            drop(tables);
        }
    }

    private static void drop(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            // `gc` finds it.
            return;
        }
    }

    private Path file(Fingerprint fingerprint, String ending) throws Problem {
        return mirror.sharedIndexes().resolve(fingerprint.hex() + ending);
    }

    /** Unpacks the text into a file, and returns its SHA-256. */
    private static String copy(InputStream in, Path to) throws IOException {
        PushbackInputStream start = new PushbackInputStream(in, 2);
        byte[] magic = start.readNBytes(2);
        start.unread(magic);
        boolean packed = magic.length == 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b;
        Hasher hasher = Hasher.of(Set.of(), 0);
        int line = 0;
        byte[] buffer = new byte[1 << 16];
        try (InputStream text = packed ? new GZIPInputStream(start, 1 << 16) : start;
                OutputStream out = Files.newOutputStream(to)) {
            for (int n = text.read(buffer); n >= 0; n = text.read(buffer)) {
                for (int i = 0; i < n; i++) {
                    line = buffer[i] == '\n' ? 0 : line + 1;
                    if (line > LONGEST_LINE) {
                        throw new SharedIndexText.Malformed("it is not an index of histods: a line does not end");
                    }
                }
                hasher.update(buffer, 0, n);
                out.write(buffer, 0, n);
            }
        }
        return hasher.sha256().hex();
    }

    /** The imported indexes, sorted by fingerprint. */
    public synchronized List<SharedIndex.Statement> all() throws Problem {
        open();
        return opened.stream().map(SharedIndex::statement).toList();
    }

    /** The fingerprints of the imported indexes, also of damaged ones, sorted. */
    public List<Fingerprint> fingerprints() throws Problem {
        try (Stream<Path> list = Files.list(mirror.sharedIndexes())) {
            return list.map(path -> String.valueOf(path.getFileName()))
                    .filter(name -> name.endsWith(TEXT))
                    .map(name -> name.substring(0, name.length() - TEXT.length()))
                    .filter(Algorithm.SHA256::accepts)
                    .sorted()
                    .map(Fingerprint::new)
                    .toList();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot read " + mirror.sharedIndexes(), e));
        }
    }

    /** Deletes the imported index of that fingerprint, if there is one. */
    public synchronized void remove(Fingerprint fingerprint) throws Problem {
        close();
        mirror.deleteSharedIndex(fingerprint);
    }

    private void open() throws Problem {
        if (fresh) {
            return;
        }
        close();
        for (Fingerprint fingerprint : fingerprints()) {
            opened.add(open(file(fingerprint, TEXT), fingerprint));
        }
        fresh = true;
    }

    private SharedIndex open(Path text, Fingerprint fingerprint) throws Problem {
        try {
            return SharedIndex.open(text, file(fingerprint, TABLES), fingerprint);
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.DISK,
                    Problem.because("cannot read the imported index " + fingerprint, e),
                    "`histods index remove " + fingerprint + "` removes it; then import it again");
        }
    }

    /** Whether an imported index has a file of that size. */
    synchronized boolean hasSize(long bytes) throws Problem {
        open();
        try {
            for (SharedIndex index : opened) {
                if (index.hasSize(bytes)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    /** What imported indexes state about files with that SHA-256. */
    synchronized List<ContentIndex.Stated> find(Checksum sha256) throws Problem {
        open();
        List<ContentIndex.Stated> found = new ArrayList<>();
        try {
            for (SharedIndex index : opened) {
                found.addAll(index.find(sha256));
            }
            return found;
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    private static Problem damaged(IOException e) {
        return new Problem(
                Problem.Kind.DISK,
                Problem.because("an imported index cannot be read", e),
                "`histods index list` names them; remove the damaged one and import it again");
    }

    @Override
    public synchronized void close() {
        for (SharedIndex index : opened) {
            try {
                index.close();
            } catch (IOException onlyRead) {
                // Nothing is lost.
            }
        }
        opened.clear();
        fresh = false;
    }
}
