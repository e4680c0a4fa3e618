package org.histods.source.idc;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.concurrent.Parallel;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.listing.JsonResponse;
import org.histods.source.s3.S3Bucket;
import org.histods.source.s3.S3Page;
import org.histods.source.s3.S3Pages;
import org.histods.transport.Transport;
import tools.jackson.databind.JsonNode;

/**
 * A series of the Imaging Data Commons: a folder of a public bucket with one file per instance. The files of a UUID never
 * change.
 *
 * @param attributes what IDC states about the series; empty if it is not known
 */
record IdcSeries(String bucket, String uuid, Map<String, String> attributes) {

    /** The columns of the table of files, and the fields of the interface. */
    private static final Map<String, String> COLUMNS = columns();

    private static Map<String, String> columns() {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("id", "crdc_series_uuid");
        columns.put("collection", "collection_id");
        columns.put("patient", "PatientID");
        columns.put("study", "StudyInstanceUID");
        columns.put("series", "SeriesInstanceUID");
        columns.put("modality", "Modality");
        columns.put("description", "SeriesDescription");
        return columns;
    }

    /** What a row of the interface states about a series. */
    static Map<String, String> attributes(JsonNode row) {
        Map<String, String> attributes = new LinkedHashMap<>();
        COLUMNS.forEach((column, field) -> {
            String value = JsonResponse.text(row, field);
            if (value != null) {
                attributes.put(column, value);
            }
        });
        return attributes;
    }

    /** The series of a row of the interface. */
    static IdcSeries of(JsonNode row, String subject) throws Problem {
        String url = JsonResponse.name(row, "series_aws_url");
        return parse(url.getBytes(StandardCharsets.UTF_8), subject).stream()
                .findFirst()
                .orElseThrow(() -> new Problem(Kind.NETWORK, subject + " lists a series without its URL"))
                .with(attributes(row));
    }

    IdcSeries with(Map<String, String> stated) {
        return new IdcSeries(bucket, uuid, stated);
    }

    /** The folder in the dataset: collection, patient, study and series; the UUID of a series about which nothing is known. */
    String path() {
        StringBuilder path = new StringBuilder();
        for (String column : List.of("collection", "patient", "study", "series")) {
            String value = attributes.get(column);
            if (value == null) {
                return uuid + "/";
            }
            path.append(value.replaceAll("[/\\\\:*?\"<>|\\p{Cntrl}]|^\\.+|[. ]$", "_"))
                    .append('/');
        }
        return path.toString();
    }

    /** A line of a manifest for s5cmd ({@code cp s3://bucket/uuid/* .}) or of the interface's ({@code s3://bucket/uuid/*}). */
    private static final Pattern LINE = Pattern.compile(
            "(?:cp\\s+)?\"?s3://([a-z0-9][a-z0-9.-]{1,62})/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:/\\*?)?\"?(?:\\s+\\.?/?)?");

    /** S3 handles these without throttling; GTEx has 25,000 series. */
    private static final int PARALLEL_REQUESTS = 8;

    /**
     * The series that a manifest names, in its order, each once.
     *
     * @throws Problem {@code NETWORK} if a line cannot be parsed, because no series may be left out silently
     */
    static List<IdcSeries> parse(byte[] manifest, String subject) throws Problem {
        List<IdcSeries> series = new ArrayList<>();
        int number = 0;
        for (String line : new String(manifest, StandardCharsets.UTF_8).split("\r?\n", -1)) {
            number++;
            String text = line.strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            Matcher form = LINE.matcher(text);
            if (!form.matches()) {
                String shown = text.length() > 80 ? text.substring(0, 80) + "…" : text;
                throw new Problem(
                        Kind.NETWORK,
                        subject + " cannot be read: line " + number + " is not a series: '" + shown + "'",
                        "it may be a login page of your network, or the manifest's format has changed");
            }
            series.add(new IdcSeries(form.group(1), form.group(2), Map.of()));
        }
        return series;
    }

    /** The bucket's folder of this series. */
    S3Bucket folder() {
        return new S3Bucket(bucket, uuid + "/", null, null);
    }

    private List<S3Page.Item> instances(Transport transport) throws Problem {
        List<S3Page.Item> items = new ArrayList<>();
        try (S3Pages pages = new S3Pages(folder(), uuid + "/", true, transport)) {
            while (pages.more()) {
                pages.next().stream().filter(item -> !item.folder()).forEach(items::add);
            }
        }
        if (items.isEmpty()) {
            throw new Problem(Kind.UPSTREAM_CHANGED, folder().subject() + " contains no files");
        }
        return items;
    }

    /**
     * The files of each series, in order. Requested in parallel.
     *
     * @throws Problem the first failure
     */
    static List<List<S3Page.Item>> instances(List<IdcSeries> all, Transport transport) throws Problem {
        return Parallel.map(PARALLEL_REQUESTS, all, series -> series.instances(transport));
    }
}
