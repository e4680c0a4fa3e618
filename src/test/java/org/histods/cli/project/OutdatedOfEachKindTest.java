package org.histods.cli.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.histods.testing.NewerVersions;
import org.histods.testing.ProgramRunner;
import org.histods.testing.ProgramRunner.Result;
import org.histods.testing.RandomFiles;
import org.histods.testing.SimulatedHosts;
import org.histods.testing.SimulatedRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code outdated} after a pull of a record of every kind of host, whose host then publishes a newer version. */
class OutdatedOfEachKindTest {

    @TempDir
    Path folder;

    private static Map<String, String> states(Result ran) {
        Map<String, String> states = new TreeMap<>();
        for (String line : ran.out().lines().filter(l -> l.startsWith("{")).toList()) {
            JsonNode node = new JsonMapper().readTree(line);
            states.put(node.path("dataset").asString(), node.path("state").asString());
        }
        return states;
    }

    @Test
    void pulledRecords_areNotOutdatedUntilTheirHostsHaveANewerVersion() throws Exception {
        try (SimulatedHosts hosts = new SimulatedHosts()) {
            ProgramRunner histods = hosts.runner(folder);
            RandomFiles seeded = new RandomFiles(78);
            Map<String, SimulatedRecord> setups = new LinkedHashMap<>();
            for (Map.Entry<String, SimulatedRecord.Host> host :
                    SimulatedRecord.kinds().entrySet()) {
                setups.put(host.getKey(), host.getValue().simulate(seeded, hosts));
            }
            hosts.again("/releases/tags/v1.5$", "/releases/latest", text -> text);
            Map<String, String> expected = new TreeMap<>();
            for (String kind : new String[] {
                "zenodo elsewhere", "figshare", "huggingface", "github folder", "github release", "gdc"
            }) {
                String id = kind.replace(' ', '-');
                Result draft = histods.run(
                        "manifest",
                        "new",
                        Objects.requireNonNull(setups.get(kind)).address());
                assertEquals(0, draft.exit(), draft::all);
                Files.writeString(
                        folder.resolve("manifests").resolve(id + ".yaml"),
                        draft.out().replaceFirst("(?m)^id: .*", "id: " + id));
                Result pulled = histods.run("pull", id);
                assertEquals(0, pulled.exit(), pulled::all);
                // Of these, one file is listed with nothing but its size.
                boolean sizeOnly = Set.of("figshare", "github-release", "gdc").contains(id);
                expected.put(id, sizeOnly ? "unknown" : "current");
            }
            Result before = histods.run("outdated", "--json");
            assertEquals(expected, states(before), before::all);
            assertEquals(4, before.exit(), before::all);

            NewerVersions.publish(hosts, setups);
            // The GDC replaces files in a release, and states no version of what it lists.
            hosts.again("/api.gdc.cancer.gov/files", "/api.gdc.cancer.gov/files", OutdatedOfEachKindTest::otherMd5);
            expected.replaceAll((id, state) -> id.equals("gdc") ? "changed" : "outdated");
            Result after = histods.run("outdated", "--json");
            assertEquals(expected, states(after), after::all);
            assertEquals(6, after.exit(), after::all);
            for (String id : expected.keySet()) {
                Result one = histods.run("outdated", id);
                assertEquals(6, one.exit(), one::all);
                assertTrue(one.out().contains(id.equals("gdc") ? "~ " : "histods update " + id), one::all);
                Result plan = histods.run("update", id, "--dry-run");
                assertTrue(id.equals("gdc") ? plan.exit() != 1 : plan.exit() == 0, plan::all);
            }
        }
    }

    private static String otherMd5(String listing) {
        return listing.replaceFirst("(\"md5sum\": \")\\w{5}", "$100000");
    }
}
