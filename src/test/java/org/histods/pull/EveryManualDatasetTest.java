package org.histods.pull;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.histods.catalogue.Catalogue;
import org.histods.dataset.DatasetId;
import org.histods.fetch.FetchSettings;
import org.histods.fetch.Fetcher;
import org.histods.manifest.Access;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.ManifestReader;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.mirror.Mirror;
import org.histods.mirror.OwnerProcess;
import org.histods.problem.Problem;
import org.histods.provenance.BagWriter;
import org.histods.provenance.Tool;
import org.histods.pull.remote.RemoteMirrors;
import org.histods.source.all.Sources;
import org.histods.testing.TestTransports;
import org.histods.transport.HttpTransport;
import org.histods.unpack.Unpacker;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every dataset of the catalogue that cannot be downloaded automatically: the program lists the steps and accepts the files.
 * The files of the test are made up, so the manifests are used without the checksums of the real ones.
 */
class EveryManualDatasetTest {

    private static final Set<String> MANUAL = Set.of("manual", "credential");

    @TempDir
    Path folder;

    static Stream<String> datasets() throws Exception {
        List<String> ids = new ArrayList<>();
        for (ManifestFile file : catalogue().all()) {
            if (byHand(file.manifest())) {
                ids.add(file.manifest().id().text());
            }
        }
        return ids.stream();
    }

    private static Catalogue catalogue() {
        return new Catalogue(Path.of(System.getProperty("project.basedir", "."), "manifests"), new ManifestReader());
    }

    /** Whether every part has only manual sources. */
    private static boolean byHand(Manifest manifest) {
        return manifest.terms().access().status() != Access.Status.OPEN
                && !manifest.parts().isEmpty()
                && manifest.parts().stream()
                        .allMatch(part -> manifest.sourcesOf(part).stream().allMatch(s -> MANUAL.contains(s.kind())));
    }

    @ParameterizedTest
    @MethodSource("datasets")
    void withoutLocalFiles_theStepsAreListed_andWithThemThePullSucceeds(String id) throws Exception {
        Manifest real = catalogue().get(id).manifest();
        Manifest manifest = withoutChecksums(real);
        ManifestFile file = new ManifestFile(manifest, new ManifestReader().write(manifest), "a test");
        try (HttpTransport transport = new TestTransports().withOffline(true).open()) {
            Mirror mirror = new Mirror(folder.resolve("mirror"), OwnerProcess.self("test"), true, Clock.systemUTC());
            FetchSettings settings = new FetchSettings(uri -> 1, FetchSettings.Rate.unlimited(), tries -> {});
            Puller puller = new Puller(
                    Sources.all(),
                    transport,
                    mirror,
                    new Fetcher(mirror, transport, settings, Clock.systemUTC()),
                    new Unpacker(1),
                    new BagWriter(),
                    new Tool("test", "17", "test", null),
                    Clock.systemUTC(),
                    Duration.ofSeconds(5),
                    new FailedSources(null, Clock.systemUTC()),
                    RemoteMirrors.NONE);
            Problem reported =
                    assertThrows(Problem.class, () -> puller.pull(PullRequest.of(file), PullListener.silent()));
            assertEquals(Problem.Kind.PERSON, reported.kind(), reported.message());
            for (String step : manifest.terms().access().steps()) {
                assertTrue(reported.message().contains(step), reported.message());
            }
            List<Path> local = handMade(manifest);
            PullRequest request = new PullRequest(file, null, List.of(), null, local, false, 1);
            Puller.Result result = puller.pull(request, PullListener.silent());
            assertEquals(local.size(), result.bag().fileCount());
            assertFalse(mirror.bags(new DatasetId(id)).isEmpty());
        }
    }

    private List<Path> handMade(Manifest manifest) throws Exception {
        Set<String> names = new TreeSet<>();
        for (String part : manifest.parts()) {
            for (SourceSpec source : manifest.sourcesOf(part)) {
                if (source.files().isEmpty()) {
                    names.add("what-came" + (part.isEmpty() ? "" : "-" + part) + ".bin");
                }
                source.files().forEach(f -> names.add(f.plainPath()));
            }
        }
        List<Path> files = new ArrayList<>();
        for (String name : names) {
            Path path = folder.resolve("local").resolve(name);
            Files.createDirectories(path.getParent());
            files.add(Files.writeString(path, "hand-made " + name));
        }
        return files;
    }

    private static Manifest withoutChecksums(Manifest m) {
        List<SourceSpec> sources = m.sources().stream()
                .map(s -> new SourceSpec(
                        s.kind(),
                        s.record(),
                        s.official(),
                        s.part(),
                        s.use(),
                        s.note(),
                        s.options(),
                        s.listing(),
                        s.size(),
                        s.files().stream()
                                .map(f -> new PinnedFile(
                                        f.path(),
                                        f.at(),
                                        null,
                                        null,
                                        List.of(),
                                        f.role(),
                                        f.variant(),
                                        false,
                                        null,
                                        f.optional()))
                                .toList()))
                .toList();
        return m.with(sources);
    }
}
