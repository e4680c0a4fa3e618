package org.histods.transport;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One file of an IBM Aspera server, from a transfer specification. The token is short-lived; {@code ascp} gets it in its
 * environment, and no URL, message or record holds it.
 *
 * @param host of the transfer server, a name or an address
 * @param sshPort TCP port that opens the session
 * @param faspPort UDP port of the data
 * @param user at the server
 * @param source the file's path there
 * @param token that authorises the transfer
 * @param cookie the server's label of the transfer; empty for none
 * @param fingerprint of the server's SSH key; null if the specification has none
 * @param kbps the target rate in kilobits per second
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

    /** @throws IllegalArgumentException if a part could be taken for something else on a command line */
    public FaspFile {
        require(HOST.matcher(host).matches(), "host");
        require(USER.matcher(user).matches(), "user");
        require(port(sshPort) && port(faspPort), "port");
        require(!source.isEmpty() && !source.startsWith("-") && printable(source), "path");
        require(!token.isBlank() && printable(token) && printable(cookie), "token");
        require(fingerprint == null || FINGERPRINT.matcher(fingerprint).matches(), "fingerprint");
        require(kbps > 0 && bytes >= -1, "rate or size");
    }

    private static void require(boolean right, String what) {
        if (!right) {
            throw new IllegalArgumentException("its " + what + " cannot be used");
        }
    }

    private static boolean port(int port) {
        return port > 0 && port < 65_536;
    }

    private static boolean printable(String text) {
        return text.chars().noneMatch(Character::isISOControl);
    }

    /** The URL of the file, without user and token. */
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
