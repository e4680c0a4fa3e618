package org.histods.unpack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.histods.problem.Problem;
import org.histods.testing.ArchivePacker;
import org.histods.testing.ArchiveSpecimen;
import org.histods.testing.GrowingArchive;
import org.histods.testing.HostileArchives;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Archives that are unpacked while they are downloaded. */
@Timeout(120)
final class GrowingArchiveTest {

    private static final List<ArchiveSpecimen> FILES = ArchiveSpecimen.described("""
            first = <100000>
            dir/second = <100000>
            dir/third = <100000>
            """);

    @TempDir
    Path root;

    /** Starts unpacking in a thread of its own. */
    private final class Unpacking {
        final AtomicLong written = new AtomicLong();
        final CountDownLatch some = new CountDownLatch(1);
        final CompletableFuture<UnpackedTree> tree = new CompletableFuture<>();
        final Thread thread;

        Unpacking(ArchiveSource source) {
            thread = new Thread(() -> {
                try {
                    tree.complete(new Unpacker(2).unpack(source, root, UnpackOptions.whole(), count -> {
                        written.addAndGet(count);
                        some.countDown();
                    }));
                } catch (Throwable e) {
                    tree.completeExceptionally(e);
                }
            });
            thread.start();
        }

        Problem problem() {
            ExecutionException e = assertThrows(ExecutionException.class, () -> tree.get(60, TimeUnit.SECONDS));
            if (e.getCause() instanceof Problem problem) {
                return problem;
            }
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TAR", "TAR_GZ", "TAR_BZ2", "TAR_XZ"})
    void stream_isUnpackedWhileItGrows_withoutItsSize(ArchivePacker packer) throws Exception {
        byte[] bytes = packer.pack(FILES);
        GrowingArchive archive = new GrowingArchive(packer.fileName(), bytes, 0, false);
        Unpacking unpacking = new Unpacking(archive);

        archive.growTo(bytes.length * 3 / 4);
        assertTrue(unpacking.some.await(60, TimeUnit.SECONDS), "something is written before the rest has come");
        assertFalse(unpacking.tree.isDone());
        archive.growTo(bytes.length);

        unpacking.tree.get(60, TimeUnit.SECONDS);
        assertEquals(ArchiveSpecimen.expected(FILES), ArchiveSpecimen.onDisk(root));
    }

    @ParameterizedTest
    @EnumSource(names = {"ZIP", "ZIP_STORED", "ZIP64", "ZIP_STREAMED"})
    void zipWhoseTailCameFirst_isUnpackedWhileTheRestGrows(ArchivePacker packer) throws Exception {
        byte[] bytes = packer.pack(FILES);
        GrowingArchive archive = new GrowingArchive(packer.fileName(), bytes, 600, true);
        Unpacking unpacking = new Unpacking(archive);

        for (int length = 1000; length < bytes.length * 3 / 4; length += 9973) {
            archive.growTo(length);
        }
        assertTrue(unpacking.some.await(60, TimeUnit.SECONDS), "something is written before the rest has come");
        assertFalse(unpacking.tree.isDone());
        archive.growTo(bytes.length);

        unpacking.tree.get(60, TimeUnit.SECONDS);
        assertEquals(ArchiveSpecimen.expected(FILES), ArchiveSpecimen.onDisk(root));
    }

    @Test
    void zipThatIsRefused_isRefusedFromItsTailAlone() throws Exception {
        byte[] bytes = HostileArchives.zip("first".repeat(200), "../second");
        GrowingArchive archive = new GrowingArchive("a.zip", bytes, bytes.length - 100, true);
        archive.growTo(50);
        Problem problem = new Unpacking(archive).problem();
        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind());
    }

    @ParameterizedTest
    @EnumSource(names = {"TAR_GZ", "ZIP", "SEVEN_Z"})
    void interruptOfAReaderThatWaits_endsItSoon(ArchivePacker packer) throws Exception {
        byte[] bytes = packer.pack(FILES);
        GrowingArchive archive = new GrowingArchive(packer.fileName(), bytes, 600, true);
        Unpacking unpacking = new Unpacking(archive);
        archive.growTo(bytes.length / 2);
        archive.awaitReader(bytes.length / 2);

        unpacking.thread.interrupt();

        assertEquals(Problem.Kind.INTERRUPTED, unpacking.problem().kind());
    }

    @ParameterizedTest
    @EnumSource(names = {"TAR_GZ", "ZIP", "SEVEN_Z"})
    void closeOfTheChannels_endsItSoon(ArchivePacker packer) throws Exception {
        byte[] bytes = packer.pack(FILES);
        GrowingArchive archive = new GrowingArchive(packer.fileName(), bytes, 600, true);
        Unpacking unpacking = new Unpacking(archive);
        archive.growTo(bytes.length / 2);
        archive.awaitReader(bytes.length / 2);

        archive.closeAll();

        assertEquals(Problem.Kind.INTERRUPTED, unpacking.problem().kind());
    }

    @ParameterizedTest
    @EnumSource(names = {"TAR_GZ", "ZIP", "SEVEN_Z"})
    void problemOfTheDownload_isTheProblemOfTheUnpacking(ArchivePacker packer) throws Exception {
        byte[] bytes = packer.pack(FILES);
        Problem lost = new Problem(Problem.Kind.NETWORK, "the host is gone");
        GrowingArchive archive = new GrowingArchive(packer.fileName(), bytes, 600, true);
        Unpacking unpacking = new Unpacking(archive);
        archive.growTo(bytes.length / 2);
        archive.fail(new IOException("download failed", lost));
        assertEquals(lost, unpacking.problem());
    }

    @ParameterizedTest
    @EnumSource(names = {"TAR_GZ", "ZIP", "SEVEN_Z"})
    void failureToRead_isNotTakenForADamagedArchive(ArchivePacker packer) throws Exception {
        byte[] bytes = packer.pack(FILES);
        GrowingArchive archive = new GrowingArchive(packer.fileName(), bytes, 600, true);
        Unpacking unpacking = new Unpacking(archive);
        archive.fail(new IOException("input/output error"));
        assertEquals(Problem.Kind.DISK, unpacking.problem().kind());
    }
}
