package org.histods.transport;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import javax.net.SocketFactory;
import okhttp3.Dns;

/**
 * Sockets that connect through a SOCKS5 proxy (RFC 1928), with user and password if it requires them (RFC 1929). Java's own
 * SOCKS client takes credentials only from a setting for the whole process.
 */
final class Socks5SocketFactory extends SocketFactory {

    private static final int VERSION = 5;
    private static final int NO_AUTHENTICATION = 0;
    private static final int USER_AND_PASSWORD = 2;
    private static final int CONNECT = 1;
    private static final int IPV4 = 1;
    private static final int NAME = 3;
    private static final int IPV6 = 4;
    private static final int DEFAULT_TIMEOUT_MILLIS = 30_000;

    /** The proxy replies to the greeting itself. An HTTP proxy waits for the end of a line that never comes. */
    private static final int GREETING_TIMEOUT_MILLIS = 20_000;

    /** RFC 1928, section 6; the index is the reply code. */
    private static final List<String> REPLIES = List.of(
            "succeeded",
            "general failure",
            "not allowed by its rules",
            "network unreachable",
            "host unreachable",
            "connection refused",
            "time to live expired",
            "command not supported",
            "address type not supported");

    private final ProxyServer proxy;

    Socks5SocketFactory(ProxyServer proxy) {
        this.proxy = proxy;
    }

    /**
     * The name resolution that goes with the sockets. Where the proxy resolves names, every name gets a placeholder
     * address that still carries the name.
     */
    Dns dns() {
        return proxy.protocol() == ProxyServer.Protocol.SOCKS5_REMOTE_DNS
                ? name -> List.of(InetAddress.getByAddress(name, new byte[4]))
                : Dns.SYSTEM;
    }

    @Override
    public Socket createSocket() {
        return new Socks5Socket();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(InetAddress address, int port) throws IOException {
        return connected(new InetSocketAddress(address, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        return createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress local, int localPort) throws IOException {
        return createSocket(address, port);
    }

    private Socket connected(InetSocketAddress target) throws IOException {
        Socket socket = createSocket();
        socket.connect(target, DEFAULT_TIMEOUT_MILLIS);
        return socket;
    }

    private final class Socks5Socket extends Socket {

        @Override
        public void connect(SocketAddress target) throws IOException {
            connect(target, DEFAULT_TIMEOUT_MILLIS);
        }

        @Override
        public void connect(SocketAddress target, int timeout) throws IOException {
            InetSocketAddress server = new InetSocketAddress(proxy.host(), proxy.port());
            if (server.isUnresolved()) {
                throw new ProxyException(proxy + " was not found: no address for that name", true);
            }
            try {
                super.connect(server, timeout);
            } catch (SocketTimeoutException e) {
                throw e;
            } catch (IOException e) {
                throw new ProxyException(proxy + " refused the connection (" + e.getMessage() + ")", true);
            }
            int usual = getSoTimeout();
            setSoTimeout(timeout == 0 ? GREETING_TIMEOUT_MILLIS : Math.min(timeout, GREETING_TIMEOUT_MILLIS));
            DataInputStream in = new DataInputStream(getInputStream());
            authenticate(in, getOutputStream());
            setSoTimeout(timeout);
            request((InetSocketAddress) target, in, getOutputStream());
            setSoTimeout(usual);
        }

        private void authenticate(DataInputStream in, OutputStream out) throws IOException {
            String user = proxy.user();
            out.write(
                    user == null
                            ? new byte[] {VERSION, 1, NO_AUTHENTICATION}
                            : new byte[] {VERSION, 2, NO_AUTHENTICATION, USER_AND_PASSWORD});
            int version;
            try {
                version = in.readUnsignedByte();
            } catch (SocketTimeoutException e) {
                throw new ProxyException(proxy + " did not respond as a SOCKS5 proxy; it may be an HTTP proxy", false);
            }
            if (version != VERSION) {
                throw new ProxyException(proxy + " is not a SOCKS5 proxy", false);
            }
            int method = in.readUnsignedByte();
            if (method == USER_AND_PASSWORD && user != null) {
                byte[] name = user.getBytes(StandardCharsets.UTF_8);
                byte[] password = proxy.password().getBytes(StandardCharsets.UTF_8);
                if (name.length > 255 || password.length > 255) {
                    throw new ProxyException(proxy + " cannot take a user or password of more than 255 bytes", false);
                }
                byte[] message = new byte[3 + name.length + password.length];
                message[0] = 1;
                message[1] = (byte) name.length;
                System.arraycopy(name, 0, message, 2, name.length);
                message[2 + name.length] = (byte) password.length;
                System.arraycopy(password, 0, message, 3 + name.length, password.length);
                out.write(message);
                in.readUnsignedByte();
                if (in.readUnsignedByte() != 0) {
                    throw new ProxyException(proxy + " refused the user and password in " + proxy.variable(), false);
                }
            } else if (method != NO_AUTHENTICATION) {
                throw new ProxyException(
                        proxy
                                + (user == null
                                        ? " requires a user and a password"
                                        : " accepts neither no authentication nor a user and password"),
                        false);
            }
        }

        private void request(InetSocketAddress target, DataInputStream in, OutputStream out) throws IOException {
            InetAddress address = target.getAddress();
            boolean byName = address == null || proxy.protocol() == ProxyServer.Protocol.SOCKS5_REMOTE_DNS;
            byte[] where = byName ? target.getHostString().getBytes(StandardCharsets.US_ASCII) : address.getAddress();
            byte[] head = byName
                    ? new byte[] {VERSION, CONNECT, 0, NAME, (byte) where.length}
                    : new byte[] {VERSION, CONNECT, 0, (byte) (where.length == 4 ? IPV4 : IPV6)};
            byte[] message = Arrays.copyOf(head, head.length + where.length + 2);
            System.arraycopy(where, 0, message, head.length, where.length);
            message[message.length - 2] = (byte) (target.getPort() >> 8);
            message[message.length - 1] = (byte) target.getPort();
            out.write(message);
            in.readUnsignedByte();
            int reply = in.readUnsignedByte();
            if (reply != 0) {
                String why = reply < REPLIES.size() ? REPLIES.get(reply) : "code " + reply;
                // Refused by a rule or by the protocol: the same the next time.
                throw new ProxyException(proxy + " could not connect: " + why, reply != 2 && reply < 7);
            }
            in.readUnsignedByte();
            int type = in.readUnsignedByte();
            in.skipNBytes((type == IPV4 ? 4 : type == IPV6 ? 16 : in.readUnsignedByte()) + 2L);
        }
    }

    /** The proxy failed or refused; the message names it. */
    static final class ProxyException extends IOException {

        private static final long serialVersionUID = 1L;
        private final boolean retry;

        ProxyException(String message, boolean retry) {
            super(message);
            this.retry = retry;
        }

        boolean retry() {
            return retry;
        }
    }
}
