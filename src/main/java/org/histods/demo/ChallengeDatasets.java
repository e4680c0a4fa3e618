package org.histods.demo;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.histods.demo.DriveHosts.Shared;
import org.histods.demo.Tissue.Kind;
import org.histods.digest.Algorithm;

/**
 * {@code demo-kumar} and {@code demo-monuseg}, on Google Drive: the second's training set has every image of the first, as in the
 * real datasets.
 */
final class ChallengeDatasets {

    private static final String KUMAR = "demo-kumar";
    private static final String MONUSEG = "demo-monuseg";
    private static final String KUMAR_TITLE =
            "Nuclei of several organs drawn by histods after Kumar (a stand-in, no real tissue)";
    private static final String MONUSEG_TITLE =
            "Challenge on nuclei drawn by histods after MoNuSeg (a stand-in, no real tissue)";
    private static final String BY = "the demo's own Google Drive stand-in";
    private static final String TRAIN = "demo-monuseg-train.zip";
    private static final String TEST = "demo-monuseg-test.zip";

    private static final List<Kind> ORGANS = List.of(Kind.GLAND, Kind.TUMOUR, Kind.STROMA, Kind.MARROW);
    private static final int OLD = 8;
    private static final int LATER = 2;
    private static final int NEW = 4;
    private static final int SIZE = 128;

    private final Shared kumar;
    private final Shared train;
    private final Shared test;

    ChallengeDatasets() {
        List<List<GeneratedFile>> pairs = IntStream.range(0, OLD + LATER + NEW)
                .parallel()
                .mapToObj(ChallengeDatasets::pair)
                .toList();
        kumar = new Shared("DEMOkumar0000000000000001", zip("demo-kumar.zip", "kumar", pairs.subList(0, OLD)));
        train = new Shared("DEMOmonuseg00000000000002", zip(TRAIN, "train", pairs.subList(0, OLD + LATER)));
        test = new Shared("DEMOmonuseg00000000000003", zip(TEST, "test", pairs.subList(OLD + LATER, pairs.size())));
    }

    /** An image and its mask, of a patient of its own. */
    private static List<GeneratedFile> pair(int index) {
        Canvas canvas = Tissue.draw(ORGANS.get(index % ORGANS.size()), SIZE, SIZE, 5000L + index);
        String slide = String.format(Locale.ROOT, "DEMO-%s-%04d-01Z-00-DX1", index % 2 == 0 ? "A1" : "B2", 101 + index);
        return List.of(
                GeneratedFile.png("images/" + slide + ".png", canvas.image(index)),
                GeneratedFile.png("masks/" + slide + "_mask.png", canvas.mask()));
    }

    private static GeneratedFile zip(String path, String folder, List<List<GeneratedFile>> pairs) {
        return ArchiveBuilder.zip(
                path,
                pairs.stream()
                        .flatMap(List::stream)
                        .map(file -> file.at(folder + "/" + file.path()))
                        .sorted(Comparator.comparing(GeneratedFile::path))
                        .toList());
    }

    DriveHosts hosts() {
        return new DriveHosts(List.of(kumar, train, test));
    }

    List<DemoDataset> datasets() {
        return List.of(kumarDataset(), monusegDataset());
    }

    private DemoDataset kumarDataset() {
        String rest = common(OLD, OLD)
                + "sources:\n  - kind: google-drive\n    official: true\n    files:\n"
                + pinned(kumar)
                + patients("kumar/images/DEMO-A1-0101-01Z-00-DX1.png", "DEMO-A1-0101")
                + """
                problems:
                  - These are training images of demo-monuseg. Never count the two as independent.
                """;
        return ManifestText.of(
                KUMAR,
                KUMAR_TITLE,
                "Images of made-up tissues, each of another made-up patient, with masks of the nuclei.",
                rest);
    }

    private DemoDataset monusegDataset() {
        String rest = common(OLD + LATER + NEW, OLD + LATER + NEW)
                + "splits:\n  train: [" + TRAIN + "]\n  test: [" + TEST + "]\n"
                + "sources:\n  - kind: google-drive\n    official: true\n    files:\n"
                + Stream.of(train, test).map(ChallengeDatasets::pinned).reduce("", String::concat)
                + patients("train/masks/DEMO-B2-0102-01Z-00-DX1_mask.png", "DEMO-B2-0102")
                + """
                lineage:
                  - dataset: demo-kumar
                    relation: derived-from
                    shares: [files, slides, patients]
                    evidence: The demo packs every image of demo-kumar into the training set.
                    note: Two images were added to the training set; the test set holds others only.
                """;
        return ManifestText.of(
                MONUSEG, MONUSEG_TITLE, "A training and a test set of made-up tissues with masks of the nuclei.", rest);
    }

    private static String common(int images, int patients) {
        return """
                version: unversioned
                organs: [multiple]
                tasks: [nuclei segmentation]
                unit: patch
                image-size: %dx%d
                counts: { images: %d, patients: %d }
                access:
                  status: open
                  note: Served by the demo on this machine, as Google Drive would serve it.
                publisher: Google Drive (simulated by the demo)
                """.formatted(SIZE, SIZE, images, patients);
    }

    private static String pinned(Shared shared) {
        String entry = ManifestText.pinned(List.of(shared.file()), Algorithm.SHA256, BY);
        String path = "path: " + shared.file().path() + "\n";
        return entry.replace(path, path + "        at: " + shared.id() + "\n");
    }

    private static String patients(String path, String id) {
        return """
                patients:
                  pattern: '(?<id>DEMO-[A-Z0-9]{2}-[0-9]{4})'
                  level: patient
                  examples:
                    - { path: %s, id: %s }
                """.formatted(path, id);
    }
}
