package org.histods.source.figshare;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.manifest.License;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.source.RecordDescription;
import org.histods.source.listing.FileProbe;
import org.histods.source.listing.HtmlText;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.SpdxMapper;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Describes articles and collections of figshare, in all the URL forms used so far. */
final class FigshareDescriber {

    /** The id may follow a title; a short number after it is the version. */
    private static final Pattern PATH = Pattern.compile(
            "(?:/v2|/ndownloader)?/(articles|collections)/(?:.*/)?([0-9]{4,12})(?:/(?:versions/)?([1-9][0-9]{0,2}))?/?");

    private static final Pattern FILE =
            Pattern.compile("/(?:ndownloader/files|files|v2/file/download)/([0-9]{1,12})/?");

    private FigshareDescriber() {}

    /** What the host says about the record at that URL; empty if the URL is not one of this kind. */
    static Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        String host = url.getHost() == null ? "" : url.getHost().toLowerCase(Locale.ROOT);
        boolean here = host.equals("figshare.com") || host.endsWith(".figshare.com");
        Matcher path = PATH.matcher(url.getPath() == null ? "" : url.getPath());
        Matcher file = FILE.matcher(url.getPath() == null ? "" : url.getPath());
        if (here && file.matches()) {
            return Optional.of(file(String.valueOf(file.group(1)), transport));
        }
        if (!here || !path.matches()) {
            return Optional.empty();
        }
        FigshareRecord requested =
                new FigshareRecord(String.valueOf(path.group(1)), String.valueOf(path.group(2)), path.group(3));
        JsonNode response = FigshareFiles.read(requested, transport);
        String version = JsonResponse.text(response, "version");
        FigshareRecord record =
                version == null ? requested : new FigshareRecord(requested.type(), requested.id(), version);
        List<FigshareFiles.Entry> entries = record.collection()
                ? FigshareSource.entries(record, transport)
                : FigshareFiles.ofArticle(record, response, transport);
        String title = JsonResponse.text(response, "title");
        String html = JsonResponse.text(response, "description");
        return Optional.of(new RecordDescription(
                RecordDescription.source("figshare", record.text(), Map.of(), List.of(), files(entries)),
                title == null ? record.subject() : HtmlText.text(title),
                html == null ? null : HtmlText.text(html),
                creators(response),
                year(response),
                license(response),
                JsonResponse.text(response, "doi"),
                RecordDescription.version(version),
                landing(response, record),
                "figshare"));
    }

    /** Describes a single file: figshare's API does not state the article that a file belongs to. */
    private static RecordDescription file(String id, Transport transport) throws Problem {
        URI uri = FigshareRecord.urls(id).get(0);
        FileProbe probe = FileProbe.of(transport.open(Request.get(uri).range(0, 0)));
        String path = String.valueOf(probe.from().getPath());
        String last = path.substring(path.lastIndexOf('/') + 1);
        String name = probe.name() != null ? probe.name() : last.isEmpty() ? id : last;
        SourceSpec spec = RecordDescription.spec(
                "figshare", "", Map.of(), List.of(RecordDescription.file(name, id, probe.bytes(), List.of())));
        return RecordDescription.named(spec, name, "https://ndownloader.figshare.com/files/" + id, "figshare");
    }

    private static List<PinnedFile> files(List<FigshareFiles.Entry> entries) {
        List<PinnedFile> files = new ArrayList<>();
        for (FigshareFiles.Entry entry : entries) {
            if (!entry.linkOnly()) {
                files.add(RecordDescription.file(entry.path(), entry.id(), entry.bytes(), entry.checksums()));
            }
        }
        return files;
    }

    private static List<String> creators(JsonNode response) {
        List<String> names = new ArrayList<>();
        for (JsonNode author : response.path("authors").values()) {
            String name = JsonResponse.text(author, "full_name");
            if (name != null) {
                names.add(name);
            }
        }
        return names;
    }

    private static @Nullable Integer year(JsonNode response) {
        return RecordDescription.year(JsonResponse.first(response, "published_date", "created_date"));
    }

    /** figshare writes {@code CC BY 4.0}; collections have no licence. */
    private static License license(JsonNode response) {
        String name = JsonResponse.text(response, "license", "name");
        String word = name == null ? null : name.replace(' ', '-');
        return SpdxMapper.of(word, name, JsonResponse.text(response, "license", "url"));
    }

    private static String landing(JsonNode response, FigshareRecord record) {
        String page = JsonResponse.first(response, "figshare_url", "url_public_html");
        return page == null ? record.page() : page;
    }
}
