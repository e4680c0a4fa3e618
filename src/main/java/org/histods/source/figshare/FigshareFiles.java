package org.histods.source.figshare;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.histods.digest.Algorithm;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile.Stated;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.StatedChecksums;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the files of a figshare article or collection. */
final class FigshareFiles {

    /** The length of cut pages. An article lists only its first files; the documentation does not state how many. */
    private static final int FIRST_PAGE = 10;

    private static final int FILES = 100;

    /** Smaller pages of one collection overlapped, so that articles were missing. */
    private static final int ARTICLES = 1000;

    private FigshareFiles() {}

    /** @param linkOnly whether figshare stores only a link to another site */
    record Entry(String id, String path, @Nullable Long bytes, List<Stated> checksums, boolean linkOnly) {

        Entry in(String folder) {
            return new Entry(id, folder + "/" + path, bytes, checksums, linkOnly);
        }
    }

    /** The description of the article or collection. */
    static JsonNode read(FigshareRecord record, Transport transport) throws Problem {
        JsonNode response = JsonResponse.read(transport, Request.get(record.api()), record.subject(), record.page());
        String id = JsonResponse.text(response, "id");
        String version = JsonResponse.text(response, "version");
        boolean other = (id != null && !id.equals(record.id()))
                || (version != null && record.version() != null && !version.equals(record.version()));
        if (other) {
            throw new Problem(
                    Kind.UPSTREAM_CHANGED,
                    record.subject() + " was requested, but the host returned " + id + " version " + version,
                    "compare the versions at " + record.page());
        }
        return response;
    }

    /** All files of an article; may be empty. */
    static List<Entry> ofArticle(FigshareRecord article, JsonNode response, Transport transport) throws Problem {
        List<JsonNode> files = new ArrayList<>(response.path("files").values());
        if (!whole(files, JsonResponse.size(response, "size"))) {
            files = pages(page -> article.files(page, FILES), FILES, article, transport);
        }
        List<Entry> entries = new ArrayList<>();
        for (JsonNode file : files) {
            entries.add(entry(file));
        }
        if (entries.isEmpty() && response.path("is_embargoed").asBoolean(false)) {
            throw new Problem(
                    Kind.PERSON,
                    article.subject() + ": its files are under embargo",
                    "see " + article.page() + " for when it ends or whom to ask, then pass the files with --from");
        }
        return entries;
    }

    private static boolean whole(List<JsonNode> files, @Nullable Long total) {
        long sum = 0;
        for (JsonNode file : files) {
            Long size = JsonResponse.size(file, "size");
            sum += size == null ? 0 : size;
        }
        return files.size() < FIRST_PAGE && (total == null || sum >= total);
    }

    /** All files of all articles; in a folder per article, named by its id, if two files have the same name. */
    static List<Entry> ofCollection(FigshareRecord collection, Transport transport) throws Problem {
        Map<String, List<Entry>> byArticle = new LinkedHashMap<>();
        for (JsonNode item : pages(page -> collection.articles(page, ARTICLES), ARTICLES, collection, transport)) {
            FigshareRecord article = FigshareRecord.article(JsonResponse.name(item, "id"));
            byArticle.put(article.id(), ofArticle(article, read(article, transport), transport));
        }
        Set<String> names = new HashSet<>();
        boolean collide = false;
        for (List<Entry> entries : byArticle.values()) {
            for (Entry entry : entries) {
                collide |= !names.add(entry.path());
            }
        }
        List<Entry> all = new ArrayList<>();
        for (Map.Entry<String, List<Entry>> article : byArticle.entrySet()) {
            for (Entry entry : article.getValue()) {
                all.add(collide ? entry.in(article.getKey()) : entry);
            }
        }
        return all;
    }

    /** The items of all pages, each once. */
    private static List<JsonNode> pages(IntFunction<URI> url, int size, FigshareRecord record, Transport transport)
            throws Problem {
        Map<String, JsonNode> items = new LinkedHashMap<>();
        int count = size;
        // figshare may return smaller pages than requested, of a round size; the page after the last one is empty.
        for (int page = 1; count > 0 && (count == size || count % 10 == 0); page++) {
            Request request = Request.get(url.apply(page));
            JsonNode response = JsonResponse.read(transport, request, record.subject(), record.page());
            int before = items.size();
            count = response.size();
            for (JsonNode item : response.values()) {
                items.putIfAbsent(JsonResponse.name(item, "id"), item);
            }
            if (count > 0 && items.size() == before) {
                throw new Problem(
                        Kind.NETWORK, record.subject() + ": the listing repeats the same page", "try again later");
            }
        }
        return new ArrayList<>(items.values());
    }

    private static Entry entry(JsonNode file) {
        return new Entry(
                JsonResponse.name(file, "id"),
                JsonResponse.name(file, "name"),
                JsonResponse.size(file, "size"),
                checksums(file),
                file.path("is_link_only").asBoolean(false));
    }

    private static List<Stated> checksums(JsonNode file) {
        List<Stated> computed = StatedChecksums.hex(Algorithm.MD5, JsonResponse.text(file, "computed_md5"), "figshare");
        return computed.isEmpty()
                ? StatedChecksums.hex(
                        Algorithm.MD5, JsonResponse.text(file, "supplied_md5"), "the uploader, at figshare")
                : computed;
    }
}
