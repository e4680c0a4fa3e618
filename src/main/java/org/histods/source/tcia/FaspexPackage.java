package org.histods.source.tcia;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.SourceProblems;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.FaspFile;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A public package of Faspex 5. Its files are listed over HTTPS and fetched by FASP, with a token per file.
 */
final class FaspexPackage {

    /** The host's limit. */
    private static final int PAGE = 100;

    /** Used after a failed listing: large folders are known to time out. */
    private static final int SMALL_PAGE = 10;

    private static final int MAX_BYTES = 64 << 20;

    /** Aspera's own port, for both of its protocols. */
    private static final int PORT = 33_001;

    /** Target rate in kbit/s if the host states none: a gigabit, shared fairly with other traffic. */
    private static final long RATE = 1_000_000;

    private final String subject;
    private final Transport transport;
    private final FaspexSession session;
    private int page = PAGE;

    FaspexPackage(FaspexLink link, String subject, Transport transport) throws Problem {
        this.subject = subject;
        this.transport = transport;
        this.session = new FaspexSession(link, subject, transport);
    }

    /** A file of the package; its path has no leading slash. */
    record Entry(String path, @Nullable Long bytes) {}

    /** Every file of the package. */
    List<Entry> entries() throws Problem {
        boolean byToken = JsonResponse.read(transport, session.get(), subject, null)
                .path("pagination_browsing")
                .asBoolean(false);
        List<Entry> entries = new ArrayList<>();
        Deque<String> folders = new ArrayDeque<>(List.of("/"));
        Set<String> seen = new HashSet<>(folders);
        while (!folders.isEmpty()) {
            String folder = folders.removeFirst();
            for (JsonNode item : byToken ? pagesByToken(folder) : pagesByOffset(folder)) {
                String path = absolute(JsonResponse.name(item, "path"));
                if (!folder(item)) {
                    entries.add(new Entry(path.substring(1), size(item)));
                } else if (seen.add(path)) {
                    folders.addLast(path);
                }
            }
        }
        return entries;
    }

    /** The path with a leading slash, which the host demands but does not always send. */
    private static String absolute(String path) {
        return path.startsWith("/") ? path : "/" + path;
    }

    private static boolean folder(JsonNode item) {
        String type = JsonResponse.name(item, "type");
        return type.equals("directory") || "directory".equals(JsonResponse.text(item, "target", "type"));
    }

    /** Links to files in the archive's own store have no size, but their target may. */
    private static @Nullable Long size(JsonNode item) {
        boolean linked = JsonResponse.name(item, "type").contains("link");
        return linked ? JsonResponse.size(item.path("target"), "size") : JsonResponse.size(item, "size");
    }

    private List<JsonNode> pagesByOffset(String folder) throws Problem {
        List<JsonNode> items = new ArrayList<>();
        while (true) {
            JsonNode listed = listed(folder, size -> "/files/received?limit=" + size + "&offset=" + items.size(), null);
            int before = items.size();
            items.addAll(listed.path("items").values());
            Long total = JsonResponse.size(listed, "total_count");
            if (total == null ? items.size() == before : items.size() >= total) {
                return items;
            }
            if (items.size() == before) {
                throw new Problem(
                        Kind.NETWORK,
                        subject + ": " + folder + " has " + total + " entries, but only " + before + " are listed");
            }
        }
    }

    private List<JsonNode> pagesByToken(String folder) throws Problem {
        List<JsonNode> items = new ArrayList<>();
        Set<String> tokens = new HashSet<>();
        String token = "";
        do {
            String query = token.isEmpty() ? "" : "&iteration_token=" + UrlEncoding.segment(token);
            Map<String, String> next = new LinkedHashMap<>();
            items.addAll(listed(folder, size -> "/files/received/page?per_page=" + size + query, next)
                    .path("items")
                    .values());
            token = next.getOrDefault("token", "");
        } while (!token.isEmpty() && tokens.add(token));
        return items;
    }

    /** The URL of a page of that many entries. */
    private interface Page {
        String of(int size);
    }

    /** One page; a smaller one if the host fails or times out. */
    private JsonNode listed(String folder, Page where, @Nullable Map<String, String> next) throws Problem {
        try {
            return listed(folder, where.of(page), Map.of(), next);
        } catch (Problem problem) {
            Integer status = SourceProblems.status(problem);
            boolean failed = problem.kind() == Kind.NETWORK && (status == null || status >= 500);
            if (!failed || page <= SMALL_PAGE) {
                throw problem;
            }
            page = SMALL_PAGE;
            return listed(folder, where.of(page), Map.of(), next);
        }
    }

    /** @param next receives the token of the next page; null if pages have none */
    private JsonNode listed(String folder, String path, Map<String, Object> filters, @Nullable Map<String, String> next)
            throws Problem {
        Map<String, Object> question = new LinkedHashMap<>();
        question.put("path", folder);
        question.put("filters", filters);
        Request request = session.post(path, question);
        try (Response response = transport.open(request)) {
            byte[] body = response.body().readNBytes(MAX_BYTES);
            if (next != null) {
                response.header("X-Aspera-Next-Iteration-Token").ifPresent(token -> next.put("token", token));
            }
            JsonNode listed = JsonResponse.parse(body, request, subject);
            if (!listed.path("items").isArray()) {
                throw new Problem(Kind.NETWORK, subject + ": the listing of " + folder + " has no list of entries");
            }
            return listed;
        } catch (IOException e) {
            throw new Problem(Kind.NETWORK, subject + ": the listing of " + folder + " was interrupted", null, e);
        } catch (Problem problem) {
            throw problem.message().startsWith(subject) ? problem : SourceProblems.about(subject, null, problem);
        }
    }

    /** The time of the file's last change, as the host writes it; null if unknown. */
    @Nullable
    String lastModified(String path) throws Problem {
        String full = absolute(path);
        int slash = full.lastIndexOf('/');
        Map<String, Object> filters = Map.of("basenames", List.of(full.substring(slash + 1)));
        JsonNode listed = listed(
                slash == 0 ? "/" : full.substring(0, slash),
                "/files/received?limit=" + SMALL_PAGE + "&offset=0",
                filters,
                null);
        for (JsonNode item : listed.path("items").values()) {
            if (full.equals(absolute(JsonResponse.name(item, "path")))) {
                return JsonResponse.text(item, "mtime");
            }
        }
        return null;
    }

    /** Opens a file by FASP. */
    Response open(Entry entry, long from, long to) throws Problem {
        return transport.open(transferParameters(entry), from, to);
    }

    /** The temporary transfer parameters for one file. */
    private FaspFile transferParameters(Entry entry) throws Problem {
        Map<String, Object> path = Map.of("path", absolute(entry.path()));
        Request request = session.post(
                "/transfer_spec/download?transfer_type=connect&type=received", Map.of("paths", List.of(path)));
        JsonNode spec = JsonResponse.read(transport, request, subject, null);
        JsonNode paths = spec.path("paths");
        Long ssh = JsonResponse.size(spec, "ssh_port");
        Long fasp = JsonResponse.size(spec, "fasp_port");
        Long rate = JsonResponse.size(spec, "target_rate_kbps");
        try {
            if (paths.size() != 1) {
                throw new IllegalArgumentException("it names " + paths.size() + " paths");
            }
            return new FaspFile(
                    JsonResponse.name(spec, "remote_host"),
                    ssh == null ? PORT : Math.toIntExact(ssh),
                    fasp == null ? PORT : Math.toIntExact(fasp),
                    JsonResponse.name(spec, "remote_user"),
                    source(spec, paths.path(0)),
                    JsonResponse.name(spec, "token"),
                    JsonResponse.name(spec, "cookie"),
                    JsonResponse.text(spec, "sshfp"),
                    rate == null || rate == 0 ? RATE : rate,
                    entry.bytes() == null ? -1 : entry.bytes());
        } catch (IllegalArgumentException | ArithmeticException e) {
            // The response is not shown: it may contain credentials.
            throw new Problem(
                    Kind.NETWORK,
                    subject + ": the transfer specification of " + entry.path() + " cannot be used: " + e.getMessage(),
                    "its host's API may have changed; ascli may still work");
        }
    }

    private static String source(JsonNode spec, JsonNode path) {
        String root = JsonResponse.name(spec, "source_root");
        String source = JsonResponse.name(path, "source");
        return root.isEmpty() ? source : root.replaceAll("/+$", "") + absolute(source);
    }
}
