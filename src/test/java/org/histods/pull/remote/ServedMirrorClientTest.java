package org.histods.pull.remote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.problem.Problem;
import org.histods.provenance.MirrorListing;
import org.histods.provenance.MirrorPull;
import org.histods.provenance.MirrorPull.State;
import org.histods.testing.FakeSleeper;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.junit.jupiter.api.Test;

/** A client that waits until a mirror has pulled a dataset for it. */
final class ServedMirrorClientTest {

    private static final URI MIRROR = URI.create("http://127.0.0.1:8480/");
    private static final DatasetId TOY = new DatasetId("toy");
    private static final DatasetVersion ONE = new DatasetVersion("1");

    private final FakeSleeper time = new FakeSleeper();
    private final List<String> notes = new ArrayList<>();

    /** A mirror without datasets that replies so to the first, second … question. */
    private static Transport replying(IntFunction<MirrorPull> reply) {
        return new Transport() {
            private int asked;

            @Override
            public Response open(Request request) {
                byte[] body = reply.apply(asked++).text().getBytes(UTF_8);
                return new Response(
                        202,
                        request.uri(),
                        List.of(),
                        Map.of("retry-after", "30"),
                        0,
                        body.length,
                        body.length,
                        new ByteArrayInputStream(body));
            }

            @Override
            public byte[] read(Request request, int maxBytes) {
                return new MirrorListing(List.of(), true).text().getBytes(UTF_8);
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }

    private void obtain(IntFunction<MirrorPull> reply) throws Problem {
        assertTrue(new ServedMirrorClient(MIRROR, time, Duration.ofMinutes(10))
                .obtain(TOY, ONE, replying(reply), notes::add)
                .isEmpty());
    }

    @Test
    void hourInTheQueueOfAMirrorThatPullsOthersMeanwhile_isNoReasonToLeave() throws Exception {
        obtain(asked -> asked < 120
                ? new MirrorPull(State.WAITING, asked * 1000L, null, null)
                : asked < 130
                        ? new MirrorPull(State.PULLING, asked - 119L, 10L, null)
                        : new MirrorPull(State.READY, 0, null, null));
        assertTrue(time.passed().toMinutes() >= 60, time.passed().toString());
        assertTrue(notes.contains("the mirror " + MIRROR + " pulls other datasets first"), notes.toString());
    }

    @Test
    void queueThatDoesNotMove_isLeftAfterTenMinutes() {
        Problem problem =
                assertThrows(Problem.class, () -> obtain(asked -> new MirrorPull(State.WAITING, 1000, null, null)));
        assertEquals("the pulls before that of toy 1 made no progress for 10 min", problem.message());
        assertEquals(10, time.passed().toMinutes());
    }
}
