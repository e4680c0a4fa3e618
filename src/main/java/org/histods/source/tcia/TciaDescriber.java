package org.histods.source.tcia;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.manifest.Access;
import org.histods.manifest.License;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.listing.Doi;
import org.histods.source.listing.HtmlText;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.SpdxMapper;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Describes collections and analysis results of TCIA. Each download is a part; radiology is left out. Links to packages
 * are not kept, because TCIA moves them.
 */
final class TciaDescriber {

    private static final String API = "https://cancerimagingarchive.net/api/v1/";
    private static final Pattern PATH =
            Pattern.compile("/(?:[a-z]{2}/)?(collection|analysis-result)s?/([A-Za-z0-9][A-Za-z0-9_-]*)/?");

    private TciaDescriber() {}

    /** What the host says about the record at that URL; empty if the URL is not one of this kind. */
    static Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        String host = url.getHost() == null ? "" : url.getHost();
        Matcher path = PATH.matcher(url.getPath() == null ? "" : url.getPath());
        boolean here = host.equals("www.cancerimagingarchive.net") || host.equals("cancerimagingarchive.net");
        if (!here || !path.matches()) {
            return Optional.empty();
        }
        boolean result = path.group(1).equals("analysis-result");
        return Optional.of(described(result, String.valueOf(path.group(2)), transport));
    }

    /** A download with its licence. */
    private record LicensedDownload(
            TciaDownloads.Download download, @Nullable String license) {}

    private static RecordDescription described(boolean result, String slug, Transport transport) throws Problem {
        String page = TciaSource.PAGE + (result ? "analysis-result/" : "collection/") + slug + "/";
        String word = result ? "result" : "collection";
        JsonNode about = about(result ? "analysis-results" : "collections", slug, page, transport);
        List<LicensedDownload> parts = parts(result, slug, page, transport);
        List<SourceSpec> sources = new ArrayList<>();
        for (LicensedDownload part : parts) {
            sources.add(source(part.download(), slug, parts.size() > 1));
        }
        String title = JsonResponse.first(about, word + "_title", word + "_browse_title", word + "_short_title");
        String rendered = JsonResponse.text(about, "title", "rendered");
        String text = JsonResponse.first(about, word + "_summary", word + "_abstract");
        String doi = JsonResponse.text(about, word + "_doi");
        return new RecordDescription(
                        sources.get(0),
                        title != null ? HtmlText.text(title) : rendered == null ? slug : HtmlText.text(rendered),
                        text == null ? null : HtmlText.text(text),
                        List.of(),
                        null,
                        license(parts),
                        doi == null ? null : Doi.parse(doi),
                        RecordDescription.version(JsonResponse.text(about, "version_number")),
                        page,
                        "The Cancer Imaging Archive")
                .with(sources.subList(1, sources.size()))
                .with(access(parts, page));
    }

    private static JsonNode about(String type, String slug, String page, Transport transport) throws Problem {
        URI uri = URI.create(API + type + "/?per_page=100&page=1&slug=" + UrlEncoding.segment(slug));
        for (JsonNode node : JsonResponse.read(transport, Request.get(uri), "tcia " + slug, page)
                .values()) {
            if (slug.equalsIgnoreCase(JsonResponse.text(node, "slug"))) {
                return node;
            }
        }
        throw new Problem(
                Kind.NETWORK, "tcia " + slug + ": TCIA has no such entry among its " + type, "look at " + page);
    }

    private static List<LicensedDownload> parts(boolean result, String slug, String page, Transport transport)
            throws Problem {
        Map<String, String> options = result ? Map.of("analysis-result", slug) : Map.of();
        SourceSpec spec = RecordDescription.spec("tcia", slug, options, List.of());
        List<LicensedDownload> parts = new ArrayList<>();
        for (TciaDownloads.Download download : new TciaDownloads(spec, "tcia " + slug, transport).all()) {
            if (!radiology(download.url())) {
                parts.add(new LicensedDownload(download, license(download.id(), page, transport)));
            }
        }
        if (parts.isEmpty()) {
            throw new Problem(
                    Kind.USAGE,
                    "tcia " + slug + " has radiology only, which TCIA provides through another service",
                    "the Imaging Data Commons has it too: give the URL of its collection there, or look at " + page);
        }
        return parts;
    }

    /** Whether the URL is a list for TCIA's own program, or a search page. */
    private static boolean radiology(URI url) {
        String path = String.valueOf(url.getPath());
        return path.endsWith(".tcia") || String.valueOf(url.getHost()).startsWith("nbia") || path.endsWith("/");
    }

    private static @Nullable String license(String id, String page, Transport transport) throws Problem {
        URI uri = URI.create(API + "downloads/?per_page=100&include=" + id);
        for (JsonNode node : JsonResponse.read(transport, Request.get(uri), "tcia download " + id, page)
                .values()) {
            if (id.equals(JsonResponse.text(node, "id"))) {
                JsonNode terms = node.path("data_license");
                String words = JsonResponse.text(terms);
                return words == null ? JsonResponse.first(terms.path(0), "post_title", "name") : words;
            }
        }
        return null;
    }

    private static License license(List<LicensedDownload> parts) {
        Set<String> words = new LinkedHashSet<>();
        for (LicensedDownload part : parts) {
            if (part.license() != null) {
                words.add(part.license());
            }
        }
        return words.isEmpty() ? License.UNKNOWN : SpdxMapper.of(null, String.join("; ", words), null);
    }

    private static SourceSpec source(TciaDownloads.Download download, String slug, boolean several) {
        String way = download.faspex() ? "faspex" : "file";
        String note = download.title().isEmpty()
                ? "The URL is read from TCIA at each pull."
                : HtmlText.text(download.title()) + ". The URL is read from TCIA at each pull.";
        return new SourceSpec(
                "tcia",
                slug,
                true,
                several ? download.slug() : "",
                SourceSpec.Use.AUTO,
                note,
                Map.of("download", download.id(), "via", way),
                SourceSpec.Listing.ALL,
                null,
                List.of());
    }

    private static Access access(List<LicensedDownload> parts, String page) {
        boolean packages = parts.stream().anyMatch(part -> part.download().faspex());
        return !packages
                ? new Access(Access.Status.OPEN, null, null, List.of())
                : new Access(
                        Access.Status.OPEN,
                        "No account, but IBM's program ascp is needed for Aspera packages.",
                        page,
                        List.of(
                                "Install IBM's ascp, such as with `gem install aspera-cli && ascli config ascp install`, and"
                                        + " run `histods pull FILE` with this manifest.",
                                "Or open " + page
                                        + ", download the packages with IBM Aspera Connect, and import the files:"
                                        + " `histods pull FILE --from …`."));
    }
}
