package org.histods.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.cli.Main;

/** {@code histods serve} within the test, until it is closed as by Ctrl-C. */
public final class ServingProgram implements AutoCloseable {

    private static final long SECONDS = 30;

    private final List<String> lines = new ArrayList<>();
    private final FutureTask<Integer> exit;
    private final Thread thread;
    private final String url;

    /** Runs {@code serve} with the mirror in a folder and a catalogue of these manifests only. */
    public ServingProgram(Path folder, Path manifests, String... options) {
        this(
                folder,
                Map.of(
                        "HOME", folder.toString(),
                        "HISTODS_MIRROR", folder.resolve("mirror").toString(),
                        "HISTODS_MANIFESTS", manifests.toString(),
                        "HISTODS_BUILTIN", "off"),
                options);
    }

    /** Runs {@code serve} with those options and waits until it listens. */
    public ServingProgram(Path folder, Map<String, String> environment, String... options) {
        PrintStream out = new PrintStream(new Lines(), true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new Lines(), true, StandardCharsets.UTF_8);
        List<String> command = new ArrayList<>(List.of("serve"));
        command.addAll(List.of(options));
        exit = new FutureTask<>(() -> new Main(environment, folder, out, err).run(command.toArray(new String[0])));
        thread = new Thread(exit, "serve");
        thread.start();
        Pattern address = Pattern.compile("https?://[^/\"]+/");
        Matcher found = address.matcher(await(line -> address.matcher(line).find()));
        url = found.find() ? found.group() : "";
    }

    /** Collects the lines of both outputs. */
    private final class Lines extends OutputStream {
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        @Override
        public void write(int one) {
            synchronized (lines) {
                if (one == '\n') {
                    lines.add(line.toString(StandardCharsets.UTF_8));
                    line.reset();
                    lines.notifyAll();
                } else {
                    line.write(one);
                }
            }
        }
    }

    /** Its URL, as it prints it. */
    public String url() {
        return url;
    }

    /** Everything that it has printed. */
    public String printed() {
        synchronized (lines) {
            return String.join("\n", lines);
        }
    }

    /** The first line of that kind, as soon as it is printed. */
    public String await(Predicate<String> wanted) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        synchronized (lines) {
            while (true) {
                for (String line : lines) {
                    if (wanted.test(line)) {
                        return line;
                    }
                }
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0 || exit.isDone()) {
                    return fail("no such line in:\n" + printed());
                }
                try {
                    lines.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return fail("interrupted");
                }
            }
        }
    }

    /** A request for a path below the URL, sent to loopback. */
    public HttpResponse<String> send(String method, String path, String... headers) throws Exception {
        String loopback = url.replaceFirst("//[^/:]+", "//127.0.0.1");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(loopback + path))
                .method(method, HttpRequest.BodyPublishers.ofString(method.equals("GET") ? "" : "{}"));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    public HttpResponse<String> get(String path, String... headers) throws Exception {
        return send("GET", path, headers);
    }

    @Override
    public void close() throws Exception {
        thread.interrupt();
        assertEquals(0, exit.get());
    }
}
