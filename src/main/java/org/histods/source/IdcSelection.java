package org.histods.source;

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
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Which series a source means: those of a manifest for s5cmd at an address or in a record on Zenodo, or what IDC's
 * interface selects today.
 */
final class IdcSelection {

    private static final String API = "https://api.imaging.datacommons.cancer.gov/v3/";
    private static final String MANIFEST = "-aws.s5cmd";

    /** A line for each series, of 65 bytes; the whole of IDC has a million. */
    private static final int MOST = 128 << 20;

    private final SourceSpec spec;
    private final String subject;
    private final Transport transport;

    IdcSelection(SourceSpec spec, String subject, Transport transport) {
        this.spec = spec;
        this.subject = subject;
        this.transport = transport;
    }

    /** Each series once; never empty. */
    List<IdcSeries> series() throws Problem {
        String zenodo = spec.option("zenodo");
        String manifest = spec.option("manifest");
        if (zenodo != null && manifest != null) {
            throw Pinned.fault(spec, "options.manifest", "give either this or zenodo");
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
            uri = Pinned.webAddress(manifest);
        } catch (IllegalArgumentException e) {
            // A source reads no files of this machine: the dataset would be another one elsewhere.
            throw Pinned.fault(spec, "options.manifest", String.valueOf(e.getMessage()));
        }
        try {
            return IdcSeries.in(transport.read(Request.get(uri), MOST), subject + ": " + manifest);
        } catch (Problem problem) {
            throw problem.message().startsWith(subject) ? problem : Failure.about(subject, manifest, problem);
        }
    }

    /** An analysis result over many collections has a manifest for each, and may have one for all. */
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
                series.addAll(IdcSeries.in(read(file), subject + ": " + name + " of zenodo record " + zenodo));
            }
        }
        if (series.isEmpty()) {
            throw new Problem(
                    Kind.UPSTREAM_CHANGED,
                    subject + ": zenodo record " + zenodo + " has no manifest of IDC " + version + ", but "
                            + Failure.some(names, 10),
                    "compare options.idc-version and options.zenodo of the manifest");
        }
        return series;
    }

    private byte[] read(RemoteFile file) throws Problem {
        byte[] bytes = transport.read(Request.get(file.uri()), MOST);
        if (file.bytes() != null && file.bytes() != bytes.length) {
            throw new Problem(
                    Kind.NETWORK,
                    subject + ": " + file.uri() + " has " + bytes.length + " bytes where " + file.bytes() + " were due",
                    "run the same command later");
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
                        URI.create(API + "cohort/manifest.txt"), Json.write(Map.of("filters", filters)))
                .with("Accept", "text/plain");
        byte[] manifest;
        try {
            manifest = transport.read(request, MOST);
        } catch (Problem problem) {
            throw Failure.about(subject, null, problem);
        }
        List<IdcSeries> series = IdcSeries.in(manifest, subject + ": the manifest of IDC");
        mustBeAll(filters, new LinkedHashSet<>(series).size());
        return series;
    }

    /** The interface cuts long manifests off without a word, so the number is asked for too. */
    private void mustBeAll(Map<String, Object> filters, int listed) throws Problem {
        Map<String, Object> question = new LinkedHashMap<>();
        question.put("filters", filters);
        question.put("page_size", 1);
        Request request = Request.postJson(URI.create(API + "cohort/manifest"), Json.write(question));
        Long total = total(Json.read(transport, request, subject, null));
        if (total != null && total != listed) {
            throw new Problem(
                    Kind.NETWORK,
                    subject + ": IDC says that there are " + total + " series and lists " + listed,
                    "give the manifest of a Zenodo record as options.zenodo, which is whole");
        }
    }

    private static @Nullable Long total(JsonNode answer) {
        Long total = Json.size(answer, "total_series");
        return total == null ? Json.size(answer.path("counts"), "series") : total;
    }

    /** The record's collection; with an asterisk at its end all that start so, as IDC has one for each TCGA project. */
    private List<String> collections() throws Problem {
        if (!spec.record().endsWith("*")) {
            return List.of(spec.record());
        }
        String start = spec.record().substring(0, spec.record().length() - 1);
        Request request = Request.get(URI.create(API + "collections"));
        List<String> ids = Json.read(transport, request, subject, null).findValuesAsString("collection_id").stream()
                .filter(id -> id.startsWith(start))
                .distinct()
                .sorted()
                .toList();
        if (ids.isEmpty()) {
            throw new Problem(Kind.UPSTREAM_CHANGED, subject + ": IDC has no collection of such a name");
        }
        return ids;
    }
}
