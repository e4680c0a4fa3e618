package org.histods.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A minimal FTP server: no SYST, SIZE and files by name, one listing. Text is one character for each byte. */
public final class ScriptedFtpServer implements AutoCloseable {

    public final List<String> commands = Collections.synchronizedList(new ArrayList<>());

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final String listing;
    private final Map<String, String> files;

    /**
     * Starts serving.
     *
     * @param listing what LIST sends, in every folder
     * @param files content by path
     */
    public ScriptedFtpServer(String listing, Map<String, String> files) throws IOException {
        this.listing = listing;
        this.files = files;
        threads.execute(() -> {
            while (!socket.isClosed()) {
                try {
                    Socket client = socket.accept();
                    threads.execute(() -> serve(client));
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    public int port() {
        return socket.getLocalPort();
    }

    private void serve(Socket client) {
        try (client;
                ServerSocket data = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1));
            OutputStream out = client.getOutputStream();
            say(out, "220 ready");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                commands.add(line);
                String command = line.split(" ", 2)[0];
                String argument = line.substring(command.length()).strip();
                String content = files.get(argument);
                switch (command) {
                    case "USER", "PASS" -> say(out, "230 welcome");
                    case "TYPE", "CWD", "NOOP" -> say(out, "200 done");
                    case "PASV" -> {
                        int port = data.getLocalPort();
                        say(out, "227 here (127,0,0,1," + (port >> 8) + "," + (port & 255) + ")");
                    }
                    case "SIZE" -> say(out, content == null ? "550 no such file" : "213 " + content.length());
                    case "LIST" -> send(out, data, listing);
                    case "RETR" -> {
                        if (content == null) {
                            say(out, "550 no such file");
                        } else {
                            send(out, data, content);
                        }
                    }
                    default -> say(out, "502 not implemented");
                }
            }
        } catch (IOException e) {
            // The client closed the connection.
        }
    }

    private static void send(OutputStream out, ServerSocket data, String content) throws IOException {
        say(out, "150 coming");
        try (Socket one = data.accept()) {
            one.getOutputStream().write(content.getBytes(ISO_8859_1));
        }
        say(out, "226 sent");
    }

    private static void say(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(ISO_8859_1));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        threads.shutdownNow();
    }
}
