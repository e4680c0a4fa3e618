package org.histods.pull;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.histods.dataset.DatasetId;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.ManifestReader;
import org.histods.mirror.BagRef;
import org.histods.problem.Problem;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.ChaosOrigin;
import org.histods.testing.ChaosOrigin.Versions;
import org.histods.testing.PullFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many pulls from hosts with all known faults. A pull ends well with every byte right, or with a problem
 * and nothing under a final name; it never crashes, and once the hosts are well again the same command ends well.
 *
 * <p>{@code -Dhistods.chaos.pulls=500} pulls more datasets, {@code -Dhistods.seed=N} meets other faults.
 */
final class ChaosTest {

    private static final int PULLS = Integer.getInteger("histods.chaos.pulls", 50);
    private static final long SEED = Long.getLong("histods.seed", 12);
    private static final int ROUNDS = 3;
    /** Far more than a pull of these sizes needs, with every stall. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    @TempDir
    Path temp;

    private int endedWell;
    private final Map<Problem.Kind, Integer> problems = new TreeMap<>();

    @Test
    void pullsFromChaoticHosts_areRightOrAProblem_andEndWellOnceTheHostsDo() throws Exception {
        try (PullFixture fixture = new PullFixture(temp)) {
            fixture.inactivity = Duration.ofMillis(150);
            fixture.segments = 3;
            for (int i = 0; i < PULLS; i++) {
                one(fixture, i);
            }
        }
        System.out.println(PULLS + " datasets, seed " + SEED + ": " + endedWell
                + " pulls ended well amid the faults, the others with " + problems);
        // Else the faults were so many, or so few, that nothing was tried.
        assertTrue(endedWell > 0 && !problems.isEmpty(), problems.toString());
    }

    private void one(PullFixture fixture, int number) throws Exception {
        Random random = new Random(SEED * 1000 + number);
        ChaosOrigin chaos = new ChaosOrigin(fixture.origin, SEED * 1000 + number);
        Map<String, Versions> files = files(random);
        for (String host : List.of("one.example", "two.example")) {
            files.forEach((path, versions) -> chaos.put("/" + host + "/" + path, versions));
        }
        ManifestFile manifest = manifest("toy-" + number, files, random.nextBoolean());
        String which = "seed " + SEED + ", dataset " + number;
        boolean done = false;
        for (int round = 0; round < ROUNDS && !done; round++) {
            done = pull(fixture, manifest, which, false);
            assertRight(fixture, manifest, files, done, which);
        }
        chaos.calm();
        assertTrue(pull(fixture, manifest, which + ", hosts well again", true));
        assertRight(fixture, manifest, files, true, which);
        assertEquals(List.of(), chaos.forbidden(), which);
        assertEquals(Set.of(), fixture.files("staging").keySet(), which);
        assertEquals(Set.of(), fixture.files("partial").keySet(), which);
    }

    /** Whether it ended well. */
    private boolean pull(PullFixture fixture, ManifestFile manifest, String which, boolean must) {
        return assertTimeoutPreemptively(
                LONGEST,
                () -> {
                    try {
                        fixture.pull(manifest);
                        endedWell++;
                        return true;
                    } catch (Problem p) {
                        problems.merge(p.kind(), 1, Integer::sum);
                        if (must) {
                            fail(which + ": " + p.message(), p);
                        }
                        assertFalse(
                                p.kind() == Problem.Kind.DISK
                                        || p.kind() == Problem.Kind.USAGE
                                        || p.kind() == Problem.Kind.INTERRUPTED
                                        || p.kind() == Problem.Kind.BUSY,
                                () -> which + " blames the user: " + p.message());
                        return false;
                    } catch (RuntimeException | Error e) {
                        return fail(which + " crashed", e);
                    }
                },
                which + " does not end");
    }

    private static void assertRight(
            PullFixture fixture, ManifestFile manifest, Map<String, Versions> files, boolean done, String which)
            throws Exception {
        DatasetId id = manifest.manifest().id();
        List<BagRef> bags = fixture.mirror().bags(id);
        assertEquals(done ? 1 : 0, bags.size(), which);
        if (!done) {
            return;
        }
        Path data = bags.get(0).data();
        for (Map.Entry<String, Versions> file : files.entrySet()) {
            if (file.getKey().endsWith(".zip")) {
                for (Map.Entry<String, byte[]> member : members().entrySet()) {
                    assertArrayEquals(
                            member.getValue(),
                            Files.readAllBytes(data.resolve(member.getKey())),
                            which + ": " + member.getKey());
                }
                continue;
            }
            byte[] bytes = Files.readAllBytes(data.resolve(file.getKey()));
            if (file.getKey().startsWith("bare")) {
                assertTrue(file.getValue().has(bytes), which + ": " + file.getKey() + " is a mixture");
            } else {
                assertArrayEquals(file.getValue().now(), bytes, which + ": " + file.getKey());
            }
        }
        try (Stream<Path> walk = Files.walk(data)) {
            assertEquals(
                    files.size() - 1 + members().size(),
                    walk.filter(Files::isRegularFile).count(),
                    which);
        }
    }

    private static Map<String, byte[]> members() {
        return ArchiveFixtures.members(
                "train/1.tif", ArchiveFixtures.noise(70_000, 91), "train/2.tif", ArchiveFixtures.noise(3, 92));
    }

    private static Map<String, Versions> files(Random random) throws IOException {
        Map<String, Versions> files = new LinkedHashMap<>();
        int length = 1 + random.nextInt(300_000);
        files.put("pinned.tif", versions(length, random));
        files.put("small.tif", versions(1 + random.nextInt(200), random));
        // Pinned by nothing: one of the two versions, and never a mixture.
        files.put("bare.tif", versions(1000 + random.nextInt(150_000), random));
        byte[] zip = ArchiveFixtures.zip(members());
        byte[] other = zip.clone();
        other[zip.length / 3]++;
        files.put("archive.zip", new Versions(zip, other));
        return files;
    }

    private static Versions versions(int length, Random random) {
        byte[] now = new byte[length];
        random.nextBytes(now);
        byte[] later = new byte[length];
        random.nextBytes(later);
        // Binary from the first byte on, as the files of real datasets are.
        Arrays.fill(now, 0, Math.min(length, 4), (byte) 0xfe);
        Arrays.fill(later, 0, Math.min(length, 4), (byte) 0xfd);
        return new Versions(now, later);
    }

    private static ManifestFile manifest(String id, Map<String, Versions> files, boolean twoSources) throws Problem {
        StringBuilder pins = new StringBuilder();
        files.forEach((path, versions) -> pins.append(
                path.startsWith("bare")
                        ? PullFixture.bare(path)
                        : PullFixture.pin(path, versions.now(), path.startsWith("small") ? "md5" : "sha256")));
        String text = """
                id: %s
                title: A toy
                version: "1"
                license: { spdx: CC0-1.0 }
                access: { status: open }
                sources:
                """.formatted(id)
                + PullFixture.source("one.example", pins.toString())
                + (twoSources ? PullFixture.source("two.example", pins.toString()) : "");
        return new ManifestReader().read(text, id + ".yaml", null);
    }
}
