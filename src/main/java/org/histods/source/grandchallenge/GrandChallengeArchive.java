package org.histods.source.grandchallenge;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.ListingPages;
import org.histods.source.listing.PinnedFiles;
import org.histods.source.listing.SourceProblems;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads an archive at Grand Challenge: its images and the files of its items, each list page by page. */
final class GrandChallengeArchive {

    static final String HOST = "grand-challenge.org";
    private static final String API = "https://" + HOST + "/api/v1/";
    private static final Pattern EXTENSION = Pattern.compile("\\.(?:nii\\.gz|[A-Za-z0-9]{1,6})$");

    private final String slug;
    private final Transport transport;

    GrandChallengeArchive(String slug, Transport transport) {
        this.slug = slug;
        this.transport = transport;
    }

    /**
     * A file of the archive.
     *
     * @param id of the image or item that it belongs to
     * @param uri null for what has no file of its own, such as a set of DICOM instances
     */
    record Entry(String id, String path, @Nullable URI uri) {}

    static String subject(String slug) {
        return "grand-challenge archives/" + slug;
    }

    static String page(String slug) {
        return "https://" + HOST + "/archives/" + slug + "/";
    }

    /** The host's description of the archive. The host lists only archives that the account may see. */
    JsonNode about() throws Problem {
        JsonNode response = read(URI.create(API + "archives/?slug=" + UrlEncoding.segment(slug)));
        JsonNode found = response.path("results").path(0);
        if (!found.isObject() || JsonResponse.text(found, "pk") == null) {
            throw new Problem(
                    Kind.PERSON,
                    subject(slug) + " does not exist, or your account has no access to it",
                    "ask to be admitted at " + page(slug) + ", and store a token of your account: histods login "
                            + HOST);
        }
        return found;
    }

    /** All files; may be empty. Where two have one path, each is in a folder named by its image or item. */
    List<Entry> entries(JsonNode about) throws Problem {
        String pk = UrlEncoding.segment(JsonResponse.name(about, "pk"));
        List<Entry> entries = new ArrayList<>();
        for (JsonNode image : all(API + "cases/images/?archive=" + pk)) {
            image(image, entries);
        }
        for (JsonNode item : all(API + "archives/items/?archive=" + pk)) {
            item(item, entries);
        }
        Set<String> paths = new HashSet<>();
        boolean collide = entries.stream().anyMatch(e -> !paths.add(e.path()));
        return !collide
                ? entries
                : entries.stream()
                        .map(e -> new Entry(e.id(), e.id() + "/" + e.path(), e.uri()))
                        .toList();
    }

    private List<JsonNode> all(String list) throws Problem {
        List<JsonNode> results = new ArrayList<>();
        ListingPages pages = new ListingPages(subject(slug));
        URI page = URI.create(list + "&offset=0&limit=100");
        while (page != null) {
            JsonNode response = read(page);
            results.addAll(response.path("results").values());
            String next = JsonResponse.text(response, "next");
            page = next == null ? null : here(next);
            if (page != null) {
                pages.add(response.path("results").size(), page.toString());
            }
        }
        return results;
    }

    private JsonNode read(URI uri) throws Problem {
        try {
            return JsonResponse.read(transport, Request.get(uri), subject(slug), page(slug));
        } catch (Problem problem) {
            if (problem.kind() != Kind.PERSON) {
                throw problem;
            }
            throw SourceProblems.withMessage(
                    problem,
                    problem.message(),
                    "ask to be admitted at " + page(slug) + ", make a token in your settings there, and store it:"
                            + " histods login " + HOST);
        }
    }

    private URI here(String url) throws Problem {
        URI uri = https(url);
        if (uri == null || !HOST.equals(uri.getAuthority())) {
            throw new Problem(Kind.NETWORK, subject(slug) + ": the next page of the listing is on another host");
        }
        return uri;
    }

    private static @Nullable URI https(String url) {
        try {
            URI uri = PinnedFiles.webAddress(url);
            return "https".equals(uri.getScheme()) ? uri : null;
        } catch (IllegalArgumentException ignored) {
            // The caller says what was expected.
            return null;
        }
    }

    /** Adds the files of an image under the name that its uploader gave it, with the ending of the file, which may have another format. */
    private static void image(JsonNode image, List<Entry> entries) {
        String id = JsonResponse.name(image, "pk");
        String name = JsonResponse.name(image, "name");
        List<String> urls = new ArrayList<>();
        for (JsonNode file : image.path("files").values()) {
            // Tiles for the site's viewer, made of the image.
            if (!"DZI".equals(JsonResponse.text(file, "image_type"))) {
                urls.add(JsonResponse.name(file, "file"));
            }
        }
        if (urls.isEmpty()) {
            entries.add(new Entry(id, name, null));
        }
        for (String url : urls) {
            String last = last(url);
            String path = urls.size() == 1 ? withExtension(name, last) : name + "/" + last;
            entries.add(new Entry(id, path, bytes(url)));
        }
    }

    /** Values that are images are listed as such, and values that are plain numbers or text are no files. */
    private static void item(JsonNode item, List<Entry> entries) {
        String id = JsonResponse.name(item, "pk");
        for (JsonNode value : item.path("values").values()) {
            String url = JsonResponse.text(value, "file");
            if (url != null) {
                String slug = JsonResponse.name(value.path("interface"), "slug");
                entries.add(new Entry(id, "items/" + id + "/" + withExtension(slug, last(url)), bytes(url)));
            }
        }
    }

    private static String last(String url) {
        String path = url.replaceFirst("[?#].*", "");
        String last = UrlEncoding.decode(path.substring(path.lastIndexOf('/') + 1));
        return last == null ? "" : last;
    }

    private static String withExtension(String name, String file) {
        Matcher extension = EXTENSION.matcher(file);
        if (!extension.find()
                || name.toLowerCase(Locale.ROOT).endsWith(extension.group().toLowerCase(Locale.ROOT))) {
            return name;
        }
        return EXTENSION.matcher(name).replaceFirst("") + extension.group();
    }

    /** The URL without a signature; it redirects to a signed URL each time. */
    private static @Nullable URI bytes(String url) {
        return https(url.replaceFirst("[?#].*", ""));
    }
}
