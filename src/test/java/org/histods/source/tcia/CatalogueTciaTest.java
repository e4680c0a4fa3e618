package org.histods.source.tcia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.catalogue.Catalogue;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.ManifestReader;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.listing.UrlEncoding;
import org.histods.testing.SourceContract;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.junit.jupiter.api.Test;

/** Each TCIA source of the catalogue, against hosts that have every requested file. */
final class CatalogueTciaTest {

    /** Simulates TCIA, its Faspex, PathDB and NBIA for the listing of a source. */
    private static final class AllOfTcia implements Transport {

        private final String number;
        private final String collection;
        private final String download;

        AllOfTcia(SourceSpec spec) {
            this.download = spec.record().matches("[0-9]+") ? spec.record() : "55034";
            this.number = spec.option("package") == null ? "7" : String.valueOf(spec.option("package"));
            this.collection =
                    spec.option("collection") == null ? spec.record() : String.valueOf(spec.option("collection"));
        }

        private String body(URI uri) throws Problem {
            String path = uri.getPath();
            Matcher slug = Pattern.compile("[?&]slug=([^&]+)").matcher(uri.toString());
            if (path.contains("/api/v1/downloads")) {
                return "[{\"id\": 1, \"slug\": \"a\", \"download_url\": \"" + link()
                        + "\"}, {\"id\": \"41411\", \"slug\": \""
                        + (slug.find() ? slug.group(1) : "b") + "\", \"download_url\": \"" + link()
                        + "\"}, {\"id\": " + download + ", \"slug\": \"c\", \"download_url\": \"" + link() + "\"}]";
            }
            if (path.contains("/api/v1/") && slug.find()) {
                return "[{\"slug\": \"" + slug.group(1)
                        + "\", \"collection_downloads\": [1], \"result_downloads\": [1]}]";
            }
            if (path.endsWith("/config.js")) {
                return SourceContract.resource("tcia/config.js");
            }
            if (path.endsWith("/auth/token")) {
                return "{\"access_token\": \"x\"}";
            }
            if (path.endsWith("/files/received")) {
                return "{\"items\": [{\"path\": \"/Top/a.ndpi\", \"type\": \"file\", \"size\": 1}, {\"path\":"
                        + " \"/HER2_tumor_ROIs_v3.sums\", \"type\": \"file\", \"size\": 1}, {\"path\":"
                        + " \"/UPENN-GBM.sums\", \"type\": \"file\", \"size\": 1}], \"total_count\": 3}";
            }
            if (path.contains("/api/v5/packages/")) {
                return "{\"id\": 1}";
            }
            if (path.startsWith("/collections")) {
                return "[{\"name\": [{\"value\": \"" + collection.replace('/', '-')
                        + "\"}], \"tid\": [{\"value\": 3}]}]";
            }
            if (path.startsWith("/listofimages/")) {
                return uri.toString().endsWith("page=0") ? SourceContract.resource("tcia/pathdb-0.json") : "[]";
            }
            if (path.endsWith("/getSeries")) {
                return SourceContract.resource("tcia/series.json");
            }
            throw new Problem(Kind.NETWORK, "nobody has " + uri);
        }

        private String link() {
            String context = "{\"id\":\"" + number + "\",\"passcode\":\"p\"}";
            return "https://faspex.cancerimagingarchive.net/aspera/faspex/public/package?context="
                    + UrlEncoding.segment(Base64.getEncoder().encodeToString(context.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public Response open(Request request) throws Problem {
            boolean login = request.uri().getPath().endsWith("/authorize_public_link");
            byte[] body = (login ? "" : body(request.uri())).getBytes(StandardCharsets.UTF_8);
            return new Response(
                    login ? 302 : 200,
                    request.uri(),
                    List.of(),
                    login ? Map.of("location", "/aspera/faspex/token?code=1") : Map.of(),
                    0,
                    body.length,
                    body.length,
                    new ByteArrayInputStream(body));
        }

        @Override
        public byte[] read(Request request, int most) throws Problem {
            try (Response response = open(request)) {
                return response.body().readAllBytes();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {}
    }

    @Test
    void everyTciaSource_listsFiles() throws Problem {
        Path folder = Path.of(System.getProperty("project.basedir", ".")).resolve("manifests");
        List<String> faults = new ArrayList<>();
        int asked = 0;
        for (ManifestFile file : new Catalogue(folder, new ManifestReader()).all()) {
            for (SourceSpec spec : file.manifest().sources()) {
                if (!spec.kind().equals("tcia") || spec.use() == SourceSpec.Use.NEVER) {
                    continue;
                }
                asked++;
                try {
                    new TciaSource().resolve(spec, new AllOfTcia(spec));
                } catch (Problem problem) {
                    faults.add(file.manifest().id() + ": " + problem.message());
                }
            }
        }
        assertEquals(List.of(), faults);
        assertTrue(asked > 20, "only " + asked);
    }

    /** Converted copies are never taken by themselves where the originals can be had, and radiology is IDC's first. */
    @Test
    void copiesAndTheOldService_areUsedOnlyOnRequest() throws Problem {
        Path folder = Path.of(System.getProperty("project.basedir", ".")).resolve("manifests");
        List<String> faults = new ArrayList<>();
        for (ManifestFile file : new Catalogue(folder, new ManifestReader()).all()) {
            for (SourceSpec spec : file.manifest().sources()) {
                String via = String.valueOf(spec.option("via"));
                boolean other = spec.kind().equals("tcia") && (via.equals("pathdb") || via.equals("nbia"));
                // Its manifest says why: of this one, every copy is fetched, with its labels.
                if (other
                        && spec.use() == SourceSpec.Use.AUTO
                        && !file.manifest().id().text().equals("osteosarcoma")) {
                    faults.add(file.manifest().id() + " via " + via);
                }
            }
        }
        assertEquals(List.of(), faults);
    }
}
