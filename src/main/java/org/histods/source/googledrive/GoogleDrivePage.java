package org.histods.source.googledrive;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.source.listing.HtmlParser;
import org.histods.source.listing.HtmlText;
import org.histods.source.listing.UrlEncoding;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/** The web page that Google Drive sends instead of a file: a confirmation, in the forms used since 2014, or a refusal. */
final class GoogleDrivePage {

    private static final Set<String> HOSTS =
            Set.of("drive.google.com", "docs.google.com", "drive.usercontent.google.com");
    private static final Pattern SCRIPT = Pattern.compile("\"downloadUrl\":\"([^\"]+)\"");
    private static final int MAX_MESSAGE = 200;

    private final String html;
    private final Document page;

    GoogleDrivePage(String html) {
        this.html = html;
        this.page = HtmlParser.parse(html);
    }

    /** The URL that confirms the download; null if the page has none, or one at a host that is not Google Drive's. */
    @Nullable
    URI confirmed() {
        String url = form();
        if (url == null) {
            Element link = page.selectFirst("a[href^='/uc?export=download']");
            url = link == null ? null : "https://docs.google.com" + link.attr("href");
        }
        if (url == null) {
            Matcher script = SCRIPT.matcher(html);
            url = script.find()
                    ? String.valueOf(script.group(1)).replace("\\u003d", "=").replace("\\u0026", "&")
                    : null;
        }
        return url == null ? null : ofDrive(url);
    }

    private @Nullable String form() {
        Element form = page.selectFirst("form#download-form[action], form#downloadForm[action]");
        if (form == null) {
            return null;
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (Element input : form.select("input[name]")) {
            values.put(input.attr("name"), input.attr("value"));
        }
        StringBuilder url = new StringBuilder(form.attr("action"));
        String separator = url.indexOf("?") < 0 ? "?" : "&";
        for (Map.Entry<String, String> value : values.entrySet()) {
            url.append(separator)
                    .append(UrlEncoding.segment(value.getKey()))
                    .append('=')
                    .append(UrlEncoding.segment(value.getValue()));
            separator = "&";
        }
        return url.toString();
    }

    private static @Nullable URI ofDrive(String url) {
        try {
            URI uri = URI.create(url);
            return "https".equals(uri.getScheme()) && HOSTS.contains(String.valueOf(uri.getAuthority())) ? uri : null;
        } catch (IllegalArgumentException ignored) {
            // A page that cannot be understood counts as a refusal.
            return null;
        }
    }

    /** Whether the file was downloaded so often that Google blocks it for a day. */
    boolean quota() {
        String text = html.toLowerCase(Locale.ROOT);
        return text.contains("too many users have viewed or downloaded")
                || text.contains("quota exceeded")
                || text.contains("downloadquotaexceeded");
    }

    /** Whether the page asks for a login. */
    boolean login() {
        return html.contains("accounts.google.com") && (html.contains("ServiceLogin") || html.contains("signin"));
    }

    /** The page's error message, else its title, shortened; empty if it has neither. */
    String message() {
        Element error = page.selectFirst("p.uc-error-caption, p.uc-error-subcaption");
        Element message = error == null ? page.selectFirst("title") : error;
        String text = message == null ? "" : HtmlText.text(message);
        return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE - 1) + "…";
    }
}
