package org.histods.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.histods.dataset.DatasetId;
import org.histods.problem.Problem;
import org.histods.yaml.YamlText;

/**
 * The program's own manifests, read from YAML when the program was built: their texts and their records. They are read in
 * a few milliseconds, without the YAML parser and Jackson. A compiled manifest stands for exactly the text that it was
 * compiled from; any other text is read as YAML. Safe to share between threads.
 */
public final class CompiledManifests {

    private static final String RESOURCE = "/catalogue.bin";

    /** Where the parts of one manifest are in the file. */
    private record Position(int textStart, int recordStart, int end) {}

    private final byte[] bytes;
    private final Map<String, Position> places = new TreeMap<>();

    private CompiledManifests(byte[] bytes) {
        this.bytes = bytes;
        ManifestDecoder in = new ManifestDecoder(bytes, 0, bytes.length);
        while (!in.atEnd()) {
            String id = in.text();
            int textLength = in.length();
            int recordLength = in.length();
            int textStart = in.skip(textLength);
            int recordStart = in.skip(recordLength);
            places.put(id, new Position(textStart, recordStart, recordStart + recordLength));
        }
    }

    /** The compiled manifests of this program; none if it was built without them. */
    public static CompiledManifests ofProgram() {
        try (InputStream in = CompiledManifests.class.getResourceAsStream(RESOURCE)) {
            return new CompiledManifests(in == null ? new byte[0] : in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The manifests of that folder, compiled. */
    static CompiledManifests of(Path folder) throws IOException, Problem {
        return new CompiledManifests(compile(folder));
    }

    /**
     * Compiles a catalogue; a step of the build.
     *
     * @param args the folder of manifests, and the file to write
     */
    public static void main(String... args) throws IOException, Problem {
        try (OutputStream out = Files.newOutputStream(Path.of(args[1]))) {
            out.write(compile(Path.of(args[0])));
        }
    }

    private static byte[] compile(Path folder) throws IOException, Problem {
        ManifestReader reader = new ManifestReader();
        ManifestEncoder out = new ManifestEncoder();
        List<Path> files;
        try (Stream<Path> list = Files.list(folder)) {
            files = list.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            String text = YamlText.read(file);
            Manifest manifest =
                    reader.read(text, String.valueOf(file.getFileName()), null).manifest();
            ManifestEncoder record = new ManifestEncoder();
            record.manifest(manifest);
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            out.text(manifest.id().text());
            out.length(utf8);
            out.length(record.bytes());
            out.append(utf8);
            out.append(record.bytes());
        }
        return out.bytes();
    }

    /** The ids, sorted. */
    public List<String> ids() {
        return List.copyOf(places.keySet());
    }

    /** The text of that dataset's manifest; empty if there is none. */
    public Optional<String> text(DatasetId id) {
        return Optional.ofNullable(places.get(id.text())).map(this::text);
    }

    private String text(Position place) {
        return new String(bytes, place.textStart(), place.recordStart() - place.textStart(), StandardCharsets.UTF_8);
    }

    /** The manifest of that id. */
    public Optional<Manifest> manifest(DatasetId id) {
        return Optional.ofNullable(places.get(id.text())).map(this::manifest);
    }

    /** The manifest of that id if it was compiled from that text in UTF-8; empty otherwise. */
    public Optional<Manifest> manifest(DatasetId id, byte[] text) {
        Position place = places.get(id.text());
        return place != null && Arrays.equals(bytes, place.textStart(), place.recordStart(), text, 0, text.length)
                ? Optional.of(manifest(place))
                : Optional.empty();
    }

    private Manifest manifest(Position place) {
        return new ManifestDecoder(bytes, place.recordStart(), place.end()).manifest();
    }
}
