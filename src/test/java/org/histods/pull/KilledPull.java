package org.histods.pull;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.ManifestReader;
import org.histods.mirror.FaultyMirror;
import org.histods.mirror.Mirror;
import org.histods.testing.PullFixture;

/** A pull in a process of its own, which is killed with {@code kill -9} at a given moment. */
final class KilledPull {

    private static final Map<String, Function<Path, Mirror>> MOMENTS = Map.of(
            "before publishing", FaultyMirror::killedBeforePublishing,
            "after publishing", FaultyMirror::killedAfterPublishing);

    private KilledPull() {}

    /** The child: folder of the fixture, port of its hosts, file with the manifest, moment, and the shard if it is one. */
    public static void main(String[] arguments) throws Exception {
        try (PullFixture fixture = new PullFixture(Path.of(arguments[0]))) {
            fixture.port = Integer.parseInt(arguments[1]);
            fixture.faulty = MOMENTS.get(arguments[3]);
            ManifestFile manifest =
                    new ManifestReader().read(Files.readString(Path.of(arguments[2])), "toy.yaml", null);
            if (arguments.length > 4) {
                fixture.puller().pullShard(PullRequest.of(manifest), Shard.parse(arguments[4]), fixture.events);
            } else {
                fixture.pull(manifest);
            }
        }
    }

    /** Pulls into the same mirror until the child is killed; the exit code of the child. */
    static int run(Path folder, PullFixture fixture, String manifest, String moment, String... shard)
            throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("killed.yaml"), manifest);
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath()));
        command.addAll(List.of(
                KilledPull.class.getName(),
                folder.toString(),
                Integer.toString(fixture.port),
                file.toString(),
                moment));
        command.addAll(List.of(shard));
        Process child = new ProcessBuilder(command).inheritIO().start();
        try {
            if (!child.waitFor(120, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the child did not end");
            }
            return child.exitValue();
        } finally {
            child.destroyForcibly();
        }
    }

    /** The class path of the tests. */
    private static String classPath() {
        return KilledPull.class.getClassLoader() instanceof URLClassLoader loader
                ? Arrays.stream(loader.getURLs()).map(URL::getPath).collect(Collectors.joining(File.pathSeparator))
                : System.getProperty("java.class.path");
    }
}
