package org.histods.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Audits of a project whose dataset lies on a host that is played. */
public final class AuditHosts {

    private AuditHosts() {}

    /** The host has what the manifest pins. */
    public static JsonNode asPinned() throws Exception {
        return audit(false);
    }

    /** The manifest pins another checksum for one file, and does not know the others. */
    public static JsonNode changed() throws Exception {
        return audit(true);
    }

    private static JsonNode audit(boolean changed) throws Exception {
        Path folder = Files.createTempDirectory("histods-audit");
        try (DemoMirror world = new DemoMirror(folder)) {
            Path project = Files.createDirectories(folder.resolve("project"));
            Files.writeString(project.resolve("histods.yaml"), "datasets: [{ id: demo-colon, role: train }]\n");
            if (changed) {
                unpin(world.manifests().resolve("demo-colon.yaml"));
            }
            DemoMirror.Ran ran = world.run(project, "audit", "--check", "--json", "--fail-on", "never");
            return new JsonMapper().readTree(ran.out());
        } finally {
            delete(folder);
        }
    }

    private static void unpin(Path manifest) throws IOException {
        String text = Files.readString(manifest);
        Files.writeString(
                manifest,
                text.replaceFirst("md5:[0-9a-f]{32}", "md5:0cc175b9c0f1b6a831c399e269772661")
                        .replaceFirst("path: demo-colon-test.zip", "path: another.zip"));
    }

    private static void delete(Path folder) throws IOException {
        try (var walk = Files.walk(folder)) {
            for (Path path : walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
