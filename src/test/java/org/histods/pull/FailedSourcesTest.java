package org.histods.pull;

import static org.histods.testing.PullFixture.manifest;
import static org.histods.testing.PullFixture.pin;
import static org.histods.testing.PullFixture.source;
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
import org.histods.testing.PullFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source that failed is not tried first again in the next run, until a day has passed. */
final class FailedSourcesTest {

    private static final byte[] BYTES = PullFixture.text("some bytes");

    @TempDir
    Path temp;

    private PullFixture fixture;
    private int used;

    @BeforeEach
    void open() throws IOException {
        fixture = new PullFixture(temp);
        fixture.origin.always("/one.example/a.bin", FakeOrigin.status("503 Service Unavailable", "down"));
        fixture.origin.put("/two.example/a.bin", BYTES);
        fixture.origin.always("/one.example/b.bin", FakeOrigin.status("503 Service Unavailable", "down"));
        fixture.origin.put("/two.example/b.bin", BYTES);
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private static ManifestFile dataset(String file) throws Problem {
        String pin = pin(file, BYTES, "sha256");
        return manifest("sources:\n" + source("one.example", pin) + source("two.example", pin));
    }

    /** In a mirror that holds nothing yet, as another dataset of the same record. */
    private int requestsToTheDeadHost(String file) throws Exception {
        fixture.origin.forget();
        fixture.events.notes.clear();
        if (Files.exists(fixture.root)) {
            Files.move(fixture.root, temp.resolve("used-" + used++));
        }
        fixture.pull(dataset(file));
        return fixture.origin.calls("/one.example/" + file).size();
    }

    @Test
    void hostThatFailed_isNotTriedFirstInTheNextRun_andTheReasonIsReported() throws Exception {
        assertTrue(requestsToTheDeadHost("a.bin") > 0);
        assertEquals(0, requestsToTheDeadHost("b.bin"));
        assertTrue(
                fixture.events.notes.get(0).startsWith("starting with http: http (https://one.example/) failed at "),
                fixture.events.notes.toString());
    }

    @Test
    void hostThatFailed_isTriedFirstAgainAfterADay() throws Exception {
        requestsToTheDeadHost("a.bin");
        fixture.memoryClock = Clock.offset(Clock.systemUTC(), Duration.ofHours(23));
        assertEquals(0, requestsToTheDeadHost("b.bin"));
        fixture.memoryClock = Clock.offset(Clock.systemUTC(), Duration.ofHours(25));
        assertTrue(requestsToTheDeadHost("a.bin") > 0);
    }

    @Test
    void hostThatFailed_isStillTriedIfTheOtherFails() throws Exception {
        requestsToTheDeadHost("a.bin");
        fixture.origin.put("/one.example/b.bin", BYTES);
        fixture.origin.always("/two.example/b.bin", FakeOrigin.status("404 Not Found", "gone"));
        assertEquals(1, requestsToTheDeadHost("b.bin"));
        assertEquals(
                "",
                String.join("", PullFixture.filesBelow(fixture.failedSources()).keySet()));
    }

    @Test
    void allHostsDead_isNotRemembered_sinceOurOwnNetworkMayBeDown() throws Exception {
        fixture.origin.always("/two.example/a.bin", FakeOrigin.status("503 Service Unavailable", "down"));
        assertThrows(Problem.class, () -> fixture.pull(dataset("a.bin")));
        assertEquals(
                "",
                String.join("", PullFixture.filesBelow(fixture.failedSources()).keySet()));
    }

    @Test
    void damagedMemory_isNoObstacle() throws Exception {
        requestsToTheDeadHost("a.bin");
        for (String name : PullFixture.filesBelow(fixture.failedSources()).keySet()) {
            Files.writeString(fixture.failedSources().resolve(name), "yesterday");
        }
        assertTrue(requestsToTheDeadHost("b.bin") > 0);
    }
}
