package org.histods.transport;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.net.ftp.FTPClientConfig;
import org.apache.commons.net.ftp.FTPFile;
import org.apache.commons.net.ftp.FTPFileEntryParser;
import org.apache.commons.net.ftp.FTPFileEntryParserImpl;
import org.apache.commons.net.ftp.parser.FTPFileEntryParserFactory;
import org.apache.commons.net.ftp.parser.UnixFTPEntryParser;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of LIST, of Unix and of Windows servers, by their form: servers need not reply to SYST, and some reply
 * with the wrong system.
 */
final class FtpListParser extends FTPFileEntryParserImpl {

    /**
     * {@code 11-23-26  01:05PM       <DIR>          name} and {@code 11-23-2026  13:05             12345 name}: after the
     * columns comes exactly one space, or ten after {@code <DIR>}; more belong to the name.
     */
    private static final Pattern WINDOWS =
            Pattern.compile("\\d{2}-\\d{2}-(?:\\d{2}|\\d{4}) +\\d{1,2}:\\d{2}(?:[AP]M)? +"
                    + "(?:<(DIR|JUNCTION|SYMLINKD?)>(?: {10}| +)|(\\d{1,18}) )(.+)");

    private final UnixFTPEntryParser unix = new UnixFTPEntryParser();

    @Override
    public @Nullable FTPFile parseFTPEntry(String bytes) {
        String line = decoded(bytes);
        Matcher windows = WINDOWS.matcher(line);
        if (!windows.matches()) {
            return unix.parseFTPEntry(line);
        }
        FTPFile entry = new FTPFile();
        entry.setRawListing(line);
        entry.setName(windows.group(3));
        String size = windows.group(2);
        entry.setType(
                size != null
                        ? FTPFile.FILE_TYPE
                        : windows.group(1).equals("DIR") ? FTPFile.DIRECTORY_TYPE : FTPFile.SYMBOLIC_LINK_TYPE);
        entry.setSize(size == null ? 0 : Long.parseLong(size));
        return entry;
    }

    /** As UTF-8 if it is valid, else as Latin-1. */
    private static String decoded(String bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.getBytes(FtpSession.WIRE)))
                    .toString();
        } catch (CharacterCodingException e) {
            return bytes;
        }
    }

    @Override
    public List<String> preParse(List<String> lines) {
        return unix.preParse(lines);
    }

    /** Makes the parser, whatever the name of the system. */
    static final class Factory implements FTPFileEntryParserFactory {

        @Override
        public FTPFileEntryParser createFileEntryParser(String system) {
            return new FtpListParser();
        }

        @Override
        public FTPFileEntryParser createFileEntryParser(FTPClientConfig config) {
            return new FtpListParser();
        }
    }
}
