package org.histods.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A dataset {@code toy} of version 1, whose files a test provides: its source is manual, or cannot be reached. */
public final class ToyDataset {

    private ToyDataset() {}

    /** The program with its home, its mirror and the manifest of the dataset in that folder. */
    public static ProgramRunner in(Path folder) throws IOException {
        return in(folder, "toy");
    }

    /** The same with several such datasets of these ids. */
    public static ProgramRunner in(Path folder, String... ids) throws IOException {
        Path manifests = Files.createDirectories(folder.resolve("manifests"));
        for (String id : ids) {
            Files.writeString(manifests.resolve(id + ".yaml"), """
                    id: %s
                    title: Toy
                    version: "1"
                    year: 2020
                    license: { spdx: CC0-1.0 }
                    access: { status: open }
                    sources: [{ kind: manual, record: "https://example.org/toy", official: true }]
                    """.formatted(id));
        }
        return new ProgramRunner(folder, manifests);
    }

    /**
     * Writes a manifest of a dataset with that access and these sources.
     *
     * @param sources YAML, what follows {@code sources:}
     */
    public static void write(Path manifests, String id, String access, String sources) throws IOException {
        Files.writeString(manifests.resolve(id + ".yaml"), """
                id: %s
                title: The %s dataset
                version: "1"
                license: { spdx: CC0-1.0 }
                access: { status: %s, steps: [Ask for it] }
                sources: %s
                """.formatted(id, id, access, sources));
    }

    /** Writes a manifest whose source is a zip of a host that does not exist, so that only mirrors have the dataset. */
    public static void writeUnreachable(Path manifests) throws IOException {
        Files.writeString(manifests.resolve("toy.yaml"), """
                id: toy
                title: A toy
                version: "1"
                license: { spdx: CC0-1.0 }
                access: { status: open }
                sources:
                  - kind: http
                    record: https://host.invalid/toy/
                    official: true
                    files:
                      - { path: all.zip, sums: [{ sum: "md5:6fd702d11df6292bc054397ae038a464", by: the author }] }
                """);
    }

    /** A zip {@code toy.zip} in that folder with these files, for {@code --from}. */
    public static Path zip(Path folder, Map<String, byte[]> files) throws IOException {
        return Files.write(folder.resolve("toy.zip"), ArchiveFixtures.zip(files));
    }
}
