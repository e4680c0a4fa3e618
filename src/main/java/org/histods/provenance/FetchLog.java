package org.histods.provenance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.histods.digest.Checksum;
import org.histods.fetch.FetchedFile;
import org.histods.problem.Problem;
import org.histods.source.RemoteFile;
import org.histods.unpack.UnpackedFile;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * The entries of a receipt, each written to a scratch file when its file was fetched and copied into the receipt at the end. There
 * may be very many: in memory stays only what the list of the bag's files needs. Thread-safe.
 */
public final class FetchLog implements AutoCloseable {

    /** Entries are written together when they have that many bytes. */
    private static final int BUFFER = 1 << 16;

    private static final int MOST_TIMES = 1000;

    private final Path path;
    private final RandomAccessFile file;
    private final StringWriter text = new StringWriter();
    private final JsonGenerator json;
    /** Known texts of instants, by their seconds: thousands of fetches may share a few. */
    private final Map<Long, String> times = new HashMap<>();

    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();
    /** The size of the file. */
    private long written;

    /** The entry of one fetch. */
    public final class Entry {

        private final long from;
        private final int length;
        private final RemoteFile remote;
        private final long bytes;
        private final long transferred;
        private final @Nullable Checksum sha256;
        private final @Nullable List<UnpackedFile> unpacked;
        private final boolean local;

        private Entry(long from, int length, FetchResult fetch) {
            FetchedFile fetched = fetch.file();
            this.from = from;
            this.length = length;
            this.remote = fetched.remote();
            this.bytes = fetched.bytes();
            this.transferred = fetched.origin().transferred();
            this.sha256 = fetched.ranges() == null ? fetched.sha256() : null;
            this.unpacked = fetch.unpacked() == null ? null : fetch.unpacked().files();
            this.local = fetch.local() != null;
        }

        /** What was fetched. */
        public RemoteFile remote() {
            return remote;
        }

        /** Its size. */
        public long bytes() {
            return bytes;
        }

        /** How many bytes arrived over the network. */
        public long transferred() {
            return transferred;
        }

        /** Its SHA-256; null if only ranges of it were read. */
        public @Nullable Checksum sha256() {
            return sha256;
        }

        /** The files that it was unpacked to; null if it is in the bag as it is. */
        public @Nullable List<UnpackedFile> unpacked() {
            return unpacked;
        }

        /** Whether files of it came from this machine instead of a host. */
        public boolean local() {
            return local;
        }

        /** Whether some file that it gave is selected. */
        public boolean holds(FileSelection selection) {
            return unpacked == null
                    ? selection.whole(remote)
                    : (!unpacked.isEmpty() && selection.whole(remote))
                            || unpacked.stream().anyMatch(one -> selection.matches(one.path()));
        }

        /** The properties of its JSON object after the id, as they are in the receipt. */
        String properties() throws IOException {
            return read(from, length);
        }
    }

    /**
     * Creates an empty log.
     *
     * @param path the scratch file, which does not exist
     * @throws Problem {@code DISK}
     */
    public FetchLog(Path path) throws Problem {
        this.path = path;
        try {
            this.file = new RandomAccessFile(path.toFile(), "rw");
        } catch (IOException e) {
            throw problem(path, e);
        }
        this.json = JsonMapper.shared().writerWithDefaultPrettyPrinter().createGenerator(text);
        ReceiptJson.openFetches(json);
    }

    /**
     * Adds a fetch.
     *
     * @throws Problem {@code DISK}
     */
    public synchronized Entry add(FetchResult fetch) throws Problem {
        byte[] properties = properties(fetch).getBytes(StandardCharsets.UTF_8);
        Entry entry = new Entry(written + waiting.size(), properties.length, fetch);
        waiting.writeBytes(properties);
        if (waiting.size() >= BUFFER) {
            try {
                write();
            } catch (IOException e) {
                throw problem(path, e);
            }
        }
        return entry;
    }

    private String properties(FetchResult fetch) {
        json.writeStartObject();
        json.writeStringProperty("id", "");
        json.flush();
        text.getBuffer().setLength(0);
        ReceiptJson.properties(json, fetch, times);
        json.flush();
        String properties = text.toString();
        json.writeEndObject();
        if (times.size() > MOST_TIMES) {
            times.clear();
        }
        return properties;
    }

    private void write() throws IOException {
        file.seek(written);
        file.write(waiting.toByteArray());
        written += waiting.size();
        waiting.reset();
    }

    private synchronized String read(long from, int length) throws IOException {
        if (waiting.size() > 0) {
            write();
        }
        byte[] bytes = new byte[length];
        file.seek(from);
        file.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static Problem problem(Path path, IOException e) {
        return new Problem(Problem.Kind.DISK, Problem.because("cannot write " + path, e), null, e);
    }

    /** The entries cannot be read afterwards. */
    @Override
    public synchronized void close() {
        try {
            file.close();
        } catch (IOException e) {
            // The file was only read since its last byte was written.
            return;
        }
    }
}
