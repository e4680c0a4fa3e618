package org.histods.cli.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.histods.mirror.Mirror;
import org.histods.mirror.OwnerProcess;
import org.histods.testing.Browser;
import org.histods.testing.ProgramRunner;
import org.histods.testing.ServingProgram;
import org.histods.testing.TestBags;
import org.histods.testing.ToyDataset;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code histods serve}: the pages of a mirror, and options that are refused. */
final class ServeCommandTest {

    @TempDir
    Path folder;

    private Path manifests;

    @BeforeEach
    void mirror() throws Exception {
        manifests = Files.createDirectories(folder.resolve("manifests"));
        ToyDataset.write(manifests, "toy", "open", "[]");
        ToyDataset.write(manifests, "gated", "registration", "[]");
        Mirror mirror = new Mirror(folder.resolve("mirror"), OwnerProcess.self("test"), false, Clock.systemUTC());
        TestBags.publish(mirror, "toy", Map.of("a/slide.svs", "a slide", "b/label.csv", "x,y"));
        Path bag = TestBags.publish(mirror, "gated", Map.of("secret.svs", "not for all"))
                .path();
        Files.copy(
                manifests.resolve("gated.yaml"),
                bag.resolve("manifest.yaml"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private ServingProgram served(String... options) {
        return new ServingProgram(folder, manifests, options);
    }

    @Test
    void mirror_isShownWithTheCatalogue() throws Exception {
        try (ServingProgram served = served("--listen", "127.0.0.1:0")) {
            String index = served.get("").body();
            assertTrue(index.contains("datasets/toy.html") && index.contains("datasets/gated.html"), index);
            String page = served.get("datasets/toy.html").body();
            assertTrue(page.contains("In this mirror") && page.contains("../bags/toy/1/"), page);
            assertTrue(page.contains("histods pull toy --from-mirror URL"), page);
            assertTrue(served.get("catalogue.html").body().contains("The toy dataset"));
            assertEquals("a slide", served.get("bags/toy/1/data/a/slide.svs").body());
            assertEquals(
                    "not for all", served.get("bags/gated/1/data/secret.svs").body());
        }
    }

    @Test
    void gatedDataset_isNotServedToOtherMachinesWithoutAToken() throws Exception {
        try (ServingProgram served = served("--listen", "0.0.0.0:0")) {
            assertEquals("a slide", served.get("bags/toy/1/data/a/slide.svs").body());
            assertEquals(404, served.get("bags/gated/1/data/secret.svs").statusCode());
            assertFalse(served.get("mirror.json").body().contains("gated"));
            assertFalse(served.get("datasets/gated.html").body().contains("In this mirror"));
        }
    }

    @Test
    void token_opensEverythingToThoseWhoSendIt() throws Exception {
        Files.writeString(folder.resolve("token"), "0123456789abcdef0123\n");
        try (ServingProgram served = served("--listen", "0.0.0.0:0", "--token-file", "token")) {
            assertEquals(401, served.get("").statusCode());
            HttpResponse<String> gated =
                    served.get("bags/gated/1/data/secret.svs", "Authorization", "Bearer 0123456789abcdef0123");
            assertEquals("not for all", gated.body());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--listen, 8480, must be HOST:PORT",
        "--listen, localhost:99999, must be HOST:PORT",
        "--listen, no.such.host.invalid:1, not an address of this machine",
        "--listen, 192.0.2.1:0, cannot listen on 192.0.2.1:0",
        "--connections, 0, must be at least 1",
        "--token-file, short, at least 16 characters",
        "--token-file, missing, cannot read the token file",
        "--audits, missing, there is no folder",
        "--keep-free, 1GB, requires --pull-through",
        "--pull-through, toys, has no dataset 'toys'",
        "--pull-through, gated, gated is not open"
    })
    void wrongOption_isRefusedAtTheStart(String option, String value, String message) throws Exception {
        Files.writeString(folder.resolve("short"), "secret\n");
        ProgramRunner.Result result = new ProgramRunner(folder, manifests).run("serve", option, value);
        assertEquals(2, result.exit(), result.all());
        assertTrue(result.err().contains(message), result.err());
    }

    @Test
    void pages_fitAPhoneAndADesktop_andCanBeUsedWithTheKeyboard() throws Exception {
        Optional<Browser> started = Browser.start(folder.resolve("profile"));
        if (started.isEmpty() && "true".equals(System.getenv("CI"))) {
            fail("needs chromium and chromedriver, and found no such programs on the PATH");
        }
        Assumptions.assumeTrue(started.isPresent(), "needs chromium and chromedriver");
        try (Browser browser = started.orElseThrow();
                ServingProgram served = served("--listen", "127.0.0.1:0")) {
            for (int width : new int[] {1280, 760, 360}) {
                Map<String, Object> size =
                        Map.of("width", width, "height", 800, "deviceScaleFactor", 1, "mobile", width < 500);
                browser.devtools("Emulation.setDeviceMetricsOverride", size);
                for (String path : List.of("", "datasets/toy.html", "bags/toy/1/", "bags/toy/1/data/a/")) {
                    browser.open(served.url() + path);
                    int wide = browser.run("return Math.max(document.documentElement.scrollWidth,"
                                    + " ...[...document.querySelectorAll('.scroll')].map(e => e.scrollWidth))")
                            .asInt();
                    assertTrue(wide <= width, path + " is " + wide + " wide at " + width);
                    assertEquals(
                            1,
                            browser.run("return document.querySelectorAll('h1').length")
                                    .asInt(),
                            path);
                }
            }
            browser.open(served.url());
            browser.click("a[href='datasets/toy.html']");
            browser.click("a[href='../bags/toy/1/']");
            browser.click("a[href='./data/']");
            browser.click("a[href='./a/']");
            assertTrue(
                    browser.run("return document.body.textContent").asString().contains("slide.svs"));
            assertEquals(List.of(), browser.complaints());
        }
    }
}
