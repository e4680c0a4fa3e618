package org.histods.provenance;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Hasher;
import org.histods.fetch.Check;
import org.histods.fetch.FetchedFile;
import org.histods.fetch.Origin;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.Manifests;
import org.histods.mirror.BagRef;
import org.histods.mirror.Mirror;
import org.histods.mirror.Staging;
import org.histods.source.RemoteFile;
import org.histods.unpack.TreeFile;

/** Bags of a few words, each as if it came out of an archive {@code all.zip} with everything in a folder {@code in}. */
final class Bags {

    private static final Instant NOW = Instant.parse("2026-11-23T14:00:00Z");

    private Bags() {}

    static Checksum sha256(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Hasher hasher = Hasher.of(Set.of(), bytes.length);
        hasher.update(bytes, 0, bytes.length);
        return java.util.Objects.requireNonNull(hasher.finish().get(Algorithm.SHA256));
    }

    static BagRef publish(Mirror mirror, String id, Map<String, String> contents) throws Exception {
        ManifestFile manifest = new Manifests().read("""
                id: %s
                title: A toy
                version: "1"
                license: { spdx: CC0-1.0 }
                access: { status: open }
                sources: []
                """.formatted(id), id + ".yaml", new DatasetId(id));
        List<BagFile> files = new ArrayList<>();
        List<TreeFile> tree = new ArrayList<>();
        try (Staging staging = mirror.stage()) {
            for (Map.Entry<String, String> one : contents.entrySet()) {
                Path file = staging.data().resolve(one.getKey());
                Files.createDirectories(file.getParent());
                Files.writeString(file, one.getValue());
                FilePath path = new FilePath(one.getKey());
                Checksum sum = sha256(one.getValue());
                files.add(new BagFile(path, Files.size(file), sum, false, "0001/1", "in/" + path));
                tree.add(new TreeFile(path, Files.size(file), Map.of(Algorithm.SHA256, sum), false, "in/" + path));
            }
            Fetch fetch =
                    new Fetch(fetched("archive of " + id), "", new Fetch.Unpacked(tree, List.of(), null, null, null));
            Receipt receipt = new Receipt(
                    1,
                    "pull",
                    null,
                    List.of(),
                    new Tool("0", "17", "Linux", null),
                    NOW,
                    NOW,
                    List.of(fetch),
                    0,
                    BagWriter.fingerprint(files));
            new BagWriter().write(staging.root(), files, manifest, receipt);
            return staging.publish(new DatasetId(id), new DatasetVersion("1"));
        }
    }

    private static FetchedFile fetched(String content) {
        URI uri = URI.create("https://host.example/all.zip");
        Origin origin =
                new Origin("http", "", uri, uri, List.of(), 200, Map.of(), null, null, NOW, NOW, 1, 0, List.of());
        return new FetchedFile(
                RemoteFile.of(new FilePath("all.zip"), uri, null, List.of()),
                Path.of("all.zip"),
                content.length(),
                Map.of(Algorithm.SHA256, sha256(content)),
                new Check(List.of()),
                origin);
    }
}
