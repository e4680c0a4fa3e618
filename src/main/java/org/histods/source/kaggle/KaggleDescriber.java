package org.histods.source.kaggle;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.manifest.Access;
import org.histods.manifest.PinnedFile;
import org.histods.problem.Problem;
import org.histods.source.RecordDescription;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.SpdxMapper;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Describes datasets and competitions of Kaggle. */
final class KaggleDescriber {

    private static final Pattern COMPETITION = Pattern.compile(
            "/(?:c|competitions|api/v1/competitions/data/(?:list|download-all))/([A-Za-z0-9_-]+)(?:/.*)?");
    private static final Pattern DATASET = Pattern.compile(
            "/(?:api/v1/datasets/(?:download|list|view)/|datasets/)?([A-Za-z0-9_-]+)/([A-Za-z0-9_-]+)(?:/(?:versions?/([0-9]+)|.*))?");

    /** First path segments that are not the owner of a dataset. */
    private static final String NO_OWNER =
            "(?:code|discussions?|models|learn|docs|organizations|account|settings|rankings|general|product-feedback|kernels|api)";

    private KaggleDescriber() {}

    /** What the host says about the record at that URL; empty if the URL is not one of this kind. */
    static Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        String host = url.getHost() == null ? "" : url.getHost();
        String path = url.getPath() == null ? "" : url.getPath();
        KaggleRecord record = host.equals(KaggleRecord.HOST) || host.equals("kaggle.com") ? record(url, path) : null;
        if (record == null) {
            return Optional.empty();
        }
        JsonNode about = record.competition() ? MissingNode.getInstance() : about(record, transport);
        String newest = JsonResponse.text(about, "currentVersionNumber");
        if (record.version() == null && newest != null && newest.matches("[1-9][0-9]{0,5}")) {
            record = new KaggleRecord(record.owner(), record.slug(), newest);
        }
        List<PinnedFile> files = new ArrayList<>();
        for (KaggleSource.Entry entry : KaggleSource.entries(record, transport)) {
            files.add(RecordDescription.file(entry.name(), null, entry.bytes(), List.of()));
        }
        String title = JsonResponse.text(about, "title");
        String text = JsonResponse.first(about, "subtitle", "description");
        String owner = JsonResponse.text(about, "ownerName");
        RecordDescription described = new RecordDescription(
                RecordDescription.source("kaggle", record.text(), Map.of(), List.of(), files),
                title == null ? record.slug() : title,
                text,
                record.owner() == null ? List.of() : List.of(owner == null ? record.owner() : owner),
                null,
                SpdxMapper.of(null, JsonResponse.text(about, "licenseName"), null),
                null,
                RecordDescription.version(record.version()),
                record.page(),
                "Kaggle");
        return Optional.of(record.competition() ? described.with(joining(record)) : described);
    }

    /** Kaggle's description of a dataset; missing if it fails, since a draft is useful without it. */
    private static JsonNode about(KaggleRecord record, Transport transport) throws Problem {
        try {
            return JsonResponse.read(transport, Request.get(record.view()), record.subject(), record.page());
        } catch (Problem problem) {
            if (problem.kind() == Problem.Kind.INTERRUPTED) {
                throw problem;
            }
            return MissingNode.getInstance();
        }
    }

    private static Access joining(KaggleRecord record) {
        return new Access(
                Access.Status.CREDENTIAL,
                "An account that has accepted the rules.",
                record.page(),
                List.of(
                        "Open " + record.page() + "/rules, sign in, and accept the rules.",
                        "Make a token in your Kaggle settings and store it with `histods login " + KaggleRecord.HOST
                                + "`.",
                        "Run `histods pull FILE` with this manifest."));
    }

    private static @Nullable KaggleRecord record(URI url, String path) {
        Matcher competition = COMPETITION.matcher(path);
        if (competition.matches()) {
            return new KaggleRecord(null, String.valueOf(competition.group(1)), null);
        }
        Matcher dataset = DATASET.matcher(path);
        if (!dataset.matches() || String.valueOf(dataset.group(1)).matches(NO_OWNER)) {
            return null;
        }
        String query = url.getQuery() == null ? "" : url.getQuery();
        Matcher requested =
                Pattern.compile("(?:.*&)?datasetVersionNumber=([0-9]+)(?:&.*)?").matcher(query);
        String version = requested.matches() ? requested.group(1) : dataset.group(3);
        return new KaggleRecord(dataset.group(1), String.valueOf(dataset.group(2)), version);
    }
}
