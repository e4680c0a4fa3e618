package org.histods.transport;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.testing.FakeHosts;
import org.histods.testing.FakeSleeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Error responses of hosts, and when requests are retried. */
class RetryTest {

    private static final String FILE = "https://zenodo.org/records/1/files/a.zip";

    @RegisterExtension
    static final FakeHosts HOSTS = new FakeHosts();

    private static void respondInTurn(ResponseDefinitionBuilder... responses) {
        for (int i = 0; i < responses.length; i++) {
            HOSTS.server.stubFor(any(anyUrl())
                    .inScenario("turn")
                    .whenScenarioStateIs(i == 0 ? Scenario.STARTED : "" + i)
                    .willSetStateTo("" + Math.min(i + 1, responses.length - 1))
                    .willReturn(responses[i]));
        }
    }

    private static void always(ResponseDefinitionBuilder response) {
        HOSTS.server.stubFor(get(anyUrl()).willReturn(response));
    }

    private static ResponseDefinitionBuilder status(int status) {
        return aResponse().withStatus(status);
    }

    private static void assertWaitedAtLeast(int seconds) {
        assertTrue(HOSTS.time.passed().toSeconds() >= seconds, HOSTS.time.passed()::toString);
    }

    private static void assertWaitedLessThan(int seconds) {
        assertTrue(HOSTS.time.passed().toSeconds() < seconds, HOSTS.time.passed()::toString);
    }

    @Test
    void hostThatDidNotRespond_isAskedOnceOnly_forTheNextFiles_untilItResponds() throws Exception {
        always(aResponse().withFault(Fault.EMPTY_RESPONSE));
        Transport transport = HOSTS.transport();
        assertThrows(Problem.class, () -> transport.open(FakeHosts.get(FILE)));
        int attempts = HOSTS.requested().size();
        assertTrue(attempts >= 5, () -> "" + attempts);
        assertThrows(Problem.class, () -> transport.open(FakeHosts.get(FILE + ".2")));
        assertEquals(attempts + 1, HOSTS.requested().size());
        always(ok("data"));
        transport.open(FakeHosts.get(FILE)).close();
        respondInTurn(aResponse().withFault(Fault.EMPTY_RESPONSE), ok("data"));
        transport.open(FakeHosts.get(FILE)).close();
    }

    @Test
    void retryAfterInSeconds_isWaitedForEachTime() throws Exception {
        ResponseDefinitionBuilder busy = status(429).withHeader("Retry-After", "7");
        respondInTurn(busy, busy, ok("data"));
        byte[] bytes = HOSTS.transport().read(FakeHosts.get(FILE), 100);
        assertArrayEquals("data".getBytes(UTF_8), bytes);
        assertEquals(3, HOSTS.requested().size());
        assertWaitedAtLeast(14);
        assertWaitedLessThan(20);
        assertEquals(2, HOSTS.waits.size());
        assertTrue(HOSTS.waits.get(0).contains("zenodo.org returned HTTP 429"), HOSTS.waits::toString);
    }

    @Test
    void retryAfterAsDate_isWaitedFor() throws Exception {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                FakeSleeper.START.plusSeconds(90).atZone(ZoneOffset.UTC));
        respondInTurn(status(503).withHeader("Retry-After", date), ok("data"));
        HOSTS.transport().open(FakeHosts.get(FILE)).close();
        assertWaitedAtLeast(90);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Wed, 21 Oct 2015 07:28:00 GMT", "soon", "-5"})
    void retryAfterInThePastOrInvalid_waitsOnlyOurOwnPause(String value) throws Exception {
        respondInTurn(status(429).withHeader("Retry-After", value), ok("data"));
        HOSTS.transport().open(FakeHosts.get(FILE)).close();
        assertWaitedLessThan(60);
    }

    @ParameterizedTest
    @CsvSource({"429,7200", "503,99999999999999999999", "500,7200", "502,86400", "403,7200"})
    void hostThatWantsHoursOfPause_isReportedAtOnceWithTheTime(int status, String seconds) throws Exception {
        always(status(status).withHeader("Retry-After", seconds));
        Problem problem = FakeHosts.fails(HOSTS.transport(), FILE);
        assertEquals(Kind.NETWORK, problem.kind());
        assertTrue(problem.message().contains("it accepts no request before"), problem::message);
        assertEquals(Duration.ZERO, HOSTS.time.passed());
        assertEquals(1, HOSTS.requested().size());
    }

    @Test
    void retryAfterBeyondThePatience_saysWhenToComeBackAndNeverAsksEarlier() throws Exception {
        always(status(429).withHeader("Retry-After", "3600"));
        HttpTransport transport = HOSTS.transport();
        Problem problem = FakeHosts.fails(transport, FILE);
        assertEquals(Kind.NETWORK, problem.kind());
        assertTrue(problem.message().contains("14:05"), problem::message);
        assertTrue(String.valueOf(problem.hint()).contains("14:05"), problem::hint);
        assertEquals(Duration.ZERO, HOSTS.time.passed());

        Problem second = FakeHosts.fails(transport, "https://zenodo.org/other");
        assertTrue(second.message().contains("14:05"), second::message);
        assertEquals(1, HOSTS.requested().size());
    }

    @Test
    void retryAfterOnSuccess_isNoPause() throws Exception {
        always(ok("data").withHeader("Retry-After", "59"));
        HttpTransport transport = HOSTS.transport();
        transport.open(FakeHosts.get(FILE)).close();
        transport.open(FakeHosts.get(FILE)).close();
        assertEquals(Duration.ZERO, HOSTS.time.passed());
    }

    @Test
    void allowanceUsedUp_pausesBeforeTheNextRequestOfThatHostOnly() throws Exception {
        long reset = FakeSleeper.START.plusSeconds(40).getEpochSecond();
        always(ok("data").withHeader("X-RateLimit-Remaining", "0").withHeader("X-RateLimit-Reset", "" + reset));
        HttpTransport transport = HOSTS.transport();
        transport.open(FakeHosts.get(FILE)).close();
        assertEquals(Duration.ZERO, HOSTS.time.passed());
        transport.open(FakeHosts.get("https://figshare.com/x")).close();
        assertEquals(Duration.ZERO, HOSTS.time.passed());
        transport.open(FakeHosts.get(FILE)).close();
        assertEquals(Duration.ofSeconds(40), HOSTS.time.passed());
    }

    @Test
    void allowanceOfHuggingFaceUsedUp_pausesForItsSeconds() throws Exception {
        respondInTurn(status(429).withHeader("RateLimit", "\"resolvers\";r=0;t=120"), ok("data"));
        HOSTS.transport().open(FakeHosts.get("https://huggingface.co/x")).close();
        assertWaitedAtLeast(120);
    }

    @Test
    void forbiddenBecauseTheRateLimitIsUsedUp_isWaitedForWithoutAdviceToLogIn() throws Exception {
        long reset = FakeSleeper.START.plusSeconds(200).getEpochSecond();
        respondInTurn(
                status(403).withHeader("x-ratelimit-remaining", "0").withHeader("x-ratelimit-reset", "" + reset),
                ok("data"));
        HOSTS.transport().open(FakeHosts.get("https://api.github.com/x")).close();
        assertWaitedAtLeast(200);
    }

    @ParameterizedTest
    @ValueSource(ints = {425, 429, 500, 502, 503, 504})
    void statusThatMayPass_isTriedAgain(int status) throws Exception {
        respondInTurn(status(status), ok("data"));
        HOSTS.transport().open(FakeHosts.get(FILE)).close();
        assertEquals(2, HOSTS.requested().size());
    }

    @ParameterizedTest
    @CsvSource({"500,0,10", "502,0,10", "503,0,10", "504,0,10", "429,30,60"})
    void hostThatDoesNotSayHowLong_isAskedAgainAfterASecond_andAfterHalfAMinuteIfItWantsFewerRequests(
            int status, int atLeast, int lessThan) throws Exception {
        respondInTurn(status(status), ok("data"));
        HOSTS.transport().open(FakeHosts.get(FILE)).close();
        assertWaitedAtLeast(Math.max(1, atLeast));
        assertWaitedLessThan(lessThan);
    }

    @Test
    void requestTimeoutOfTheHost_isTriedAgain() throws Exception {
        respondInTurn(status(408), status(408), status(408), ok("data"));
        HOSTS.transport().open(FakeHosts.get(FILE)).close();
        assertEquals(4, HOSTS.requested().size());
    }

    @Test
    void connectionResetBeforeTheResponse_isTriedAgain() throws Exception {
        respondInTurn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER), ok("data"));
        HOSTS.transport().open(FakeHosts.get(FILE)).close();
        assertEquals(2, HOSTS.requested().size());
    }

    @ParameterizedTest
    @CsvSource({
        "400,NETWORK", "401,PERSON", "402,NETWORK", "403,PERSON", "404,NETWORK", "405,NETWORK", "410,NETWORK",
        "418,NETWORK", "451,NETWORK", "501,NETWORK", "505,NETWORK", "201,NETWORK", "202,NETWORK", "204,NETWORK",
        "206,NETWORK", "304,NETWORK", "416,NETWORK"
    })
    void statusThatWillNotPass_failsAtOnce(int status, Kind kind) throws Exception {
        always(status(status));
        Problem problem = FakeHosts.fails(HOSTS.transport(), FILE);
        assertEquals(kind, problem.kind());
        assertEquals(1, problem.attempts().size());
        assertEquals(status, problem.attempts().get(0).status());
        assertEquals(1, HOSTS.requested().size());
    }

    @Test
    void serverErrorsForHours_endAfterFiveAttemptsWithGrowingPauses() throws Exception {
        always(status(500));
        Problem problem = FakeHosts.fails(HOSTS.transport(), FILE);
        assertEquals(Kind.NETWORK, problem.kind());
        assertEquals(5, HOSTS.requested().size());
        assertEquals(5, problem.attempts().size());
        assertWaitedAtLeast(1 + 2 + 4 + 8);
        assertWaitedLessThan(600);
    }

    @Test
    void problem_listsEveryAttemptAndSaysWhatCameAndWhatToDo() throws Exception {
        respondInTurn(
                status(500),
                status(502)
                        .withHeader("Content-Type", "text/html")
                        .withBody("<html><title>Bad  day</title><p>x</html>"),
                status(404).withHeader("Content-Type", "application/json").withBody("{\"message\": \"gone fishing\"}"));
        Problem problem = FakeHosts.fails(HOSTS.transport(), FILE);
        assertEquals(
                "could not get " + FILE + ": zenodo.org returned HTTP 404 Not Found (gone fishing): no such file"
                        + " (after 3 attempts)",
                problem.message());
        assertEquals(3, problem.attempts().size());
        Problem.Attempt second = problem.attempts().get(1);
        assertEquals("zenodo.org", second.source());
        assertEquals(FILE, second.url());
        assertEquals(502, second.status());
        assertEquals("returned HTTP 502 Bad Gateway (Bad day)", second.cause());
        assertNull(second.bytes());
        assertTrue(String.valueOf(problem.hint()).contains("--from"), problem::hint);
    }

    @Test
    void botChallengeWithoutBytes_isNamed() throws Exception {
        always(status(202).withHeader("x-amzn-waf-action", "challenge"));
        Problem problem = FakeHosts.fails(HOSTS.transport(), "https://figshare.com/ndownloader/files/1");
        assertTrue(problem.message().contains("x-amzn-waf-action: challenge"), problem::message);
    }

    @Test
    void rangeBehindTheEnd_reportsTheSizeAndTheStatus() throws Exception {
        always(status(416).withHeader("Content-Range", "bytes */1000"));
        Problem problem = FakeHosts.fails(HOSTS.transport(), FakeHosts.get(FILE).range(1000, -1));
        assertEquals(416, problem.attempts().get(0).status());
        assertTrue(problem.message().contains("1000 bytes"), problem::message);
    }

    @Test
    void smallResponseThatBreaksOff_isReadAgain() throws Exception {
        respondInTurn(aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE), ok("data"));
        assertArrayEquals("data".getBytes(UTF_8), HOSTS.transport().read(FakeHosts.get(FILE), 4));
    }

    @Test
    void smallResponseThatIsTooLong_isRefused() throws Exception {
        always(ok("12345"));
        HttpTransport transport = HOSTS.transport();
        Problem problem = assertThrows(Problem.class, () -> transport.read(FakeHosts.get(FILE), 4));
        assertEquals(Kind.NETWORK, problem.kind());
        assertTrue(problem.message().contains("longer than the 4 bytes"), problem::message);
    }

    @Test
    void offline_sendsNoRequest() throws Exception {
        HttpTransport transport = HOSTS.transport(settings -> settings.withOffline(true));
        Problem problem = FakeHosts.fails(transport, FILE);
        assertEquals(Kind.NETWORK, problem.kind());
        assertTrue(problem.message().contains("--offline forbids requests"), problem::message);
        assertTrue(HOSTS.requested().isEmpty());
    }
}
