package org.histods.pull.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import java.util.List;
import org.histods.manifest.ManifestReader;
import org.histods.pull.upstream.UpstreamCheck.Finding;
import org.histods.pull.upstream.UpstreamCheck.Outcome;
import org.histods.source.all.Sources;
import org.histods.testing.TestTransports;
import org.histods.transport.HttpTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Comparing what a manifest pins with what a host states. */
class UpstreamCheckTest {

    private final WireMockServer host =
            new WireMockServer(WireMockConfiguration.options().dynamicPort().bindAddress("127.0.0.1"));

    @BeforeEach
    void start() {
        host.start();
    }

    @AfterEach
    void stop() {
        host.stop();
    }

    private List<Finding> check(String files) throws Exception {
        String text = "id: toy\ntitle: A toy\nversion: \"1\"\nlicense: {}\naccess: { status: open }\nsources:\n"
                + "  - kind: zenodo\n    record: \"77\"\n    official: true\n    files:\n" + files;
        try (HttpTransport transport =
                new TestTransports().withServer(host.port()).open()) {
            return new UpstreamCheck(Sources.all(), transport)
                    .check(new ManifestReader().read(text, "toy.yaml", null).manifest());
        }
    }

    private void responds(String files) {
        host.stubFor(WireMock.get(WireMock.urlPathEqualTo("/zenodo.org/api/records/77/versions/latest"))
                .willReturn(WireMock.okJson("{\"id\":77,\"conceptrecid\":\"76\",\"metadata\":{\"title\":\"A toy\","
                        + "\"access_right\":\"open\"},\"files\":[" + files + "]}")));
        host.stubFor(WireMock.get(WireMock.urlPathEqualTo("/zenodo.org/api/records/77"))
                .willReturn(WireMock.okJson("{\"id\":77,\"conceptrecid\":\"76\",\"metadata\":{\"title\":\"A toy\","
                        + "\"access_right\":\"open\"},\"files\":[" + files + "]}")));
    }

    private static String file(String key, long size, char digit) {
        return "{\"key\":\"" + key + "\",\"size\":" + size + ",\"checksum\":\"md5:"
                + String.valueOf(digit).repeat(32) + "\",\"links\":{\"self\":\"https://zenodo.org/x\"}}";
    }

    private static String pinned(String path, long size, char digit) {
        return "      - path: " + path + "\n        bytes: " + size + "\n        sums: [{ sum: \"md5:"
                + String.valueOf(digit).repeat(32) + "\", by: Zenodo }]\n";
    }

    @Test
    void everythingAsPinned_isTheSame() throws Exception {
        responds(file("a.zip", 5, '1'));
        assertEquals(
                List.of(Outcome.SAME),
                check(pinned("a.zip", 5, '1')).stream().map(Finding::outcome).toList());
    }

    @Test
    void differentSizeAndChecksum_areReportedWithBothValues() throws Exception {
        responds(file("a.zip", 6, '2'));
        Finding finding = check(pinned("a.zip", 5, '1')).get(0);
        assertEquals(Outcome.CHANGED, finding.outcome());
        assertTrue(finding.message().contains("pinned 5, now 6"), finding.message());
        assertTrue(finding.message().contains("now md5:2222"), finding.message());
    }

    private List<Outcome> outcomes(String files) throws Exception {
        return check(files).stream().map(Finding::outcome).toList();
    }

    @Test
    void fileUnderAnotherName_isMoved() throws Exception {
        responds(file("renamed.zip", 5, '1'));
        Finding finding = check(pinned("a.zip", 5, '1')).get(0);
        assertEquals(Outcome.MOVED, finding.outcome());
        assertEquals("at", finding.edits().get(0).field());
    }

    @Test
    void sizeAndChecksumThatTheManifestLacks_areKnown() throws Exception {
        responds(file("a.zip", 5, '1'));
        assertEquals(List.of(Outcome.NOT_CHECKED, Outcome.KNOWN, Outcome.KNOWN), outcomes("      - path: a.zip\n"));
    }

    @Test
    void newerVersionWithOtherFiles_isNewer_andOneWithTheSameFilesIsNot() throws Exception {
        responds(file("a.zip", 5, '1'));
        newest("\"id\":78,\"conceptrecid\":\"76\",\"files\":[" + file("a.zip", 6, '2') + "]");
        assertEquals(List.of(Outcome.SAME, Outcome.NEWER), outcomes(pinned("a.zip", 5, '1')));

        newest("\"id\":79,\"conceptrecid\":\"76\",\"files\":[" + file("a.zip", 5, '1') + "]");
        assertEquals(List.of(Outcome.SAME), outcomes(pinned("a.zip", 5, '1')));
    }

    private void newest(String record) {
        String json = "{" + record + ",\"metadata\":{\"title\":\"A toy\",\"access_right\":\"open\"}}";
        String id = record.replaceFirst("\"id\":([0-9]+).*", "$1");
        for (String path : List.of("77/versions/latest", id)) {
            host.stubFor(WireMock.get(WireMock.urlPathEqualTo("/zenodo.org/api/records/" + path))
                    .willReturn(WireMock.okJson(json)));
        }
    }

    @Test
    void hostThatDoesNotStateVersions_isNotChecked() throws Exception {
        responds(file("a.zip", 5, '1'));
        host.stubFor(WireMock.get(WireMock.urlPathEqualTo("/zenodo.org/api/records/77/versions/latest"))
                .willReturn(WireMock.status(400)));
        assertEquals(List.of(Outcome.SAME, Outcome.NOT_CHECKED), outcomes(pinned("a.zip", 5, '1')));
    }

    @Test
    void goneAndNewFiles_areReported() throws Exception {
        responds(file("b.zip", 5, '3'));
        List<Finding> findings = check(pinned("a.zip", 5, '1'));
        assertEquals(
                List.of(Outcome.GONE, Outcome.NEW),
                findings.stream().map(Finding::outcome).toList());
        assertTrue(
                findings.get(1).message().contains("md5:3333"), findings.get(1).message());
    }

    @Test
    void hostWithoutTheRecord_isGone() throws Exception {
        List<Finding> findings = check(pinned("a.zip", 5, '1'));
        assertEquals(
                List.of(Outcome.GONE), findings.stream().map(Finding::outcome).toList());
    }
}
