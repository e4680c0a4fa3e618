package org.histods.demo;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.histods.demo.Tissue.Kind;
import org.histods.digest.Algorithm;

/** {@code demo-colon}: tiles of three classes in two zips, on Zenodo, where a newer version has another tile. */
final class ColonDataset {

    static final String RECORD = "999000002";
    private static final String CONCEPT = "999000001";
    private static final String NEWER_RECORD = "999000006";
    private static final long NEWER_SEED = 2000;
    private static final List<Kind> CLASSES = List.of(Kind.GLAND, Kind.STROMA, Kind.TUMOUR);
    private static final int TRAIN = 60;
    private static final int TEST = 24;
    private static final int SIZE = 128;
    private static final int PER_PATIENT = 12;
    private static final String TITLE = "Colon tiles drawn by histods (a stand-in, no real tissue)";

    /** A tile with what it was drawn from. */
    record Tile(Kind kind, String name, BufferedImage image, BufferedImage mask, GeneratedFile png) {}

    private final List<Tile> train;
    private final List<Tile> test;
    private final List<GeneratedFile> zips;

    ColonDataset() {
        List<Tile> all = IntStream.range(0, TRAIN + TEST)
                .parallel()
                .mapToObj(ColonDataset::tile)
                .toList();
        train = all.subList(0, TRAIN);
        test = all.subList(TRAIN, TRAIN + TEST);
        zips = List.of(zip("demo-colon-train.zip", "train", train), zip("demo-colon-test.zip", "test", test));
    }

    /** Twelve tiles are of one patient, four of each class. */
    private static Tile tile(int index) {
        return tile(index, 1000L + index);
    }

    private static Tile tile(int index, long seed) {
        Kind kind = CLASSES.get(index % CLASSES.size());
        Canvas canvas = Tissue.draw(kind, SIZE, SIZE, seed);
        BufferedImage image = canvas.image(index);
        String name = String.format(
                Locale.ROOT, "%s_P%02d_%03d.png", word(kind), 1 + index / PER_PATIENT, 1 + index / CLASSES.size());
        return new Tile(kind, name, image, canvas.mask(), GeneratedFile.png(name, image));
    }

    private static String word(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static GeneratedFile zip(String path, String folder, List<Tile> tiles) {
        return ArchiveBuilder.zip(
                path,
                tiles.stream()
                        .map(tile -> tile.png().at(folder + "/" + word(tile.kind()) + "/" + tile.name()))
                        .sorted(Comparator.comparing(GeneratedFile::path))
                        .toList());
    }

    List<Tile> train() {
        return train;
    }

    List<Tile> test() {
        return test;
    }

    /** The record that the manifest pins, and its newer version, in which the last tile of the test set is different. */
    List<ZenodoHost.Deposit> deposits() {
        List<Tile> corrected = new ArrayList<>(test);
        corrected.set(TEST - 1, tile(TRAIN + TEST - 1, NEWER_SEED));
        List<GeneratedFile> newer = List.of(zips.get(0), zip(zips.get(1).path(), "test", corrected));
        return List.of(
                new ZenodoHost.Deposit(RECORD, CONCEPT, "", TITLE, zips),
                new ZenodoHost.Deposit(NEWER_RECORD, CONCEPT, "v2", TITLE, newer));
    }

    DemoDataset dataset() {
        String rest = """
                version: "%s"
                organs: [colon]
                tasks: [classification]
                unit: patch
                image-size: %dx%d
                counts: { patches: %d, patients: 7, classes: 3 }
                access:
                  status: open
                  note: Served by the demo on this machine, as Zenodo would serve it.
                publisher: Zenodo (simulated by the demo)
                splits:
                  train: [demo-colon-train.zip]
                  test: [demo-colon-test.zip]
                sources:
                  - kind: zenodo
                    record: "%s"
                    official: true
                    files:
                %spatients:
                  pattern: '_(?<id>P[0-9]{2})_'
                  level: patient
                  examples:
                    - { path: train/gland/gland_P01_001.png, id: P01 }
                    - { path: test/tumour/tumour_P07_028.png, id: P07 }
                problems:
                  - The patients are made up. Those of the training set are others than those of the test set.
                """;
        return ManifestText.of(
                "demo-colon",
                TITLE,
                "Tiles of three made-up tissue types, gland, stroma and tumour, for classification.",
                rest.formatted(
                        RECORD,
                        SIZE,
                        SIZE,
                        TRAIN + TEST,
                        RECORD,
                        ManifestText.pinned(zips, Algorithm.MD5, DemoDatasets.ZENODO)));
    }
}
