package org.histods.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.histods.demo.Tissue.Kind;

/** {@code demo-marrow}: images with dots on their nuclei, in a folder of a repository on GitHub. */
final class MarrowDataset {

    private static final String FOLDER = "marrow/";
    private static final int IMAGES = 16;
    private static final int SIZE = 160;

    private final GitRepo repo;

    MarrowDataset() {
        List<GeneratedFile> files = new ArrayList<>(IntStream.range(0, IMAGES)
                .parallel()
                .boxed()
                .flatMap(MarrowDataset::pair)
                .toList());
        files.add(GeneratedFile.text("README.md", "# Bone marrow drawn by histods\n\nA stand-in. No real tissue.\n"));
        files.add(GeneratedFile.text("count.py", "print('the dots are in marrow/*_dots.png')\n"));
        repo = new GitRepo("histods-demo", "bone-marrow", files);
    }

    private static Stream<GeneratedFile> pair(int index) {
        Canvas canvas = Tissue.draw(Kind.MARROW, SIZE, SIZE, 2000L + index);
        String name = String.format(Locale.ROOT, "%smarrow_%04d_%02d", FOLDER, 1 + index / 4, 1 + index % 4);
        GeneratedFile dots = GeneratedFile.png(name + "_dots.png", canvas.dots());
        // One picture is executable by mistake, as in real repositories; git's tree id covers that.
        return Stream.of(
                GeneratedFile.png(name + ".png", canvas.image(index)), index == 9 ? dots.asExecutable() : dots);
    }

    GitRepo repo() {
        return repo;
    }

    DemoDataset dataset() {
        String rest = """
                version: "%s"
                organs: [bone marrow]
                tasks: [cell counting]
                unit: patch
                image-size: %dx%d
                counts: { images: %d }
                access:
                  status: open
                  note: Served by the demo on this machine, as GitHub would serve it.
                publisher: GitHub (simulated by the demo)
                sources:
                %s%spatients:
                  pattern: 'marrow_(?<id>[0-9]{4})_'
                  level: patient
                  examples:
                    - { path: marrow/marrow_0003_02_dots.png, id: "0003" }
                problems:
                  - One picture is marked as executable, as in real repositories; the folder's checksum covers that.
                """;
        return ManifestText.of(
                "demo-marrow",
                "Bone marrow drawn by histods (a stand-in, no real tissue)",
                "Pictures of bone marrow with fat cells, each with a picture of dots on the nuclei, for counting cells.",
                rest.formatted(
                        repo.commit().substring(0, 8),
                        SIZE,
                        SIZE,
                        IMAGES,
                        source("", "One archive of the commit."),
                        source("    options: { via: files }\n", "The same commit, file by file.")));
    }

    private String source(String options, String note) {
        return """
                  - kind: github
                    record: %s@%s
                    official: true
                %s    note: %s
                    files:
                      - path: %s
                        sums:
                          - { sum: "%s", by: "the demo's own GitHub stand-in" }
                """.formatted(repo.slug(), repo.commit(), options, note, FOLDER, repo.tree(FOLDER));
    }
}
