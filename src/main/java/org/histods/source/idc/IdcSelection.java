package org.histods.source.idc;

import java.net.URI;
import java.util.ArrayList;
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
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The series that a source selects: those of a manifest for s5cmd at a URL or in a Zenodo record, or those that IDC's API
 * currently lists.
 */
final class IdcSelection {

    private static final String API = "https://api.imaging.datacommons.cancer.gov/v3/";
    private static final String MANIFEST = "-aws.s5cmd";

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

    /** The series, each once; never empty. */
    List<IdcSeries> series() throws Problem {
        String zenodo = spec.option("zenodo");
        String manifest = spec.option("manifest");
        if (zenodo != null && manifest != null) {
            throw PinnedFiles.fault(spec, "options.manifest", "give either this or options.zenodo");
        }
        Set<IdcSeries> series =
                new LinkedHashSet<>(manifest != null ? at(manifest) : zenodo != null ? pinned(zenodo) : today());
        if (series.isEmpty()) {
            throw new Problem(
                    Kind.UPSTREAM_CHANGED,
                    subject + " has no series",
                    "its name may have changed; look at https://portal.imaging.datacommons.cancer.gov/collections/");
        }
        return List.copyOf(series);
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
                null,
                List.of("*" + MANIFEST),
                List.of(),
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
                            + SourceProblems.shortened(names, 10),
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

    private List<IdcSeries> today() throws Problem {
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
        Map<String, Object> filters = Map.of("terms", terms);
        Request request = Request.postJson(
                        URI.create(API + "cohort/manifest.txt"), JsonResponse.write(Map.of("filters", filters)))
                .with("Accept", "text/plain");
        byte[] manifest;
        try {
            manifest = transport.read(request, MAX_BYTES);
        } catch (Problem problem) {
            throw SourceProblems.about(subject, null, problem);
        }
        List<IdcSeries> series = IdcSeries.parse(manifest, subject + ": the manifest of IDC");
        checkComplete(filters, new LinkedHashSet<>(series).size());
        return series;
    }

    /** The API truncates long manifests silently, so the number of series is requested too. */
    private void checkComplete(Map<String, Object> filters, int listed) throws Problem {
        Map<String, Object> question = new LinkedHashMap<>();
        question.put("filters", filters);
        question.put("page_size", 1);
        Request request = Request.postJson(URI.create(API + "cohort/manifest"), JsonResponse.write(question));
        Long total = total(JsonResponse.read(transport, request, subject, null));
        if (total != null && total != listed) {
            throw new Problem(
                    Kind.NETWORK,
                    subject + ": IDC states " + total + " series but lists " + listed,
                    "give the manifest of a Zenodo record as options.zenodo, which is complete");
        }
    }

    private static @Nullable Long total(JsonNode response) {
        Long total = JsonResponse.size(response, "total_series");
        return total == null ? JsonResponse.size(response.path("counts"), "series") : total;
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
