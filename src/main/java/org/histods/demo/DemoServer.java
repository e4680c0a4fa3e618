package org.histods.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.histods.problem.Problem;

/**
 * A web server on loopback that simulates the hosts of the {@link DemoDatasets}, with faults of real ones. Nothing leaves the
 * machine. It serves until it is closed. Safe for several threads.
 *
 * <p>The JDK's server delays responses on kept connections by 40 ms, unless the system property
 * {@code sun.net.httpserver.nodelay} is {@code true} when the first one starts.
 */
public final class DemoServer implements AutoCloseable {

    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private final DemoDatasets datasets;
    private final FaultPlan faultPlan;
    private final HttpServer server;
    private final ExecutorService threads;
    private final List<String> log = new ArrayList<>();

    /**
     * Starts the server.
     *
     * @param port 0 for any that is free
     * @throws Problem {@code BUSY} if the port is taken, {@code NETWORK} if there is no loopback to listen on
     */
    public DemoServer(DemoDatasets datasets, int port) throws Problem {
        this.datasets = datasets;
        faultPlan = new FaultPlan(datasets.faults());
        threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "demo-server");
            thread.setDaemon(true);
            return thread;
        });
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port), 0);
        } catch (IOException e) {
            threads.shutdownNow();
            throw cannotListen(port, e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    private static Problem cannotListen(int port, IOException e) {
        boolean taken = e instanceof BindException;
        return new Problem(
                taken ? Problem.Kind.BUSY : Problem.Kind.NETWORK,
                "the demo cannot listen on 127.0.0.1:" + port + ": " + e.getMessage(),
                taken ? "leave out the port, and any free one is taken" : null,
                e);
    }

    /**
     * The target of a route that sends the requests for every host to this server: {@code http://127.0.0.1:PORT/{host}},
     * for {@code --route '*=…'}. Not a {@code URI}, which cannot contain braces.
     */
    public String route() {
        return "http://127.0.0.1:" + port() + "/{host}";
    }

    /** The port on which it listens. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** The number of requests so far. */
    public int requests() {
        return log().size();
    }

    /** A line for each request so far, in order: request and response. */
    public List<String> log() {
        synchronized (log) {
            return List.copyOf(log);
        }
    }

    /** The faults of this server, each as a sentence. Faults that happen once do so once per server. */
    public List<String> faults() {
        return datasets.faults().stream().map(InjectedFault::toString).toList();
    }

    /** Stops at once, also in the middle of a response. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try {
            new DemoExchange(exchange, datasets.hosts(), faultPlan, this::note).respond();
        } finally {
            exchange.close();
        }
    }

    private void note(String line) {
        synchronized (log) {
            log.add(line);
        }
    }
}
