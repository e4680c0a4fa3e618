package org.histods.transport;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One file of an IBM Aspera server, as a transfer specification names it. The token lets in for a short while; it goes
 * to IBM's program by its environment and stands in no address, message or record.
 *
 * @param host of the transfer server, a name or an address
 * @param sshPort where the session is opened, by TCP
 * @param faspPort where the bytes come from, by UDP
 * @param user at the server
 * @param source the file's path there
 * @param token what lets in
 * @param cookie what the server files the transfer under; empty where there is none
 * @param fingerprint of the server's SSH key; null where the specification does not say it
 * @param kbps the rate that is aimed at, in kilobits a second
 * @param bytes the size of the file, -1 if unknown
 */
public record FaspFile(
        String host,
        int sshPort,
        int faspPort,
        String user,
        String source,
        String token,
        String cookie,
        @Nullable String fingerprint,
        long kbps,
        long bytes) {

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,252}|[0-9a-fA-F:]{3,39}");
    private static final Pattern USER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}");
    private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-fA-F:]{32,200}");

    /** @throws IllegalArgumentException if a part of it could be read as something else on a command line */
    public FaspFile {
        must(HOST.matcher(host).matches(), "a host");
        must(USER.matcher(user).matches(), "a user");
        must(port(sshPort) && port(faspPort), "ports");
        must(!source.isEmpty() && !source.startsWith("-") && plain(source), "a path");
        must(!token.isBlank() && plain(token) && plain(cookie), "a token");
        must(fingerprint == null || FINGERPRINT.matcher(fingerprint).matches(), "a fingerprint");
        must(kbps > 0 && bytes >= -1, "a rate and a size");
    }

    private static void must(boolean right, String what) {
        if (!right) {
            throw new IllegalArgumentException("it names no " + what.replaceFirst("^an? ", "") + " that can be used");
        }
    }

    private static boolean port(int port) {
        return port > 0 && port < 65_536;
    }

    private static boolean plain(String text) {
        return text.chars().noneMatch(Character::isISOControl);
    }

    /** Where the bytes come from, without the user and what lets in. */
    public URI uri() {
        try {
            return new URI("fasp", null, host, sshPort, source.startsWith("/") ? source : "/" + source, null, null);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the parts were checked", e);
        }
    }

    @Override
    public String toString() {
        return uri().toString();
    }
}
