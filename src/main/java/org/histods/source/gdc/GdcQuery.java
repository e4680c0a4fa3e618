package org.histods.source.gdc;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.PinnedFiles;
import org.histods.source.listing.UrlEncoding;
import org.jspecify.annotations.Nullable;

/**
 * The files of the GDC that a source selects. The record is a program ({@code TCGA}) or a project ({@code TCGA-BRCA}, with a
 * dash, as all projects have one); the options narrow it. Only open files; by default only slides.
 *
 * @param filters values by GDC field; ordered, so that the same spec makes the same request
 */
record GdcQuery(Map<String, List<String>> filters) {

    /** The API handles pages of this size. */
    static final int PAGE = 2000;

    private static final String PROGRAM = "cases.project.program.name";
    private static final String PROJECT = "cases.project.project_id";
    private static final String FIELDS =
            "file_id,file_name,file_size,md5sum,access,experimental_strategy,data_format,cases.submitter_id,"
                    + "cases.project.project_id,cases.primary_site,cases.disease_type,cases.samples.sample_type";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.]+(-[A-Za-z0-9_.-]+)?");
    private static final Set<String> OPTIONS =
            Set.of("program", "project", "data_type", "data_format", "experimental_strategy", "access");

    /** The option with the UUID of a release manifest, which replaces the query. */
    static final String RELEASE = "release-manifest";

    /** @throws Problem {@code USAGE} if the record is no name or an option is none that narrows the request */
    static GdcQuery of(SourceSpec spec) throws Problem {
        if (!NAME.matcher(spec.record()).matches()) {
            throw PinnedFiles.fault(spec, "record", "expected a program such as TCGA or a project such as TCGA-BRCA");
        }
        boolean release = spec.option(RELEASE) != null;
        for (String option : spec.options().keySet()) {
            if (release ? !option.equals(RELEASE) : !OPTIONS.contains(option)) {
                // An ignored option would make the dataset larger than intended.
                throw PinnedFiles.fault(
                        spec,
                        "options." + option,
                        release
                                ? "cannot be combined with " + RELEASE + ", which lists only file names"
                                : "is not an option of this kind");
            }
        }
        String access = spec.option("access");
        if (access != null && !access.equals("open")) {
            throw PinnedFiles.fault(spec, "options.access", "only open files can be fetched");
        }
        boolean project = spec.record().contains("-");
        Map<String, List<String>> filters = new LinkedHashMap<>();
        put(filters, PROGRAM, or(spec.option("program"), project ? null : spec.record()));
        put(filters, PROJECT, or(spec.option("project"), project ? spec.record() : null));
        put(filters, "data_type", or(spec.option("data_type"), "Slide Image"));
        put(filters, "data_format", spec.option("data_format"));
        put(filters, "experimental_strategy", spec.option("experimental_strategy"));
        put(filters, "access", "open");
        return new GdcQuery(filters);
    }

    private static @Nullable String or(@Nullable String option, @Nullable String fallback) {
        return option == null ? fallback : option;
    }

    /** Several values are separated by commas. */
    private static void put(Map<String, List<String>> filters, String field, @Nullable String values) {
        if (values != null) {
            filters.put(field, List.of(values.strip().split("\\s*,\\s*")));
        }
    }

    /** The filters in the GDC's JSON. */
    String json() {
        List<Object> content = new ArrayList<>();
        filters.forEach((field, values) -> content.add(node("in", pair(field, values))));
        return JsonResponse.write(node("and", content));
    }

    /** The URL of the page that starts at that offset. */
    URI page(int from) {
        return URI.create(GdcSource.API + "files?filters=" + UrlEncoding.segment(json()) + "&fields=" + FIELDS
                + "&format=JSON&size=" + PAGE + "&from=" + from + "&sort=file_id:asc");
    }

    private static Map<String, Object> node(String op, Object content) {
        Map<String, Object> node = new LinkedHashMap<>();
        node.put("op", op);
        node.put("content", content);
        return node;
    }

    private static Map<String, Object> pair(String field, List<String> values) {
        Map<String, Object> pair = new LinkedHashMap<>();
        pair.put("field", field);
        pair.put("value", values);
        return pair;
    }
}
