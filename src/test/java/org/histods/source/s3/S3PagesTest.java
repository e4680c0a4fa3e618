package org.histods.source.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.histods.problem.Problem;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class S3PagesTest {

    private static final S3Bucket BUCKET = new S3Bucket("bucket", "", null, null);

    /** A bucket with two pages, which tells when the second is requested. */
    private static final class TwoPages implements Transport {

        private final CountDownLatch second = new CountDownLatch(1);

        @Override
        public byte[] read(Request request, int maxBytes) {
            boolean first = !request.uri().getQuery().contains("continuation-token");
            if (!first) {
                second.countDown();
            }
            String more = first ? "<NextContinuationToken>p1</NextContinuationToken>" : "";
            String key = first ? "a" : "b";
            return ("<ListBucketResult><IsTruncated>" + first + "</IsTruncated>" + more + "<Contents><Key>" + key
                            + "</Key><Size>1</Size></Contents></ListBucketResult>")
                    .getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public Response open(Request request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    @Test
    void secondPage_isRequestedBeforeItIsAskedFor() throws Exception {
        TwoPages host = new TwoPages();
        try (S3Pages pages = new S3Pages(BUCKET, "", true, host)) {
            assertEquals(List.of("a"), keys(pages));
            assertTrue(host.second.await(1, TimeUnit.MINUTES));
            assertTrue(pages.more());
            assertEquals(List.of("b"), keys(pages));
            assertFalse(pages.more());
        }
    }

    private static Problem refused(String contents) {
        Transport host = new Transport() {
            @Override
            public byte[] read(Request request, int maxBytes) {
                return ("<ListBucketResult><EncodingType>url</EncodingType>" + contents + "</ListBucketResult>")
                        .getBytes(StandardCharsets.UTF_8);
            }

            @Override
            public Response open(Request request) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void close() {}
        };
        try (S3Pages pages = new S3Pages(BUCKET, "", true, host)) {
            Problem problem = assertThrows(Problem.class, pages::next);
            assertEquals(Problem.Kind.NETWORK, problem.kind());
            assertNull(problem.hint());
            return problem;
        }
    }

    @Test
    void sizeThatIsNone_isNamed() {
        Problem problem = refused("<Contents><Key>a</Key><Size>18446744073709551615</Size></Contents>");
        assertTrue(problem.message().contains("'18446744073709551615' is not a size"), problem::message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"slides/%zz.svs", "%z", "%2", "a%"})
    void keyWhoseEncodingIsCutOrWrong_isNamed(String key) {
        Problem problem = refused("<Contents><Key>" + key + "</Key><Size>1</Size></Contents>");
        assertTrue(problem.message().contains("the key '" + key + "' is not URL-encoded"), problem::message);
    }

    @Test
    void truncatedListingWithoutAToken_isNamed() {
        Problem problem = refused("<IsTruncated>true</IsTruncated>");
        assertTrue(problem.message().contains("there is no token to continue with"), problem::message);
    }

    private static List<String> keys(S3Pages pages) throws Problem {
        return pages.next().stream().map(S3Page.Item::key).toList();
    }
}
