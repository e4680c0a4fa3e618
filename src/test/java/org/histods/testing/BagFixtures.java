package org.histods.testing;

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
import org.histods.fetch.ChecksumCheck;
import org.histods.fetch.FetchOrigin;
import org.histods.fetch.FetchedFile;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.ManifestReader;
import org.histods.mirror.BagRef;
import org.histods.mirror.Mirror;
import org.histods.mirror.Staging;
import org.histods.provenance.BagFile;
import org.histods.provenance.BagWriter;
import org.histods.provenance.FetchResult;
import org.histods.provenance.Receipt;
import org.histods.provenance.Tool;
import org.histods.source.RemoteFile;
import org.histods.unpack.UnpackedFile;

/** Bags of a few words, each as if it came out of an archive {@code all.zip} with everything in a folder {@code in}. */
public final class BagFixtures {

    private static final Instant NOW = Instant.parse("2026-11-23T14:00:00Z");

    private BagFixtures() {}

    public static Checksum sha256(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Hasher hasher = Hasher.of(Set.of(), bytes.length);
        hasher.update(bytes, 0, bytes.length);
        return java.util.Objects.requireNonNull(hasher.finish().get(Algorithm.SHA256));
    }

    public static BagRef publish(Mirror mirror, String id, Map<String, String> contents) throws Exception {
        ManifestFile manifest = new ManifestReader().read("""
                id: %s
                title: A toy
                version: "1"
                license: { spdx: CC0-1.0 }
                access: { status: open }
                sources: []
                """.formatted(id), id + ".yaml", new DatasetId(id));
        List<BagFile> files = new ArrayList<>();
        List<UnpackedFile> tree = new ArrayList<>();
        try (Staging staging = mirror.stage()) {
            for (Map.Entry<String, String> one : contents.entrySet()) {
                Path file = staging.data().resolve(one.getKey());
                Files.createDirectories(file.getParent());
                Files.writeString(file, one.getValue());
                FilePath path = new FilePath(one.getKey());
                Checksum sum = sha256(one.getValue());
                files.add(new BagFile(path, Files.size(file), sum, false, "0001/1", "in/" + path));
                tree.add(new UnpackedFile(path, Files.size(file), Map.of(Algorithm.SHA256, sum), false, "in/" + path));
            }
            FetchResult fetch = new FetchResult(
                    fetched("archive of " + id), "", new FetchResult.Unpacked(tree, List.of(), null, null, null));
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
        FetchOrigin origin =
                new FetchOrigin("http", "", uri, uri, List.of(), 200, Map.of(), null, null, NOW, NOW, 1, 0, List.of());
        return new FetchedFile(
                RemoteFile.of(new FilePath("all.zip"), uri, null, List.of()),
                Path.of("all.zip"),
                content.length(),
                Map.of(Algorithm.SHA256, sha256(content)),
                new ChecksumCheck(List.of()),
                origin);
    }
}
