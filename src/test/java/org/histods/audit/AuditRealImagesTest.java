package org.histods.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An audit of a project with copies of real images. */
class AuditRealImagesTest {

    @TempDir
    Path folder;

    @Test
    void renamedCopyOfARealImage_isFoundAndNamed() throws Exception {
        Path basedir = Path.of(System.getProperty("project.basedir", "."));
        Path archive = basedir.resolve("../shared/real/countception-8387c305.MBM_data.tar.gz");
        assumeTrue(Files.exists(archive), "the real MBM images are not on this machine");
        byte[] bytes = Files.readAllBytes(archive);
        HttpServer github = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        github.createContext("/github.com/ieee8023/countception/archive/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        github.start();
        try {
            ProgramRunner faces = new ProgramRunner(folder, basedir.resolve("manifests"));
            String route = "*=http://127.0.0.1:" + github.getAddress().getPort() + "/{host}";
            assertEquals(0, faces.run("pull", "mbm", "--route", route).exit());
            Path image;
            try (var walk = Files.walk(folder.resolve("mirror/datasets/mbm"))) {
                image = walk.filter(p -> p.toString().endsWith(".png"))
                        .findFirst()
                        .orElseThrow();
            }
            Files.createDirectories(folder.resolve("figures"));
            Files.copy(image, folder.resolve("figures/fig1.png"));
            ProgramRunner.Result result = faces.run("audit");
            assertEquals(3, result.exit(), result.err());
            String words = result.out().replaceAll("\\s+", " ");
            assertTrue(words.contains("ERROR undeclared-copy"), result.out());
            assertTrue(
                    words.contains("figures/fig1.png is mbm: MBM_data/" + image.getFileName() + " of version 8387c305"),
                    result.out());
        } finally {
            github.stop(0);
        }
    }
}
