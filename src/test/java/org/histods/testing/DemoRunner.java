package org.histods.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.histods.demo.DemoDatasets;
import org.histods.demo.DemoServer;

/** Runs the program with the datasets of the demo, and with the demo's server in place of all hosts. */
public final class DemoRunner extends ProgramRunner implements AutoCloseable {

    /** The datasets of the demo, generated once, which takes seconds. */
    public static final DemoDatasets DATASETS = DemoDatasets.draw();

    private final Path manifests;
    private final DemoServer server;

    public DemoRunner(Path folder) throws Exception {
        super(folder, folder.resolve("manifests"));
        manifests = folder.resolve("manifests");
        server = new DemoServer(DATASETS, 0);
        DATASETS.writeManifests(manifests);
        Path settings = Files.writeString(
                folder.resolve("config.yaml"), "routes:\n  \"*\": \"" + server.route() + "\"\nrecord-user: false\n");
        with("HISTODS_CONFIG", settings.toString());
        with("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
    }

    public Path manifests() {
        return manifests;
    }

    /** The number of requests that arrived. */
    public int requests() {
        return server.requests();
    }

    @Override
    public void close() {
        server.close();
    }
}
