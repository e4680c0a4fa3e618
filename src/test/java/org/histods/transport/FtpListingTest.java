package org.histods.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.histods.problem.Problem;
import org.histods.testing.ScriptedFtpServer;
import org.histods.testing.TestTransports;
import org.junit.jupiter.api.Test;

/** FTP servers that are old, odd, or on Windows. */
class FtpListingTest {

    private static final String UNIX = """
            total 12\r
            drwxr-xr-x   2 ftp      ftp          4096 Jan 01  2020 sub\r
            -rw-r--r--   1 ftp      ftp            10 Jan 01  2020 a b.svs\r
            -rw-r--r--   1 ftp      ftp             3 Jan 01  2020   leading.svs\r
            lrwxrwxrwx   1 ftp      ftp             5 Jan 01  2020 link -> a.svs\r
            """;

    private static final String WINDOWS = """
            01-01-20  12:00AM       <DIR>          sub\r
            11-23-2026  01:05PM                   10 a b.svs\r
            11-23-26  13:05                  3   leading.svs\r
            01-01-20  12:00AM       <DIR>            leading folder\r
            """;

    private static String read(ScriptedFtpServer server, String path) throws Problem {
        try (HttpTransport transport = new TestTransports().open()) {
            URI uri = URI.create("ftp://127.0.0.1:" + server.port() + path);
            return new String(transport.read(Request.get(uri), 1 << 20), StandardCharsets.UTF_8);
        }
    }

    private static String listing(String sent) throws Exception {
        try (ScriptedFtpServer server = new ScriptedFtpServer(sent, Map.of())) {
            String listing = read(server, "/");
            assertFalse(server.commands.contains("SYST"), server.commands::toString);
            return listing;
        }
    }

    @Test
    void unixServerWithoutSyst_isListed() throws Exception {
        assertEquals(FtpTransport.LISTING + "\nd 4096 sub\nf 10 a b.svs\nf 3   leading.svs\nl 5 link\n", listing(UNIX));
    }

    @Test
    void windowsListing_keepsTheSpacesThatANameBeginsWith() throws Exception {
        assertEquals(
                FtpTransport.LISTING + "\nd 0 sub\nf 10 a b.svs\nf 3   leading.svs\nd 0   leading folder\n",
                listing(WINDOWS));
    }

    @Test
    void lineThatIsNotAnEntry_isAnErrorAndNotSkipped() {
        Problem problem = assertThrows(Problem.class, () -> listing("something else entirely\r\n"));
        assertTrue(problem.message().contains("a line that cannot be read"), problem::message);
    }

    @Test
    void latin1Name_isListedAndFetched() throws Exception {
        String entry = "-rw-r--r--   1 ftp      ftp             4 Jan 01  2020 Drüse.svs\r\n";
        try (ScriptedFtpServer server = new ScriptedFtpServer(entry, Map.of("/Drüse.svs", "data"))) {
            assertEquals(FtpTransport.LISTING + "\nf 4 Drüse.svs\n", read(server, "/"));
            assertEquals("data", read(server, "/Dr%C3%BCse.svs"));
        }
    }

    @Test
    void utf8Name_isListedAndFetched() throws Exception {
        String name = new String("Drüse_病.svs".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        String entry = "-rw-r--r--   1 ftp      ftp             4 Jan 01  2020 " + name + "\r\n";
        try (ScriptedFtpServer server = new ScriptedFtpServer(entry, Map.of("/" + name, "data"))) {
            assertEquals(FtpTransport.LISTING + "\nf 4 Drüse_病.svs\n", read(server, "/"));
            assertEquals("data", read(server, "/Dr%C3%BCse_%E7%97%85.svs"));
        }
    }
}
