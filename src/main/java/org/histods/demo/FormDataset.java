package org.histods.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.histods.demo.Tissue.Kind;
import org.histods.digest.Algorithm;

/** {@code demo-form}: users must fill in a form first; half of its files are test tiles of {@code demo-colon}. */
final class FormDataset {

    static final String HOST = "form.example";
    private static final String PAGE = "demo-form.html";
    private static final int SHARED = 6;
    private static final int OWN = 6;

    private final GeneratedFile zip;

    FormDataset(ColonDataset colon) {
        List<GeneratedFile> files = new ArrayList<>(IntStream.range(0, OWN)
                .parallel()
                .mapToObj(index -> GeneratedFile.png(
                        String.format(Locale.ROOT, "form/case_P21_%02d.png", 1 + index),
                        Tissue.draw(Kind.TUMOUR, 128, 128, 5000L + index).image(index)))
                .toList());
        for (int i = 0; i < SHARED; i++) {
            GeneratedFile tile = colon.test().get(3 * i + 2).png();
            String patient = tile.path().replaceAll(".*_(P[0-9]{2})_.*", "$1");
            files.add(tile.at(String.format(Locale.ROOT, "form/case_%s_%02d.png", patient, OWN + 1 + i)));
        }
        zip = ArchiveBuilder.zip("demo-form-tiles.zip", files);
    }

    /** The file that would be sent by e-mail once the form is filled in. */
    GeneratedFile localFile() {
        return zip;
    }

    GeneratedFile page() {
        return GeneratedFile.text(PAGE, """
                <!doctype html>
                <html lang="en"><title>demo-form</title>
                <h1>Access to demo-form</h1>
                <p>A real page would ask who you are and how you will use the data.</p>
                </html>
                """);
    }

    DemoDataset dataset() {
        String rest = """
                version: "1.0"
                organs: [colon]
                tasks: [tumor detection]
                unit: patch
                image-size: 128x128
                counts: { patches: %d, patients: 3 }
                access:
                  status: registration
                  note: Represents datasets that are available only after filling in a form.
                  page: https://%s/%s
                  steps:
                    - Open the page and fill in the form. There is no real one, and the demo has done this for you.
                    - Wait for the e-mail with %s. The demo has put that file on your disk.
                    - Run `histods pull demo-form --from %s`, with the folder of the file.
                sources:
                  - kind: manual
                    record: "https://%s/%s"
                    official: true
                    note: The file comes by e-mail.
                    files:
                %spatients:
                  pattern: 'case_(?<id>P[0-9]{2})_'
                  level: patient
                  examples:
                    - { path: form/case_P21_01.png, id: P21 }
                lineage:
                  - dataset: demo-colon
                    relation: overlaps
                    shares: [files, patients]
                    evidence: The demo puts six test tiles of demo-colon in here under other names.
                problems:
                  - Training on this and testing on demo-colon tests on training data.
                """;
        return ManifestText.of(
                "demo-form",
                "Tumour tiles behind a form, drawn by histods (a stand-in, no real tissue)",
                "Tiles of tumour, six of which are in demo-colon's test set too.",
                rest.formatted(
                        SHARED + OWN,
                        HOST,
                        PAGE,
                        zip.path(),
                        zip.path(),
                        HOST,
                        PAGE,
                        ManifestText.pinned(List.of(zip), Algorithm.SHA256, "the demo's own form")));
    }
}
