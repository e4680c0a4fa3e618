package org.histods.source.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Attempt;
import org.histods.problem.Problem.Kind;
import org.histods.source.all.Sources;
import org.histods.source.github.GithubUrl;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/** The forms in which people find addresses, old and new, and what each is taken for. No host answers here. */
final class UrlFormsTest {

    /** Has nothing, and remembers what it was asked for. */
    private static final class Deaf implements Transport {
        private final List<String> asked = new ArrayList<>();

        @Override
        public Response open(Request request) throws Problem {
            asked.add(request.uri().toString());
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

    /** The first question that the address leads to; kind and record where there is none; else what is said. */
    private static String understood(String address) {
        Deaf transport = new Deaf();
        String outcome;
        try {
            outcome = Sources.describe(address, transport)
                    .map(d -> d.spec().kind() + " " + d.spec().record())
                    .orElse("nothing");
        } catch (Problem problem) {
            outcome = problem.kind() + ": " + problem.message() + "; " + problem.hint();
        }
        return transport.asked.isEmpty() ? outcome : transport.asked.get(0);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/source/addresses.csv", delimiter = '|', maxCharsPerColumn = 10000)
    void address_leadsToTheRightQuestion(String address, String question) {
        assertEquals(question, understood(address), address);
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
    void pageThatIsNoRecord_isExplained(String address, String hint) {
        String said = understood(address);

        assertTrue(said.startsWith("USAGE: ") && said.contains(hint), said);
    }

    @ParameterizedTest
    @CsvSource({
        "https://github.com/o/r, , ''",
        "https://github.com/o/r.git, , ''",
        "https://github.com/o/r/tree/v1/a/b, v1, a/b",
        "https://github.com/o/r/blob/main/a%20b.csv, main, a b.csv",
        "https://github.com/o/r/raw/refs/heads/main/a.csv, main, a.csv",
        "https://github.com/o/r/archive/refs/tags/v1.zip, v1, ''",
        "https://raw.githubusercontent.com/o/r/main/a.csv, main, a.csv",
        "https://raw.githubusercontent.com/o/r/refs/heads/main/d/a.csv, main, d/a.csv",
        "https://media.githubusercontent.com/media/o/r/main/d/a.csv, main, d/a.csv",
        "https://codeload.github.com/o/r/zip/refs/heads/main, main, ''",
        "https://codeload.github.com/o/r/tar.gz/v1, v1, ''",
        "https://api.github.com/repos/o/r, , ''",
        "https://api.github.com/repos/o/r/zipball/v1, v1, ''",
    })
    void addressOfGithub_isReadAsRefAndPath(String address, String ref, String path) {
        GithubUrl read = Objects.requireNonNull(GithubUrl.of(URI.create(address)));

        assertEquals("o/r", read.owner() + "/" + read.name());
        assertEquals(ref, read.ref());
        assertEquals(path, read.path());
    }
}
