package org.histods.cli.mirror;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.histods.digest.Hasher;
import org.histods.mirror.BagRef;
import org.histods.mirror.Mirror;
import org.histods.mirror.OwnerProcess;
import org.histods.provenance.BagWriter;
import org.histods.testing.FaultyProxy;
import org.histods.testing.ProgramRunner;
import org.histods.testing.S3Server;
import org.histods.testing.TestBags;
import org.histods.testing.ToyDataset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pushes to a server of S3 that checks signatures, with faults on the way, and pulls from it. No test reaches a source: the
 * manifest's host does not exist.
 */
final class PushCommandTest {

    private static final String STORE = "s3://lab/histods";
    private static final int MIB = 1 << 20;

    /** A folder for each bucket of the only server, whose libraries take long to load. Each test has a new bucket. */
    @TempDir
    static Path objects;

    private static S3Server s3;

    /** The content of a file of three parts. */
    private static String threeParts = "";

    @TempDir
    Path folder;

    private FaultyProxy proxy;
    private ProgramRunner owner;
    private ProgramRunner user;

    @BeforeAll
    static void startServer() throws Exception {
        if (System.getenv("CI") == null) {
            Assumptions.assumeTrue(S3Server.there(), "Maven has not put S3Proxy into target/s3proxy");
        }
        s3 = new S3Server(objects);
        threeParts = text(33 * MIB, 1);
    }

    @AfterAll
    static void stopServer() throws Exception {
        threeParts = "";
        if (s3 != null) {
            s3.close();
        }
    }

    @BeforeEach
    void start() throws Exception {
        Path manifests = Files.createDirectories(folder.resolve("manifests"));
        ToyDataset.writeUnreachable(manifests);
        Files.createDirectories(objects.resolve("lab"));
        proxy = new FaultyProxy(s3.port());
        owner = runner("owner", manifests);
        user = runner("user", manifests);
    }

    private ProgramRunner runner(String name, Path manifests) throws Exception {
        return new ProgramRunner(Files.createDirectories(folder.resolve(name)), manifests)
                .with("AWS_ENDPOINT_URL", proxy.url())
                .with("AWS_ACCESS_KEY_ID", S3Server.KEY_ID)
                .with("AWS_SECRET_ACCESS_KEY", S3Server.SECRET);
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        Files.move(objects.resolve("lab"), folder.resolve("used bucket"));
    }

    private Mirror mirror(String name) {
        return new Mirror(folder.resolve(name).resolve("mirror"), OwnerProcess.self("test"), false, Clock.systemUTC());
    }

    private static Map<String, String> tiles() {
        Map<String, String> contents = new TreeMap<>(Map.of("labels.csv", "a,b\n", "empty.txt", ""));
        for (int i = 0; i < 40; i++) {
            contents.put("tiles/100% #" + i + "+é.png", "tile " + i);
        }
        contents.put("tiles/same as 1.png", "tile 1");
        return contents;
    }

    private static String text(int length, long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(16)));
        }
        return text.toString();
    }

    private BagRef publish(Map<String, String> contents) throws Exception {
        return TestBags.publish(mirror("owner"), "toy", contents);
    }

    /** A dataset with a file of three parts. */
    private BagRef publishLarge() throws Exception {
        return publish(Map.of("slide.tiff", threeParts, "labels.csv", "a,b\n"));
    }

    /** A dataset with a file that is just large enough for an upload in parts. */
    private BagRef publishTwoParts() throws Exception {
        return publish(Map.of("slide.tiff", threeParts.substring(0, 17 * MIB), "labels.csv", "a,b\n"));
    }

    private ProgramRunner.Result push(String... more) {
        List<String> command = new ArrayList<>(List.of("push", "toy", "--to", STORE));
        command.addAll(List.of(more));
        return owner.run(command.toArray(new String[0]));
    }

    private ProgramRunner.Result pull() {
        return user.run("pull", "toy", "--from-mirror", STORE);
    }

    private Path pulled() {
        return folder.resolve("user/mirror/datasets/toy/1");
    }

    private long writes() {
        return proxy.requests().stream().filter(one -> !one.startsWith("GET ")).count();
    }

    private Path object(BagRef bag, String path) throws Exception {
        String line = Files.readString(bag.path().resolve("manifest-sha256.txt"))
                .lines()
                .filter(one -> one.endsWith("  data/" + path))
                .findFirst()
                .orElseThrow();
        return objects.resolve("lab/histods/sha256").resolve(line.substring(0, 64));
    }

    /** Applies a fault to each request that ends an upload in parts. */
    private void endUploadsWith(FaultyProxy.Fault fault) {
        proxy.rule((method, path) -> method.equals("POST") && path.contains("uploadId=") ? fault : null);
    }

    /** Refuses the other parts of an upload when the first one is there. */
    private FaultyProxy.@Nullable Fault onlyTheFirstPart(String method, String path) {
        if (!path.contains("partNumber=") || path.contains("partNumber=1&")) {
            return null;
        }
        proxy.await("partNumber=1&");
        return FaultyProxy.Response.error(403, "AccessDenied");
    }

    private static void requireExit(int exit, ProgramRunner.Result result) {
        assertEquals(exit, result.exit(), result.all());
    }

    private static void requireSays(int exit, ProgramRunner.Result result, String... texts) {
        requireExit(exit, result);
        for (String text : texts) {
            assertTrue(result.err().contains(text), result.err());
        }
    }

    /** Pulls from the store, and compares the pulled bag with that one. */
    private void requirePulled(BagRef bag) throws Exception {
        requireExit(0, pull());
        requireSame(bag);
    }

    private void requireSame(BagRef bag) throws Exception {
        for (String name : List.of("manifest-sha256.txt", "receipts/0001-pull.json")) {
            assertEquals(Files.readString(bag.path().resolve(name)), Files.readString(pulled().resolve(name)));
        }
        requireExit(0, user.run("verify", "toy", "--full"));
    }

    @Test
    void pushedBag_isPulledElsewhere_theSame() throws Exception {
        BagRef bag = publish(tiles());
        ProgramRunner.Result pushed = push();
        requireExit(0, pushed);
        assertTrue(pushed.out().matches("toy@1 [0-9a-f]{64}\\n"), pushed.out());
        try (Stream<Path> list = Files.list(objects.resolve("lab/histods/sha256"))) {
            // 42 contents; 43 files, of which two are the same; 8 tag files.
            assertEquals(42 + 8, list.count());
        }
        requirePulled(bag);
        ProgramRunner.Result where = user.run("provenance", "toy", "labels.csv");
        assertTrue(where.out().contains(STORE), where.all());
        assertTrue(where.out().contains("https://host.example/all.zip"), where.all());
    }

    @Test
    void secondPush_sendsNothing() throws Exception {
        publish(tiles());
        requireExit(0, push());
        proxy.forget();
        ProgramRunner.Result again = push();
        requireExit(0, again);
        assertEquals(0, writes(), proxy.requests().toString());
        assertTrue(again.err().contains("nothing to upload"), again.err());
        assertTrue(proxy.requests().size() <= 9, proxy.requests().toString());
    }

    @Test
    void dryRun_saysWhatIsMissing_andSendsNothing() throws Exception {
        publish(tiles());
        ProgramRunner.Result result = push("--dry-run");
        requireExit(0, result);
        assertTrue(result.out().contains("50 files of 50 to upload"), result.out());
        assertEquals(0, writes());
        ProgramRunner.Result json = push("--dry-run", "--json");
        assertTrue(json.out().contains("\"missing_files\":50"), json.out());
        assertTrue(json.out().contains("\"published\":false"), json.out());
    }

    @Test
    void storeOfTheSettings_isAskedFirst() throws Exception {
        BagRef bag = publish(tiles());
        requireExit(0, push());
        Files.writeString(folder.resolve("config.yaml"), "mirrors: [\"" + STORE + "\"]\n");
        user.with("HISTODS_CONFIG", folder.resolve("config.yaml").toString());
        requireExit(0, user.run("pull", "toy"));
        requireSame(bag);
    }

    @Test
    void endpointOfTheSettings_andProfile_areUsed() throws Exception {
        BagRef bag = publish(tiles());
        Files.writeString(folder.resolve("config.yaml"), """
                buckets:
                  lab: { endpoint: "%s", region: eu-test-1, path-style: true, profile: lab }
                """.formatted(proxy.url()));
        Files.createDirectories(folder.resolve("owner/.aws"));
        Files.writeString(folder.resolve("owner/.aws/credentials"), """
                [default]
                aws_access_key_id = OTHER
                aws_secret_access_key = other
                [lab]
                aws_access_key_id = %s
                aws_secret_access_key = %s
                """.formatted(S3Server.KEY_ID, S3Server.SECRET));
        owner.with("HISTODS_CONFIG", folder.resolve("config.yaml").toString())
                .with("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
                .with("AWS_ACCESS_KEY_ID", "WRONG");
        requireExit(0, push());
        requirePulled(bag);
    }

    @Test
    void gatedDataset_isPushedOnlyToAPrivateBucket() throws Exception {
        BagRef bag = publish(tiles());
        Path manifest = bag.path().resolve("manifest.yaml");
        Files.writeString(
                manifest,
                Files.readString(manifest)
                        .replace("access: { status: open }", "access: { status: agreement, steps: [Sign.] }"));
        BagWriter.tagManifest(bag.path());
        ProgramRunner.Result result = push();
        requireSays(3, result, "access: agreement", "--private");
        assertTrue(proxy.requests().isEmpty());
        requireExit(0, push("--private"));
    }

    @Test
    void datasetWithoutKnownLicence_isPushedOnlyToAPrivateBucket() throws Exception {
        BagRef bag = publish(tiles());
        Path manifest = bag.path().resolve("manifest.yaml");
        Files.writeString(manifest, Files.readString(manifest).replace("{ spdx: CC0-1.0 }", "{ doubt: Nothing. }"));
        BagWriter.tagManifest(bag.path());
        ProgramRunner.Result result = push();
        requireSays(3, result, "licence is unknown");
        requireExit(0, push("--private"));
    }

    @Test
    void wrongSecret_isRefused_withAHint() throws Exception {
        publish(tiles());
        owner.with("AWS_SECRET_ACCESS_KEY", "wrong");
        ProgramRunner.Result result = push();
        requireSays(3, result, "SignatureDoesNotMatch", "correct the access key");
    }

    @Test
    void missingCredentials_areNamed() throws Exception {
        publish(tiles());
        owner.with("AWS_ACCESS_KEY_ID", "");
        ProgramRunner.Result result = push();
        requireSays(3, result, "no credentials were found", "AWS_ACCESS_KEY_ID");
    }

    @Test
    void missingBucket_isNamed() throws Exception {
        publish(tiles());
        ProgramRunner.Result result = owner.run("push", "toy", "--to", "s3://nowhere/x");
        requireSays(4, result, "there is no bucket nowhere");
    }

    @Test
    void urlThatIsNotABucket_isInvalidUsage() throws Exception {
        publish(tiles());
        for (String url : List.of("lab/histods", "s3://", "s3://lab/../x", "https://lab.example/")) {
            ProgramRunner.Result result = owner.run("push", "toy", "--to", url);
            requireSays(2, result, "s3://bucket/prefix");
        }
    }

    @Test
    void largerBag_replacesASmaller_andNotTheOtherWayRound() throws Exception {
        Mirror part = mirror("part");
        TestBags.publish(part, "toy", Map.of("labels.csv", "a,b\n"));
        owner.with("HISTODS_MIRROR", part.root().toString());
        requireExit(0, push());
        BagRef whole = publish(tiles());
        owner.mirror("mirror");
        requireExit(0, push());
        owner.with("HISTODS_MIRROR", part.root().toString());
        ProgramRunner.Result refused = push();
        requireSays(2, refused, "--replace");
        requirePulled(whole);
        requireExit(0, push("--replace"));
        owner.mirror("mirror");
        requireExit(0, push());
    }

    @Test
    void otherRecordOfTheSameFiles_staysInTheStore() throws Exception {
        BagRef first = publish(tiles());
        requireExit(0, push());
        Mirror other = mirror("other");
        BagRef second = TestBags.publish(other, "toy", tiles());
        Path receipt = second.path().resolve("receipts/0001-pull.json");
        Files.writeString(receipt, Files.readString(receipt).replace("Linux", "Plan 9"));
        BagWriter.tagManifest(second.path());
        owner.with("HISTODS_MIRROR", other.root().toString());
        requireSays(0, push(), "nothing to upload");
        requirePulled(first);
        requireSays(0, owner.run("gc", "--store", STORE, "--older-than", "0d", "--dry-run"), "needs 0 files");

        String lost = Hasher.sha256(Files.readAllBytes(first.path().resolve("manifest.yaml")))
                .hex();
        Files.delete(objects.resolve("lab/histods/sha256").resolve(lost));
        Files.writeString(second.path().resolve("manifest.yaml"), "# changed\n", StandardOpenOption.APPEND);
        BagWriter.tagManifest(second.path());
        requireSays(0, push(), "uploaded ");
        requireExit(0, user.run("remove", "toy", "--yes"));
        requirePulled(second);
    }

    @Test
    void damagedFile_isNotPushed_andTheBagDoesNotAppear() throws Exception {
        BagRef bag = publish(tiles());
        Path tile = bag.data().resolve("tiles/100% #3+é.png");
        assertTrue(tile.toFile().setWritable(true));
        Files.writeString(tile, "evil 3");
        ProgramRunner.Result result = push();
        requireSays(5, result, "100% #3");
        assertFalse(Files.exists(objects.resolve("lab/histods/bags")));
        requireExit(4, pull());
    }

    @Test
    void damagedLargeFile_isNotPushed() throws Exception {
        BagRef bag = publishTwoParts();
        Path slide = bag.data().resolve("slide.tiff");
        assertTrue(slide.toFile().setWritable(true));
        try (RandomAccessFile file = new RandomAccessFile(slide.toFile(), "rw")) {
            file.seek(16L * MIB + 5);
            file.write('!');
        }
        requireExit(5, push());
        assertFalse(Files.exists(object(bag, "slide.tiff")));
        assertFalse(Files.exists(objects.resolve("lab/histods/bags")));
    }

    /** The file is right when the push begins and when it ends. */
    @Test
    void largeFileThatAnotherProgramWritesToWhileItIsPushed_isNeverInTheStoreWithOtherBytes() throws Exception {
        BagRef bag = publishLarge();
        Path slide = bag.data().resolve("slide.tiff");
        byte[] content = Files.readAllBytes(slide);
        assertTrue(slide.toFile().setWritable(true));
        AtomicInteger puts = new AtomicInteger();
        proxy.rule((method, path) -> {
            if (method.equals("PUT")) {
                int put = puts.incrementAndGet();
                try (RandomAccessFile file = new RandomAccessFile(slide.toFile(), "rw")) {
                    file.seek(content.length - 100);
                    file.write(put % 2 == 1 ? '!' : content[content.length - 100]);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return null;
        });
        int exit = push("--jobs", "1").exit();
        if (exit == 0 || Files.exists(object(bag, "slide.tiff"))) {
            assertArrayEquals(content, Files.readAllBytes(object(bag, "slide.tiff")));
        }
        assertTrue(exit == 0 || !Files.exists(objects.resolve("lab/histods/bags")), "exit " + exit);
    }

    @Test
    void connectionsThatDrop_andOverload_areTriedAgain() throws Exception {
        BagRef bag = publishLarge();
        AtomicInteger puts = new AtomicInteger();
        proxy.rule((method, path) -> {
            if (!method.equals("PUT")) {
                return null;
            }
            return switch (puts.incrementAndGet()) {
                case 1 -> new FaultyProxy.Drop();
                case 3 -> FaultyProxy.Response.error(503, "SlowDown");
                case 4 -> FaultyProxy.Response.error(500, "InternalError");
                case 6 -> new FaultyProxy.Lose();
                default -> null;
            };
        });
        requireExit(0, push());
        proxy.rule((method, path) -> null);
        requirePulled(bag);
    }

    @Test
    void interruptedUpload_isContinued() throws Exception {
        BagRef bag = publishLarge();
        proxy.rule(this::onlyTheFirstPart);
        ProgramRunner.Result first = push("--jobs", "1");
        requireExit(3, first);
        assertFalse(Files.exists(objects.resolve("lab/histods/bags")));
        proxy.rule((method, path) -> null);
        proxy.forget();
        ProgramRunner.Result second = push("--json");
        requireExit(0, second);
        assertTrue(second.out().contains("\"kept_bytes\":" + 16 * MIB), second.out());
        assertEquals(
                2,
                proxy.requests().stream()
                        .filter(one -> one.contains("partNumber="))
                        .count(),
                proxy.requests().toString());
        requirePulled(bag);
    }

    @Test
    void lostResponseToTheEndOfAnUpload_isNoFailure() throws Exception {
        BagRef bag = publishTwoParts();
        AtomicInteger ends = new AtomicInteger();
        proxy.rule((method, path) -> method.equals("POST") && path.contains("uploadId=") && ends.incrementAndGet() == 1
                ? new FaultyProxy.Lose()
                : null);
        requireExit(0, push());
        requirePulled(bag);
    }

    @Test
    void endOfAnUpload_thatFailsWithStatus200_isAFailure() throws Exception {
        BagRef bag = publishTwoParts();
        endUploadsWith(FaultyProxy.Response.error(200, "InternalError"));
        ProgramRunner.Result result = push();
        requireSays(4, result, "InternalError");
        assertFalse(Files.exists(object(bag, "slide.tiff")));
        proxy.rule((method, path) -> null);
        requireExit(0, push());
        requirePulled(bag);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html><body>502 Bad Gateway</body></html>",
                "",
                "<CompleteMultipartUploadRes",
                "<Error><Code>InternalError</Code><Message>made up</Message></Error>",
            })
    void endOfAnUpload_whoseReplyCannotBeRead_isNoFailureIfTheObjectIsThere(String reply) throws Exception {
        BagRef bag = publishTwoParts();
        endUploadsWith(new FaultyProxy.Body(reply));
        requireExit(0, push());
        assertTrue(Files.exists(object(bag, "slide.tiff")));
        requirePulled(bag);
    }

    @Test
    void endOfAnUpload_whoseReplyIsNoXml_isAFailureIfNoObjectIsThere() throws Exception {
        BagRef bag = publishTwoParts();
        endUploadsWith(new FaultyProxy.Response(200, Map.of(), "<html>hello</html>"));
        requireSays(4, push(), "did not respond as S3 does");
        assertFalse(Files.exists(object(bag, "slide.tiff")));
    }

    @Test
    void endOfAnUpload_afterWhichNothingCanBeListed_isReportedAsNotKnown() throws Exception {
        publishTwoParts();
        AtomicInteger ends = new AtomicInteger();
        proxy.rule((method, path) -> {
            if (method.equals("POST") && path.contains("uploadId=")) {
                ends.incrementAndGet();
                return new FaultyProxy.Body("<html>hello</html>");
            }
            return ends.get() > 0 && path.contains("list-type=2")
                    ? FaultyProxy.Response.error(403, "AccessDenied")
                    : null;
        });
        requireSays(4, push(), "it is not known whether the object was made");
    }

    @Test
    void endOfAnUpload_withWhiteSpaceInFrontOfTheReply_isRead() throws Exception {
        BagRef bag = publishTwoParts();
        endUploadsWith(new FaultyProxy.Body("  \n<?xml version=\"1.0\"?>\n<CompleteMultipartUploadResult/>"));
        requireExit(0, push());
        requirePulled(bag);
    }

    @Test
    void serverWithOtherEntityTags_worksButPartsAreSentAgain() throws Exception {
        BagRef bag = publishLarge();
        proxy.rule((method, path) -> {
            if (path.contains("partNumber=3")) {
                return FaultyProxy.Response.error(403, "AccessDenied");
            }
            return method.equals("PUT") && !path.contains("uploadId")
                    ? new FaultyProxy.Header("ETag", "\"not-an-md5\"")
                    : null;
        });
        requireExit(3, push("--jobs", "1"));
        proxy.rule((method, path) -> method.equals("PUT") && !path.contains("uploadId")
                ? new FaultyProxy.Header("ETag", "\"not-an-md5\"")
                : null);
        requireExit(0, push());
        requirePulled(bag);
    }

    @Test
    void truncatedObject_isReplacedByTheNextPush() throws Exception {
        BagRef bag = publishTwoParts();
        requireExit(0, push());
        try (RandomAccessFile file =
                new RandomAccessFile(object(bag, "slide.tiff").toFile(), "rw")) {
            file.setLength(1000);
        }
        Files.writeString(object(bag, "labels.csv"), "a");
        ProgramRunner.Result refused = pull();
        requireExit(4, refused);
        requireExit(0, push());
        requirePulled(bag);
    }

    @Test
    void objectThatIsTruncatedInTransit_keepsTheBagFromAppearing() throws Exception {
        BagRef bag = publish(tiles());
        Path object = object(bag, "labels.csv");
        proxy.rule((method, path) -> {
            if (method.equals("PUT") && path.endsWith(String.valueOf(object.getFileName()))) {
                return new FaultyProxy.Response(200, Map.of("ETag", "\"x\""), "");
            }
            return null;
        });
        ProgramRunner.Result result = push();
        requireSays(5, result, "no object");
        assertFalse(Files.exists(objects.resolve("lab/histods/bags")));
        proxy.rule((method, path) -> null);
        requireExit(0, push());
    }

    @Test
    void changedObject_isNotPulled() throws Exception {
        BagRef bag = publish(tiles());
        requireExit(0, push());
        Files.writeString(object(bag, "labels.csv"), "b,a\n");
        ProgramRunner.Result result = pull();
        assertTrue(result.err().contains("is not used further"), result.err());
        requireExit(4, result);
        assertFalse(Files.exists(pulled()));
    }

    @Test
    void changedRecord_isNotPulled() throws Exception {
        BagRef bag = publish(tiles());
        requireExit(0, push());
        Path entry = objects.resolve("lab/histods/bags/toy/1/tagmanifest-sha256.txt");
        Files.writeString(entry, Files.readString(entry).replace("receipts/0001-pull", "receipts/../../x"));
        ProgramRunner.Result result = pull();
        assertTrue(result.err().contains("is damaged"), result.err());
        assertFalse(Files.exists(pulled()));
        assertTrue(Files.exists(bag.path()));
    }

    @Test
    void serverWithoutConditionalWrites_isWrittenPlainly() throws Exception {
        BagRef bag = publishTwoParts();
        AtomicInteger refused = new AtomicInteger();
        proxy.rule(
                (method, path) -> method.equals("PUT") && !path.contains("uploadId") && refused.incrementAndGet() == 1
                        ? FaultyProxy.Response.error(501, "NotImplemented")
                        : null);
        requireExit(0, push());
        requirePulled(bag);
    }

    @Test
    void objectThatAnotherProcessWroteFirst_isLeftAsItIs() throws Exception {
        BagRef bag = publish(tiles());
        AtomicInteger conflicts = new AtomicInteger();
        proxy.rule(
                (method, path) -> method.equals("PUT") && path.contains("/sha256/") && conflicts.incrementAndGet() == 2
                        ? new FaultyProxy.Lose()
                        : null);
        requireExit(0, push());
        requirePulled(bag);
    }

    @Test
    void twoPushersAtOnce_bothSucceed() throws Exception {
        BagRef bag = publishTwoParts();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<ProgramRunner.Result>> both = threads.invokeAll(
                    List.<Callable<ProgramRunner.Result>>of(() -> push("--jobs", "2"), () -> push("--jobs", "2")));
            for (Future<ProgramRunner.Result> one : both) {
                requireExit(0, one.get());
            }
        } finally {
            threads.shutdownNow();
        }
        requirePulled(bag);
    }

    @Test
    void abandonedUploads_areContinuedOrAborted() throws Exception {
        publishLarge();
        proxy.rule(this::onlyTheFirstPart);
        requireExit(3, push("--jobs", "1"));
        // The second run does not see the upload of the first one.
        proxy.forget();
        proxy.rule((method, path) -> path.contains("?uploads=&prefix")
                ? new FaultyProxy.Response(
                        200, Map.of("Content-Type", "application/xml"), "<ListMultipartUploadsResult/>")
                : onlyTheFirstPart(method, path));
        requireExit(3, push("--jobs", "1"));
        proxy.rule((method, path) -> null);
        proxy.forget();
        requireExit(0, push());
        assertEquals(
                1,
                proxy.requests().stream()
                        .filter(one -> one.startsWith("DELETE"))
                        .count(),
                proxy.requests().toString());
        assertEquals(
                2,
                proxy.requests().stream()
                        .filter(one -> one.contains("partNumber="))
                        .count(),
                proxy.requests().toString());
    }

    @Test
    void storeWithMoreObjectsThanOneListing_isComparedWhole() throws Exception {
        Map<String, String> contents = new TreeMap<>();
        for (int i = 0; i < 1100; i++) {
            contents.put("tiles/" + i + ".png", "tile " + i);
        }
        publish(contents);
        requireExit(0, push());
        Files.writeString(objects.resolve("lab/histods/sha256/0 no checksum"), "x");
        proxy.forget();
        requireExit(0, push("--jobs", "1"));
        assertEquals(0, writes());
        // The record and two pages.
        assertEquals(3, proxy.requests().size(), proxy.requests().toString());
    }

    @Test
    void storeThatRefuses_isNamed_andTheSourcesAreAsked() throws Exception {
        publish(tiles());
        requireExit(0, push());
        user.with("AWS_SECRET_ACCESS_KEY", "wrong");
        ProgramRunner.Result result = pull();
        requireExit(4, result);
        assertTrue(result.err().contains("the mirror " + STORE + " is not used"), result.err());
        assertTrue(result.err().contains("host.invalid"), result.err());
    }

    @Test
    void secret_isNeverShown() throws Exception {
        publish(tiles());
        proxy.rule((method, path) -> new FaultyProxy.Response(
                403,
                Map.of("Content-Type", "application/xml"),
                "<Error><Code>AccessDenied</Code><Message>you sent " + S3Server.SECRET + "</Message></Error>"));
        ProgramRunner.Result result = push("--json");
        requireExit(3, result);
        assertFalse(result.all().contains(S3Server.SECRET), result.all());
        assertTrue(result.err().contains("AccessDenied"), result.err());
    }

    /** A file that no dataset needs, as an interrupted push leaves it. */
    private Path stray(String content, int days) throws Exception {
        Path file = objects.resolve("lab/histods/sha256")
                .resolve(TestBags.sha256(content).hex());
        Files.writeString(file, content);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(days))));
        return file;
    }

    @Test
    void filesThatNoDatasetNeeds_areListed_andDeletedOnlyWhenTheUserAgrees() throws Exception {
        BagRef bag = publish(tiles());
        requireExit(0, push());
        Path old = stray("left by a push", 8);
        Path recent = stray("of a push that is under way", 1);
        ProgramRunner.Result listed = owner.run("gc", "--store", STORE, "--dry-run");
        requireSays(0, listed, "no dataset of 1 needs 1 file, 14 bytes", "kept 1 file");
        assertEquals(STORE + "/sha256/" + old.getFileName() + "  14 bytes\n", listed.out());
        requireSays(2, owner.run("gc", "--store", STORE), "must be confirmed");
        owner.typing("n");
        requireSays(9, owner.run("gc", "--store", STORE), "nothing was deleted");
        assertTrue(Files.exists(old));
        owner.typing("y");
        requireSays(0, owner.run("gc", "--store", STORE), "deleted 1 file, 14 bytes");
        assertFalse(Files.exists(old));
        assertTrue(Files.exists(recent));
        requireExit(0, owner.run("gc", "--store", STORE, "--older-than", "0", "--yes"));
        assertFalse(Files.exists(recent));
        requirePulled(bag);
        requireSays(2, owner.run("gc", "--store", STORE, "--all"), "is about the mirror, not about --store");
    }

    @Test
    void bagWhoseRecordIsDamaged_keepsAllFiles() throws Exception {
        BagRef bag = publish(tiles());
        requireExit(0, push());
        Path stray = stray("left by a push", 8);
        String sum = TestBags.sha256(Files.readString(bag.path().resolve("manifest-sha256.txt")))
                .hex();
        Files.writeString(objects.resolve("lab/histods/sha256/" + sum), "nothing");
        requireSays(5, owner.run("gc", "--store", STORE, "--yes"), "needs is unknown");
        assertTrue(Files.exists(stray));
    }

    @Test
    void datasetThatIsPushedMeanwhile_keepsAllFiles() throws Exception {
        publish(tiles());
        requireExit(0, push());
        Path stray = stray("left by a push", 8);
        Path bags = objects.resolve("lab/histods/bags");
        proxy.rule((method, path) -> {
            if (path.contains("prefix=histods%2Fsha256")) {
                try {
                    Files.copy(
                            bags.resolve("toy/1/tagmanifest-sha256.txt"),
                            Files.createDirectories(bags.resolve("toy/2")).resolve("tagmanifest-sha256.txt"));
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
            return null;
        });
        requireSays(8, owner.run("gc", "--store", STORE, "--yes"), "meanwhile");
        assertTrue(Files.exists(stray));
    }
}
