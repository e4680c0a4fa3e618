package org.histods.transport;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.net.ftp.FTPFile;
import org.apache.commons.net.ftp.FTPReply;
import org.apache.commons.net.ftp.parser.ParserInitializationException;
import org.jspecify.annotations.Nullable;

/**
 * One control connection to an FTP server (RFC 959, and SIZE, MDTM and REST of RFC 3659), without an account. Names are
 * UTF-8. For one thread at a time.
 */
final class FtpSession {

    /** How long a read waits before it looks whether somebody interrupted. */
    private static final Duration LOOK = Duration.ofMillis(200);

    private final FTPClient client = new FTPClient();
    private final RetryPolicy patience;

    /** The server refused; nothing is broken. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;
        private final int code;

        Refused(int code, String reply) {
            super("answered " + reply);
            this.code = code;
        }

        /** The three digits of the reply. */
        int code() {
            return code;
        }
    }

    /** What came is of no use, and would be the same the next time. */
    static final class Useless extends IOException {
        private static final long serialVersionUID = 1L;

        Useless(String what) {
            super(what);
        }
    }

    /** Connects and logs in as anonymous. */
    FtpSession(String host, int port, RetryPolicy patience) throws IOException {
        this.patience = patience;
        client.setConnectTimeout(millis(patience.connect()));
        client.setDefaultTimeout(millis(patience.inactivity()));
        client.setControlEncoding("UTF-8");
        boolean ready = false;
        try {
            client.connect(host, port);
            must(FTPReply.isPositiveCompletion(client.getReplyCode()));
            client.setSoTimeout(millis(patience.inactivity()));
            // Commands are short and each waits for its reply.
            client.setTcpNoDelay(true);
            must(client.login("anonymous", "histods@"));
            client.enterLocalPassiveMode();
            // Before SIZE, which counts other bytes, or nothing, for text.
            must(client.setFileType(FTP.BINARY_FILE_TYPE));
            ready = true;
        } finally {
            if (!ready) {
                drop();
            }
        }
    }

    /** Whether the server still listens. */
    boolean alive() {
        try {
            return client.sendNoOp();
        } catch (IOException e) {
            return false;
        }
    }

    /** The size of that file, -1 if the server does not say. */
    long size(String path) throws IOException {
        String size = client.getSize(path);
        if (size == null) {
            if (client.getReplyCode() == FTPReply.FILE_UNAVAILABLE) {
                must(false);
            }
            return -1;
        }
        return size.strip().matches("[0-9]{1,18}") ? Long.parseLong(size.strip()) : -1;
    }

    /** When that file was changed, as the server writes it; null if it does not say. */
    @Nullable
    String changed(String path) throws IOException {
        String time = client.getModificationTime(path);
        return time == null || !time.strip().matches("[0-9]{14}.*") ? null : time.strip();
    }

    /** The bytes of that file from there on; to be followed by {@link #finish} once they have been read to the end. */
    InputStream retrieve(String path, long from) throws IOException {
        client.setDataTimeout(LOOK);
        client.setRestartOffset(from);
        InputStream bytes = client.retrieveFileStream(path);
        if (bytes == null) {
            must(false);
            throw new EOFException("no data came");
        }
        return bytes;
    }

    /** Hears from the server that all was sent. */
    void finish() throws IOException {
        must(client.completePendingCommand());
    }

    /**
     * What is in that folder: after a first line {@value FtpTransport#LISTING} a line for each entry, with {@code f} for a file,
     * {@code d} for a folder, {@code l} for a link and {@code ?} for anything else, its size, and its name, with a blank
     * between them.
     */
    String list(String folder) throws IOException {
        client.setDataTimeout(patience.inactivity());
        // A name in LIST itself would be taken for options or for a pattern.
        must(client.changeWorkingDirectory(folder));
        FTPFile[] entries;
        try {
            // A line that the parser does not understand comes as null and must not be passed over.
            entries = client.initiateListParsing().getFiles(entry -> true);
        } catch (ParserInitializationException e) {
            throw new IOException("the listing of " + folder + " has a form that is not known", e);
        }
        must(FTPReply.isPositiveCompletion(client.getReplyCode()));
        StringBuilder lines = new StringBuilder(FtpTransport.LISTING).append('\n');
        for (FTPFile entry : entries) {
            String name = entry == null ? null : entry.getName();
            if (entry == null || name == null || name.indexOf('\n') >= 0) {
                throw new Useless("sent a listing of " + folder + " with a line that cannot be understood");
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

    /** Ends the connection without further words. */
    void drop() {
        try {
            client.disconnect();
        } catch (IOException ignored) {
            // It is not used again.
        }
    }

    RetryPolicy patience() {
        return patience;
    }

    private void must(boolean done) throws IOException {
        if (!done) {
            String reply = client.getReplyString();
            throw new Refused(client.getReplyCode(), reply == null ? "nothing" : reply.strip());
        }
    }

    private static int millis(Duration duration) {
        return (int) Math.min(Integer.MAX_VALUE, duration.toMillis());
    }
}
