package org.histods.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A Chromium without a window, driven over the W3C WebDriver protocol by the chromedriver that comes with it. */
public final class Browser implements AutoCloseable {

    private static final List<String> FLAGS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");
    private static final Pattern PORT = Pattern.compile("started successfully on port (\\d+)");

    private final Process driver;
    private final HttpClient http =
            HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).build();
    private final JsonMapper mapper = new JsonMapper();
    private final String base;

    private Browser(Process driver, int port, String chromium, Path profile) throws Exception {
        this.driver = driver;
        List<String> flags = new ArrayList<>(FLAGS);
        flags.add("--user-data-dir=" + profile);
        Map<String, Object> wanted = Map.of(
                "goog:chromeOptions", Map.of("binary", chromium, "args", flags),
                "goog:loggingPrefs", Map.of("browser", "ALL"));
        String root = "http://127.0.0.1:" + port + "/session";
        JsonNode session = call("POST", root, Map.of("capabilities", Map.of("alwaysMatch", wanted)));
        this.base = root + "/" + session.path("sessionId").asString();
    }

    /**
     * Starts one.
     *
     * @param profile a new folder for its files
     * @return empty where chromium or chromedriver is not installed
     */
    public static Optional<Browser> start(Path profile) throws Exception {
        Optional<String> chromium = program("chromium", "chromium-browser", "google-chrome");
        Optional<String> driver = program("chromedriver");
        if (chromium.isEmpty() || driver.isEmpty()) {
            return Optional.empty();
        }
        Process process = new ProcessBuilder(driver.get(), "--port=0")
                .redirectErrorStream(true)
                .start();
        try {
            return Optional.of(new Browser(process, port(process), chromium.get(), profile));
        } catch (Exception | AssertionError e) {
            process.destroy();
            throw e;
        }
    }

    private static Optional<String> program(String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of(
                                System.getenv().getOrDefault("PATH", "").split(":"))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    private static int port(Process process) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder result = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher matcher = PORT.matcher(line);
            if (matcher.find()) {
                return Integer.parseInt(matcher.group(1));
            }
            result.append(line).append('\n');
        }
        throw new IOException("chromedriver did not start:\n" + result);
    }

    private JsonNode call(String method, String url, @Nullable Object body) throws Exception {
        HttpRequest.BodyPublisher publisher = body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(mapper.writeValueAsString(body));
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(90))
                .method(method, publisher)
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new AssertionError(method + " " + url + ": " + response.body());
        }
        return mapper.readTree(response.body()).path("value");
    }

    /** Opens a URL and waits until it is loaded. */
    public void open(String address) throws Exception {
        call("POST", base + "/url", Map.of("url", address));
    }

    /** What a function body of JavaScript returns in the page. */
    public JsonNode run(String script) throws Exception {
        return call("POST", base + "/execute/sync", Map.of("script", script, "args", List.of()));
    }

    private String find(String css) throws Exception {
        JsonNode found = call("POST", base + "/element", Map.of("using", "css selector", "value", css));
        return base + "/element/" + found.iterator().next().asString();
    }

    /** Clicks where a person would: fails if the element is hidden or covered. */
    public void click(String css) throws Exception {
        call("POST", find(css) + "/click", Map.of());
    }

    public void type(String css, String text) throws Exception {
        call("POST", find(css) + "/value", Map.of("text", text));
    }

    /** What a person reads in that element. */
    public String text(String css) throws Exception {
        return call("GET", find(css) + "/text", null).asString();
    }

    /** The response to a DevTools command, such as one that makes the window a phone's. */
    public JsonNode devtools(String command, Map<String, Object> parameters) throws Exception {
        return call("POST", base + "/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
    }

    /** The errors and warnings on the page's console since the last call. */
    public List<String> complaints() throws Exception {
        List<String> lines = new ArrayList<>();
        for (JsonNode entry : call("POST", base + "/se/log", Map.of("type", "browser"))) {
            if (!entry.path("level").asString().equals("INFO")) {
                lines.add(entry.path("message").asString());
            }
        }
        return lines;
    }

    public void screenshot(Path file) throws Exception {
        Files.write(
                file,
                Base64.getDecoder()
                        .decode(call("GET", base + "/screenshot", null).asString()));
    }

    @Override
    public void close() throws Exception {
        try {
            call("DELETE", base, null);
        } finally {
            driver.destroy();
            driver.waitFor();
        }
    }
}
