package org.histods.demo;

import java.util.List;
import org.histods.dataset.DatasetId;
import org.histods.digest.Algorithm;

/** The pieces of YAML that the manifests of the demo datasets have in common. */
final class ManifestText {

    private ManifestText() {}

    /** A manifest: the common fields, then the others. */
    static DemoDataset of(String id, String title, String description, String rest) {
        String head = """
                # yaml-language-server: $schema=schema.json
                id: %s
                title: "%s"
                description: >-
                  %s No real tissue: histods drew every picture, so that its demo has something to pull.
                year: 2025
                stains: [H&E]
                formats: [png]
                license: { spdx: CC0-1.0 }
                creators: [histods]
                """;
        return new DemoDataset(new DatasetId(id), head.formatted(id, title, description) + rest);
    }

    /** The list entries of pinned files under {@code files:}, with one checksum each. */
    static String pinned(List<GeneratedFile> files, Algorithm algorithm, String by) {
        StringBuilder out = new StringBuilder();
        for (GeneratedFile file : files) {
            out.append("      - path: ").append(file.path());
            out.append("\n        bytes: ").append(file.bytes().length);
            out.append("\n        sums:\n          - { sum: \"").append(file.checksum(algorithm));
            out.append("\", by: \"").append(by).append("\" }\n");
        }
        return out.toString();
    }
}
