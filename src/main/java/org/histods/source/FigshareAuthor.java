package org.histods.source;

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
import org.histods.problem.Problem;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Describes articles and collections of figshare, in all the forms that their addresses have had. */
final class FigshareAuthor implements Author {

    /** A title may stand before the id; a version is a short number after it. */
    private static final Pattern PATH = Pattern.compile(
            "(?:/v2)?/(articles|collections)/(?:.*/)?([0-9]{4,12})(?:/(?:versions/)?([1-9][0-9]{0,2}))?/?");

    @Override
    public Optional<Described> describe(URI address, Transport transport) throws Problem {
        String host = address.getHost() == null ? "" : address.getHost().toLowerCase(Locale.ROOT);
        Matcher path = PATH.matcher(address.getPath() == null ? "" : address.getPath());
        if (!(host.equals("figshare.com") || host.endsWith(".figshare.com")) || !path.matches()) {
            return Optional.empty();
        }
        FigshareRecord asked =
                new FigshareRecord(String.valueOf(path.group(1)), String.valueOf(path.group(2)), path.group(3));
        JsonNode answer = FigshareFiles.read(asked, transport);
        String version = Json.text(answer, "version");
        FigshareRecord record = version == null ? asked : new FigshareRecord(asked.type(), asked.id(), version);
        List<FigshareFiles.Entry> entries = record.collection()
                ? FigshareSource.entries(record, transport)
                : FigshareFiles.ofArticle(record, answer, transport);
        String title = Json.text(answer, "title");
        String html = Json.text(answer, "description");
        return Optional.of(new Described(
                Described.spec("figshare", record.text(), Map.of(), files(entries)),
                title == null ? record.subject() : Html.text(title),
                html == null ? null : Html.text(html),
                creators(answer),
                year(answer),
                license(answer),
                Json.text(answer, "doi"),
                Described.version(version),
                landing(answer, record),
                "figshare"));
    }

    private static List<PinnedFile> files(List<FigshareFiles.Entry> entries) {
        List<PinnedFile> files = new ArrayList<>();
        for (FigshareFiles.Entry entry : entries) {
            if (!entry.linkOnly()) {
                files.add(Described.file(entry.path(), entry.id(), entry.bytes(), entry.sums()));
            }
        }
        return files;
    }

    private static List<String> creators(JsonNode answer) {
        List<String> names = new ArrayList<>();
        for (JsonNode author : answer.path("authors").values()) {
            String name = Json.text(author, "full_name");
            if (name != null) {
                names.add(name);
            }
        }
        return names;
    }

    private static @Nullable Integer year(JsonNode answer) {
        String date = Json.first(answer, "published_date", "created_date");
        return date != null && date.matches("[0-9]{4}.*") ? Integer.valueOf(date.substring(0, 4)) : null;
    }

    /** figshare writes {@code CC BY 4.0}; collections have none of their own. */
    private static License license(JsonNode answer) {
        String name = Json.text(answer, "license", "name");
        String word = name == null ? null : name.replace(' ', '-');
        return Licenses.of(word, name, Json.text(answer, "license", "url"));
    }

    private static String landing(JsonNode answer, FigshareRecord record) {
        String page = Json.first(answer, "figshare_url", "url_public_html");
        return page == null ? record.page() : page;
    }
}
