package org.histods.fetch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** 16 MiB of a file, written and read back while it grows, by the size of a write. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class GrowingFileBenchmark {

    private static final int TOTAL = 16 << 20;

    @Param({"8192", "262144"})
    int piece;

    private Path file = Path.of("unused");
    private byte[] bytes = {};

    @Setup
    public void create() throws IOException {
        file = Files.createTempFile("histods", ".part");
        bytes = new byte[piece];
    }

    @Benchmark
    public long writeAndRead() throws IOException {
        long read = 0;
        try (GrowingFile growing = new GrowingFile(file, List.of(), TOTAL)) {
            ByteBuffer target = ByteBuffer.allocate(piece);
            for (long at = 0; at < TOTAL; at += piece) {
                growing.write(at, bytes, piece);
                read += growing.read(target.clear(), at);
            }
        }
        return read;
    }

    @TearDown
    public void delete() throws IOException {
        Files.delete(file);
    }
}
