package org.histods.testing;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A SOCKS5 proxy on loopback that connects every request to one port of this machine. */
public final class SocksServer implements AutoCloseable {

    /** The targets that clients named, such as {@code name data.example:80} or {@code address 192.0.2.7:80}. */
    public final List<String> targets = Collections.synchronizedList(new ArrayList<>());

    private final ServerSocket socket;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final int origin;
    private final int reply;
    private final @Nullable String login;

    /**
     * Starts serving.
     *
     * @param origin the port that it connects to
     * @param reply the reply code to each request, 0 for success
     * @param login {@code user:password} that it requires; null for none
     */
    public SocksServer(int origin, int reply, @Nullable String login) throws IOException {
        this.origin = origin;
        this.reply = reply;
        this.login = login;
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
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

    public String at() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    private void serve(Socket client) {
        try (client) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            OutputStream out = client.getOutputStream();
            in.readUnsignedByte();
            byte[] methods = in.readNBytes(in.readUnsignedByte());
            if (login != null && methods.length < 2) {
                out.write(new byte[] {5, (byte) 0xff});
                return;
            }
            out.write(new byte[] {5, (byte) (login == null ? 0 : 2)});
            if (login != null) {
                in.readUnsignedByte();
                String user = text(in);
                boolean right = (user + ":" + text(in)).equals(login);
                out.write(new byte[] {1, (byte) (right ? 0 : 1)});
                if (!right) {
                    return;
                }
            }
            in.readNBytes(3);
            int type = in.readUnsignedByte();
            String target = type == 3
                    ? "name " + text(in)
                    : "address "
                            + InetAddress.getByAddress(in.readNBytes(type == 1 ? 4 : 16))
                                    .getHostAddress();
            targets.add(target + ":" + in.readUnsignedShort());
            out.write(new byte[] {5, (byte) reply, 0, 1, 0, 0, 0, 0, 0, 0});
            if (reply == 0) {
                relay(client, in, out);
            }
        } catch (IOException e) {
            // The client closed the connection.
        }
    }

    private void relay(Socket client, DataInputStream in, OutputStream out) throws IOException {
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), origin)) {
            threads.execute(() -> {
                try {
                    in.transferTo(server.getOutputStream());
                } catch (IOException e) {
                    // The other direction ends the relay.
                }
            });
            server.getInputStream().transferTo(out);
            client.shutdownOutput();
        }
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
        threads.shutdownNow();
    }
}
