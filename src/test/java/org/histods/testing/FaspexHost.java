package org.histods.testing;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;

import com.github.tomakehurst.wiremock.junit.Stubbing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.histods.source.listing.UrlEncoding;
import org.jspecify.annotations.Nullable;

/** TCIA with one download (number 41001), which is package 739 of its Faspex, and the server of its bytes. */
public final class FaspexHost {

    /** The token that Faspex accepts; no record may contain it. */
    public static final String BEARER = "bearer-of-the-test";

    private static final String FASPEX = "/faspex.cancerimagingarchive.net/aspera/faspex/";
    private static final String CONTEXT = Base64.getEncoder()
            .encodeToString(
                    "{\"resource\":\"packages\",\"id\":\"739\",\"passcode\":\"p\"}".getBytes(StandardCharsets.UTF_8));
    private static final String LINK = "https://faspex.cancerimagingarchive.net/aspera/faspex/public/package?context="
            + UrlEncoding.segment(CONTEXT);

    private final Stubbing host;
    private final FakeAscp ascp;
    private final Map<String, byte[]> files = new TreeMap<>();

    public FaspexHost(Stubbing host, FakeAscp ascp) {
        this.host = host;
        this.ascp = ascp;
        host.stubFor(get(urlPathEqualTo("/cancerimagingarchive.net/api/v1/downloads/"))
                .willReturn(aResponse()
                        .withBody("[{\"id\": 41001, \"slug\": \"toy-da-path\", \"download_title\": \"Toy\","
                                + " \"download_url\": \"" + LINK + "\"}]")));
        host.stubFor(get(urlEqualTo(FASPEX + "config.js"))
                .willReturn(aResponse().withBody(SourceContract.resource("tcia/config.js"))));
        host.stubFor(get(urlPathEqualTo(FASPEX + "auth/authorize_public_link"))
                .willReturn(aResponse()
                        .withStatus(302)
                        .withHeader("Location", "/aspera/faspex/token?state=s&code=code-of-the-test")));
        host.stubFor(post(urlEqualTo(FASPEX + "auth/token"))
                .withRequestBody(matchingJsonPath("$.code", equalTo("code-of-the-test")))
                .willReturn(aResponse().withStatus(201).withBody("{\"access_token\": \"" + BEARER + "\"}")));
        host.stubFor(get(urlEqualTo(FASPEX + "api/v5/packages/739"))
                .willReturn(aResponse().withBody("{\"id\": 739, \"pagination_browsing\": false}")));
    }

    /** The path of a package's file at the server of the bytes. */
    public static String store(String path) {
        return "/store/0739/" + path;
    }

    /** Puts a file into the package. */
    public FaspexHost with(String path, byte[] bytes) throws IOException {
        files.put(path, bytes);
        ascp.put(store(path), bytes);
        host.stubFor(post(urlEqualTo(
                        FASPEX + "api/v5/packages/739/transfer_spec/download?transfer_type=connect&type=received"))
                .withHeader("Authorization", equalTo("Bearer " + BEARER))
                .withRequestBody(matchingJsonPath("$.paths[0].path", equalTo("/" + path)))
                .willReturn(aResponse().withStatus(201).withBody(FakeAscp.specification(store(path)))));
        list();
        return this;
    }

    private void list() {
        Map<String, List<String>> folders = new LinkedHashMap<>();
        files.forEach((path, bytes) -> {
            String at = "";
            for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
                String folder = "/" + path.substring(0, slash);
                add(folders, at, item(folder, "directory", null));
                at = folder;
            }
            // Its store is linked to, and some links do not say their size.
            boolean sized = !path.endsWith(".unsized");
            add(folders, at, item("/" + path, sized ? "file" : "symbolic_link", sized ? (long) bytes.length : null));
        });
        folders.forEach((folder, items) ->
                host.stubFor(post(urlPathEqualTo(FASPEX + "api/v5/packages/739/files/received"))
                        .withHeader("Authorization", equalTo("Bearer " + BEARER))
                        .withRequestBody(matchingJsonPath("$.path", equalTo(folder.isEmpty() ? "/" : folder)))
                        .willReturn(aResponse()
                                .withBody("{\"items\": [" + String.join(",", items) + "], \"total_count\": "
                                        + items.size() + "}"))));
    }

    private static void add(Map<String, List<String>> folders, String folder, String item) {
        List<String> items = folders.computeIfAbsent(folder, f -> new ArrayList<>());
        if (!items.contains(item)) {
            items.add(item);
        }
    }

    private static String item(String path, String type, @Nullable Long bytes) {
        return "{\"path\": \"" + path + "\", \"type\": \"" + type + "\", \"size\": " + (bytes == null ? "\"\"" : bytes)
                + ", \"mtime\": \"2023-11-09T10:00:00Z\"}";
    }
}
