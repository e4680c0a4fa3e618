package org.histods.program;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A host with one file that sends a part of it, and then nothing until the test lets it continue. */
final class StallingHost implements AutoCloseable {

    private final byte[] bytes;
    private final int most;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final List<Integer> asked = new CopyOnWriteArrayList<>();

    StallingHost(byte[] bytes, int most) throws IOException {
        this.bytes = bytes;
        this.most = most;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::response);
        server.start();
    }

    byte[] bytes() {
        return bytes;
    }

    String route() {
        return "*=http://127.0.0.1:" + server.getAddress().getPort() + "/{host}";
    }

    /** The first byte that each request asked for. */
    List<Integer> requested() {
        return asked;
    }

    void goOn() {
        goOn.countDown();
    }

    private void response(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-.*", "$1"));
        asked.add(from);
        exchange.getResponseHeaders().set("ETag", "\"one\"");
        if (from > 0) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length);
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, bytes.length - from);
        int until = Math.max(from, most);
        exchange.getResponseBody().write(bytes, from, until - from);
        exchange.getResponseBody().flush();
        try {
            if (until < bytes.length) {
                goOn.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        exchange.getResponseBody().write(bytes, until, bytes.length - until);
        exchange.close();
    }

    @Override
    public void close() {
        goOn();
        server.stop(0);
        threads.shutdownNow();
    }
}
