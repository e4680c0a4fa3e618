package org.histods.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.histods.mirror.BagRef;
import org.histods.mirror.Mirror;
import org.histods.mirror.OwnerProcess;
import org.histods.testing.FaultyProxy;
import org.histods.testing.ProgramRunner;
import org.histods.testing.S3Server;
import org.histods.testing.TestBags;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A push that is killed in the middle of a large file, and run again. */
final class PushKillIT {

    private static final int MIB = 1 << 20;

    @TempDir
    Path folder;

    @Test
    void pushThatIsKilled_isContinuedByTheNext() throws Exception {
        if (System.getenv("CI") == null) {
            Assumptions.assumeTrue(S3Server.there(), "Maven has not put S3Proxy into target/s3proxy");
        }
        StringBuilder slide = new StringBuilder();
        Random random = new Random(5);
        for (int i = 0; i < 40 * MIB; i++) {
            slide.append((char) ('a' + random.nextInt(16)));
        }
        Path objects = folder.resolve("objects");
        Files.createDirectories(objects.resolve("lab"));
        Program histods = new Program(folder);
        Mirror mirror = new Mirror(histods.mirror(), OwnerProcess.self("test"), false, Clock.systemUTC());
        BagRef bag = TestBags.publish(mirror, "toy", Map.of("slide.tiff", slide.toString(), "labels.csv", "a,b\n"));
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch killed = new CountDownLatch(1);
        try (S3Server s3 = new S3Server(objects);
                FaultyProxy proxy = new FaultyProxy(s3.port())) {
            histods.with("AWS_ENDPOINT_URL", proxy.url())
                    .with("AWS_ACCESS_KEY_ID", S3Server.KEY_ID)
                    .with("AWS_SECRET_ACCESS_KEY", S3Server.SECRET);
            proxy.rule((method, path) -> {
                if (!path.contains("partNumber=") || path.contains("partNumber=1&")) {
                    return null;
                }
                proxy.await("partNumber=1&");
                reached.countDown();
                try {
                    killed.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return new FaultyProxy.Drop();
            });
            String[] push = {"push", "toy", "--to", "s3://lab/histods", "--json"};
            Process process = histods.start(folder.resolve("o"), folder.resolve("e"), push);
            assertTrue(reached.await(3, TimeUnit.MINUTES), () -> "exit " + process.isAlive());
            process.destroyForcibly();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            killed.countDown();
            assertFalse(Files.exists(objects.resolve("lab/histods/bags")));
            proxy.rule((method, path) -> null);
            ProgramRunner.Result again = histods.run(push);
            assertEquals(0, again.exit(), again.all());
            assertTrue(again.out().contains("\"kept_bytes\":" + 16 * MIB), again.out());
            assertTrue(again.out().contains("\"published\":true"), again.out());
            ProgramRunner.Result third = histods.run(push);
            assertTrue(third.out().contains("\"sent_files\":0"), third.out());
            assertTrue(Files.exists(bag.path()));
        }
    }
}
