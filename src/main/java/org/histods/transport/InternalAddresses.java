package org.histods.transport;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Recognises addresses of this machine or its network: loopback, private, link-local (with the metadata services of
 * clouds), shared and reserved ranges of IPv4 (RFC 6890) and IPv6, also where an IPv6 address embeds one of IPv4.
 */
final class InternalAddresses {

    private InternalAddresses() {}

    /** Whether the text of a host says that it is internal, without asking DNS. */
    static boolean isInternalHost(String host) {
        String name = host.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
        InetAddress address = literal(name);
        if (address != null) {
            return isInternal(address);
        }
        return !name.contains(".")
                || name.endsWith(".localhost")
                || name.endsWith(".local")
                || name.endsWith(".internal")
                || name.endsWith(".home.arpa");
    }

    static boolean isInternal(InetAddress address) {
        byte[] b = address.getAddress();
        if (address instanceof Inet4Address) {
            return isInternal(b, 0);
        }
        if (!(address instanceof Inet6Address)) {
            return true;
        }
        boolean uniqueLocal = (b[0] & 0xfe) == 0xfc;
        if (uniqueLocal
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return true;
        }
        if (b[0] == 0x20 && b[1] == 0x02) {
            // 6to4 (RFC 3056)
            return isInternal(b, 2);
        }
        boolean nat64 = b[0] == 0 && b[1] == 0x64 && (b[2] & 0xff) == 0xff && (b[3] & 0xff) == 0x9b;
        boolean zeros = true;
        for (int i = 0; i < 8; i++) {
            zeros &= b[i] == 0;
        }
        // ::1, ::, ::a.b.c.d and ::ffff:0:a.b.c.d; Java reads ::ffff:a.b.c.d as IPv4
        return (nat64 || zeros) && isInternal(b, 12);
    }

    private static boolean isInternal(byte[] b, int at) {
        int first = b[at] & 0xff;
        int second = b[at + 1] & 0xff;
        int third = b[at + 2] & 0xff;
        return first == 0
                || first == 10
                || first == 127
                || first >= 224
                || (first == 100 && second >= 64 && second < 128)
                || (first == 169 && second == 254)
                || (first == 172 && second >= 16 && second < 32)
                || (first == 192 && second == 168)
                || (first == 192 && second == 0 && third == 0);
    }

    /** The address that a host's text spells, also in the decimal, octal and hexadecimal forms of C libraries. */
    private static @Nullable InetAddress literal(String host) {
        try {
            if (host.contains(":")) {
                return InetAddress.getByName(host);
            }
            byte[] bytes = ipv4(host);
            return bytes == null ? null : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** As {@code inet_aton} reads it: one to four numbers, of which the last fills the remaining bytes. */
    private static byte @Nullable [] ipv4(String host) {
        String[] parts = host.split("\\.", -1);
        if (parts.length > 4) {
            return null;
        }
        long value = 0;
        for (int i = 0; i < parts.length; i++) {
            long part = number(parts[i]);
            int bits = i < parts.length - 1 ? 8 : 8 * (5 - parts.length);
            if (part < 0 || part >= 1L << bits) {
                return null;
            }
            value = value << bits | part;
        }
        return new byte[] {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
    }

    private static long number(String text) {
        if (text.matches("0x[0-9a-f]{1,8}")) {
            return Long.parseLong(text.substring(2), 16);
        }
        if (text.matches("0[0-7]{1,12}")) {
            return Long.parseLong(text, 8);
        }
        return text.matches("[0-9]{1,10}") ? Long.parseLong(text) : -1;
    }
}
