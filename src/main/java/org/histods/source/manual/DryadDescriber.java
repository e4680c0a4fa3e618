package org.histods.source.manual;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.manifest.Access;
import org.histods.manifest.License;
import org.histods.manifest.PinnedFile;
import org.histods.problem.Problem;
import org.histods.source.RecordDescription;
import org.histods.source.listing.HtmlText;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.SpdxMapper;
import org.histods.source.listing.StatedChecksums;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Describes datasets of Dryad. Its API (version 2) lists the files of a dataset with checksums for everybody, but serves files only
 * with the token of an account, and its pages block programs. So the user downloads the files, and histods compares them.
 */
final class DryadDescriber {

    private static final String API = "https://datadryad.org/api/v2";

    /** The most that the API gives per page. */
    private static final int PER_PAGE = 100;

    private static final Pattern PAGE =
            Pattern.compile("/(?:stash/|api/v2/)?datasets?/doi:(10\\.[0-9]{4,9}/[^/?#\\s]+)(?:/.*)?");

    private static final String PUBLISHER = "Dryad";

    private DryadDescriber() {}

    /** What Dryad says about the dataset at that URL; empty if the URL is not one of its datasets. */
    static Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        Matcher page = PAGE.matcher(url.getPath() == null ? "" : url.getPath());
        boolean dryad = url.getHost() != null && url.getHost().matches("(?:www\\.)?datadryad\\.org");
        return dryad && page.matches()
                ? Optional.of(described(String.valueOf(page.group(1)), transport))
                : Optional.empty();
    }

    private static RecordDescription described(String doi, Transport transport) throws Problem {
        String landing = "https://datadryad.org/dataset/doi:" + doi;
        String subject = "Dryad " + doi;
        URI api = URI.create(API + "/datasets/" + UrlEncoding.segment("doi:" + doi));
        JsonNode dataset = JsonResponse.read(transport, Request.get(api), subject, landing);
        String title = JsonResponse.text(dataset, "title");
        String text = JsonResponse.text(dataset, "abstract");
        Long version = JsonResponse.size(dataset, "versionNumber");
        return new RecordDescription(
                        RecordDescription.spec(
                                "credential", landing, Map.of(), files(dataset, subject, landing, transport)),
                        title == null ? doi : HtmlText.text(title),
                        text == null ? null : HtmlText.text(text),
                        creators(dataset.path("authors")),
                        RecordDescription.year(JsonResponse.first(dataset, "publicationDate")),
                        license(JsonResponse.text(dataset, "license")),
                        doi,
                        RecordDescription.version(version == null ? null : "v" + version),
                        landing,
                        PUBLISHER)
                .with(new Access(
                        Access.Status.CREDENTIAL,
                        "Anybody may download the files with a browser; programs need a token of an account.",
                        landing,
                        List.of(
                                "Open " + landing + " in a browser and download the files; no account is needed.",
                                "If you downloaded all files in one zip, unpack it.",
                                RecordDescription.PULL_LOCAL_FILES)));
    }

    /** The files of the newest published version. */
    private static List<PinnedFile> files(JsonNode dataset, String subject, String landing, Transport transport)
            throws Problem {
        String version = JsonResponse.text(dataset, "_links", "stash:version", "href");
        if (version == null || !version.matches("/api/v2/versions/[0-9]+")) {
            return List.of();
        }
        List<PinnedFile> files = new ArrayList<>();
        long seen = 0;
        for (int page = 1; ; page++) {
            URI list = URI.create("https://datadryad.org" + version + "/files?page=" + page + "&per_page=" + PER_PAGE);
            JsonNode response = JsonResponse.read(transport, Request.get(list), subject, landing);
            JsonNode entries = response.path("_embedded").path("stash:files");
            for (JsonNode file : entries.values()) {
                // A version lists what it no longer has, too.
                if (!"deleted".equals(JsonResponse.text(file, "status"))) {
                    files.add(RecordDescription.file(
                            JsonResponse.name(file, "path"),
                            null,
                            JsonResponse.size(file, "size"),
                            StatedChecksums.text(checksum(file), PUBLISHER)));
                }
            }
            seen += entries.size();
            Long total = JsonResponse.size(response, "total");
            if (entries.isEmpty() || total == null || seen >= total) {
                return files;
            }
        }
    }

    /** Such as {@code sha256:…}; the API writes {@code sha-256}. */
    private static @Nullable String checksum(JsonNode file) {
        String type = JsonResponse.text(file, "digestType");
        String digest = JsonResponse.text(file, "digest");
        return type == null || digest == null ? null : type.replace("-", "") + ":" + digest;
    }

    private static List<String> creators(JsonNode authors) {
        List<String> names = new ArrayList<>();
        for (JsonNode author : authors.values()) {
            String family = JsonResponse.text(author, "lastName");
            String given = JsonResponse.text(author, "firstName");
            if (family != null) {
                names.add(given == null ? family : family + ", " + given);
            }
        }
        return names;
    }

    /** The API gives the page of SPDX about the licence, such as {@code https://spdx.org/licenses/CC0-1.0.html}. */
    private static License license(@Nullable String url) {
        Matcher spdx = Pattern.compile("https://spdx\\.org/licenses/([A-Za-z0-9.+-]+?)(?:\\.html)?")
                .matcher(url == null ? "" : url);
        return spdx.matches() ? SpdxMapper.of(spdx.group(1), null, null) : SpdxMapper.of(null, null, url);
    }
}
