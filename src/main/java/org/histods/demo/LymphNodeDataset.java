package org.histods.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.histods.demo.Tissue.Kind;
import org.histods.digest.Algorithm;

/** {@code demo-node}: a few larger pictures in a bucket of S3, with a list of checksums. */
final class LymphNodeDataset {

    static final String BUCKET = "histods-demo-node";
    static final String REGION = "eu-central-1";
    /** The slide on which the connection breaks. */
    static final String FAULTY_FILE = "slides/node_P12_1.png";

    private static final String PREFIX = "node/";
    private static final String LIST = "checksums.md5";
    private static final int SLIDES = 3;
    private static final int WIDTH = 1150;
    private static final int HEIGHT = 960;

    private final List<GeneratedFile> objects;
    private final long bytes;

    LymphNodeDataset() {
        List<GeneratedFile> files = new ArrayList<>(IntStream.range(0, SLIDES)
                .parallel()
                .mapToObj(LymphNodeDataset::slide)
                .toList());
        files.add(GeneratedFile.text("labels.csv", labels(files)));
        files.add(GeneratedFile.text("README.txt", "Lymph nodes drawn by histods. A stand-in. No real tissue.\n"));
        StringBuilder checksums = new StringBuilder();
        files.forEach(file -> checksums
                .append(file.checksum(Algorithm.MD5).hex())
                .append("  ")
                .append(file.path())
                .append('\n'));
        files.add(GeneratedFile.text(LIST, checksums.toString()));
        objects = files.stream().map(file -> file.at(PREFIX + file.path())).toList();
        bytes = files.stream().mapToLong(file -> file.bytes().length).sum();
    }

    private static GeneratedFile slide(int index) {
        String path = String.format(Locale.ROOT, "slides/node_P%02d_%d.png", 11 + index / 2, 1 + index % 2);
        return GeneratedFile.png(
                path, Tissue.draw(Kind.NODE, WIDTH, HEIGHT, 3000L + index).image(index));
    }

    private static String labels(List<GeneratedFile> slides) {
        StringBuilder csv = new StringBuilder("slide,label\n");
        slides.forEach(slide -> csv.append(slide.path()).append(",normal\n"));
        return csv.toString();
    }

    /** By key. */
    List<GeneratedFile> objects() {
        return objects;
    }

    DemoDataset dataset() {
        String rest = """
                version: unversioned
                organs: [lymph node]
                tasks: [tumor detection]
                unit: slide
                image-size: %dx%d
                counts: { slides: %d, patients: 2 }
                access:
                  status: open
                  note: Served by the demo on this machine, as S3 would serve it.
                publisher: Amazon S3 (simulated by the demo)
                sources:
                  - kind: s3
                    record: "s3://%s/%s"
                    official: true
                    options: { region: %s }
                    checksum-list: %s
                    size: { exact: %d, by: the demo }
                patients:
                  pattern: 'node_(?<id>P[0-9]{2})_'
                  level: patient
                  examples:
                    - { path: %s, id: P12 }
                """;
        return ManifestText.of(
                "demo-node",
                "Lymph nodes drawn by histods (a stand-in, no real tissue)",
                "Three larger pictures of lymph nodes, listed by their host and not pinned here.",
                rest.formatted(WIDTH, HEIGHT, SLIDES, BUCKET, PREFIX, REGION, LIST, bytes, FAULTY_FILE));
    }
}
