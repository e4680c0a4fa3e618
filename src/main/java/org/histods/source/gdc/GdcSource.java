package org.histods.source.gdc;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.histods.digest.Algorithm;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.source.listing.FileListing;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.PinnedFiles;
import org.histods.source.listing.SourceProblems;
import org.histods.source.listing.StatedChecksums;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The Genomic Data Commons, where the slides of TCGA are. {@link GdcQuery} explains the record. A pinned file has
 * its UUID as {@code at}; the GDC never changes the bytes of a UUID.
 */
public final class GdcSource implements Source {

    static final String API = "https://api.gdc.cancer.gov/";
    static final String BY = "GDC";
    static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    /** A file as the GDC lists it. */
    record Entry(
            String id,
            String name,
            String project,
            @Nullable Long bytes,
            @Nullable String md5,
            Map<String, String> attributes) {

        String path() {
            return project.isEmpty() ? name : project + "/" + name;
        }

        /** The path if two files of a project have the same name. */
        String longPath() {
            return (project.isEmpty() ? "" : project + "/") + id + "/" + name;
        }
    }

    @Override
    public String kind() {
        return "gdc";
    }

    @Override
    public Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        return GdcDescriber.describe(url, transport);
    }

    @Override
    public List<RemoteFile> resolve(SourceSpec spec, Transport transport) throws Problem {
        GdcQuery query = GdcQuery.of(spec);
        if (spec.files().isEmpty()) {
            return listed(spec, query, transport);
        }
        return PinnedFiles.remotes(spec, file -> List.of(url(spec, file)));
    }

    private static URI url(SourceSpec spec, PinnedFile file) throws Problem {
        String id = file.at() == null ? "" : file.at();
        if (!UUID.matcher(id).matches()) {
            throw PinnedFiles.fault(spec, file, "at", "expected the file's UUID at the GDC");
        }
        return data(id);
    }

    static URI data(String id) {
        return URI.create(API + "data/" + id.toLowerCase(Locale.ROOT));
    }

    private static List<RemoteFile> listed(SourceSpec spec, GdcQuery query, Transport transport) throws Problem {
        String subject = "gdc " + spec.record();
        List<Entry> entries = spec.option(GdcQuery.RELEASE) == null
                ? entries(query, subject, transport)
                : new GdcRelease(spec, subject, transport).entries();
        Map<String, Integer> named = new HashMap<>();
        entries.forEach(entry -> named.merge(entry.path(), 1, Integer::sum));
        // For a release, the globs were already matched against names without folders.
        FileListing listing =
                spec.option(GdcQuery.RELEASE) == null ? new FileListing(spec, subject) : new FileListing(subject);
        for (Entry entry : entries) {
            String path = named.getOrDefault(entry.path(), 1) > 1 ? entry.longPath() : entry.path();
            listing.add(
                    path,
                    List.of(data(entry.id())),
                    entry.bytes(),
                    StatedChecksums.hex(Algorithm.MD5, entry.md5(), BY),
                    entry.attributes());
        }
        return listing.files();
    }

    private static List<Entry> entries(GdcQuery query, String subject, Transport transport) throws Problem {
        List<Entry> entries = new ArrayList<>();
        while (true) {
            JsonNode data = JsonResponse.read(
                            transport,
                            Request.get(query.page(entries.size())),
                            subject,
                            "https://portal.gdc.cancer.gov/")
                    .path("data");
            if (!data.path("hits").isArray()) {
                throw new Problem(Kind.NETWORK, subject + " cannot be read: the response has no list of files");
            }
            int before = entries.size();
            for (JsonNode hit : data.path("hits").values()) {
                entries.add(entry(hit, subject));
            }
            Long total = JsonResponse.size(data.path("pagination"), "total");
            if (total == null || entries.size() == total) {
                return entries;
            }
            if (entries.size() == before || entries.size() > total) {
                throw new Problem(
                        Kind.NETWORK,
                        subject + ": the GDC states " + total + " files but lists " + entries.size(),
                        "a release may be in progress; run the same command again later");
            }
        }
    }

    private static Entry entry(JsonNode hit, String subject) throws Problem {
        String id = JsonResponse.name(hit, "file_id", "id");
        String name = JsonResponse.name(hit, "file_name");
        if (!UUID.matcher(id).matches()) {
            throw new Problem(Kind.NETWORK, subject + " lists the file '" + name + "' without a UUID");
        }
        if ("controlled".equals(JsonResponse.text(hit, "access"))) {
            throw new Problem(
                    Kind.PERSON,
                    subject + " lists " + name + ", which is under controlled access",
                    "see https://gdc.cancer.gov/access-data/obtaining-access-controlled-data");
        }
        String project = "";
        for (JsonNode holder : hit.path("cases").values()) {
            String of = JsonResponse.text(holder, "project", "project_id");
            // A file of several projects belongs to the first by name, in whatever order they are listed.
            if (of != null && (project.isEmpty() || of.compareTo(project) < 0)) {
                project = of;
            }
        }
        return new Entry(
                id,
                name,
                project,
                JsonResponse.size(hit, "file_size"),
                JsonResponse.text(hit, "md5sum"),
                attributes(hit, id, name, project));
    }

    /** What the GDC states about a slide. Of several cases or samples, the values in their order, separated by commas. */
    private static Map<String, String> attributes(JsonNode hit, String id, String name, String project) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("id", id.toLowerCase(Locale.ROOT));
        put(attributes, "project", List.of(project));
        List<JsonNode> cases = List.copyOf(hit.path("cases").values());
        put(attributes, "patient", texts(cases, "submitter_id"));
        // The barcode of a slide is followed by a UUID, so that each file has another name.
        attributes.put("slide", name.replaceFirst("\\..*", ""));
        put(attributes, "site", texts(cases, "primary_site"));
        put(attributes, "disease", texts(cases, "disease_type"));
        List<JsonNode> samples = new ArrayList<>();
        cases.forEach(one -> samples.addAll(one.path("samples").values()));
        put(attributes, "sample", texts(samples, "sample_type"));
        put(attributes, "strategy", texts(List.of(hit), "experimental_strategy"));
        put(attributes, "format", texts(List.of(hit), "data_format"));
        return attributes;
    }

    private static List<String> texts(List<JsonNode> nodes, String field) {
        return nodes.stream()
                .map(node -> JsonResponse.text(node, field))
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    private static void put(Map<String, String> attributes, String name, List<String> values) {
        String value = String.join(", ", values);
        if (!value.isEmpty()) {
            attributes.put(name, value);
        }
    }

    @Override
    public Problem explained(RemoteFile file, URI uri, Problem problem, Transport transport) {
        Integer status = SourceProblems.status(problem);
        String url = uri.toString();
        boolean missing = status != null && (status == 404 || status == 410);
        return missing && url.startsWith(API + "data/")
                ? gone(file, url.substring((API + "data/").length()), problem, transport)
                : problem;
    }

    /** Explains why a file is missing. */
    private static Problem gone(RemoteFile file, String id, Problem problem, Transport transport) {
        String latest = latest(id, transport);
        String what = "gdc file " + id + " (" + file.path() + ") was not found: ";
        if (latest == null || latest.equalsIgnoreCase(id)) {
            return SourceProblems.withMessage(
                    problem,
                    what + "the GDC knows no newer version of it",
                    "it was withdrawn; see the GDC's release notes");
        }
        return new Problem(
                Kind.UPSTREAM_CHANGED,
                what + "the GDC replaced it by " + latest,
                "look at https://portal.gdc.cancer.gov/files/" + latest + " and put the new UUID into the manifest",
                problem.attempts(),
                problem);
    }

    /** The UUID of the newest version; null if unknown. */
    private static @Nullable String latest(String id, Transport transport) {
        try {
            return GdcRelease.latest(List.of(id), "gdc file " + id, transport).get(id.toLowerCase(Locale.ROOT));
        } catch (Problem ignored) {
            // Only the message gets less detailed.
            return null;
        }
    }
}
