package org.histods.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;

/** Sockets that read ahead. */
final class ReadAheadSocketTest {

    /** As OkHttp does before it sends a POST or PUT on a connection that was idle for ten seconds. */
    @Test
    void readThatTimesOut_leavesNothingOfEarlierReads() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new ReadAheadSocketFactory().createSocket()) {
            client.connect(server.getLocalSocketAddress());
            try (Socket peer = server.accept()) {
                InputStream in = client.getInputStream();
                peer.getOutputStream().write("first".getBytes(US_ASCII));
                assertEquals("first", new String(in.readNBytes(5), US_ASCII));
                client.setSoTimeout(1);
                assertThrows(SocketTimeoutException.class, in::read);
                client.setSoTimeout(0);
                peer.getOutputStream().write("other".getBytes(US_ASCII));
                assertEquals("other", new String(in.readNBytes(5), US_ASCII));
            }
        }
    }
}
