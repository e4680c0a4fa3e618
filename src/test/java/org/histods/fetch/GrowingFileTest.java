package org.histods.fetch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
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
}
