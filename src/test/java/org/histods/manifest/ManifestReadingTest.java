package org.histods.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Checksum;
import org.histods.problem.Problem;
import org.histods.yaml.YamlError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ManifestReadingTest {

    private static final String MD5 = "md5:6fd702d11df6292bc054397ae038a464";
    private static final String SMALL = """
            id: toy-1
            title: Toy
            version: "1"
            license: { spdx: CC0-1.0 }
            access: { status: open }
            sources:
              - { kind: zenodo, record: "12", official: true }
            """;

    private final ManifestReader manifests = new ManifestReader();

    private Manifest read(String text) throws Problem {
        return manifests.read(text, "toy-1.yaml", new DatasetId("toy-1")).manifest();
    }

    private String refused(String text) {
        Problem problem = assertThrows(Problem.class, () -> read(text));
        assertEquals(Problem.Kind.USAGE, problem.kind());
        return problem.message();
    }

    private String faults(String text) {
        return String.join(
                "\n",
                manifests.errors(text, "toy-1.yaml", new DatasetId("toy-1")).stream()
                        .map(YamlError::toString)
                        .toList());
    }

    private static Manifest full() {
        PinnedFile archive = new PinnedFile(
                "a/all.tar.gz",
                "https://example.org/1",
                12L,
                null,
                List.of(
                        new PinnedFile.Published(Checksum.parse(MD5), "Zenodo"),
                        new PinnedFile.Published(Checksum.parse("crc32c:00000e01"), "a: b")),
                "images",
                "raw",
                false,
                "images",
                true);
        PinnedFile folder = new PinnedFile(
                "data/",
                null,
                null,
                new StatedSize(null, null, null, 5L, null, "a page"),
                List.of(new PinnedFile.Published(
                        Checksum.parse("git-tree:d395a4cd2ad0034f71e8d0a6eef47742a53fc98d"), "GitHub")),
                null,
                null,
                null,
                null,
                false);
        SourceSpec source = new SourceSpec(
                "zenodo",
                "0012",
                true,
                "slides",
                SourceSpec.Use.ASK,
                "a note",
                Map.of("region", "eu-west-1"),
                new SourceSpec.Listing("sums.md5", List.of("*.tif", "**/x"), List.of("!*")),
                new StatedSize(null, 1_099_511_627_776L, null, null, null, "a page"),
                List.of(archive, folder));
        return new Manifest(
                new DatasetId("toy-1"),
                "A title: with a colon",
                new DatasetVersion("1.10"),
                new Manifest.Names(
                        List.of("Toy", "007"),
                        List.of("Toy"),
                        List.of(new FileNamePattern(PathPattern.of("p[0-9]{4}_1\\.png$"), List.of("a/p0012_1.png")))),
                new Manifest.Images(
                        List.of("colon", "lymph node"),
                        List.of("H&E"),
                        List.of("human"),
                        "patch",
                        List.of("40x"),
                        List.of(0.25, 40.0),
                        List.of("Aperio GT 450"),
                        "224x224",
                        List.of("tif")),
                new Manifest.Publication(
                        "Two\nlines # and no comment",
                        2020,
                        List.of("Family, Given"),
                        "Zenodo",
                        "https://example.org/landing",
                        "10.5281/zenodo.12",
                        new Manifest.Paper(
                                "10.1000/x",
                                "https://example.org/paper",
                                "On toys",
                                List.of("Doe, Jane"),
                                2020,
                                "Toys")),
                new Manifest.Terms(
                        new License("CC-BY-4.0", "words", "https://example.org/licence", "a doubt"),
                        new Access(
                                Access.Status.AGREEMENT,
                                "sign",
                                "https://example.org",
                                List.of("Open it.", "Sign: it"))),
                new Manifest.Contents(
                        List.of("classification"),
                        Map.of("slides", 9_000_000_000L),
                        new StatedSize(null, null, null, 3_000_000_000L, 4_000_000_000L, "width x height x 3"),
                        List.of(
                                new Manifest.Variant("raw", "as scanned", true),
                                new Manifest.Variant("norm", null, false)),
                        Map.of("train", List.of("a/**", "*")),
                        new Manifest.Unpacking(List.of("__MACOSX/**"), "GBK"),
                        new PatientRule(
                                PathPattern.of("p(?<id>[0-9]+)_"),
                                "patient",
                                List.of(
                                        new PatientRule.Example("p0012_1.png", "0012"),
                                        new PatientRule.Example("x.png", null)),
                                "a note"),
                        List.of(new Lineage(
                                new DatasetId("tcga"),
                                null,
                                Lineage.Relation.DERIVED_FROM,
                                List.of(Lineage.Shared.SLIDES, Lineage.Shared.PATIENTS),
                                "a note",
                                "a paper"))),
                List.of(source),
                new Manifest.Notes(List.of("A problem."), List.of("license: a doubt")));
    }

    @Test
    void everyField_writtenAndRead_isTheSame() throws Problem {
        String yaml = manifests.write(full());
        assertEquals(full(), read(yaml));
        assertEquals(List.of(), manifests.errors(yaml, "toy-1.yaml", new DatasetId("toy-1")));
    }

    @Test
    void smallestManifest_writtenAndRead_isTheSame() throws Problem {
        Manifest small = read(SMALL);
        assertEquals(small, read(manifests.write(small)));
        Manifest without = read(SMALL.substring(0, SMALL.indexOf("sources:")) + "sources: []\n");
        assertEquals(without, read(manifests.write(without)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "~",
                "true",
                "no",
                "1.10",
                "0010",
                "8387e305",
                "1e5",
                "0x1F",
                ".5",
                "1_000",
                "- x",
                "# x",
                "a #b",
                "a: b",
                ": x",
                "x:",
                "*x",
                "&x",
                "@x",
                "%x",
                "!x",
                "`x",
                "[x",
                "{x",
                "'",
                "\"",
                "\\",
                " lead",
                "trail ",
                "two\nlines",
                "tab\tin",
                "?",
                "-",
                "2018-01-01",
                "ünïcode 中文",
                "<<",
                "=",
                "|",
                ">",
                "+1",
                "-7",
                ".inf",
                ".nan",
                "12:30:45"
            })
    void awkwardText_writtenAndRead_isTheSameText(String text) throws Problem {
        Manifest small = read(SMALL);
        Manifest awkward = new Manifest(
                small.id(),
                text,
                small.version(),
                new Manifest.Names(List.of(text), List.of(text), List.of()),
                new Manifest.Images(
                        List.of(), List.of(), List.of(), null, List.of(), List.of(), List.of(text), null, List.of()),
                new Manifest.Publication(text, null, List.of(text), text, null, null, null),
                new Manifest.Terms(
                        new License(null, text, null, text), small.terms().access()),
                new Manifest.Contents(
                        List.of(), Map.of(), null, List.of(), Map.of("train", List.of(text)), null, null, List.of()),
                small.sources(),
                new Manifest.Notes(List.of(text), List.of()));
        String yaml = manifests.write(awkward);
        assertEquals(awkward, read(yaml));
        assertEquals(List.of(), manifests.errors(yaml, "toy-1.yaml", new DatasetId("toy-1")), yaml);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2546921", "0010", "1.10", "8387e305", "1_000", "0x1F", "0o17", "true", "2018-01-01"})
    void versionAndRecordWithoutQuotes_keepTheirText(String text) throws Problem {
        Manifest manifest = read(SMALL.replace("\"1\"", text).replace("\"12\"", text));
        assertEquals(text, manifest.version().text());
        assertEquals(text, manifest.sources().get(0).record());
    }

    @Test
    void severalMistakes_areAllReportedWithFileLineAndField() {
        String text = """
                id: toy-1
                title: Toy
                version: "1"
                organs: [brest]
                license: { spdx: CC0-1.0 }
                access: { status: open }
                sources:
                  - kind: zenodo
                    record: "12"
                    offical: true
                    files:
                      - path: a.zip
                        sums:
                          - { sum: "md5:123", by: Zenodo }
                """;
        assertEquals("""
                toy-1.yaml has 4 mistakes:
                  toy-1.yaml:4: organs[0]: 'brest' is not a known word; did you mean 'breast'?
                  toy-1.yaml:8: sources[0]: the field 'official' is missing
                  toy-1.yaml:10: sources[0].offical: there is no field of that name; did you mean 'official'?
                  toy-1.yaml:14: sources[0].files[0].sums[0].sum: '123' is not a valid md5 (32 hex digits)""", refused(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            title: Toy                  | titel: Toy                     | toy-1.yaml:2: titel: there is no field of that name; did you mean 'title'?
            title: Toy                  | x: 1                           | toy-1.yaml:1: the field 'title' is missing
            title: Toy                  | title:                         | toy-1.yaml:2: title: it is empty: give it a value or leave the field out
            title: Toy                  | title: [Toy]                   | toy-1.yaml:2: title: this should be text, not a list
            title: Toy                  | title: Toy: two                | toy-1.yaml:2: this is not YAML: mapping values are not allowed here; put text with a colon
            title: Toy                  | title: @Toy                    | toy-1.yaml:2: this is not YAML: found character '@' that cannot start any token; put the text in quotes
            title: Toy                  | title: "Toy                    | toy-1.yaml:3: this is not YAML: expected <block end>, but found '<scalar>'; check that the fields of one map begin in the same column and that all quotes are closed
            title: Toy                  | aliases: [a, b                 | toy-1.yaml:2: this is not YAML: expected ',' or ']'
            title: Toy                  | title: *Toy                    | toy-1.yaml:2: title: YAML reads '*Toy' as a reference: put it in quotes
            id: toy-1                   | id: Toy_1                      | toy-1.yaml:1: id: 'Toy_1' should have a form such as kather-2018. Lower-case letters, digits and single dashes.
            id: toy-1                   | id: toy-2                      | toy-1.yaml:1: id: 'toy-2' should be 'toy-1', the name of the file
            version: "1"                | version: ../1                  | toy-1.yaml:3: version: '../1' should have a form such as v0.1
            version: "1"                | `version: "1"\nversion: "2"`   | toy-1.yaml:4: version: it is already set on line 3: keep one of the two
            version: "1"                | `version: "1"\nyear: soon`     | toy-1.yaml:4: year: 'soon' should be a whole number
            version: "1"                | `version: "1"\nyear: 1066`     | toy-1.yaml:4: year: '1066' is too small: the least is 1990
            version: "1"                | `version: "1"\nunit: slides`   | toy-1.yaml:4: unit: 'slides' is not a known word; did you mean 'slide'?
            version: "1"                | `version: "1"\ndoi: https://doi.org/10.5281/x` | toy-1.yaml:4: doi: 'https://doi.org/10.5281/x' should have a form such as 10.5281/zenodo.1214456. A DOI, without https://doi.org/.
            version: "1"                | `version: "1"\npatients: { pattern: "(?<id>[" }` | toy-1.yaml:4: patients.pattern: this is not a regular expression: Unclosed character class
            version: "1"                | `version: "1"\nfile-names: [{ pattern: "a", examples: [b.png] }]` | toy-1.yaml:4: file-names[0].examples[0]: the pattern is not found in 'b.png'
            version: "1"                | `version: "1"\nfile-names: [{ pattern: "a" }]` | toy-1.yaml:4: file-names[0]: a pattern needs at least one example
            version: "1"                | `version: "1"\npatients: { pattern: "a" }` | toy-1.yaml:4: patients.pattern: the pattern needs a group (?<id>…) around the patient
            version: "1"                | `version: "1"\npatients: { pattern: "[(?<id>]" }` | toy-1.yaml:4: patients.pattern: the pattern needs a group (?<id>…) around the patient
            version: "1"                | `version: "1"\npatients: { pattern: "(?<id>.*.*.*.*.*)_$" }` | toy-1.yaml:4: patients.pattern: the pattern takes too long on some paths: it can divide them in too many ways, as .*.*.*.* and (a+)+ do
            version: "1"                | `version: "1"\nambiguous: [Toys]` | toy-1.yaml:4: ambiguous[0]: 'Toys' is neither the id nor an alias
            status: open                | status: opne                   | toy-1.yaml:5: access.status: 'opne' is not a known word; did you mean 'open'?
            status: open                | status: agreement              | toy-1.yaml:5: access: a dataset without open access needs the steps to get it
            official: true              | official: "true"               | toy-1.yaml:7: sources[0].official: 'true' should be true or false
            official: true              | part: x                        | toy-1.yaml:7: sources[0]: the field 'official' is missing
            """)
    void mistake_isNamedWithLineFieldAndRemedy(String right, String wrong, String message) {
        assertTrue(SMALL.contains(right), right);
        String text = SMALL.replace(right, wrong.replace("\\n", "\n"));
        String result = faults(text);
        assertTrue(result.contains(message), () -> result + "\nlacks\n" + message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                      | the field 'path' is missing
            { path: ../x }                                          | '../x' cannot be a path in a dataset
            { path: x, sums: [{ sum: "md5:12", by: a }] }           | '12' is not a valid md5 (32 hex digits)
            { path: x, sums: [{ sum: "md6:12", by: a }] }           | 'md6' is not a known checksum algorithm
            { path: x, sums: [{ sum: "12", by: a }] }               | '12' is not a checksum: expected ALGORITHM:HEX
            { path: x, sums: [{ sum: "crc32c:0000ABCD", by: a }] }  | 'crc32c:0000ABCD' should be written as crc32c:0000abcd
            { path: x, sums: [{ by: a }] }                          | the field 'sum' is missing
            { path: x, sums: [{ sum: "crc32c:0000abcd" }] }         | the field 'by' is missing
            { path: x/, sums: [{ sum: "crc32c:0000abcd", by: a }] } | a folder needs a git tree id instead of a checksum
            { path: x, sums: [{ sum: "crc32c:0000abcd", by: a }, { sum: "crc32c:0000abce", by: b }] } | b and a state different checksums for 'x'
            { path: x, variant: raw }                               | the manifest has no variant 'raw'
            { path: x, bytes: -1 }                                  | '-1' is too small: the least is 0
            """)
    void mistakeInAPinnedFile_isNamed(String file, String message) {
        String result = faults(SMALL.replace("official: true", "official: true, files: [" + file + "]"));
        assertTrue(result.contains(message), result);
        assertTrue(result.contains("toy-1.yaml:7: sources[0].files[0]"), result);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            id: toy-1      | id: ../toy
            id: toy-1      | id: toy-2
            title: Toy     | titel: Toy
            title: Toy     | title:
            version: "1"   | version: ..
            version: "1"   | `version: "1"\nversion: "2"`
            version: "1"   | `version: "1"\norgans: [brest]`
            version: "1"   | `version: "1"\nunit: slides`
            version: "1"   | `version: "1"\npatients: { level: person }`
            version: "1"   | `version: "1"\npatients: { pattern: "(" }`
            license: { spdx: CC0-1.0 } | doi: 10.5281/zenodo.1
            status: open   | note: open
            status: open   | status: opne
            official: true | part: x
            official: true | official: true, use: perhaps
            official: true | official: true, files: [{ bytes: 1 }]
            official: true | official: true, files: [{ path: x, bytes: -1 }]
            official: true | official: true, files: [{ path: /x }]
            official: true | official: true, files: [{ path: x, sums: [{ sum: "md5:1", by: x }] }]
            official: true | official: true, files: [{ path: x, sums: [{ sum: "crc32c:0000abcd" }] }]
            official: true | official: true, include: [ *x ]
            """)
    void whatCannotBeUsed_isNotRead(String right, String wrong) {
        assertTrue(SMALL.contains(right), right);
        refused(SMALL.replace(right, wrong.replace("\\n", "\n")));
    }

    @Test
    void emptyFile_saysHowAManifestBegins() {
        assertTrue(refused("").contains("the file is empty: a manifest begins with lines such as 'id: kather-2018'"));
        assertTrue(refused("- a\n").contains("this is not a map of fields"));
    }

    @Test
    void map_hasTheFieldNamesOfTheYaml() {
        Map<String, Object> map = manifests.map(full());
        assertEquals("224x224", map.get("image-size"));
        assertEquals(Map.of("train", List.of("a/**", "*")), map.get("splits"));
    }
}
