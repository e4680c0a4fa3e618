package org.histods.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.FakeOrigin;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A pull that is killed repeatedly at random moments: no bag is ever wrong, little is transferred twice, and the
 * successful pull leaves nothing behind of the killed ones.
 *
 * <p>{@code -Dhistods.kills=25} kills more often, {@code -Dhistods.seed=N} at other moments.
 */
class KillsIT {

    private static final int KILLS = Integer.getInteger("histods.kills", 8);
    private static final long SEED = Long.getLong("histods.seed", 12);
    private static final int MEMBERS = 40;
    /** More kills need a larger archive: each costs up to a megabyte, whatever its size. */
    private static final int MEMBER = Math.max(800_000, 60_000 * KILLS);

    /** The last kills come when everything has arrived: while it is checked, unpacked, recorded and published. */
    private static final int KILLS_AFTER_THE_LAST_BYTE = KILLS / 4;

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);

    @Test
    void pullThatIsKilledAgainAndAgain_isNeverWrong_transfersLittleTwice_andLeavesNothing() throws Exception {
        byte[] zip = zip();
        try (FakeOrigin origin = new FakeOrigin()) {
            origin.sendSlowly(15_000_000);
            origin.put("/data.example/slides.zip", zip);
            Program histods = new Program(folder);
            histods.run("list");
            Files.writeString(
                    folder.resolve("kills.yaml"), """
                    id: kills
                    title: Killed again and again
                    version: "1"
                    license: { spdx: CC0-1.0 }
                    access: { status: open }
                    sources:
                      - kind: http
                        record: https://data.example/
                        official: true
                        files:
                          - path: slides.zip
                            bytes: %d
                            sums: [{ sum: "sha256:%s", by: Publisher }]
                    """.formatted(zip.length, ArchiveFixtures.hex("sha256", zip)));
            String[] pull = {"pull", "kills.yaml", "--route", "*=http://127.0.0.1:" + origin.port() + "/{host}", "--yes"
            };
            StringBuilder moments = new StringBuilder("seed " + SEED + ", killed at");
            for (int kill = 0; kill < KILLS; kill++) {
                Process process = histods.start(folder.resolve("o"), folder.resolve("e"), pull);
                moments.append(' ').append(waitForTheMoment(process, origin, zip.length, kill));
                process.destroyForcibly();
                assertTrue(process.waitFor(60, TimeUnit.SECONDS));
                assertNothingIsWrong(histods, moments.toString());
            }
            ProgramRunner.Result last = histods.run(pull);
            assertEquals(0, last.exit(), moments + "\n" + last.err());
            assertNothingIsWrong(histods, moments.toString());
            assertEquals(MEMBERS, count(histods.mirror().resolve("datasets")), moments.toString());
            assertEquals(0, histods.run("verify", "--full").exit(), moments.toString());
            double transferred = (double) origin.sent() / zip.length;
            System.out.printf("%s: %.2f times the archive was sent%n", moments, transferred);
            assertTrue(transferred <= 1.5, moments + ": " + transferred);
            assertEquals(new TreeMap<>(), left(histods), moments.toString());
        }
    }

    /** Waits until the moment of the kill, and describes it: after that many bytes, or after that time. */
    private String waitForTheMoment(Process process, FakeOrigin origin, long length, int kill) throws Exception {
        int early = KILLS - KILLS_AFTER_THE_LAST_BYTE;
        long until = origin.sent() + (long) (1.6 * length / early * random.nextDouble());
        int late = 500 + random.nextInt(2500);
        if (kill >= early) {
            process.waitFor(late, TimeUnit.MILLISECONDS);
            return process.isAlive() ? late + "ms" : "its end";
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (process.isAlive() && System.nanoTime() < end && origin.sent() < until) {
            process.waitFor(1, TimeUnit.MILLISECONDS);
        }
        return process.isAlive() ? String.valueOf(origin.sent()) : "its end";
    }

    /** Files under a final name are right, whether the process is alive or not. */
    private void assertNothingIsWrong(Program histods, String moments) throws IOException {
        Path data = histods.mirror().resolve("datasets/kills/1/data");
        if (!Files.exists(data)) {
            assertFalse(Files.exists(histods.mirror().resolve("datasets/kills/1")), moments);
            return;
        }
        for (int i = 0; i < MEMBERS; i++) {
            assertEquals(
                    ArchiveFixtures.hex("sha256", member(i)),
                    ArchiveFixtures.hex("sha256", Files.readAllBytes(data.resolve(i + ".tif"))),
                    moments);
        }
    }

    private static long count(Path datasets) throws IOException {
        try (Stream<Path> walk = Files.walk(datasets)) {
            return walk.filter(p -> p.toString().endsWith(".tif")).count();
        }
    }

    private static Map<String, Long> left(Program histods) throws IOException {
        TreeMap<String, Long> left = new TreeMap<>();
        for (String name : new String[] {"staging", "partial"}) {
            Path below = histods.mirror().resolve(name);
            if (Files.exists(below)) {
                try (Stream<Path> walk = Files.walk(below)) {
                    walk.filter(p -> !p.equals(below))
                            .forEach(p -> left.put(p.toString(), p.toFile().length()));
                }
            }
        }
        return left;
    }

    private static byte[] member(int number) {
        return ArchiveFixtures.noise(MEMBER, number);
    }

    private static byte[] zip() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(MEMBERS * MEMBER + 100_000);
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (int i = 0; i < MEMBERS; i++) {
                byte[] content = member(i);
                CRC32 crc = new CRC32();
                crc.update(content);
                ZipEntry entry = new ZipEntry(i + ".tif");
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(content.length);
                entry.setCrc(crc.getValue());
                out.putNextEntry(entry);
                out.write(content);
            }
        }
        return bytes.toByteArray();
    }
}
