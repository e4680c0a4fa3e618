package org.histods.demo;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.function.Function;
import org.histods.demo.Tissue.Kind;
import org.histods.digest.Algorithm;

/** {@code demo-nuclei}: cut from the tumour tiles of {@code demo-colon}; its first source sends a wrong file, its second does not. */
final class NucleiDataset {

    static final String RECORD = "999000004";
    /** The file that its first source sends wrongly. */
    static final String FAULTY_FILE = "demo-nuclei-masks.zip";

    static final String SECOND_HOST = "second-source.example";

    private static final String FOLDER = "demo-nuclei/";
    private static final int EDGE = 16;
    private static final String TITLE = "Nuclei in colon tiles drawn by histods (a stand-in, no real tissue)";

    private final List<GeneratedFile> zips;
    private final int count;

    NucleiDataset(ColonDataset colon) {
        List<ColonDataset.Tile> tiles =
                colon.train().stream().filter(t -> t.kind() == Kind.TUMOUR).toList();
        count = tiles.size();
        zips = List.of(
                zip("demo-nuclei-images.zip", "images/", tiles, ColonDataset.Tile::image),
                zip(FAULTY_FILE, "masks/", tiles, ColonDataset.Tile::mask));
    }

    private static GeneratedFile zip(
            String path,
            String folder,
            List<ColonDataset.Tile> tiles,
            Function<ColonDataset.Tile, BufferedImage> picture) {
        return ArchiveBuilder.zip(
                path,
                tiles.parallelStream()
                        .map(tile -> GeneratedFile.png(folder + tile.name(), middle(picture.apply(tile))))
                        .toList());
    }

    private static BufferedImage middle(BufferedImage image) {
        return image.getSubimage(EDGE, EDGE, image.getWidth() - 2 * EDGE, image.getHeight() - 2 * EDGE);
    }

    ZenodoHost.Deposit deposit() {
        return new ZenodoHost.Deposit(RECORD, "999000003", "", TITLE, zips);
    }

    /** By their path at the second host. */
    List<GeneratedFile> atSecondHost() {
        return zips.stream().map(zip -> zip.at(FOLDER + zip.path())).toList();
    }

    DemoDataset dataset() {
        String rest = """
                version: "%s"
                organs: [colon]
                tasks: [nuclei segmentation]
                unit: patch
                image-size: 96x96
                counts: { patches: %d, patients: 5 }
                access:
                  status: open
                  note: Served by the demo on this machine. Its first host sends one file wrongly; the second has it right.
                publisher: Zenodo (simulated by the demo)
                sources:
                  - kind: zenodo
                    record: "%s"
                    official: true
                    files:
                %s  - kind: http
                    record: "https://%s/%s"
                    official: false
                    note: The same files at a second host.
                    files:
                %spatients:
                  pattern: '_(?<id>P[0-9]{2})_'
                  level: patient
                  examples:
                    - { path: masks/tumour_P01_001.png, id: P01 }
                lineage:
                  - dataset: demo-colon
                    relation: derived-from
                    shares: [slides, patients]
                    evidence: The demo cuts these patches out of demo-colon's tumour tiles.
                """;
        return ManifestText.of(
                "demo-nuclei",
                TITLE,
                "The middle of each tumour tile of demo-colon's training set, with a mask of its nuclei.",
                rest.formatted(
                        RECORD,
                        count,
                        RECORD,
                        ManifestText.pinned(zips, Algorithm.MD5, DemoDatasets.ZENODO),
                        SECOND_HOST,
                        FOLDER,
                        ManifestText.pinned(zips, Algorithm.SHA256, "the demo's own second host")));
    }
}
