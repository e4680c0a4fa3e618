package org.histods.source.all;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Attempt;
import org.histods.problem.Problem.Kind;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/** The URL forms that people find, old and new, and the kind of source that each leads to. No host responds here. */
final class UrlFormsTest {

    /** Responds 404 to everything and records the requested URLs. */
    private static final class NotFoundTransport implements Transport {
        private final List<String> requested = new ArrayList<>();

        @Override
        public Response open(Request request) throws Problem {
            requested.add(request.uri().toString());
            Attempt attempt = new Attempt("", request.uri().toString(), 404, null, "there is no such file");
            throw new Problem(Kind.NETWORK, "no network", null, List.of(attempt), null);
        }

        @Override
        public byte[] read(Request request, int most) throws Problem {
            open(request);
            return new byte[0];
        }

        @Override
        public void close() {}
    }

    /** The first URL requested for a typed URL; without a request, the kind and record, or the problem. */
    private static String outcome(String url) {
        NotFoundTransport transport = new NotFoundTransport();
        String outcome;
        try {
            outcome = Sources.describe(url, transport)
                    .map(d -> d.spec().kind() + " " + d.spec().record())
                    .orElse("nothing");
        } catch (Problem problem) {
            outcome = problem.kind() + ": " + problem.message() + "; " + problem.hint();
        }
        return transport.requested.isEmpty() ? outcome : transport.requested.get(0);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/source/addresses.csv", delimiter = '|', maxCharsPerColumn = 10000)
    void url_leadsToTheRightRequest(String url, String request) {
        assertEquals(request, outcome(url), url);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://drive.google.com/drive/folders/1HqkOa9iBtQIc8e0f6GkYQJX8yLz0M3ab?usp=sharing | at",
                "https://drive.google.com/drive/u/1/folders/1HqkOa9iBtQIc8e0f6GkYQJX8yLz0M3ab | at",
                "https://wiki.cancerimagingarchive.net/pages/viewpage.action?pageId=119702520 | collection's page",
                "https://camelyon17.grand-challenge.org/Data/ | Zenodo",
                "https://registry.opendata.aws/camelyon/ | arn:aws:s3:::",
                "https://portal.gdc.cancer.gov/analysis_page?app=Downloads | projects/TCGA-BRCA",
                "https://portal.imaging.datacommons.cancer.gov/explore/ | one collection",
                "https://zenodo.org/communities/histopathology | one record",
                "https://www.dropbox.com/scl/fi/abc/x.zip?rlkey=1&dl=0 | manual",
                "https://data.example.org/a.zip?X-Amz-Signature=abc | made from",
            })
    void pageThatIsNotARecord_isExplained(String url, String hint) {
        String message = outcome(url);

        assertTrue(message.startsWith("USAGE: ") && message.contains(hint), message);
    }
}
