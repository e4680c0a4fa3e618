package org.histods.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.histods.dataset.DatasetId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The compiled catalogue has the content of the YAML files, and is used only for exactly these files. */
final class CompiledManifestsTest {

    private static final Path MANIFESTS = Path.of(System.getProperty("project.basedir", "."), "manifests");

    /** What no manifest of the catalogue has. */
    private static final String RARE = """
            id: rare
            title: "\u00dcn\u00efcode \u00b7 \u75c5\u7406"
            version: "1"
            license: {}
            access: { status: open }
            unpack: { charset: IBM437 }
            sources:
              - kind: http
                official: false
                size: { at-least: 1 GB, at-most: 2 GB, by: a guess }
                files:
                  - path: a/
                    unpack: false
                    size: { extrapolated: 1 GB, by: a part }
            """;

    @TempDir
    Path folder;

    private final ManifestReader yaml = new ManifestReader();

    private Manifest fromYaml(Path file) throws Exception {
        return yaml.read(Files.readString(file), file.toString(), null).manifest();
    }

    @Test
    void everyManifest_isWhatItsYamlSays() throws Exception {
        CompiledManifests compiled = CompiledManifests.of(MANIFESTS);
        assertTrue(compiled.ids().size() > 100);
        for (String id : compiled.ids()) {
            Path file = MANIFESTS.resolve(id + ".yaml");
            Manifest manifest = compiled.manifest(new DatasetId(id), Files.readAllBytes(file))
                    .orElseThrow();
            assertEquals(fromYaml(file), manifest);
            assertEquals(
                    Files.readString(file), compiled.text(new DatasetId(id)).orElseThrow());
        }
    }

    /** Else the test above would say nothing about a field. */
    @Test
    void everyField_isInSomeManifest() throws Exception {
        TreeSet<String> unused = new TreeSet<>();
        TreeSet<String> used = new TreeSet<>();
        CompiledManifests compiled = CompiledManifests.of(MANIFESTS);
        for (String id : compiled.ids()) {
            collect(compiled.manifest(new DatasetId(id)).orElseThrow(), unused, used);
        }
        collect(yaml.read(RARE, "rare", null).manifest(), unused, used);
        unused.removeAll(used);
        assertEquals(List.of(), List.copyOf(unused));
    }

    private static void collect(Object value, Collection<String> unused, Collection<String> used) throws Exception {
        if (value instanceof Collection<?> list) {
            for (Object item : list) {
                collect(item, unused, used);
            }
        } else if (value instanceof Map<?, ?> map) {
            collect(new ArrayList<>(map.values()), unused, used);
        } else if (value instanceof Record && value.getClass().getPackage().equals(Manifest.class.getPackage())) {
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                Object part = component.getAccessor().invoke(value);
                String name = value.getClass().getSimpleName() + "." + component.getName();
                boolean empty = part == null
                        || part.equals(false)
                        || part.equals("")
                        || (part instanceof Collection<?> list && list.isEmpty())
                        || (part instanceof Map<?, ?> map && map.isEmpty());
                (empty ? unused : used).add(name);
                if (!empty) {
                    collect(part, unused, used);
                }
            }
        }
    }

    @Test
    void fieldsOfNoManifest_areKeptToo() throws Exception {
        Files.writeString(folder.resolve("rare.yaml"), RARE);
        Manifest compiled =
                CompiledManifests.of(folder).manifest(new DatasetId("rare")).orElseThrow();
        assertEquals(fromYaml(folder.resolve("rare.yaml")), compiled);
        assertEquals("\u00dcn\u00efcode \u00b7 \u75c5\u7406", compiled.title());
    }

    @Test
    void editedText_isNotTheOneThatWasCompiled() throws Exception {
        Path file = Files.writeString(
                folder.resolve("a.yaml"),
                "id: a\ntitle: A\nversion: \"1\"\nlicense: {}\naccess: { status: open }\nsources: []\n");
        CompiledManifests compiled = CompiledManifests.of(folder);
        DatasetId id = new DatasetId("a");
        String text = Files.readString(file);
        assertTrue(compiled.manifest(id, text.getBytes(StandardCharsets.UTF_8)).isPresent());
        for (String edited : List.of(text.replace("title: A", "title: B"), text + "\n", text.substring(1), "")) {
            assertEquals(Optional.empty(), compiled.manifest(id, edited.getBytes(StandardCharsets.UTF_8)));
        }
        assertEquals(Optional.empty(), compiled.manifest(new DatasetId("b"), text.getBytes(StandardCharsets.UTF_8)));
    }
}
