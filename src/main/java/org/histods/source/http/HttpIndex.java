package org.histods.source.http;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.source.listing.HtmlParser;
import org.histods.source.listing.HtmlText;
import org.histods.source.listing.UrlEncoding;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;
import org.jspecify.annotations.Nullable;

/**
 * The web page that lists a folder, as Apache, nginx, lighttpd, Caddy, IIS and Python write it: links to the folder's
 * files. A page counts as a listing if its title or a heading says so, or if its links to the same host lead only into
 * the folder, to the folder in another order, and up.
 */
final class HttpIndex {

    private static final int I = Pattern.CASE_INSENSITIVE | Pattern.DOTALL;

    /** Headings of listings. IIS writes the host and the path. */
    private static final Pattern LISTING_HEADING =
            Pattern.compile("(?:index of|directory listing|listing of|directory:|contents of) ?/?.*|[^ ]+ - /.*", I);

    private static final Set<String> HEADINGS = Set.of("title", "h1", "h2");

    /** The whole number after the first time. Servers that round write a unit or a decimal point. */
    private static final Pattern AFTER_TIME = Pattern.compile(
            "^(?>.*?\\b[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: [AP]M)?) ([0-9]{1,18})(?= |$)(?! ?[KMGT]i?B\\b)", I);

    private static final Pattern EXACT_SIZE = Pattern.compile("[0-9]{1,18}");
    private static final Pattern WEB = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*", I);

    /** Longer links are not followed: no server accepts them. */
    private static final int MAX_LINK = 8192;

    private final URI folder;
    private final String path;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private boolean headed;
    private boolean linksUp;
    private boolean linksElsewhere;

    private HttpIndex(URI folder) {
        this.folder = folder;
        this.path = decodedPath(folder);
    }

    /**
     * A file or folder of the listing.
     *
     * @param name as at the server, without a slash
     * @param uri its URL; a folder's ends with a slash
     * @param bytes null if the page does not state the exact size
     */
    record Entry(
            String name, URI uri, boolean folder, @Nullable Long bytes) {}

    /**
     * The entries in the page's order, each once; may be none.
     *
     * @param folder the URL of the page; ends with a slash
     * @return empty if the page is not a listing
     */
    static Optional<List<Entry>> entries(String html, URI folder) {
        HttpIndex index = new HttpIndex(folder);
        LineVisitor lines = index.new LineVisitor();
        HtmlParser.parse(html).traverse(lines);
        lines.end();
        boolean folderOnly = index.linksUp && !index.linksElsewhere;
        return index.headed || folderOnly ? Optional.of(List.copyOf(index.entries.values())) : Optional.empty();
    }

    /**
     * Splits the page into lines, each with the links, the text beside them and the size of one entry. A line is a table
     * row; outside of tables it is a list item, or the text up to a line break.
     */
    private final class LineVisitor implements NodeVisitor {
        private final List<Entry> links = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder heading = new StringBuilder();
        private @Nullable Long exact;
        private int rows;
        private int anchors;
        private int headings;

        @Override
        public void head(Node node, int depth) {
            if (node instanceof TextNode part) {
                text(part.getWholeText());
            } else if (node instanceof Element element) {
                start(element);
            }
        }

        private void start(Element element) {
            text.append(' ');
            String name = element.normalName();
            if (name.equals("tr")) {
                end();
                rows++;
            } else if (rows == 0 && (name.equals("li") || name.equals("br"))) {
                end();
            } else if (name.equals("a")) {
                anchors++;
                Entry entry = entry(element.attr("href").strip());
                if (entry != null) {
                    links.add(entry);
                }
            } else if (HEADINGS.contains(name)) {
                headings++;
                heading.setLength(0);
            }
            // Caddy states the exact size beside a rounded one.
            String size = element.attr("data-size");
            if (exact == null && EXACT_SIZE.matcher(size).matches()) {
                exact = Long.valueOf(size);
            }
        }

        private void text(String part) {
            if (headings > 0) {
                heading.append(part);
            }
            if (anchors > 0) {
                return;
            }
            String[] lines = rows > 0 ? new String[] {part} : part.split("\n", -1);
            for (int i = 0; i < lines.length; i++) {
                if (i > 0) {
                    end();
                }
                text.append(lines[i]);
            }
        }

        @Override
        public void tail(Node node, int depth) {
            if (!(node instanceof Element element)) {
                return;
            }
            String name = element.normalName();
            if (name.equals("tr")) {
                end();
                rows--;
            } else if (name.equals("a")) {
                anchors--;
            } else if (HEADINGS.contains(name)) {
                headings--;
                headed |= LISTING_HEADING
                        .matcher(HtmlText.collapsed(heading.toString()))
                        .matches();
                heading.setLength(0);
            }
        }

        /** Adds the entries of the line and starts the next one. */
        void end() {
            // An icon may link to the same file as its name. A size beside links to several files belongs to none.
            boolean one = links.stream().distinct().count() == 1;
            Long bytes = one && !links.get(0).folder() ? bytes() : null;
            for (Entry entry : links) {
                entries.putIfAbsent(entry.name(), new Entry(entry.name(), entry.uri(), entry.folder(), bytes));
            }
            links.clear();
            text.setLength(0);
            exact = null;
        }

        private @Nullable Long bytes() {
            if (exact != null) {
                return exact;
            }
            Matcher number = AFTER_TIME.matcher(HtmlText.collapsed(text.toString()));
            return number.find() ? Long.valueOf(number.group(1)) : null;
        }
    }

    /** The entry that a link leads to; null for a link that leads up or elsewhere, or is not a URL. */
    private @Nullable Entry entry(String href) {
        if (href.isEmpty() || href.length() > MAX_LINK || href.startsWith("#")) {
            return null;
        }
        boolean foreign = WEB.matcher(href).matches() && !href.regionMatches(true, 0, "http", 0, 4);
        URI uri = foreign ? null : resolved(href);
        if (uri == null || !folder.getAuthority().equalsIgnoreCase(String.valueOf(uri.getAuthority()))) {
            return null;
        }
        String target = decodedPath(uri);
        if (!target.startsWith(path) || target.equals(path)) {
            boolean above = path.startsWith(target.endsWith("/") ? target : target + "/");
            linksUp |= above;
            linksElsewhere |= !above;
            return null;
        }
        // A page from https may link to http: the files are the same, and the transfer stays encrypted.
        uri = URI.create(
                folder.getScheme() + uri.toString().substring(uri.getScheme().length()));
        boolean isFolder = uri.getRawPath().endsWith("/");
        String raw = uri.getRawPath();
        String last = isFolder ? raw.substring(0, raw.length() - 1) : raw;
        String name = UrlEncoding.decode(last.substring(last.lastIndexOf('/') + 1));
        boolean below = slashes(last) == slashes(folder.getRawPath());
        linksElsewhere |= !below;
        return name == null || !below ? null : new Entry(name, uri, isFolder, null);
    }

    private @Nullable URI resolved(String href) {
        try {
            String encoded = href.replaceFirst("#.*", "")
                    .replace(" ", "%20")
                    .replace("[", "%5B")
                    .replace("]", "%5D");
            // Java resolves a link that is only a query differently from RFC 3986.
            URI uri = encoded.startsWith("?")
                    ? URI.create(folder + encoded)
                    : folder.resolve(encoded).normalize();
            return uri.getRawPath() == null ? null : uri;
        } catch (IllegalArgumentException ignored) {
            // A link that is not a URL leads nowhere.
            return null;
        }
    }

    private static long slashes(String path) {
        return path.chars().filter(c -> c == '/').count();
    }

    /** Decoded, because servers write one path in several encodings. */
    private static String decodedPath(URI uri) {
        String raw = uri.getRawPath() == null ? "" : uri.getRawPath();
        String decoded = UrlEncoding.decode(raw);
        return decoded == null ? raw : decoded;
    }
}
