package org.histods.source;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.transport.Answer;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads what a public package of Faspex 5 holds, over plain HTTPS and without an account, as its web page does. */
final class FaspexPackage {

    private static final int PAGE = 1000;
    private static final int MOST = 64 << 20;

    private final FaspexLink link;
    private final String subject;
    private final Transport transport;
    private String api = "";
    private String bearer = "";

    FaspexPackage(FaspexLink link, String subject, Transport transport) {
        this.link = link;
        this.subject = subject;
        this.transport = transport;
    }

    /** A file of the package, by its path without a slash in front. */
    record Entry(String path, @Nullable Long bytes) {}

    /** Every file of it, folder by folder. */
    List<Entry> entries() throws Problem {
        authorize();
        boolean byToken = Json.read(transport, with(Request.get(URI.create(here("")))), subject, null)
                .path("pagination_browsing")
                .asBoolean(false);
        List<Entry> entries = new ArrayList<>();
        Deque<String> folders = new ArrayDeque<>(List.of("/"));
        Set<String> seen = new HashSet<>(folders);
        while (!folders.isEmpty()) {
            String folder = folders.removeFirst();
            for (JsonNode item : byToken ? pagesByToken(folder) : pagesByOffset(folder)) {
                String path = Json.name(item, "path");
                if (!folder(item)) {
                    entries.add(new Entry(path.startsWith("/") ? path.substring(1) : path, size(item)));
                } else if (seen.add(path)) {
                    folders.addLast(path);
                }
            }
        }
        return entries;
    }

    private static boolean folder(JsonNode item) {
        String type = Json.name(item, "type");
        return type.equals("directory") || "directory".equals(Json.text(item, "target", "type"));
    }

    /** Links to files in the archive's own store say no size, but their target may. */
    private static @Nullable Long size(JsonNode item) {
        boolean linked = Json.name(item, "type").contains("link");
        return linked ? Json.size(item.path("target"), "size") : Json.size(item, "size");
    }

    private List<JsonNode> pagesByOffset(String folder) throws Problem {
        List<JsonNode> items = new ArrayList<>();
        while (true) {
            JsonNode page = page(folder, "/files/received?limit=" + PAGE + "&offset=" + items.size(), null);
            int before = items.size();
            items.addAll(page.path("items").values());
            Long total = Json.size(page, "total_count");
            if (total == null ? items.size() - before < PAGE : items.size() >= total) {
                return items;
            }
            if (items.size() == before) {
                throw new Problem(
                        Kind.NETWORK,
                        subject + ": " + folder + " is said to hold " + total + " entries and " + before + " came");
            }
        }
    }

    private List<JsonNode> pagesByToken(String folder) throws Problem {
        List<JsonNode> items = new ArrayList<>();
        Set<String> tokens = new HashSet<>();
        String token = "";
        do {
            String query = token.isEmpty() ? "" : "?iteration_token=" + Percent.segment(token);
            Map<String, String> next = new LinkedHashMap<>();
            items.addAll(page(folder, "/files/received/page" + query, next)
                    .path("items")
                    .values());
            token = next.getOrDefault("token", "");
        } while (!token.isEmpty() && tokens.add(token));
        return items;
    }

    /** @param next where the token of the next page is put, null if pages have none */
    private JsonNode page(String folder, String path, @Nullable Map<String, String> next) throws Problem {
        Map<String, Object> question = new LinkedHashMap<>();
        question.put("path", folder);
        question.put("filters", Map.of());
        Request request = with(Request.postJson(URI.create(here(path)), Json.write(question)));
        try (Answer answer = transport.open(request)) {
            byte[] body = answer.body().readNBytes(MOST);
            if (next != null) {
                answer.header("X-Aspera-Next-Iteration-Token").ifPresent(token -> next.put("token", token));
            }
            JsonNode page = Json.parse(body, request, subject);
            if (!page.path("items").isArray()) {
                throw new Problem(Kind.NETWORK, subject + ": the listing of " + folder + " has no entries in it");
            }
            return page;
        } catch (IOException e) {
            throw new Problem(Kind.NETWORK, subject + ": the listing of " + folder + " broke off", null, List.of(), e);
        } catch (Problem problem) {
            throw problem.message().startsWith(subject) ? problem : Failure.about(subject, null, problem);
        }
    }

    private String here(String path) {
        return api + "/packages/" + link.id() + path;
    }

    private Request with(Request request) {
        return request.with("Authorization", bearer);
    }

    /** The link's context is traded for a code, as the state of a login, and the code for a token. */
    private void authorize() throws Problem {
        String config = text(Request.get(URI.create("https://" + link.host() + "/aspera/faspex/config.js")));
        String client = setting(config, "client_id");
        String back = absolute(setting(config, "redirect_uri"));
        api = absolute(setting(config, "api_url"));
        String auth = api.replace("/api/v5", "/auth");
        String code = code(Request.get(URI.create(auth + "/authorize_public_link?response_type=code&client_id="
                + Percent.segment(client) + "&redirect_uri=" + Percent.segment(back) + "&state="
                + Percent.segment(link.context()))));
        Map<String, Object> question = new LinkedHashMap<>();
        question.put("grant_type", "authorization_code");
        question.put("code", code);
        question.put("state", link.context());
        question.put("client_id", client);
        question.put("redirect_uri", back);
        Request request = Request.postJson(URI.create(auth + "/token"), Json.write(question));
        String token = Json.text(Json.read(transport, request, subject, null), "access_token");
        if (token == null) {
            throw refused();
        }
        bearer = "Bearer " + token;
    }

    /** The code stands in the address that the browser is sent back to. */
    private String code(Request request) throws Problem {
        try (Answer answer = transport.open(request)) {
            List<URI> way = new ArrayList<>(answer.via());
            way.add(answer.uri());
            for (URI uri : way) {
                Matcher code = Pattern.compile("(?:^|&)code=([^&]+)")
                        .matcher(uri.getRawQuery() == null ? "" : uri.getRawQuery());
                String text = code.find() ? Percent.decode(code.group(1)) : null;
                if (text != null) {
                    return text;
                }
            }
            throw refused();
        } catch (IOException e) {
            throw new Problem(Kind.NETWORK, subject + ": its Aspera host broke off", null, List.of(), e);
        } catch (Problem problem) {
            throw problem.message().startsWith(subject) ? problem : Failure.about(subject, null, problem);
        }
    }

    private Problem refused() {
        return new Problem(
                Kind.PERSON,
                subject + ": its Aspera host did not let the public link in",
                "the package may have been moved or closed; open " + link.uri() + " in a browser");
    }

    private String text(Request request) throws Problem {
        try {
            return new String(transport.read(request, 1 << 20), StandardCharsets.UTF_8);
        } catch (Problem problem) {
            throw Failure.about(subject, null, problem);
        }
    }

    private String setting(String config, String name) throws Problem {
        Matcher matcher = Pattern.compile("\\b" + name + "\"?\\s*:\\s*['\"]([^'\"]+)['\"]")
                .matcher(config);
        if (!matcher.find()) {
            throw new Problem(Kind.NETWORK, subject + ": the settings of its Aspera host do not say the " + name);
        }
        return matcher.group(1);
    }

    private String absolute(String address) {
        return address.contains("://") ? address : "https://" + link.host() + address;
    }
}
