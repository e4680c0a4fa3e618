package org.histods.fetch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.histods.concurrent.BackgroundTask;
import org.histods.concurrent.TaskExecutor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A file that is read while it is written. */
@Timeout(60)
final class GrowingFileTest {

    private static final int LENGTH = 1 << 20;
    private static final int BLOCK = 1 << 14;

    @TempDir
    Path folder;

    /**
     * Two writers with different bytes, each over the whole file in an order and with block borders of its own, and
     * readers that hash. A byte that changed after a reader saw it would give that reader another hash than the file.
     */
    @Test
    void overlappingWritesOfDifferentBytes_neverChangeWhatAReaderHashed() throws Exception {
        for (int round = 0; round < 30; round++) {
            Path path = folder.resolve("part" + round);
            try (GrowingFile file = new GrowingFile(path, List.of(), LENGTH, true);
                    TaskExecutor tasks = new TaskExecutor("test")) {
                CyclicBarrier start = new CyclicBarrier(2);
                List<BackgroundTask<byte[]>> readers = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    readers.add(tasks.start(() -> hash(file)));
                }
                int seed = round;
                BackgroundTask<Long> ones = tasks.start(() -> write(file, (byte) 1, seed, start));
                BackgroundTask<Long> twos = tasks.start(() -> write(file, (byte) 2, seed + 1000, start));
                assertEquals(LENGTH, ones.get() + twos.get(), "every byte is written exactly once");
                file.end();
                byte[] expected = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path));
                for (BackgroundTask<byte[]> reader : readers) {
                    assertArrayEquals(expected, reader.get());
                }
                assertEquals(LENGTH, WrittenRange.positions(file.ranges()).endOf(0));
                for (WrittenRange range : file.ranges()) {
                    assertTrue(range.isIntact(path), range.toString());
                }
            }
        }
    }

    /** Writes blocks of one value in random order; how many bytes were new. */
    private static long write(GrowingFile file, byte value, int seed, CyclicBarrier start) throws Exception {
        byte[] block = new byte[BLOCK];
        Arrays.fill(block, value);
        List<Integer> positions = new ArrayList<>();
        // Blocks of the two writers overlap by half.
        int shift = value == 1 ? 0 : BLOCK / 2;
        for (int at = -shift; at < LENGTH; at += BLOCK) {
            positions.add(at);
        }
        Collections.shuffle(positions.subList(2, positions.size()), new Random(seed));
        start.await(30, TimeUnit.SECONDS);
        long fresh = 0;
        for (int at : positions) {
            int from = Math.max(0, at);
            fresh += file.write(from, block, Math.min(LENGTH, at + BLOCK) - from);
        }
        return fresh;
    }

    private static byte[] hash(GrowingFile file) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        ByteBuffer buffer = ByteBuffer.allocate(3000);
        try (SeekableByteChannel channel = file.reader()) {
            while (channel.read(buffer.clear()) >= 0) {
                digest.update(buffer.flip());
            }
        }
        return digest.digest();
    }

    @Test
    void failedWrite_addsNothingAndDoesNotBlockTheNextWriter() throws Exception {
        try (GrowingFile file = new GrowingFile(folder.resolve("part"), List.of(), 5, false);
                TaskExecutor tasks = new TaskExecutor("test")) {
            assertEquals(3, file.write(0, new byte[] {1, 2, 3}, 3));
            BackgroundTask<Boolean> interrupted = tasks.start(() -> {
                Thread.currentThread().interrupt();
                assertThrows(IOException.class, () -> file.write(3, new byte[] {9, 9}, 2));
                return Thread.interrupted();
            });
            assertTrue(interrupted.get());
            assertEquals(3, file.frontier());
            // The interrupt closed the channel.
            assertThrows(IOException.class, () -> file.write(2, new byte[] {3, 4, 5}, 3));
            assertEquals(3, file.frontier());
        }
    }

    private GrowingFile open(List<WrittenRange> present, long total, boolean checked) throws IOException {
        return new GrowingFile(folder.resolve("part"), present, total, checked);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static List<Integer> read(GrowingFile file, long position, int most) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(most + 2);
        target.position(1).limit(most + 1);
        int count = file.read(target, position);
        assertEquals(1 + Math.max(0, count), target.position());
        List<Integer> read = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            read.add((int) target.get(1 + i));
        }
        return count < 0 ? List.of(-1) : read;
    }

    @Test
    void bytesThatArrivedFirst_stay_andOnlyNewOnesAreCounted() throws Exception {
        try (GrowingFile file = open(List.of(), 10, true)) {
            assertTrue(file.isEmpty());
            assertEquals(2, file.write(4, bytes(4, 5), 2));
            assertFalse(file.isEmpty());
            assertEquals(0, file.write(4, bytes(9, 9), 2));
            assertEquals(4, file.write(2, bytes(2, 3, 9, 9, 6, 7, 99), 6));
            assertEquals(0, file.frontier());
            assertEquals(2, file.arrivedAfter(0));
            assertEquals(-1, file.arrivedAfter(3));
            assertEquals(8, file.missingFrom(2));
            assertEquals(8, file.missingFrom(8));
            assertFalse(file.complete());
            assertEquals(4, file.write(0, bytes(0, 1, 9, 9, 9, 9, 9, 9, 8, 9), 10));
            assertTrue(file.complete());
            assertArrayEquals(bytes(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), Files.readAllBytes(folder.resolve("part")));
        }
    }

    @Test
    void fileOfUnknownSize_isNotComplete_andItsRangesAreAsTheyCame() throws Exception {
        try (GrowingFile file = open(List.of(), -1, false)) {
            file.write(0, bytes(0, 1), 2);
            assertFalse(file.complete());
            file.total(-1);
            assertEquals(-1, file.total());
            file.total(2);
            assertEquals(2, file.total());
            assertTrue(file.complete());
            assertEquals(List.of(new WrittenRange(0, 2, WrittenRange.UNCHECKED)), file.ranges());
        }
    }

    @Test
    void bytesOfAnEarlierRun_keepTheirChecksum_andNewOnesGetTheirOwn() throws Exception {
        Path part = folder.resolve("part");
        Files.write(part, bytes(0, 1, 0, 0, 0, 0, 6));
        List<WrittenRange> left = List.of(new WrittenRange(6, 7, 42), new WrittenRange(0, 2, 43));
        try (GrowingFile file = open(left, 8, true)) {
            assertEquals(2, file.frontier());
            assertEquals(2, file.write(2, bytes(2, 3), 2));
            assertEquals(1, file.write(4, bytes(4), 1));
            assertEquals(1, file.write(7, bytes(7), 1));
            assertEquals(
                    List.of(left.get(1), WrittenRange.of(part, 2, 5), left.get(0), WrittenRange.of(part, 7, 8)),
                    file.ranges());
        }
    }

    /** A bag may have the same file by another name. */
    @Test
    void completeFileOfAnEarlierRun_isNotWritten() throws Exception {
        Files.write(folder.resolve("part"), bytes(1, 2));
        try (GrowingFile file = open(List.of(new WrittenRange(0, 2, 1)), 2, false)) {
            assertTrue(file.complete());
            assertEquals(0, file.write(0, bytes(9, 9), 2));
            assertThrows(NonWritableChannelException.class, () -> file.write(2, bytes(3), 1));
            assertEquals(2, file.missingFrom(2), "what was not written has not arrived");
        }
        assertArrayEquals(bytes(1, 2), Files.readAllBytes(folder.resolve("part")));
    }

    @Test
    void onlyBytesThatArrived_differ() throws Exception {
        try (GrowingFile file = open(List.of(), 10, false)) {
            file.write(1, bytes(1, 2), 2);
            file.write(5, bytes(5, 6), 2);
            assertFalse(file.differs(0, bytes(9, 1, 2, 9, 9, 5, 6, 9, 9, 9), 10));
            assertTrue(file.differs(0, bytes(9, 8, 2, 9, 9, 5, 6, 9, 9, 9), 10));
            assertTrue(file.differs(0, bytes(9, 1, 2, 9, 9, 5, 8, 9, 9, 9), 10));
            assertTrue(file.differs(2, bytes(1), 1));
            assertFalse(file.differs(2, bytes(2), 1));
            assertTrue(file.differs(5, bytes(6, 5), 2));
            assertFalse(file.differs(5, bytes(5, 9), 1), "the buffer has more than the count");
            assertFalse(file.differs(7, bytes(1, 2), 2));
            assertFalse(file.differs(0, bytes(9, 8), 1));
        }
    }

    @Test
    void reader_getsWhatArrived_andTheEndOnlyAtTheEnd() throws Exception {
        try (GrowingFile file = open(List.of(), 6, false)) {
            file.write(1, bytes(1, 2, 3), 3);
            assertEquals(List.of(1, 2, 3), read(file, 1, 9));
            assertEquals(List.of(2), read(file, 2, 1));
            assertEquals(List.of(-1), read(file, 6, 1));
            assertEquals(List.of(-1), read(file, 7, 1));
            file.fail(new IOException("broke"));
            file.fail(new IOException("a second failure"));
            assertEquals(List.of(3), read(file, 3, 9), "what arrived is there");
            assertEquals(
                    "broke",
                    assertThrows(IOException.class, () -> read(file, 0, 1)).getMessage());
            assertEquals(
                    "broke",
                    assertThrows(IOException.class, () -> read(file, 5, 1)).getMessage());
            assertEquals(List.of(-1), read(file, 6, 1));
        }
    }

    @Test
    void fileOfUnknownSize_endsWhereItIsEnded_alsoIfItIsClosedThen() throws Exception {
        try (GrowingFile file = open(List.of(), -1, false)) {
            file.write(0, bytes(0, 1, 2), 3);
            file.end();
            file.fail(new IOException("too late"));
            assertEquals(3, file.total());
            assertEquals(3, file.awaitTotal());
            assertEquals(List.of(2), read(file, 2, 5));
            assertEquals(List.of(-1), read(file, 3, 5));
            assertEquals(-1, file.awaitTailReader(3, 0));
        }
    }

    @Test
    void sizeOfAFailedFile_isNotWaitedFor() throws Exception {
        try (GrowingFile file = open(List.of(), -1, false)) {
            file.fail(new IOException("broke"));
            assertEquals(
                    "broke", assertThrows(IOException.class, file::awaitTotal).getMessage());
            assertEquals(-1, file.awaitTailReader(3, 0));
        }
    }

    /** Until a reader waits, which {@link GrowingFile#awaitTailReader} waits for. */
    private static long awaitReader(GrowingFile file) throws InterruptedException {
        return file.awaitTailReader(file.total(), -1);
    }

    @Test
    void waitingReader_goesOnWhenItsByteArrives_andNotBefore() throws Exception {
        try (GrowingFile file = open(List.of(), 10, false);
                TaskExecutor tasks = new TaskExecutor("test")) {
            BackgroundTask<List<Integer>> reader = tasks.start(() -> read(file, 5, 9));
            assertEquals(5, awaitReader(file));
            file.write(0, bytes(0, 1, 2, 3, 4), 5);
            assertEquals(5, awaitReader(file), "its byte is not there yet");
            file.write(5, bytes(5, 6), 2);
            assertEquals(List.of(5, 6), reader.get());
            BackgroundTask<List<Integer>> other = tasks.start(() -> read(file, 8, 9));
            assertEquals(8, awaitReader(file), "the first reader no longer waits");
            file.write(7, bytes(7, 8), 2);
            assertEquals(List.of(8), other.get());
        }
    }

    @Test
    void waitingReader_getsTheEndOrTheFailureThatComes() throws Exception {
        for (boolean fails : new boolean[] {true, false}) {
            try (GrowingFile file = open(List.of(), 10, false);
                    TaskExecutor tasks = new TaskExecutor("test")) {
                BackgroundTask<String> reader = tasks.start(() -> {
                    try {
                        return read(file, 5, 9).toString();
                    } catch (IOException e) {
                        return e.getMessage();
                    }
                });
                assertEquals(5, awaitReader(file));
                if (fails) {
                    file.fail(new IOException("broke"));
                } else {
                    file.total(4);
                }
                assertEquals(fails ? "broke" : "[-1]", reader.get());
            }
        }
    }

    /** So that the directory of a zip is fetched before its files. */
    @Test
    void tailReader_isOneThatWaitsNearTheEnd_andFarFromTheFrontier() throws Exception {
        try (GrowingFile file = open(List.of(), 100, false);
                TaskExecutor tasks = new TaskExecutor("test")) {
            tasks.start(() -> read(file, 30, 1));
            assertEquals(30, awaitReader(file));
            BackgroundTask<Long> far = tasks.start(() -> file.awaitTailReader(20, 79));
            tasks.start(() -> read(file, 79, 1));
            tasks.start(() -> read(file, 80, 1));
            assertEquals(80, far.get());
            assertEquals(80, file.awaitTailReader(20, 79));
            BackgroundTask<Long> farther = tasks.start(() -> file.awaitTailReader(20, 80));
            tasks.start(() -> read(file, 85, 1));
            assertEquals(85, farther.get());
            file.fail(new IOException("over"));
        }
    }
}
