package org.histods.source.http;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.source.listing.HtmlText;
import org.histods.source.listing.UrlEncoding;
import org.jspecify.annotations.Nullable;

/**
 * The web page by which a server shows a folder: links to what lies in it, as Apache, nginx, lighttpd, Caddy, IIS and
 * Python write it. A page counts as one if it says so in its title or heading, or if its links lead nowhere at the
 * host but into the folder, to itself in another order, and up.
 */
final class HttpIndex {

    private static final int I = Pattern.CASE_INSENSITIVE | Pattern.DOTALL;
    private static final Pattern HIDDEN = Pattern.compile("<(script|style)\\b.*?</\\1\\s*>|<!--.*?-->", I);
    private static final Pattern HEADING = Pattern.compile("<(title|h1|h2)\\b[^>]*>(.*?)</\\1\\s*>", I);

    /** IIS writes the host and the path. */
    private static final Pattern SAYS_SO =
            Pattern.compile("(?:index of|directory listing|listing of|directory:|contents of) ?/?.*|[^ ]+ - /.*", I);

    private static final Pattern LINK = Pattern.compile("<a\\b([^>]*)>(.*?)</a\\s*>", I);
    private static final Pattern HREF = Pattern.compile("\\bhref\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^\\s>\"']+))", I);
    private static final Pattern TABLE_ROW = Pattern.compile("(?=<tr\\b)", I);
    private static final Pattern LINE = Pattern.compile("<br\\b[^>]*>|<li\\b[^>]*>|\\r?\\n", I);

    /** Caddy's own number, beside one that is rounded for people. */
    private static final Pattern DATA_SIZE = Pattern.compile("\\bdata-size=\"([0-9]{1,18})\"", I);

    /** The whole number behind the first time; servers that round write a unit or a point. */
    private static final Pattern AFTER_TIME = Pattern.compile(
            "^(?>.*?\\b[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: [AP]M)?) ([0-9]{1,18})(?= |$)(?! ?[KMGT]i?B\\b)", I);

    private static final Pattern WEB = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*", I);

    private final URI folder;
    private final String path;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private boolean up;
    private boolean elsewhere;

    private HttpIndex(URI folder) {
        this.folder = folder;
        this.path = plain(folder);
    }

    /**
     * What a folder holds.
     *
     * @param name as it is at the server, without a slash
     * @param uri its address; a folder's ends with a slash
     * @param bytes null where the page does not say them exactly
     */
    record Entry(
            String name, URI uri, boolean folder, @Nullable Long bytes) {}

    /**
     * The entries in the page's order, each once; may be none.
     *
     * @param folder where the page came from; ends with a slash
     * @return empty if this is no such page
     */
    static Optional<List<Entry>> entries(String html, URI folder) {
        String text = HIDDEN.matcher(html).replaceAll(" ");
        HttpIndex index = new HttpIndex(folder);
        for (String part : TABLE_ROW.split(text)) {
            boolean row = part.length() > 3
                    && part.substring(0, 3).toLowerCase(Locale.ROOT).equals("<tr");
            for (String line : row ? new String[] {part} : LINE.split(part)) {
                index.line(line);
            }
        }
        boolean folderOnly = index.up && !index.elsewhere;
        return saysSo(text) || folderOnly ? Optional.of(List.copyOf(index.entries.values())) : Optional.empty();
    }

    private static boolean saysSo(String html) {
        Matcher heading = HEADING.matcher(html);
        while (heading.find()) {
            if (SAYS_SO.matcher(HtmlText.text(heading.group(2))).matches()) {
                return true;
            }
        }
        return false;
    }

    private void line(String line) {
        List<Entry> found = new ArrayList<>();
        Matcher link = LINK.matcher(line);
        while (link.find()) {
            Matcher href = HREF.matcher(link.group(1));
            if (href.find()) {
                String target = href.group(1) == null ? href.group(2) : href.group(1);
                Entry entry = entry(HtmlText.unescaped(target == null ? String.valueOf(href.group(3)) : target)
                        .strip());
                if (entry != null) {
                    found.add(entry);
                }
            }
        }
        Entry first = found.isEmpty() ? null : found.get(0);
        // An icon may lead to the same file as its name; a line of several files has no size that is one's own.
        boolean one = first != null && found.stream().allMatch(first::equals);
        for (Entry entry : found) {
            Long bytes = one && !entry.folder() ? bytes(line) : null;
            entries.putIfAbsent(entry.name(), new Entry(entry.name(), entry.uri(), entry.folder(), bytes));
        }
    }

    private static @Nullable Long bytes(String line) {
        Matcher exact = DATA_SIZE.matcher(line);
        if (exact.find()) {
            return Long.valueOf(exact.group(1));
        }
        Matcher number = AFTER_TIME.matcher(HtmlText.text(LINK.matcher(line).replaceAll(" ")));
        return number.find() ? Long.valueOf(number.group(1)) : null;
    }

    /** The entry that a link leads to; null for one that leads up, elsewhere, or nowhere. */
    private @Nullable Entry entry(String href) {
        boolean foreign = WEB.matcher(href).matches() && !href.regionMatches(true, 0, "http", 0, 4);
        URI uri = foreign || href.isEmpty() || href.startsWith("#") ? null : resolved(href);
        if (uri == null || !folder.getAuthority().equalsIgnoreCase(String.valueOf(uri.getAuthority()))) {
            return null;
        }
        String target = plain(uri);
        if (!target.startsWith(path) || target.equals(path)) {
            boolean above = path.startsWith(target.endsWith("/") ? target : target + "/");
            up |= above;
            elsewhere |= !above;
            return null;
        }
        // A page that is encrypted may write links that are not; they mean the same, and the way stays encrypted.
        uri = URI.create(
                folder.getScheme() + uri.toString().substring(uri.getScheme().length()));
        boolean isFolder = uri.getRawPath().endsWith("/");
        String raw = uri.getRawPath();
        String last = isFolder ? raw.substring(0, raw.length() - 1) : raw;
        String name = UrlEncoding.decode(last.substring(last.lastIndexOf('/') + 1));
        boolean below = slashes(last) == slashes(folder.getRawPath());
        elsewhere |= !below;
        return name == null || !below ? null : new Entry(name, uri, isFolder, null);
    }

    private @Nullable URI resolved(String href) {
        try {
            String encoded = href.replaceFirst("#.*", "")
                    .replace(" ", "%20")
                    .replace("[", "%5B")
                    .replace("]", "%5D");
            // Java takes a query alone to stand for another page than RFC 3986 does.
            URI uri = encoded.startsWith("?")
                    ? URI.create(folder + encoded)
                    : folder.resolve(encoded).normalize();
            return uri.getRawPath() == null ? null : uri;
        } catch (IllegalArgumentException ignored) {
            // What is no address leads nowhere.
            return null;
        }
    }

    private static long slashes(String path) {
        return path.chars().filter(c -> c == '/').count();
    }

    /** Servers write one path in several encodings. */
    private static String plain(URI uri) {
        String raw = uri.getRawPath() == null ? "" : uri.getRawPath();
        String decoded = UrlEncoding.decode(raw);
        return decoded == null ? raw : decoded;
    }
}
