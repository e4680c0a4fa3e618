package org.histods.testing;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Hasher;
import org.histods.fetch.ChecksumCheck;
import org.histods.fetch.FetchOrigin;
import org.histods.fetch.FetchedFile;
import org.histods.fetch.ResponseSummary;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.ManifestReader;
import org.histods.mirror.BagRef;
import org.histods.mirror.CarryOver;
import org.histods.mirror.Mirror;
import org.histods.mirror.OwnerProcess;
import org.histods.mirror.Staging;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagFile;
import org.histods.provenance.BagWriter;
import org.histods.provenance.FetchLog;
import org.histods.provenance.FetchResult;
import org.histods.provenance.Receipt;
import org.histods.provenance.Tool;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Stated;
import org.histods.unpack.UnpackedFile;
import org.jspecify.annotations.Nullable;

/** Small bags, written without a pull. */
public final class TestBags {

    public static final Checksum MD5 = Checksum.parse("md5:6fd702d11df6292bc054397ae038a464");
    public static final Checksum TREE = Checksum.parse("git-tree:d395a4cd2ad0034f71e8d0a6eef47742a53fc98d");
    private static final Instant NOW = Instant.parse("2026-11-23T14:00:00Z");

    private TestBags() {}

    public static String manifestText(String version) {
        return """
                id: tiles
                title: Tiles
                version: "%s"
                license: { spdx: CC-BY-4.0 }
                access: { status: open }
                splits: { train: ["train/**"], test: ["test/**"] }
                sources:
                  - kind: zenodo
                    record: "1214456"
                    official: true
                    files:
                      - path: tiles.zip
                        sums: [{ sum: "%s", by: Zenodo }]
                      - path: labels.csv
                """.formatted(version, MD5);
    }

    public static ManifestFile manifest() throws Problem {
        return new ManifestReader().read(manifestText("v1"), "tiles.yaml", new DatasetId("tiles"));
    }

    public static Checksum sha256(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Hasher hasher = Hasher.of(Set.of(), bytes.length);
        hasher.update(bytes, 0, bytes.length);
        return Objects.requireNonNull(hasher.finish().get(Algorithm.SHA256));
    }

    public static final Map<String, String> MEMBERS =
            new TreeMap<>(Map.of("train/1.png", "one", "train/2.png", "two", "test/3.png", "three"));

    /** Whether the host creates the archive again for each request, so that only a git tree id is published. */
    public enum Host {
        ARCHIVE,
        GIT
    }

    public static Bag bag(Path root) throws IOException, Problem {
        return bag(root, MEMBERS, Host.ARCHIVE, "archive");
    }

    /**
     * Publishes a bag of one archive.
     *
     * @param members the archive's content
     * @param archive represents the archive's own bytes
     */
    public static Bag bag(Path root, Map<String, String> members, Host host, String archive)
            throws IOException, Problem {
        Mirror mirror = new Mirror(root, OwnerProcess.self("test"), false, Clock.systemUTC());
        try (Staging staging = mirror.stage();
                FetchLog log = log(staging)) {
            List<BagFile> files = new ArrayList<>();
            List<UnpackedFile> tree = new ArrayList<>();
            for (Map.Entry<String, String> member : members.entrySet()) {
                BagFile file = put(staging.data(), member.getKey(), member.getValue(), "0001/1");
                files.add(file);
                tree.add(new UnpackedFile(
                        file.path(), file.bytes(), Map.of(Algorithm.SHA256, file.sha256()), false, member.getKey()));
            }
            files.add(put(staging.data(), "labels.csv", "a,b", "0001/2"));
            files.sort(Comparator.comparing(BagFile::path));
            Stated stated = host == Host.GIT ? new Stated(TREE, "GitHub") : null;
            FetchResult.Unpacked unpacked =
                    new FetchResult.Unpacked(tree, List.of(), null, stated, stated == null ? null : TREE);
            List<FetchLog.Entry> fetches = List.of(
                    log.add(new FetchResult(
                            fetched("tiles.zip", archive, host == Host.GIT ? null : MD5), "", unpacked)),
                    log.add(new FetchResult(fetched("labels.csv", "a,b", null), "", null)));
            Receipt receipt = new Receipt(
                    1,
                    "pull",
                    new Receipt.Scope(null, List.of(), null, List.of()),
                    new Tool("0.1.0", "17", "Linux", null),
                    NOW,
                    NOW,
                    fetches,
                    0,
                    BagWriter.fingerprint(files),
                    null);
            new BagWriter().write(staging.root(), files, manifest(), receipt, false);
            BagRef ref = staging.publish(new DatasetId("tiles"), new DatasetVersion("v1"), CarryOver.NOTHING);
            return Bag.read(ref);
        }
    }

    private static FetchLog log(Staging staging) throws Problem {
        return new FetchLog(staging.scratch("record").resolve("fetches"));
    }

    private static BagFile put(Path data, String path, String text, String fetch) throws IOException {
        Path file = data.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return new BagFile(new FilePath(path), text.length(), sha256(text), false, fetch, null);
    }

    private static FetchedFile fetched(String path, String content, @Nullable Checksum published) {
        URI uri = URI.create("https://zenodo.org/records/1214456/files/" + path);
        List<Stated> stated = published == null ? List.of() : List.of(new Stated(published, "Zenodo"));
        ResponseSummary response = new ResponseSummary(uri, uri, List.of(), 200, Map.of());
        FetchOrigin origin = new FetchOrigin("zenodo", "1214456", response, null, null, NOW, NOW, 1, 0, List.of());
        return new FetchedFile(
                RemoteFile.of(new FilePath(path), uri, null, stated),
                Path.of(path),
                content.length(),
                Map.of(Algorithm.SHA256, sha256(content)),
                new ChecksumCheck(stated),
                origin);
    }

    /** Publishes a bag of these files, as if unpacked from the folder {@code in} of an archive {@code all.zip}. */
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
        try (Staging staging = mirror.stage();
                FetchLog log = log(staging)) {
            for (Map.Entry<String, String> one : contents.entrySet()) {
                Path file = staging.data().resolve(one.getKey());
                Files.createDirectories(file.getParent());
                Files.writeString(file, one.getValue());
                FilePath path = new FilePath(one.getKey());
                Checksum checksum = sha256(one.getValue());
                files.add(new BagFile(path, Files.size(file), checksum, false, "0001/1", "in/" + path));
                tree.add(new UnpackedFile(
                        path, Files.size(file), Map.of(Algorithm.SHA256, checksum), false, "in/" + path));
            }
            FetchResult fetch = new FetchResult(
                    archive("archive of " + id), "", new FetchResult.Unpacked(tree, List.of(), null, null, null));
            Receipt receipt = new Receipt(
                    1,
                    "pull",
                    new Receipt.Scope(null, List.of(), null, List.of()),
                    new Tool("0", "17", "Linux", null),
                    NOW,
                    NOW,
                    List.of(log.add(fetch)),
                    0,
                    BagWriter.fingerprint(files),
                    null);
            new BagWriter().write(staging.root(), files, manifest, receipt, false);
            return staging.publish(new DatasetId(id), new DatasetVersion("1"), CarryOver.NOTHING);
        }
    }

    private static FetchedFile archive(String content) {
        URI uri = URI.create("https://host.example/all.zip");
        ResponseSummary response = new ResponseSummary(uri, uri, List.of(), 200, Map.of());
        FetchOrigin origin = new FetchOrigin("http", "", response, null, null, NOW, NOW, 1, 0, List.of());
        return new FetchedFile(
                RemoteFile.of(new FilePath("all.zip"), uri, null, List.of()),
                Path.of("all.zip"),
                content.length(),
                Map.of(Algorithm.SHA256, sha256(content)),
                new ChecksumCheck(List.of()),
                origin);
    }
}
