package org.histods.transport;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes sockets that read as much at a time as the system has, up to {@value #BUFFER} bytes. OkHttp reads 8 KiB at a
 * time, which costs a system call each.
 */
final class ReadAheadSocketFactory extends SocketFactory {

    /** The most that Java's sockets read at a time. */
    private static final int BUFFER = 128 << 10;

    @Override
    public Socket createSocket() {
        return new ReadAheadSocket();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        throw unconnectedOnly();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        throw unconnectedOnly();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        throw unconnectedOnly();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        throw unconnectedOnly();
    }

    private static IOException unconnectedOnly() {
        return new IOException("OkHttp connects its sockets itself");
    }

    private static final class ReadAheadSocket extends Socket {

        private @Nullable InputStream in;

        @Override
        public synchronized InputStream getInputStream() throws IOException {
            InputStream raw = super.getInputStream();
            InputStream ahead = in;
            if (ahead == null) {
                ahead = new ReadAheadStream(raw);
                in = ahead;
            }
            return ahead;
        }
    }

    /** Unlike a {@link java.io.BufferedInputStream}, it never blocks to fill its buffer. For one thread. */
    private static final class ReadAheadStream extends FilterInputStream {

        private byte[] buffer = {};
        private int position;
        private int limit;

        ReadAheadStream(InputStream raw) {
            super(raw);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int most) throws IOException {
            if (most == 0) {
                return 0;
            }
            if (position == limit) {
                if (buffer.length == 0) {
                    buffer = new byte[BUFFER];
                }
                // Nothing changes if this fails: OkHttp reads for a moment before it uses an idle connection again.
                int read = in.read(buffer, 0, BUFFER);
                position = 0;
                limit = Math.max(0, read);
                if (limit == 0) {
                    return -1;
                }
            }
            int count = Math.min(most, limit - position);
            System.arraycopy(buffer, position, into, offset, count);
            position += count;
            return count;
        }

        @Override
        public long skip(long most) throws IOException {
            return most <= 0
                    ? 0
                    : Math.max(0, read(new byte[(int) Math.min(most, 8192)], 0, (int) Math.min(most, 8192)));
        }

        @Override
        public int available() throws IOException {
            return limit - position + in.available();
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
