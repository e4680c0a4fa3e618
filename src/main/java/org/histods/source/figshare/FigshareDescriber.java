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

/** Describes articles and collections of figshare, in all the forms that their addresses have had. */
final class FigshareDescriber {

    /** A title may stand before the id; a version is a short number after it. */
    private static final Pattern PATH = Pattern.compile(
            "(?:/v2|/ndownloader)?/(articles|collections)/(?:.*/)?([0-9]{4,12})(?:/(?:versions/)?([1-9][0-9]{0,2}))?/?");

    private static final Pattern FILE =
            Pattern.compile("/(?:ndownloader/files|files|v2/file/download)/([0-9]{1,12})/?");

    private FigshareDescriber() {}

    /** What the host says about the record at that URL; empty where the URL is not one of this kind. */
    static Optional<RecordDescription> describe(URI address, Transport transport) throws Problem {
        String host = address.getHost() == null ? "" : address.getHost().toLowerCase(Locale.ROOT);
        boolean here = host.equals("figshare.com") || host.endsWith(".figshare.com");
        Matcher path = PATH.matcher(address.getPath() == null ? "" : address.getPath());
        Matcher file = FILE.matcher(address.getPath() == null ? "" : address.getPath());
        if (here && file.matches()) {
            return Optional.of(file(String.valueOf(file.group(1)), transport));
        }
        if (!here || !path.matches()) {
            return Optional.empty();
        }
        FigshareRecord asked =
                new FigshareRecord(String.valueOf(path.group(1)), String.valueOf(path.group(2)), path.group(3));
        JsonNode answer = FigshareFiles.read(asked, transport);
        String version = JsonResponse.text(answer, "version");
        FigshareRecord record = version == null ? asked : new FigshareRecord(asked.type(), asked.id(), version);
        List<FigshareFiles.Entry> entries = record.collection()
                ? FigshareSource.entries(record, transport)
                : FigshareFiles.ofArticle(record, answer, transport);
        String title = JsonResponse.text(answer, "title");
        String html = JsonResponse.text(answer, "description");
        return Optional.of(new RecordDescription(
                RecordDescription.source("figshare", record.text(), Map.of(), List.of(), files(entries)),
                title == null ? record.subject() : HtmlText.text(title),
                html == null ? null : HtmlText.text(html),
                creators(answer),
                year(answer),
                license(answer),
                JsonResponse.text(answer, "doi"),
                RecordDescription.version(version),
                landing(answer, record),
                "figshare"));
    }

    /** figshare's interface does not say which article a file belongs to, so the file stands for itself. */
    private static RecordDescription file(String id, Transport transport) throws Problem {
        URI uri = FigshareRecord.addresses(id).get(0);
        FileProbe seen = FileProbe.of(transport.open(Request.get(uri).range(0, 0)));
        String path = String.valueOf(seen.from().getPath());
        String last = path.substring(path.lastIndexOf('/') + 1);
        String name = seen.name() != null ? seen.name() : last.isEmpty() ? id : last;
        SourceSpec spec = RecordDescription.spec(
                "figshare", "", Map.of(), List.of(RecordDescription.file(name, id, seen.bytes(), List.of())));
        return RecordDescription.named(spec, name, "https://ndownloader.figshare.com/files/" + id, "figshare");
    }

    private static List<PinnedFile> files(List<FigshareFiles.Entry> entries) {
        List<PinnedFile> files = new ArrayList<>();
        for (FigshareFiles.Entry entry : entries) {
            if (!entry.linkOnly()) {
                files.add(RecordDescription.file(entry.path(), entry.id(), entry.bytes(), entry.sums()));
            }
        }
        return files;
    }

    private static List<String> creators(JsonNode answer) {
        List<String> names = new ArrayList<>();
        for (JsonNode author : answer.path("authors").values()) {
            String name = JsonResponse.text(author, "full_name");
            if (name != null) {
                names.add(name);
            }
        }
        return names;
    }

    private static @Nullable Integer year(JsonNode answer) {
        return RecordDescription.year(JsonResponse.first(answer, "published_date", "created_date"));
    }

    /** figshare writes {@code CC BY 4.0}; collections have none of their own. */
    private static License license(JsonNode answer) {
        String name = JsonResponse.text(answer, "license", "name");
        String word = name == null ? null : name.replace(' ', '-');
        return SpdxMapper.of(word, name, JsonResponse.text(answer, "license", "url"));
    }

    private static String landing(JsonNode answer, FigshareRecord record) {
        String page = JsonResponse.first(answer, "figshare_url", "url_public_html");
        return page == null ? record.page() : page;
    }
}
