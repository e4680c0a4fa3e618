package org.histods.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.FakeOrigin;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job array of {@code docs/hpc/pull.sbatch} on a real Slurm. */
class SlurmIT {

    private static final int SLIDES = 8;
    private static final int BYTES = 2_000_000;

    @TempDir
    Path folder;

    @Test
    void jobArray_ofWhichOneTaskIsKilledAndRequeued_endsInOneRightBag() throws Exception {
        requireSlurm();
        try (FakeOrigin origin = new FakeOrigin();
                SlurmCluster slurm = new SlurmCluster(folder.resolve("slurm"))) {
            Program histods = new Program(folder);
            histods.run("list");
            Path manifest = Files.writeString(folder.resolve("slides.yaml"), manifest(origin));
            Map<String, String> environment = new HashMap<>(histods.environment());
            environment.put(
                    "HISTODS",
                    Program.project()
                            .resolve("histods")
                            .toAbsolutePath()
                            .normalize()
                            .toString());
            // Slow enough that the second task is in the middle of its work when it is killed.
            origin.sendSlowly(200_000);
            String job = slurm.submit(
                    environment,
                    Program.project()
                            .resolve("docs/hpc/pull.sbatch")
                            .toAbsolutePath()
                            .normalize(),
                    manifest.toString(),
                    "--route",
                    "*=http://127.0.0.1:" + origin.port() + "/{host}");
            String second = job + "_2";
            // Files of one size are assigned to the shards in turn, in the order of their names.
            slurm.await(
                    "the second task",
                    states -> !origin.calls("/data.example/1.bin").isEmpty());
            kill(manifest, "2/4");
            slurm.await("its end", states -> "FAILED".equals(states.get(second)));
            origin.sendSlowly(50_000_000);
            slurm.await(
                    "the other tasks",
                    states -> Stream.of("_1", "_3", "_4").allMatch(task -> "COMPLETED".equals(states.get(job + task))));
            assertFalse(Files.exists(histods.mirror().resolve("datasets")), slurm.logs());
            ProgramRunner.Result status = histods.run("status");
            assertTrue(status.err().contains("slides 1, of which 3 shards of 4 are there (1, 3, 4)"), status.err());
            slurm.requeue(second);
            slurm.await(
                    "all tasks",
                    states -> states.entrySet().stream()
                            .filter(task -> task.getKey().startsWith(job + "_"))
                            .allMatch(task -> "COMPLETED".equals(task.getValue())));
            assertOneRightBag(histods, slurm.logs());
        }
    }

    /** Without Slurm the test is skipped; with {@code CI=true} it fails. */
    private static void requireSlurm() {
        String missing = String.join(", ", SlurmCluster.missing());
        String what = "Slurm is not installed (apt-get install slurm-wlm): no " + missing;
        assertFalse(!missing.isEmpty() && "true".equals(System.getenv("CI")), what);
        assumeTrue(missing.isEmpty(), what);
    }

    /** As {@code kill -9} does. */
    private static void kill(Path manifest, String shard) {
        List<ProcessHandle> found = ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains(manifest.toString()) && line.contains("--shard " + shard))
                        .isPresent())
                .toList();
        assertFalse(found.isEmpty());
        found.forEach(ProcessHandle::destroyForcibly);
    }

    private static void assertOneRightBag(Program histods, String logs) throws Exception {
        Path data = histods.mirror().resolve("datasets/slides/1/data");
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < SLIDES; i++) {
            assertEquals(
                    ArchiveFixtures.hex("sha256", slide(i)),
                    ArchiveFixtures.hex("sha256", Files.readAllBytes(data.resolve(i + ".bin"))),
                    logs);
            names.add(i + ".bin");
        }
        try (Stream<Path> list = Files.list(data)) {
            assertEquals(
                    names,
                    new TreeSet<>(
                            list.map(file -> file.getFileName().toString()).toList()));
        }
        assertEquals(0, histods.run("verify", "--full").exit(), logs);
        try (Stream<String> journal = Files.lines(histods.mirror().resolve("journal.jsonl"))) {
            assertEquals(1, journal.filter(line -> line.contains("\"pull\"")).count());
        }
        try (Stream<Path> receipts = Files.list(data.resolveSibling("receipts"))) {
            assertEquals(5, receipts.count());
        }
        assertFalse(Files.exists(histods.mirror().resolve("shards")));
    }

    private static byte[] slide(int number) {
        return ArchiveFixtures.noise(BYTES, number);
    }

    private static String manifest(FakeOrigin origin) {
        StringBuilder text = new StringBuilder("""
                id: slides
                title: Slides for several nodes
                version: "1"
                license: { spdx: CC0-1.0 }
                access: { status: open }
                sources:
                  - kind: http
                    record: https://data.example/
                    official: true
                    files:
                """);
        for (int i = 0; i < SLIDES; i++) {
            byte[] bytes = slide(i);
            origin.put("/data.example/" + i + ".bin", bytes);
            text.append("      - { path: %d.bin, bytes: %d, sums: [{ sum: \"sha256:%s\", by: Publisher }] }\n"
                    .formatted(i, bytes.length, ArchiveFixtures.hex("sha256", bytes)));
        }
        return text.toString();
    }
}
