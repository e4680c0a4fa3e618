package org.histods.unpack;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A member of a zip, inflated with its CRC-32, by the size of the pieces that zlib gets: see decision 9. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class InflateBenchmark {

    private static final int TILE = 120_000;

    @Param({"8192", "262144"})
    int piece;

    private byte[] packed = {};
    private byte[] buffer = {};
    private final Inflater inflater = new Inflater(true);

    /** A tile that hardly compresses, as JPEG and PNG do not. */
    @Setup
    public void pack() throws IOException {
        byte[] tile = new byte[TILE];
        new Random(1).nextBytes(tile);
        Arrays.fill(tile, TILE * 19 / 20, TILE, (byte) 0);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try (DeflaterOutputStream deflated = new DeflaterOutputStream(out, deflater)) {
            deflated.write(tile);
        } finally {
            deflater.end();
        }
        packed = out.toByteArray();
        buffer = new byte[piece];
    }

    @Benchmark
    public long inflate() throws IOException {
        inflater.reset();
        CRC32 crc = new CRC32();
        InputStream in = new InflaterInputStream(new ByteArrayInputStream(packed), inflater, piece);
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            crc.update(buffer, 0, n);
        }
        return crc.getValue();
    }

    @TearDown
    public void end() {
        inflater.end();
    }
}
