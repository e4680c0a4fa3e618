package org.histods.digest;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The checksums of a file of which the host publishes MD5: a small one, and a piece of a large one. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class HasherBenchmark {

    @Param({"0", "20000", "1000000"})
    int bytes;

    private byte[] content = {};
    private final List<Checksum> published = List.of(new Checksum(Algorithm.MD5, "0".repeat(32)));

    @Setup
    public void fill() {
        content = new byte[bytes];
        new Random(1).nextBytes(content);
    }

    @Benchmark
    public Map<Algorithm, Checksum> sha256AndMd5() {
        Hasher hasher = Hasher.toCompare(published, content.length);
        hasher.update(content, 0, content.length);
        return hasher.finish();
    }

    @Benchmark
    public Checksum sha256() {
        return Hasher.sha256(content);
    }
}
