package org.histods.source.s3;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import javax.xml.stream.XMLStreamException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A page of a bucket's listing with 1,000 objects, as Amazon sends it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class S3PageBenchmark {

    private byte[] page = {};

    @Setup
    public void write() {
        StringBuilder text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
                + "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>bucket</Name>"
                + "<IsTruncated>false</IsTruncated>");
        for (int i = 0; i < 1000; i++) {
            text.append("<Contents><Key>tiles/t")
                    .append(100_000 + i)
                    .append(".png</Key><LastModified>2024-01-01T00:00:00.000Z</LastModified><ETag>&quot;")
                    .append("0123456789abcdef".repeat(2))
                    .append("&quot;</ETag><Size>20000</Size><StorageClass>STANDARD</StorageClass></Contents>");
        }
        page = text.append("</ListBucketResult>").toString().getBytes(StandardCharsets.UTF_8);
    }

    @Benchmark
    public S3Page parse() throws XMLStreamException {
        return S3Page.parse(page);
    }
}
