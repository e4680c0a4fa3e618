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

/** Reads what figshare says of the files of an article or a collection. */
final class FigshareFiles {

    /** An article holds its first files; how many is not documented. Where pages are cut, they hold ten. */
    private static final int FIRST_PAGE = 10;

    private static final int FILES = 100;

    /** Smaller pages of one collection have been seen to overlap, and then articles are missing. */
    private static final int ARTICLES = 1000;

    private FigshareFiles() {}

    /** @param linkOnly whether figshare holds only an address of somewhere else */
    record Entry(String id, String path, @Nullable Long bytes, List<Stated> sums, boolean linkOnly) {

        Entry in(String folder) {
            return new Entry(id, folder + "/" + path, bytes, sums, linkOnly);
        }
    }

    /** The article's or collection's own answer. */
    static JsonNode read(FigshareRecord record, Transport transport) throws Problem {
        JsonNode answer = JsonResponse.read(transport, Request.get(record.api()), record.subject(), record.page());
        String id = JsonResponse.text(answer, "id");
        String version = JsonResponse.text(answer, "version");
        boolean other = (id != null && !id.equals(record.id()))
                || (version != null && record.version() != null && !version.equals(record.version()));
        if (other) {
            throw new Problem(
                    Kind.UPSTREAM_CHANGED,
                    record.subject() + " was asked for, and " + id + " version " + version + " came",
                    "compare the versions at " + record.page());
        }
        return answer;
    }

    /** All files of that article; may be empty. */
    static List<Entry> ofArticle(FigshareRecord article, JsonNode answer, Transport transport) throws Problem {
        List<JsonNode> files = new ArrayList<>(answer.path("files").values());
        if (!whole(files, JsonResponse.size(answer, "size"))) {
            files = pages(page -> article.files(page, FILES), FILES, article, transport);
        }
        List<Entry> entries = new ArrayList<>();
        for (JsonNode file : files) {
            entries.add(entry(file));
        }
        if (entries.isEmpty() && answer.path("is_embargoed").asBoolean(false)) {
            throw new Problem(
                    Kind.PERSON,
                    article.subject() + ": its files are under embargo",
                    "see " + article.page() + " for when it ends or whom to ask, then bring the files with --from");
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

    /** All files of all articles. Each article is a folder, named by its id, if two have a file of one name. */
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
    private static List<JsonNode> pages(IntFunction<URI> address, int size, FigshareRecord record, Transport transport)
            throws Problem {
        Map<String, JsonNode> items = new LinkedHashMap<>();
        int came = size;
        // A host that gives fewer than it is asked for stops at a round number; the page behind the last one is empty.
        for (int page = 1; came > 0 && (came == size || came % 10 == 0); page++) {
            Request request = Request.get(address.apply(page));
            JsonNode answer = JsonResponse.read(transport, request, record.subject(), record.page());
            int before = items.size();
            came = answer.size();
            for (JsonNode item : answer.values()) {
                items.putIfAbsent(JsonResponse.name(item, "id"), item);
            }
            if (came > 0 && items.size() == before) {
                throw new Problem(
                        Kind.NETWORK,
                        record.subject() + ": the listing comes back to the same page",
                        "try again later");
            }
        }
        return new ArrayList<>(items.values());
    }

    private static Entry entry(JsonNode file) {
        return new Entry(
                JsonResponse.name(file, "id"),
                JsonResponse.name(file, "name"),
                JsonResponse.size(file, "size"),
                sums(file),
                file.path("is_link_only").asBoolean(false));
    }

    private static List<Stated> sums(JsonNode file) {
        List<Stated> computed = StatedChecksums.hex(Algorithm.MD5, JsonResponse.text(file, "computed_md5"), "figshare");
        return computed.isEmpty()
                ? StatedChecksums.hex(
                        Algorithm.MD5, JsonResponse.text(file, "supplied_md5"), "the uploader, at figshare")
                : computed;
    }
}
