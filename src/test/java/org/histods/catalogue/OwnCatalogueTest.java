package org.histods.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.ManifestReader;
import org.histods.source.all.Sources;
import org.histods.yaml.YamlError;
import org.junit.jupiter.api.Test;

/** The manifests that histods itself carries. */
final class OwnCatalogueTest {

    private final Catalogue catalogue =
            new Catalogue(Path.of(System.getProperty("project.basedir", "."), "manifests"), new ManifestReader());

    @Test
    void everyManifest_isWithoutFault() throws Exception {
        assertEquals(
                "",
                String.join(
                        "\n",
                        catalogue.lint(Sources.manifestRules()).stream()
                                .map(YamlError::toString)
                                .toList()));
    }

    @Test
    void everyManifest_isTheSameOnceWrittenAndReadAgain() throws Exception {
        ManifestReader manifests = new ManifestReader();
        assertTrue(catalogue.all().size() >= 2);
        for (ManifestFile file : catalogue.all()) {
            String yaml = manifests.write(file.manifest());
            assertEquals(
                    file.manifest(),
                    manifests.read(yaml, file.origin(), file.manifest().id()).manifest());
        }
    }

    @Test
    void everyDoubt_saysWhatWouldSettleIt() throws Exception {
        List<String> open = new ArrayList<>();
        for (ManifestFile file : catalogue.all()) {
            List<String> doubts = new ArrayList<>(file.manifest().notes().doubts());
            if (file.manifest().terms().license().doubt() != null) {
                doubts.add(String.valueOf(file.manifest().terms().license().doubt()));
            }
            doubts.stream()
                    .filter(doubt -> !doubt.matches("(?s).*\\bsettles?\\b.*"))
                    .forEach(doubt -> open.add(file.manifest().id() + ": " + doubt));
        }
        assertEquals(List.of(), open);
    }
}
