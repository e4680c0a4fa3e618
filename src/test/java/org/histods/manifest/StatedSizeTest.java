package org.histods.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.histods.dataset.DatasetId;
import org.histods.yaml.YamlError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The size of a dataset, computed from its files and its manifest. */
final class StatedSizeTest {

    private final ManifestReader manifests = new ManifestReader();

    private static String text(String size, String... files) {
        return """
                id: toy-1
                title: Toy
                version: "1"
                license: { spdx: CC0-1.0 }
                access: { status: open }
                variants: [{ name: one, preferred: true }, { name: two }]
                sources:
                  - kind: http
                    record: https://example.org/
                    official: true
                """ + (size.isEmpty() ? "" : "    size: " + size + "\n") + files(files);
    }

    private static String files(String... files) {
        return files.length == 0 ? "" : "    files:\n      - " + String.join("\n      - ", files) + "\n";
    }

    private Manifest read(String text) throws Exception {
        return manifests.read(text, "toy-1.yaml", new DatasetId("toy-1")).manifest();
    }

    private String faults(String text) {
        return String.join(
                "\n",
                manifests.errors(text, "toy-1.yaml", new DatasetId("toy-1")).stream()
                        .map(YamlError::toString)
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            exact: 27462424              | 27.5 MB
            exact: 512 bytes             | 512 bytes
            about: 13.4 GB               | about 13.4 GB
            extrapolated: 490 GB         | about 490 GB (extrapolated)
            at-least: 200 GiB            | at least 214 GB
            at-most: 5 GB                | at most 5.00 GB
            at-least: 1 GB, at-most: 2 GB | 1.00 GB to 2.00 GB
            """)
    void statement_isTheDownloadWhereNoFileIsPinned(String statement, String words) throws Exception {
        Manifest manifest = read(text("{ " + statement + ", by: a page }"));
        assertEquals(words, manifest.download().text());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            about: 13.4GB          | 11: sources[0].size.about: '13.4GB' should have a form such as 13.4 GB. A number of bytes, or a number with a unit.
            about: 13.4            | 11: sources[0].size.about: '13.4' should have a form such as 13.4 GB. A number of bytes, or a number with a unit.
            about: -1              | 11: sources[0].size.about: '-1' is too small: the least is 0
            about: 9999999999999 TB | 11: sources[0].size.about: '9999999999999 TB' is too large for any disk
            about: 1 GB, exact: 1 GB | 11: sources[0].size: a size is one of exact, about and extrapolated, or bounds: at-least, at-most or both
            about: 1 GB, at-most: 1 GB | 11: sources[0].size: a size is one of exact, about and extrapolated, or bounds: at-least, at-most or both
            at-least: 2 GB, at-most: 1 GB | 11: sources[0].size: at-most is less than at-least
            abut: 1 GB             | 11: sources[0].size.abut: there is no field of that name; did you mean 'about'?
            """)
    void statementThatIsNone_isNamed(String statement, String message) {
        assertEquals("toy-1.yaml:" + message, faults(text("{ " + statement + ", by: a page }")));
    }

    @Test
    void statementWithoutAnAuthor_isRefused() {
        assertEquals("toy-1.yaml:11: sources[0].size: the field 'by' is missing", faults(text("{ about: 1 GB }")));
    }

    @Test
    void pinnedFiles_areSummed_ofThePreferredVariant() throws Exception {
        Manifest manifest = read(text(
                "", "{ path: a, bytes: 1000 }", "{ path: b, bytes: 2000, variant: one }", "{ path: c, variant: two }"));
        assertEquals("3.00 kB", manifest.download().text());
    }

    @Test
    void pinnedFiles_withAnApproximateOne_areAnApproximateSum() throws Exception {
        Manifest manifest = read(text("", "{ path: a, bytes: 1000 }", "{ path: b, size: { about: 2 kB, by: x } }"));
        assertEquals("about 3 kB", manifest.download().text());
    }

    @Test
    void pinnedFiles_withAnUnknownOne_leaveItToTheStatement() throws Exception {
        String[] files = {"{ path: a, bytes: 1000 }", "{ path: b }"};
        assertEquals("at least 1.00 kB", read(text("", files)).download().text());
        Manifest manifest = read(text("{ about: 9 kB, by: x }", files));
        assertEquals("about 9 kB", manifest.download().text());
    }

    @Test
    void statementThatContradictsTheFiles_isAFault() {
        String wrong = "{ about: 9 kB, by: x }";
        assertEquals(
                "toy-1.yaml:11: sources[0].size: 'about 9 kB' is not possible: the pinned files are 1.00 kB, so leave it out",
                faults(text(wrong, "{ path: a, bytes: 1000 }")));
        assertEquals(
                "toy-1.yaml:11: sources[0].size: 'about 9 kB' is not possible: the pinned files are at least 20.0 kB",
                faults(text(wrong, "{ path: a, bytes: 20000 }", "{ path: b }")));
        assertEquals("", faults(text(wrong, "{ path: a, bytes: 9100 }")));
    }

    @Test
    void fileWithTwoSizes_isAFault() {
        assertEquals(
                "toy-1.yaml:12: sources[0].files[0].size: 'a' has its exact size in 'bytes': leave 'size' out",
                faults(text("", "{ path: a, bytes: 1000, size: { about: 1 kB, by: x } }")));
    }

    @Test
    void severalParts_areSummed_andOneSourceOfEachWillDo() throws Exception {
        String parts = text("").replace("    official: true\n", """
                    official: true
                    part: a
                    note: Of unknown size.
                  - kind: manual
                    official: true
                    part: a
                    size: { about: 2 kB, by: x }
                  - kind: http
                    record: https://example.org/b/
                    official: true
                    part: b
                    size: { exact: 1000, by: x }
                  - kind: kaggle
                    official: false
                    part: b
                    use: ask
                    size: { exact: 5, by: x }
                """);
        assertEquals("about 3 kB", read(parts).download().text());
        assertEquals(
                "at least 1.00 kB",
                read(parts.replace("about: 2 kB", "at-least: 0 kB")).download().text());
    }

    @Test
    void statement_writtenAndRead_isTheSame() throws Exception {
        Manifest manifest = read("unpacked: { at-least: 200 GiB, by: y }\n" + text("{ about: 13.4 GB, by: x }"));
        assertEquals(manifest, read(manifests.write(manifest)));
        String json = String.valueOf(manifests.map(manifest));
        assertTrue(json.contains("unpacked={at-least=214748364800, by=y}"), json);
        assertTrue(json.contains("size={about=13400000000, by=x}"), json);
    }
}
