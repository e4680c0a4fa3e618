package org.histods.source.huggingface;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.digest.Algorithm;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile.Stated;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.SourceProblems;
import org.histods.source.listing.StatedChecksums;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the listing of a repository at Hugging Face, page by page. */
final class HuggingFaceTree {

    private static final String BY = "Hugging Face";
    private static final int MAX_PAGE = 64 << 20;
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>\\s*;\\s*rel=\"?next\"?");

    private HuggingFaceTree() {}

    /** A file of the repository. */
    record Entry(String path, @Nullable Long bytes, List<Stated> checksums) {}

    /** All files, in the host's order; may be empty. */
    static List<Entry> read(HuggingFaceRepo repo, Transport transport) throws Problem {
        List<Entry> entries = new ArrayList<>();
        Set<URI> pages = new HashSet<>();
        URI page = repo.tree();
        while (page != null) {
            if (!pages.add(page)) {
                throw new Problem(Kind.NETWORK, repo.subject() + ": the listing repeats the same page");
            }
            page = read(repo, page, entries, transport);
        }
        return entries;
    }

    /** @return the URL of the next page; null after the last */
    private static @Nullable URI read(HuggingFaceRepo repo, URI page, List<Entry> entries, Transport transport)
            throws Problem {
        Request request = Request.get(page).with("Accept", "application/json");
        try (Response response = transport.open(request)) {
            byte[] body = response.body().readNBytes(MAX_PAGE);
            for (JsonNode node :
                    JsonResponse.parse(body, request, repo.subject()).values()) {
                if (!"directory".equals(JsonResponse.text(node, "type"))) {
                    entries.add(entry(node));
                }
            }
            return next(repo, response.header("link").orElse(""));
        } catch (IOException e) {
            throw new Problem(
                    Kind.NETWORK,
                    repo.subject() + " cannot be read: " + page + " was interrupted: " + e.getMessage(),
                    "try again",
                    e);
        } catch (Problem problem) {
            throw problem.attempts().isEmpty()
                    ? problem
                    : repo.explained(SourceProblems.about(repo.subject(), repo.page(), problem));
        }
    }

    private static @Nullable URI next(HuggingFaceRepo repo, String link) throws Problem {
        Matcher next = NEXT.matcher(link);
        if (!next.find()) {
            return null;
        }
        try {
            URI uri = repo.tree().resolve(next.group(1));
            if ("https".equals(uri.getScheme()) && HuggingFaceRepo.HOST.equals(uri.getAuthority())) {
                return uri;
            }
        } catch (IllegalArgumentException ignored) {
            // The problem follows below.
        }
        throw new Problem(Kind.NETWORK, repo.subject() + ": the listing continues at a URL of another host");
    }

    /** The host states the SHA-256 of large files, which are in LFS or Xet, and the git blob id of others. */
    private static Entry entry(JsonNode node) {
        String path = JsonResponse.name(node, "path");
        JsonNode lfs = node.path("lfs");
        if (lfs.isObject()) {
            Long bytes = JsonResponse.size(lfs, "size");
            return new Entry(
                    path,
                    bytes == null ? JsonResponse.size(node, "size") : bytes,
                    checksums(Algorithm.SHA256, JsonResponse.text(lfs, "oid")));
        }
        return new Entry(
                path, JsonResponse.size(node, "size"), checksums(Algorithm.GIT_BLOB, JsonResponse.text(node, "oid")));
    }

    private static List<Stated> checksums(Algorithm algorithm, @Nullable String hex) {
        return StatedChecksums.hex(algorithm, hex == null ? null : hex.replaceFirst("^sha256:", ""), BY);
    }
}
