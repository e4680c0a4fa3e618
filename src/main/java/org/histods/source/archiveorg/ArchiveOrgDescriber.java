package org.histods.source.archiveorg;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.dataset.DatasetVersion;
import org.histods.manifest.PinnedFile;
import org.histods.problem.Problem;
import org.histods.source.RecordDescription;
import org.histods.source.listing.HtmlText;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.SpdxMapper;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Describes items of the Internet Archive. */
final class ArchiveOrgDescriber {

    private static final Pattern PATH =
            Pattern.compile("/(?:details|download|metadata|compress)/([A-Za-z0-9][A-Za-z0-9._-]{0,100})(?:/.*)?");

    private ArchiveOrgDescriber() {}

    /** What the host says about the record at that URL; empty if the URL is not one of this kind. */
    static Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        String host = url.getHost() == null ? "" : url.getHost();
        Matcher path = PATH.matcher(url.getPath() == null ? "" : url.getPath());
        if (!(host.equals("archive.org") || host.equals("www.archive.org")) || !path.matches()) {
            return Optional.empty();
        }
        String item = String.valueOf(path.group(1));
        JsonNode response = ArchiveOrgSource.read(item, transport);
        List<PinnedFile> files = new ArrayList<>();
        for (ArchiveOrgSource.Entry entry : ArchiveOrgSource.entries(response)) {
            files.add(RecordDescription.file(entry.name(), null, entry.bytes(), entry.checksums()));
        }
        JsonNode about = response.path("metadata");
        String title = first(about.path("title"));
        String html = first(about.path("description"));
        String date = first(about.path("date"));
        return Optional.of(new RecordDescription(
                RecordDescription.source("archive-org", item, Map.of(), List.of(), files),
                title == null ? item : title,
                html == null ? null : HtmlText.text(html),
                all(about.path("creator")),
                RecordDescription.year(date),
                SpdxMapper.of(null, null, JsonResponse.text(about, "licenseurl")),
                first(about.path("doi")),
                DatasetVersion.UNVERSIONED,
                ArchiveOrgSource.page(item),
                "Internet Archive"));
    }

    /** The texts of a field; a field with several values is an array. */
    private static List<String> all(JsonNode field) {
        List<String> texts = new ArrayList<>();
        String one = JsonResponse.text(field);
        if (one != null) {
            texts.add(one);
        }
        for (JsonNode part : field.isArray() ? field.values() : List.<JsonNode>of()) {
            String text = JsonResponse.text(part);
            if (text != null) {
                texts.add(text);
            }
        }
        return texts;
    }

    private static @Nullable String first(JsonNode field) {
        List<String> texts = all(field);
        return texts.isEmpty() ? null : texts.get(0);
    }
}
