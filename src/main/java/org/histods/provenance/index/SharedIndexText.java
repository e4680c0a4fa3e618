package org.histods.provenance.index;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Algorithm;
import org.histods.digest.FilePath;
import org.histods.digest.Fingerprint;
import org.histods.digest.Hasher;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.LineOffsetReader;
import org.histods.provenance.ManifestLine;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The text of an index that is shared: one line for each dataset and each file; {@code docs/identify.md} explains it. */
final class SharedIndexText {

    static final String FORMAT = "histods-index";
    static final int VERSION = 1;

    private static final String ARCHIVE = "archive\t";
    private static final JsonMapper JSON = JsonMapper.shared();

    private SharedIndexText() {}

    /**
     * The line that begins the files of a dataset.
     *
     * @param license its terms, in the words of its manifest
     * @param fingerprint of the bag; the lines that follow must have it
     */
    record Dataset(String dataset, String version, String license, String fingerprint, long files) {}

    /** The line of a file of a dataset, or of an archive that it was unpacked from. */
    record Entry(boolean archive, String sha256, long bytes, String path) {

        String line() {
            return (archive ? ARCHIVE : "") + sha256 + "\t" + bytes + "\t" + path;
        }
    }

    /** The text does not have this format, or is damaged. */
    static final class Malformed extends IOException {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    static byte[] key(Fingerprint fingerprint) {
        return HexFormat.of().parseHex(fingerprint.hex());
    }

    /** Writes the lines of an index, and computes the SHA-256 of them all. */
    static final class Writer {
        private final OutputStream out;
        private final Hasher hasher = Hasher.of(Set.of(), 0);
        private long datasets;
        private long files;

        Writer(OutputStream out, String madeBy, String program) throws IOException {
            this.out = out;
            Map<String, Object> head = new LinkedHashMap<>();
            head.put("format", FORMAT);
            head.put("version", VERSION);
            head.put("made_by", madeBy);
            head.put("histods", program);
            line(JSON.writeValueAsString(head));
        }

        private void line(String text) throws IOException {
            byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
            hasher.update(bytes, 0, bytes.length);
            out.write(bytes);
        }

        void bag(Bag bag) throws IOException, Problem {
            Map<String, Object> head = new LinkedHashMap<>();
            head.put("dataset", bag.ref().id().text());
            head.put("version", bag.ref().version().text());
            head.put("license", bag.license());
            head.put("fingerprint", bag.fingerprint().hex());
            head.put("files", bag.fileCount());
            line(JSON.writeValueAsString(head));
            IndexWriter record = new IndexWriter(bag.ref().path());
            record.eachFile((text, start, bytes) -> {
                line(new Entry(false, text.substring(0, 64), bytes, ManifestLine.pathInData(text)).line());
                files++;
            });
            for (Path receipt : bag.receiptFiles()) {
                record.eachFetch(receipt, (fetch, at) -> {
                    if (fetch.archive() && fetch.bytes() > 0) {
                        line(new Entry(true, fetch.sha256(), fetch.bytes(), fetch.path()).line());
                    }
                });
            }
            datasets++;
        }

        SharedIndex.Statement end(String madeBy) throws IOException {
            Map<String, Object> end = new LinkedHashMap<>();
            end.put("end", true);
            end.put("datasets", datasets);
            end.put("files", files);
            line(JSON.writeValueAsString(end));
            return new SharedIndex.Statement(
                    madeBy, new Fingerprint(hasher.sha256().hex()), datasets, files);
        }
    }

    private static JsonNode json(String line) throws Malformed {
        try {
            return JSON.readTree(line);
        } catch (JacksonException e) {
            throw new Malformed("it is not JSON: " + e.getOriginalMessage());
        }
    }

    private static String field(JsonNode node, String name) throws Malformed {
        String value = node.path(name).asString("");
        if (value.isEmpty()) {
            throw new Malformed("it has no " + name);
        }
        return value;
    }

    /** The name of the maker, from the first line. */
    static String madeBy(String line) throws IOException {
        if (!line.startsWith("{")) {
            throw new Malformed("it is not an index of histods");
        }
        JsonNode head = json(line);
        if (!FORMAT.equals(head.path("format").asString(""))) {
            throw new Malformed("it is not an index of histods");
        }
        if (head.path("version").asInt(0) != VERSION) {
            throw new Malformed(
                    "it is of format " + head.path("version").asString("?") + "; this histods knows format " + VERSION);
        }
        return field(head, "made_by");
    }

    static Dataset dataset(String line) throws IOException {
        JsonNode node = json(line);
        try {
            return new Dataset(
                    new DatasetId(field(node, "dataset")).text(),
                    new DatasetVersion(field(node, "version")).text(),
                    field(node, "license"),
                    new Fingerprint(field(node, "fingerprint")).hex(),
                    node.path("files").asLong(0));
        } catch (IllegalArgumentException e) {
            throw new Malformed(String.valueOf(e.getMessage()));
        }
    }

    static Entry entry(String line) throws IOException {
        boolean archive = line.startsWith(ARCHIVE);
        String[] fields = (archive ? line.substring(ARCHIVE.length()) : line).split("\t", 3);
        if (fields.length != 3 || !Algorithm.SHA256.accepts(fields[0]) || !fields[1].matches("[0-9]{1,18}")) {
            throw new Malformed("it is not a checksum, a size and a path");
        }
        String fault = FilePath.fault(fields[2]);
        if (fault != null && !archive) {
            throw new Malformed("its path is not one of a dataset: " + fault);
        }
        return new Entry(archive, fields[0], Long.parseLong(fields[1]), fields[2]);
    }

    /** Checks a whole text, and makes the tables that find its lines. */
    static final class Check {
        private final SortedRecords content = new SortedRecords(3);
        private final SortedRecords sizes = new SortedRecords(1);
        private final SortedRecords starts = new SortedRecords(2);
        private @Nullable Dataset current;
        private Hasher manifest = Hasher.of(Set.of(), 0);
        private long inSection;
        private long datasets;
        private long files;

        /**
         * Reads the text, and writes the tables.
         *
         * @throws Malformed with the line number, if it is not an index, incomplete, or a dataset's lines do not have its
         *     fingerprint
         */
        SharedIndex.Statement run(Path text, Fingerprint fingerprint, Path tables) throws IOException {
            long number = 1;
            try (LineOffsetReader lines = new LineOffsetReader(text)) {
                String madeBy = madeBy(lines.next() ? lines.line() : "");
                boolean ended = false;
                while (lines.next()) {
                    number++;
                    if (ended) {
                        throw new Malformed("there is more after the end");
                    }
                    ended = line(lines.line(), lines.start());
                }
                number++;
                if (!ended) {
                    throw new Malformed("the end is missing, so it is incomplete");
                }
                IndexWriter.write(tables, key(fingerprint), content, sizes, starts);
                return new SharedIndex.Statement(madeBy, fingerprint, datasets, files);
            } catch (Malformed e) {
                throw new Malformed("line " + number + ": " + e.getMessage());
            }
        }

        private boolean line(String line, long start) throws IOException {
            if (!line.startsWith("{")) {
                entry(line, start);
                return false;
            }
            finish();
            JsonNode node = json(line);
            if (!node.has("end")) {
                current = dataset(line);
                starts.add(datasets, start);
                datasets++;
                return false;
            }
            if (node.path("datasets").asLong(-1) != datasets
                    || node.path("files").asLong(-1) != files) {
                throw new Malformed("it does not have the number of datasets and files that its end states");
            }
            return true;
        }

        private void entry(String line, long start) throws IOException {
            if (current == null) {
                throw new Malformed("a file without a dataset");
            }
            Entry entry = SharedIndexText.entry(line);
            if (!entry.archive()) {
                byte[] bytes = (entry.sha256() + "  data/" + entry.path().replace("%", "%25") + "\n")
                        .getBytes(StandardCharsets.UTF_8);
                manifest.update(bytes, 0, bytes.length);
                inSection++;
                files++;
            }
            if (entry.bytes() > 0) {
                RecordLocation at = new RecordLocation(entry.archive() ? SharedIndex.ARCHIVES : 0, start);
                content.add(IndexWriter.prefix(entry.sha256()), entry.bytes(), at.number());
                sizes.add(entry.bytes());
            }
        }

        /** The lines of a dataset are those of its {@code manifest-sha256.txt}, whose SHA-256 is its fingerprint. */
        private void finish() throws Malformed {
            if (current != null
                    && (inSection != current.files() || !manifest.sha256().hex().equals(current.fingerprint()))) {
                throw new Malformed("the lines before it are not those of " + current.dataset() + " "
                        + current.version() + ": they do not have its fingerprint");
            }
            current = null;
            inSection = 0;
            manifest = Hasher.of(Set.of(), 0);
        }
    }
}
