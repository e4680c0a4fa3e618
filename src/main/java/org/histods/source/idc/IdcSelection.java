package org.histods.source.idc;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.PinnedFiles;
import org.histods.source.listing.SourceProblems;
import org.histods.source.zenodo.ZenodoSource;
import org.histods.text.Count;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import tools.jackson.databind.JsonNode;

/**
 * The series that a source selects: those of a manifest for s5cmd at a URL or in a Zenodo record, or those that IDC's API
 * currently lists.
 */
final class IdcSelection {

    private static final String API = "https://api.imaging.datacommons.cancer.gov/v3/";
    private static final String MANIFEST = "-aws.s5cmd";

    /** The largest page that the interface gives. */
    private static final int PAGE = 5000;

    /** How many series are looked up at a time. */
    private static final int CHUNK = 1000;

    /** IDC has a million series, with 65 bytes each in a manifest. */
    private static final int MAX_BYTES = 128 << 20;

    private final SourceSpec spec;
    private final String subject;
    private final Transport transport;

    IdcSelection(SourceSpec spec, String subject, Transport transport) {
        this.spec = spec;
        this.subject = subject;
        this.transport = transport;
    }

    /** The series with what IDC states about them, each once; never empty. */
    List<IdcSeries> series() throws Problem {
        String zenodo = spec.option("zenodo");
        String manifest = spec.option("manifest");
        if (zenodo != null && manifest != null) {
            throw PinnedFiles.fault(spec, "options.manifest", "give either this or options.zenodo");
        }
        List<IdcSeries> series = manifest != null
                ? described(at(manifest))
                : zenodo != null ? described(pinned(zenodo)) : today(filters());
        if (series.isEmpty()) {
            throw new Problem(
                    Kind.UPSTREAM_CHANGED,
                    subject + " has no series",
                    "its name may have changed; look at https://portal.imaging.datacommons.cancer.gov/collections/");
        }
        return series;
    }

    private List<IdcSeries> at(String manifest) throws Problem {
        URI uri;
        try {
            uri = PinnedFiles.webAddress(manifest);
        } catch (IllegalArgumentException e) {
            // Local files are not allowed: the dataset would differ between machines.
            throw PinnedFiles.fault(spec, "options.manifest", String.valueOf(e.getMessage()));
        }
        try {
            return IdcSeries.parse(transport.read(Request.get(uri), MAX_BYTES), subject + ": " + manifest);
        } catch (Problem problem) {
            throw problem.message().startsWith(subject) ? problem : SourceProblems.about(subject, manifest, problem);
        }
    }

    /** An analysis result over several collections has a manifest for each, and may have one for all. */
    private List<IdcSeries> pinned(String zenodo) throws Problem {
        SourceSpec record = new SourceSpec(
                "zenodo",
                zenodo,
                true,
                "",
                SourceSpec.Use.AUTO,
                null,
                Map.of(),
                SourceSpec.Listing.only(List.of("*" + MANIFEST)),
                null,
                List.of());
        String version = spec.option("idc-version");
        List<IdcSeries> series = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (RemoteFile file : new ZenodoSource().resolve(record, transport)) {
            String name = file.path().name();
            names.add(name);
            if (version == null || name.endsWith("idc_" + version + MANIFEST)) {
                series.addAll(IdcSeries.parse(read(file), subject + ": " + name + " of zenodo record " + zenodo));
            }
        }
        if (series.isEmpty()) {
            throw new Problem(
                    Kind.UPSTREAM_CHANGED,
                    subject + ": zenodo record " + zenodo + " has no manifest of IDC " + version + ", but "
                            + Count.shortened(names, 10),
                    "compare options.idc-version and options.zenodo of the manifest");
        }
        return series;
    }

    private byte[] read(RemoteFile file) throws Problem {
        byte[] bytes = transport.read(Request.get(file.uri()), MAX_BYTES);
        if (file.bytes() != null && file.bytes() != bytes.length) {
            throw new Problem(
                    Kind.NETWORK,
                    subject + ": " + file.uri() + " has " + bytes.length + " bytes, expected " + file.bytes(),
                    "run the same command again later");
        }
        return bytes;
    }

    private Map<String, Object> filters() throws Problem {
        Map<String, Object> terms = new LinkedHashMap<>();
        String result = spec.option("analysis-result");
        if (result == null) {
            terms.put("collection_id", collections());
        } else {
            terms.put("analysis_result_id", List.of(result));
        }
        String modality = spec.option("modality");
        if (modality != null) {
            terms.put("Modality", List.of(modality));
        }
        return Map.of("terms", terms);
    }

    /** What the interface lists now, page by page. */
    private List<IdcSeries> today(Map<String, Object> filters) throws Problem {
        Map<String, IdcSeries> series = new LinkedHashMap<>();
        for (int page = 0; ; page++) {
            Map<String, Object> question = new LinkedHashMap<>();
            question.put("filters", filters);
            question.put("page", page);
            question.put("page_size", PAGE);
            JsonNode response = ask("cohort/manifest", question);
            if (!response.path("series").isArray()) {
                throw new Problem(Kind.NETWORK, subject + " cannot be read: IDC did not respond with a list of series");
            }
            int before = series.size();
            for (JsonNode row : response.path("series").values()) {
                IdcSeries one = IdcSeries.of(row, subject + ": the list of IDC");
                series.put(one.uuid(), one);
            }
            Long total = JsonResponse.size(response, "total_series");
            if (total == null || series.size() == total) {
                return List.copyOf(series.values());
            }
            if (series.size() == before || series.size() > total) {
                throw new Problem(
                        Kind.NETWORK,
                        subject + ": IDC states " + total + " series but lists " + series.size(),
                        "give the manifest of a Zenodo record as options.zenodo, which is complete");
            }
        }
    }

    /**
     * The series of a manifest, which names only UUIDs, with what IDC states about them. Series that IDC has replaced
     * since are looked up among those of earlier versions.
     */
    private List<IdcSeries> described(List<IdcSeries> named) throws Problem {
        Set<IdcSeries> all = new LinkedHashSet<>(named);
        if (all.isEmpty()) {
            return List.of();
        }
        Map<String, Map<String, String>> known = new HashMap<>();
        today(filters()).forEach(one -> known.put(one.uuid(), one.attributes()));
        List<String> unknown = all.stream()
                .map(IdcSeries::uuid)
                .filter(uuid -> !known.containsKey(uuid))
                .toList();
        for (int from = 0; from < unknown.size(); from += CHUNK) {
            // UUIDs of hexadecimal digits only, as the pattern of a manifest's lines requires.
            String uuids = String.join("', '", unknown.subList(from, Math.min(unknown.size(), from + CHUNK)));
            JsonNode rows = ask(
                    "sql",
                    Map.of(
                            "sql",
                            "SELECT collection_id, PatientID, StudyInstanceUID, SeriesInstanceUID, Modality,"
                                    + " crdc_series_uuid FROM prior_versions_index WHERE crdc_series_uuid IN ('" + uuids
                                    + "')",
                            "max_rows",
                            CHUNK));
            for (JsonNode row : rows.path("rows").values()) {
                known.put(JsonResponse.name(row, "crdc_series_uuid"), IdcSeries.attributes(row));
            }
        }
        return all.stream()
                .map(one -> one.with(known.getOrDefault(one.uuid(), Map.of())))
                .toList();
    }

    private JsonNode ask(String path, Map<String, Object> question) throws Problem {
        Request request = Request.postJson(URI.create(API + path), JsonResponse.write(question));
        return JsonResponse.read(transport, request, subject, null);
    }

    /** The record's collection; with an asterisk at its end all that start with it, such as those of TCGA. */
    private List<String> collections() throws Problem {
        if (!spec.record().endsWith("*")) {
            return List.of(spec.record());
        }
        String start = spec.record().substring(0, spec.record().length() - 1);
        Request request = Request.get(URI.create(API + "collections"));
        List<String> ids =
                JsonResponse.read(transport, request, subject, null).findValuesAsString("collection_id").stream()
                        .filter(id -> id.startsWith(start))
                        .distinct()
                        .sorted()
                        .toList();
        if (ids.isEmpty()) {
            throw new Problem(Kind.UPSTREAM_CHANGED, subject + ": IDC has no collection with such a name");
        }
        return ids;
    }
}
