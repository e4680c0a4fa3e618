package org.histods.demo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.histods.digest.Algorithm;

/** Two datasets of short texts, which are made at once because nothing is drawn: files in a bucket, and a zip. */
final class TextDatasets {

    private static final int FILES = 40;
    private static final String BUCKET = "histods-demo-texts";
    private static final String REGION = "eu-west-1";
    private static final String ZIP_HOST = "texts.demo.example";

    private final List<GeneratedFile> files = new ArrayList<>();
    private final GeneratedFile zip;

    TextDatasets() {
        for (int i = 0; i < FILES; i++) {
            files.add(GeneratedFile.text(
                    String.format(Locale.ROOT, "texts/text%02d.txt", i), "text ".repeat(100) + i + "\n"));
        }
        zip = ArchiveBuilder.zip("texts.zip", files);
    }

    Map<String, DemoHost> hosts() {
        Map<String, DemoHost> hosts = new HashMap<>();
        hosts.put(S3Host.name(BUCKET, REGION), new S3Host(BUCKET, files));
        hosts.put(ZIP_HOST, new PlainHost(List.of(zip)));
        return hosts;
    }

    List<DemoDataset> datasets() {
        String listed = """
                  - kind: s3
                    record: "s3://%s/texts/"
                    official: true
                    options: { region: %s }
                """;
        String pinned = """
                  - kind: http
                    official: true
                    files:
                      - path: %s
                        at: https://%s/%s
                        bytes: %d
                        sums: [{ sum: "md5:%s", by: the demo }]
                """;
        return List.of(
                dataset("demo-texts", listed.formatted(BUCKET, REGION)),
                dataset(
                        "demo-texts-zip",
                        pinned.formatted(
                                zip.path(),
                                ZIP_HOST,
                                zip.path(),
                                zip.bytes().length,
                                zip.checksum(Algorithm.MD5).hex())));
    }

    private static DemoDataset dataset(String id, String sources) {
        String rest = """
                version: "1"
                access: { status: open }
                publisher: the demo
                sources:
                %s""";
        return ManifestText.of(
                id, "Short texts", "Short texts, to try the program.", rest.formatted(sources.stripTrailing()));
    }
}
