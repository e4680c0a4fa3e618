package org.histods.transport;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.net.ftp.FTPFile;
import org.apache.commons.net.ftp.FTPReply;
import org.jspecify.annotations.Nullable;

/**
 * One control connection to an FTP server (RFC 959, and SIZE, MDTM and REST of RFC 3659), anonymous. For one thread at a
 * time.
 *
 * <p>Names are bytes on the wire. Those of a listing are UTF-8 (RFC 2640) if they can be, else Latin-1; a path is sent as
 * UTF-8, and as Latin-1 where the server has no such name.
 */
final class FtpSession {

    /** How long a read blocks before it checks for an interrupt. */
    private static final Duration POLL = Duration.ofMillis(200);

    /** One character for each byte. */
    static final Charset WIRE = StandardCharsets.ISO_8859_1;

    private final FTPClient client = new FTPClient();
    private final RetryPolicy retryPolicy;

    /**
     * What a server says of a file.
     *
     * @param name the path with one character for each byte of it
     * @param size in bytes, -1 if unknown
     * @param changed when it was changed, as the server writes it; null if unknown
     */
    record Stat(String name, long size, @Nullable String changed) {}

    /** The server refused a command; the connection is fine. */
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;
        private final int code;

        RefusedException(int code, String reply) {
            super("replied " + reply);
            this.code = code;
        }

        /** The reply code of three digits. */
        int code() {
            return code;
        }
    }

    /** The server sent something that cannot be used and would not change with a retry. */
    static final class UnusableException extends IOException {
        private static final long serialVersionUID = 1L;

        UnusableException(String what) {
            super(what);
        }
    }

    /** Connects and logs in as anonymous. */
    FtpSession(String host, int port, RetryPolicy retryPolicy) throws IOException {
        this.retryPolicy = retryPolicy;
        client.setConnectTimeout(millis(retryPolicy.connect()));
        client.setDefaultTimeout(millis(retryPolicy.inactivity()));
        client.setControlEncoding(WIRE.name());
        client.setParserFactory(new FtpListParser.Factory());
        boolean ready = false;
        try {
            client.connect(host, port);
            require(FTPReply.isPositiveCompletion(client.getReplyCode()));
            client.setSoTimeout(millis(retryPolicy.inactivity()));
            // Commands are short and each waits for its reply.
            client.setTcpNoDelay(true);
            require(client.login("anonymous", "histods@"));
            client.enterLocalPassiveMode();
            // Before SIZE, which counts other bytes, or nothing, for text.
            require(client.setFileType(FTP.BINARY_FILE_TYPE));
            ready = true;
        } finally {
            if (!ready) {
                disconnect();
            }
        }
    }

    /** Whether the server still replies. */
    boolean isAlive() {
        try {
            return client.sendNoOp();
        } catch (IOException e) {
            return false;
        }
    }

    Stat stat(String path) throws IOException {
        String name = utf8(path);
        String size = client.getSize(name);
        String inLatin1 = size == null && noSuchFile() ? latin1(path) : null;
        if (inLatin1 != null) {
            name = inLatin1;
            size = client.getSize(name);
        }
        if (size == null && noSuchFile()) {
            require(false);
        }
        long bytes = size != null && size.strip().matches("[0-9]{1,18}") ? Long.parseLong(size.strip()) : -1;
        String time = client.getModificationTime(name);
        return new Stat(name, bytes, time == null || !time.strip().matches("[0-9]{14}.*") ? null : time.strip());
    }

    /** The bytes of that file from that offset; call {@link #finish} once they are read to the end. */
    InputStream retrieve(Stat file, long from) throws IOException {
        client.setDataTimeout(POLL);
        client.setRestartOffset(from);
        InputStream bytes = client.retrieveFileStream(file.name());
        if (bytes == null) {
            require(false);
            throw new EOFException("sent no data");
        }
        return bytes;
    }

    /** Reads the server's reply that all bytes were sent. */
    void finish() throws IOException {
        require(client.completePendingCommand());
    }

    /**
     * The entries of that folder: a first line {@value FtpTransport#LISTING}, then a line for each entry with {@code f}
     * for a file, {@code d} for a folder, {@code l} for a link and {@code ?} for anything else, its size, and its name,
     * separated by single spaces.
     */
    String list(String folder) throws IOException {
        client.setDataTimeout(retryPolicy.inactivity());
        // LIST would take a name for options or for a pattern.
        boolean entered = client.changeWorkingDirectory(utf8(folder));
        if (!entered && noSuchFile() && latin1(folder) != null) {
            entered = client.changeWorkingDirectory(latin1(folder));
        }
        require(entered);
        // A line that the parser does not understand is null and must not be skipped. With a parser named, the client
        // does not send SYST, which some servers refuse.
        FTPFile[] entries =
                client.initiateListParsing(FtpListParser.class.getName(), null).getFiles(entry -> true);
        require(FTPReply.isPositiveCompletion(client.getReplyCode()));
        StringBuilder lines = new StringBuilder(FtpTransport.LISTING).append('\n');
        for (FTPFile entry : entries) {
            String name = entry == null ? null : entry.getName();
            if (entry == null || name == null || name.indexOf('\n') >= 0) {
                throw new UnusableException("sent a listing of " + folder + " with a line that cannot be read");
            }
            if (!name.equals(".") && !name.equals("..")) {
                char kind = entry.isFile() ? 'f' : entry.isDirectory() ? 'd' : entry.isSymbolicLink() ? 'l' : '?';
                lines.append(kind)
                        .append(' ')
                        .append(entry.getSize())
                        .append(' ')
                        .append(name)
                        .append('\n');
            }
        }
        return lines.toString();
    }

    void disconnect() {
        try {
            client.disconnect();
        } catch (IOException ignored) {
            // It is not used again.
        }
    }

    RetryPolicy retryPolicy() {
        return retryPolicy;
    }

    private static String utf8(String path) {
        return new String(path.getBytes(StandardCharsets.UTF_8), WIRE);
    }

    /** Null where that is the same as UTF-8, or the path has other characters. */
    private static @Nullable String latin1(String path) {
        return WIRE.newEncoder().canEncode(path) && !utf8(path).equals(path) ? path : null;
    }

    private boolean noSuchFile() {
        return client.getReplyCode() == FTPReply.FILE_UNAVAILABLE;
    }

    private void require(boolean done) throws IOException {
        if (!done) {
            String reply = client.getReplyString();
            throw new RefusedException(client.getReplyCode(), reply == null ? "nothing" : reply.strip());
        }
    }

    private static int millis(Duration duration) {
        return (int) Math.min(Integer.MAX_VALUE, duration.toMillis());
    }
}
