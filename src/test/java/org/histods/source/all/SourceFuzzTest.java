package org.histods.source.all;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.source.RemoteFile;
import org.histods.testing.SpecBuilder;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;

/**
 * Whatever a host responds, its kind of source lists files with safe paths or reports a problem. An input is the kind,
 * a line break, and the responses, one for each request, with {@code \n=====\n} between them; the last is given again.
 */
class SourceFuzzTest {

    private static final String COMMIT = "8387c3058c9d3a1f4b1b2f4bdb31ac5e0b4c0d17";

    private static final Map<String, SourceSpec> SPECS = Map.ofEntries(
            spec("archive-org", "LC25000-dataset"),
            spec("dataverse", "doi:10.7910/DVN/ABCDEF"),
            spec("figshare", "articles/7379186/versions/3"),
            spec("ftp", "ftp://histoimage.na.icar.cnr.it/"),
            spec("gcs", "gs://histo-data/tcga/"),
            spec("grand-challenge", "archives/lymph"),
            spec("http", "https://data.example/folder/"),
            spec("huggingface", "datasets/RationAI/PanNuke@" + COMMIT),
            spec("kaggle", "datasets/andrewmvd/lung"),
            spec("mendeley", "9xxm58dvs3/2"),
            spec("osf", "ab3de"),
            spec("torrent", COMMIT),
            spec("zenodo", "1214456"),
            Map.entry(
                    "ckan",
                    SpecBuilder.spec("ckan", "nis-2023-008")
                            .option("host", "rdm.inesctec.pt")
                            .build()),
            Map.entry(
                    "gdc",
                    SpecBuilder.spec("gdc", "TCGA-BRCA")
                            .option("experimental_strategy", "Diagnostic Slide")
                            .build()),
            Map.entry(
                    "github",
                    SpecBuilder.spec("github", "ieee8023/countception@" + COMMIT)
                            .option("via", "files")
                            .build()),
            Map.entry(
                    "google-drive",
                    SpecBuilder.spec("google-drive", "")
                            .file("a.zip", "1AbCdEfGhIjKlMnOpQrStUvWxYz012345", null)
                            .build()),
            Map.entry(
                    "idc",
                    SpecBuilder.spec("idc", "catch")
                            .option("idc-version", "v24")
                            .option("zenodo", "18526943")
                            .build()),
            Map.entry(
                    "s3",
                    SpecBuilder.spec("s3", "s3://camelyon-dataset/CAMELYON16/")
                            .option("region", "us-west-2")
                            .build()),
            Map.entry(
                    "tcia",
                    SpecBuilder.spec("tcia", "Prostate Fused-MRI-Pathology")
                            .option("via", "nbia")
                            .build()));

    private static Map.Entry<String, SourceSpec> spec(String kind, String record) {
        return Map.entry(kind, SpecBuilder.spec(kind, record).build());
    }

    /** Gives the responses in turn, then the last one again; fails after too many requests. */
    private static final class SameResponse implements Transport {
        private final String[] bodies;
        private int asked;

        private SameResponse(String all) {
            this.bodies = all.split("\n=====\n", -1);
        }

        private byte[] next() {
            if (asked == 10_000) {
                throw new AssertionError("asked without end");
            }
            return bodies[Math.min(bodies.length - 1, asked++)].getBytes(ISO_8859_1);
        }

        @Override
        public Response open(Request request) {
            byte[] body = next();
            return new Response(
                    200,
                    request.uri(),
                    List.of(),
                    Map.of("content-type", "text/html"),
                    0,
                    body.length,
                    body.length,
                    new ByteArrayInputStream(body));
        }

        @Override
        public byte[] read(Request request, int maxBytes) throws Problem {
            byte[] body = next();
            if (body.length > maxBytes) {
                throw new Problem(Problem.Kind.NETWORK, "too long");
            }
            return body;
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    @FuzzTest(maxDuration = "2m")
    void response_isListedOrAProblem(byte[] bytes) {
        String input = new String(bytes, ISO_8859_1);
        int end = input.indexOf('\n');
        SourceSpec spec = end < 0 ? null : SPECS.get(input.substring(0, end));
        if (spec == null) {
            return;
        }
        try {
            List<RemoteFile> files =
                    Sources.of(spec.kind()).orElseThrow().resolve(spec, new SameResponse(input.substring(end + 1)));
            if (files.isEmpty()) {
                throw new AssertionError("no file, and no problem");
            }
        } catch (Problem p) {
            return;
        }
    }
}
