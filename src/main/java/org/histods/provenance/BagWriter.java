package org.histods.provenance;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.histods.concurrent.Parallel;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Fingerprint;
import org.histods.digest.Hasher;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.mirror.TagFiles;
import org.histods.problem.Problem;
import org.histods.text.Bytes;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the tag files that make a folder with {@code data/} a bag (BagIt 1.0, RFC 8493) with an RO-Crate and receipts.
 * The same files, manifest and receipts give the same bytes.
 */
public final class BagWriter {

    /** The content of {@code bagit.txt}. */
    public static final String BAGIT = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

    private final JsonMapper mapper = new JsonMapper();

    /** The fingerprint of these files. */
    public static Fingerprint fingerprint(List<BagFile> files) {
        return Fingerprint.of(checksums(files));
    }

    private static Map<FilePath, Checksum> checksums(List<BagFile> files) {
        Map<FilePath, Checksum> checksums = new TreeMap<>();
        files.forEach(file -> checksums.put(file.path(), file.sha256()));
        return checksums;
    }

    /**
     * Writes all tag files.
     *
     * @param root the folder of the bag, with {@code data/} and, if it replaces an older bag, the {@code receipts/} of that one
     * @param files every file below {@code data/}
     * @param manifest the manifest of the dataset
     * @param last the newest receipt
     * @param local whether files of an earlier receipt came from this machine
     * @throws Problem {@code DISK}
     */
    public void write(Path root, List<BagFile> files, ManifestFile manifest, Receipt last, boolean local)
            throws Problem {
        long bytes = files.stream().mapToLong(BagFile::bytes).sum();
        try {
            Files.createDirectories(root.resolve("receipts"));
            text(root.resolve("bagit.txt"), BAGIT);
            text(root.resolve("manifest.yaml"), manifest.text());
            List<JsonNode> receipts = Bag.receipts(root, RoCrateWriter.MOST);
            receipts.add(mapper.readTree(mapper.writeValueAsBytes(
                    ReceiptJson.of(last.first(RoCrateWriter.MOST), manifest, files.size(), bytes))));
            Path receipt =
                    root.resolve("receipts").resolve(Receipt.digits(last.number()) + "-" + last.action() + ".json");
            // The two longest are written at the same time: what was fetched, and which files there are.
            Parallel.<Write, Boolean, IOException>map(
                    2,
                    List.of(() -> json(receipt, ReceiptJson.of(last, manifest, files.size(), bytes)), () -> {
                        manifest(root, checksums(files));
                        origins(root.resolve("origins.jsonl"), files);
                        crate(root, new RoCrateWriter(manifest.manifest(), "data/").of(receipts, files.size(), bytes));
                    }),
                    write -> {
                        write.run();
                        return true;
                    });
            boolean anyLocal = local || last.fetches().stream().anyMatch(FetchLog.Entry::local);
            text(root.resolve("bag-info.txt"), info(manifest, last, files.size(), bytes, anyLocal));
            tagManifest(root);
        } catch (JacksonIOException e) {
            throw unwritten(root, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw unwritten(root, e);
        }
    }

    private static Problem unwritten(Path root, IOException e) {
        return new Problem(Problem.Kind.DISK, "cannot write the record in " + root + ": " + e.getMessage(), null, e);
    }

    /** A task that writes tag files. */
    private interface Write {
        void run() throws IOException;
    }

    private static String info(ManifestFile file, Receipt last, int files, long bytes, boolean local) {
        Manifest m = file.manifest();
        Map<String, String> info = new LinkedHashMap<>();
        info.put("Bag-Software-Agent", "histods " + last.tool().version() + " <https://github.com/histods/histods>");
        info.put(
                "Bagging-Date",
                last.finished().atOffset(ZoneOffset.UTC).toLocalDate().toString());
        info.put("External-Description", m.title());
        info.put(
                "External-Identifier",
                m.publication().doi() == null
                        ? m.id().text()
                        : "https://doi.org/" + m.publication().doi());
        info.put("Internal-Sender-Identifier", m.id() + "@" + m.version());
        info.put("Bag-Size", Bytes.text(bytes));
        info.put("Payload-Oxum", bytes + "." + files);
        info.put("Histods-Dataset", m.id().text());
        info.put("Histods-Version", m.version().text());
        if (last.scope().variant() != null) {
            info.put("Histods-Variant", last.scope().variant());
        }
        info.put(
                "Histods-Selection",
                last.scope().selection().isEmpty()
                        ? "everything"
                        : Bag.written(last.scope().selection()));
        if (local) {
            info.put(Bag.LOCAL, "yes");
        }
        info.put("Histods-Fingerprint", last.fingerprint().hex());
        info.put("Histods-License", m.terms().license().shown());
        return info(info);
    }

    /** The content of a {@code bag-info.txt} with those labels. */
    public static String info(Map<String, String> info) {
        StringBuilder text = new StringBuilder();
        info.forEach((name, value) -> text.append(name)
                .append(": ")
                .append(value.replaceAll("\\s+", " "))
                .append('\n'));
        return text.toString();
    }

    private void origins(Path file, List<BagFile> files) throws IOException {
        List<BagFile> sorted = new ArrayList<>(files);
        sorted.sort((a, b) -> a.path().compareTo(b.path()));
        try (BufferedWriter writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
                JsonGenerator json = mapper.writer()
                        .withRootValueSeparator("")
                        .without(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
                        .createGenerator(writer)) {
            for (BagFile one : sorted) {
                json.writeStartObject();
                json.writeStringProperty("path", one.path().text());
                json.writeNumberProperty("bytes", one.bytes());
                json.writeStringProperty("fetch", one.fetch());
                if (one.entry() != null) {
                    json.writeStringProperty("member", one.entry());
                }
                if (one.executable()) {
                    json.writeBooleanProperty("executable", true);
                }
                json.writeEndObject();
                json.writeRaw('\n');
            }
        } catch (JacksonIOException e) {
            throw Objects.requireNonNull(e.getCause());
        }
    }

    /** Writes the document of a crate, and the page that shows it. */
    public void crate(Path root, Map<String, Object> document) throws IOException {
        json(root.resolve("ro-crate-metadata.json"), document);
        text(root.resolve(TagFiles.PREVIEW), RoCratePreview.of(document));
    }

    /** Writes a new file: the old one may be a hard link to a tag file of another bag. */
    public static void text(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        Files.writeString(file, text);
    }

    /** Writes a new file, as {@link #text}; values are made while it is written. */
    public void json(Path file, Map<String, Object> json) throws IOException {
        Files.deleteIfExists(file);
        ObjectWriter pretty = mapper.writerWithDefaultPrettyPrinter();
        try (BufferedWriter writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
                JsonGenerator generator = pretty.createGenerator(writer)) {
            pretty.writeValue(generator, json);
            generator.writeRaw('\n');
        } catch (JacksonIOException e) {
            throw Objects.requireNonNull(e.getCause());
        }
    }

    /** Writes the {@code manifest-sha256.txt} of these files, keyed by their path below {@code data/}. */
    public static void manifest(Path root, Map<FilePath, Checksum> checksums) throws IOException {
        Path file = root.resolve("manifest-sha256.txt");
        Files.deleteIfExists(file);
        try (BufferedWriter writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
                Stream<String> lines = Fingerprint.manifest(checksums)) {
            for (Iterator<String> each = lines.iterator(); each.hasNext(); ) {
                writer.write(each.next());
            }
        }
    }

    /** Writes the {@code tagmanifest-sha256.txt} of all tag files in a bag's folder. */
    public static void tagManifest(Path root) throws IOException {
        TreeMap<FilePath, Checksum> checksums = new TreeMap<>();
        Path data = root.resolve("data");
        Path self = root.resolve("tagmanifest-sha256.txt");
        try (Stream<Path> list = Files.list(root)) {
            for (Path entry :
                    list.filter(p -> !p.equals(data) && !p.equals(self)).toList()) {
                try (Stream<Path> walk = Files.walk(entry)) {
                    for (Path file : walk.filter(Files::isRegularFile).toList()) {
                        checksums.put(
                                new FilePath(root.relativize(file).toString().replace('\\', '/')), Hasher.sha256(file));
                    }
                }
            }
        }
        StringBuilder text = new StringBuilder();
        checksums.forEach((path, checksum) ->
                text.append(checksum.hex()).append("  ").append(path.text()).append('\n'));
        text(root.resolve("tagmanifest-sha256.txt"), text.toString());
    }

    /** An instant as the records write it. */
    public static String time(Instant instant) {
        return ReceiptJson.time(instant);
    }
}
