package org.histods.pull;

import static org.histods.testing.PullWorld.manifest;
import static org.histods.testing.PullWorld.pin;
import static org.histods.testing.PullWorld.source;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.testing.FakeOrigin;
import org.histods.testing.PullWorld;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source that failed is not tried first again in the next run, until a day has passed. */
final class FailedSourcesTest {

    private static final byte[] BYTES = PullWorld.text("some bytes");

    @TempDir
    Path temp;

    private PullWorld world;
    private int used;

    @BeforeEach
    void open() throws IOException {
        world = new PullWorld(temp);
        world.origin.always("/one.example/a.bin", FakeOrigin.status("503 Service Unavailable", "down"));
        world.origin.put("/two.example/a.bin", BYTES);
        world.origin.always("/one.example/b.bin", FakeOrigin.status("503 Service Unavailable", "down"));
        world.origin.put("/two.example/b.bin", BYTES);
    }

    @AfterEach
    void close() throws IOException {
        world.close();
    }

    private static ManifestFile dataset(String file) throws Problem {
        String pin = pin(file, BYTES, "sha256");
        return manifest("sources:\n" + source("one.example", pin) + source("two.example", pin));
    }

    /** In a mirror that holds nothing yet, as another dataset of the same record. */
    private int requestsToTheDeadHost(String file) throws Exception {
        world.origin.forget();
        world.heard.notes.clear();
        if (Files.exists(world.root)) {
            Files.move(world.root, temp.resolve("used-" + used++));
        }
        world.pull(dataset(file));
        return world.origin.calls("/one.example/" + file).size();
    }

    @Test
    void hostThatWasDead_isNotAskedFirstInTheNextRun_andTheUserIsToldWhy() throws Exception {
        assertTrue(requestsToTheDeadHost("a.bin") > 0);
        assertEquals(0, requestsToTheDeadHost("b.bin"));
        assertTrue(
                world.heard.notes.get(0).startsWith("starting with http: http (https://one.example/) failed at "),
                world.heard.notes.toString());
    }

    @Test
    void hostThatWasDead_isAskedFirstAgainAfterADay() throws Exception {
        requestsToTheDeadHost("a.bin");
        world.memoryClock = Clock.offset(Clock.systemUTC(), Duration.ofHours(23));
        assertEquals(0, requestsToTheDeadHost("b.bin"));
        world.memoryClock = Clock.offset(Clock.systemUTC(), Duration.ofHours(25));
        assertTrue(requestsToTheDeadHost("a.bin") > 0);
    }

    @Test
    void hostThatWasDead_isStillAskedIfTheOtherFails() throws Exception {
        requestsToTheDeadHost("a.bin");
        world.origin.put("/one.example/b.bin", BYTES);
        world.origin.always("/two.example/b.bin", FakeOrigin.status("404 Not Found", "gone"));
        assertEquals(1, requestsToTheDeadHost("b.bin"));
        assertEquals(
                "", String.join("", PullWorld.filesBelow(world.failedSources()).keySet()));
    }

    @Test
    void allHostsDead_isNotRemembered_sinceOurOwnNetworkMayBeDown() throws Exception {
        world.origin.always("/two.example/a.bin", FakeOrigin.status("503 Service Unavailable", "down"));
        assertThrows(Problem.class, () -> world.pull(dataset("a.bin")));
        assertEquals(
                "", String.join("", PullWorld.filesBelow(world.failedSources()).keySet()));
    }

    @Test
    void damagedMemory_isNoObstacle() throws Exception {
        requestsToTheDeadHost("a.bin");
        for (String name : PullWorld.filesBelow(world.failedSources()).keySet()) {
            Files.writeString(world.failedSources().resolve(name), "yesterday");
        }
        assertTrue(requestsToTheDeadHost("b.bin") > 0);
    }
}
