package org.histods.source.tcia;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.source.listing.FileListing;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.PinnedFiles;
import org.histods.source.listing.SourceProblems;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import tools.jackson.databind.JsonNode;

/**
 * NBIA, TCIA's service for radiology. It builds a zip of a series for each request, of unknown length; the zip ends with a
 * list of the MD5 checksums of its entries.
 */
final class NbiaApi {

    private static final String HOST = "services.cancerimagingarchive.net";
    private static final String API = "https://" + HOST + "/nbia-api/services/v1/";
    private static final String IMAGES = API + "getImageWithMD5Hash?SeriesInstanceUID=";

    /** The longest lists have some hundred thousand series. */
    private static final int MAX_BYTES = 32 << 20;

    private static final String LIST = "ListOfSeriesToDownload=";
    private static final String UID = "[0-9]+(\\.[0-9]+)+";

    /** The columns of the table of files, and the fields of the response. */
    private static final Map<String, String> COLUMNS = Map.of(
            "patient", "PatientID",
            "study", "StudyInstanceUID",
            "series", "SeriesInstanceUID",
            "modality", "Modality",
            "description", "SeriesDescription",
            "site", "BodyPartExamined");

    private final SourceSpec spec;
    private final String subject;
    private final Transport transport;

    NbiaApi(SourceSpec spec, String subject, Transport transport) {
        this.spec = spec;
        this.subject = subject;
        this.transport = transport;
    }

    static boolean isSeriesUrl(URI uri) {
        return uri.toString().startsWith(IMAGES);
    }

    /** A zip per series, which unpacks into a folder with the series' UID as name. */
    List<RemoteFile> files() throws Problem {
        FileListing listing = new FileListing(spec, subject);
        Map<String, Map<String, String>> all = series();
        for (String series : all.keySet()) {
            listing.add(
                    series + "/" + series + ".zip",
                    List.of(images(series)),
                    null,
                    List.of(),
                    all.getOrDefault(series, Map.of()));
        }
        return listing.files();
    }

    /** The URL of a pinned file, whose {@code at} is a URL or the UID of a series. */
    static URI url(SourceSpec spec, PinnedFile file) throws Problem {
        if (PinnedFiles.hasUrl(file)) {
            return PinnedFiles.url(spec, file);
        }
        String series = file.at() == null ? "" : file.at();
        if (!series.matches(UID)) {
            throw PinnedFiles.fault(
                    spec, file, "at", "expected the SeriesInstanceUID, such as 1.3.6.1.4.1.14519.5.2.1");
        }
        return images(series);
    }

    private static URI images(String series) {
        return URI.create(IMAGES + UrlEncoding.segment(series));
    }

    /** What is stated about each series; nothing for those of a manifest. */
    private Map<String, Map<String, String>> series() throws Problem {
        String manifest = spec.option("manifest");
        if (manifest == null) {
            return ofCollection();
        }
        Map<String, Map<String, String>> series = new LinkedHashMap<>();
        ofManifest(manifest).forEach(one -> series.put(one, Map.of("series", one)));
        return series;
    }

    private Map<String, Map<String, String>> ofCollection() throws Problem {
        String collection = spec.option("collection") == null ? spec.record() : spec.option("collection");
        Request request = Request.get(
                URI.create(API + "getSeries?Collection=" + UrlEncoding.segment(collection) + "&format=json"));
        JsonNode all = JsonResponse.read(transport, request, subject, TciaSource.PAGE);
        if (!all.isArray()) {
            throw new Problem(Kind.NETWORK, subject + " cannot be read: NBIA did not respond with a list of series");
        }
        Map<String, Map<String, String>> series = new LinkedHashMap<>();
        for (JsonNode one : all.values()) {
            Map<String, String> attributes = new LinkedHashMap<>();
            COLUMNS.forEach((column, field) -> {
                String value = JsonResponse.text(one, field);
                if (value != null && !value.isBlank()) {
                    attributes.put(column, value);
                }
            });
            series.put(JsonResponse.name(one, "SeriesInstanceUID"), attributes);
        }
        return series;
    }

    /** The series of a {@code .tcia} manifest: settings, then one series per line. */
    private List<String> ofManifest(String url) throws Problem {
        URI uri;
        try {
            uri = PinnedFiles.webAddress(url.replace(" ", "%20"));
        } catch (IllegalArgumentException e) {
            throw PinnedFiles.fault(spec, "options.manifest", String.valueOf(e.getMessage()));
        }
        byte[] text;
        try {
            text = transport.read(Request.get(uri), MAX_BYTES);
        } catch (Problem problem) {
            throw SourceProblems.about(subject, url, problem);
        }
        return parse(text, subject + ": " + url);
    }

    /** @throws Problem {@code NETWORK} if a line is not a series, because none may be left out silently */
    static List<String> parse(byte[] manifest, String subject) throws Problem {
        String text = new String(manifest, StandardCharsets.UTF_8).replace("\uFEFF", "");
        int start = text.indexOf(LIST);
        if (start < 0) {
            throw new Problem(Kind.NETWORK, subject + " is not a manifest of TCIA: it has no line " + LIST);
        }
        List<String> series = new ArrayList<>();
        for (String line : text.substring(start + LIST.length()).split("\r?\n", -1)) {
            String one = line.strip();
            if (!one.isEmpty() && !one.matches(UID)) {
                String shown = one.length() > 80 ? one.substring(0, 80) + "…" : one;
                throw new Problem(Kind.NETWORK, subject + " cannot be read: '" + shown + "' is not a series");
            }
            if (!one.isEmpty()) {
                series.add(one);
            }
        }
        if (series.isEmpty()) {
            throw new Problem(Kind.UPSTREAM_CHANGED, subject + " names no series");
        }
        return series;
    }

    /** Opens a zip, always from the start, because a second zip may differ; unless a checksum is published for it. */
    static Response open(RemoteFile file, Request request, Transport transport) throws Problem {
        if (!file.checksums().isEmpty()) {
            return transport.open(request);
        }
        Response response = transport.open(request.range(0, -1).ifRange(null));
        return response.withBody(new NbiaZip(response.body(), file.path().text()));
    }
}
