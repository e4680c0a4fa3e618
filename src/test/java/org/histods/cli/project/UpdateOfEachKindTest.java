package org.histods.cli.project;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.histods.testing.NewerVersions;
import org.histods.testing.ProgramRunner;
import org.histods.testing.ProgramRunner.Result;
import org.histods.testing.RandomFiles;
import org.histods.testing.SimulatedHosts;
import org.histods.testing.SimulatedRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code update} of records after one file of each was replaced: in a newer version, or without one at hosts that have none. */
class UpdateOfEachKindTest {

    private static final String[] KINDS = {
        "zenodo",
        "zenodo elsewhere",
        "figshare",
        "mendeley",
        "dataverse",
        "kaggle",
        "huggingface",
        "github folder",
        "github release",
    };

    @TempDir
    Path folder;

    private SimulatedHosts hosts;
    private ProgramRunner histods;
    private Path project;

    @BeforeEach
    void makeProject() throws IOException {
        hosts = new SimulatedHosts();
        histods = hosts.runner(folder).with("KAGGLE_API_TOKEN", "t");
        project = Files.createDirectories(folder.resolve("project"));
    }

    @AfterEach
    void end() {
        hosts.close();
    }

    private Result run(int exit, String... command) {
        Result ran = histods.run(project, command);
        assertEquals(exit, ran.exit(), () -> String.join(" ", command) + "\n" + ran.all());
        return ran;
    }

    private String lock() throws Exception {
        return Files.readString(project.resolve("histods.lock"));
    }

    private void data(String id, SimulatedRecord record) throws Exception {
        Map<String, byte[]> found = new TreeMap<>();
        Path data = project.resolve("data/" + id).toRealPath();
        try (Stream<Path> walk = Files.walk(data)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                found.put(data.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        assertEquals(record.files().keySet(), found.keySet(), id);
        record.files().forEach((path, bytes) -> assertArrayEquals(bytes, found.get(path), id + " " + path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"osf", "gdc", "s3"})
    void fileThatAHostWithoutVersionsReplaced_isFetched_andTheOthersAreTakenFromTheMirror(String kind)
            throws Exception {
        RandomFiles seeded = new RandomFiles(83);
        SimulatedRecord before =
                Objects.requireNonNull(SimulatedRecord.kinds().get(kind)).simulate(seeded, hosts);
        Result draft = run(0, "manifest", "new", before.address(), "--id", kind);
        Files.writeString(folder.resolve("manifests/" + kind + ".yaml"), draft.out());
        run(0, "init");
        run(0, "add", kind, "--role", "train");
        run(0, "sync");
        SimulatedRecord after = Objects.requireNonNull(NewerVersions.replaceOneFile(hosts, Map.of(kind, before), seeded)
                .get(kind));

        Result updated = run(0, "update");

        after.files().forEach((path, bytes) -> {
            boolean same = bytes == before.files().get(path);
            if (same && before.stated().contains(path)) {
                assertTrue(updated.err().contains("  " + path + "  taken from " + kind + "@"), updated::all);
            }
        });
        run(0, "sync");
        data(kind, after);
        histods.mirror("of somebody else");
        run(0, "sync", "--locked");
    }

    @Test
    void newVersion_isPulledButForItsUnchangedFiles_andTheLockFollows() throws Exception {
        RandomFiles seeded = new RandomFiles(79);
        Map<String, SimulatedRecord> setups = new LinkedHashMap<>();
        for (String kind : KINDS) {
            setups.put(
                    kind,
                    Objects.requireNonNull(SimulatedRecord.kinds().get(kind)).simulate(seeded, hosts));
        }
        hosts.again("/releases/tags/v1.5$", "/releases/latest", text -> text);
        run(0, "init");
        for (Map.Entry<String, SimulatedRecord> setup : setups.entrySet()) {
            String id = setup.getKey().replace(' ', '-');
            Result draft = run(0, "manifest", "new", setup.getValue().address(), "--id", id);
            Files.writeString(folder.resolve("manifests/" + id + ".yaml"), draft.out());
            run(0, "add", id, "--role", "train");
        }
        run(0, "sync");
        Map<String, SimulatedRecord> after = NewerVersions.publishOneFile(hosts, setups, seeded);

        for (Map.Entry<String, SimulatedRecord> newer : after.entrySet()) {
            String id = newer.getKey().replace(' ', '-');
            String before = lock();
            Result updated = run(0, "update", id);
            Map<String, byte[]> old =
                    Objects.requireNonNull(setups.get(newer.getKey())).files();
            newer.getValue().files().forEach((path, bytes) -> {
                boolean same = bytes == old.get(path);
                assertEquals(
                        same && newer.getValue().stated().contains(path),
                        updated.err().contains("  " + path + "  taken from " + id + "@"),
                        updated::all);
            });
            assertFalse(before.equals(lock()), updated::all);
            assertTrue(Files.exists(project.resolve("manifests/" + id + ".yaml")), updated::all);
            run(0, "sync");
            data(id, newer.getValue());
            // Where a host states only the size of a file, it cannot be checked.
            Result again = histods.run(project, "update", id);
            assertTrue(
                    again.exit() == 0
                            || again.err().contains("nothing else")
                            || again.out().contains("nothing else"),
                    again::all);
            assertTrue(again.err().contains("nothing to update"), again::all);
        }
        histods.mirror("of somebody else");
        run(0, "sync", "--locked");
    }
}
