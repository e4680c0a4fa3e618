package org.histods.source.googledrive;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.source.listing.HtmlText;
import org.histods.source.listing.UrlEncoding;
import org.jspecify.annotations.Nullable;

/** What Google Drive shows in place of a file: a confirmation, as it has looked since 2014, or a refusal. */
final class GoogleDrivePage {

    private static final Set<String> HOSTS =
            Set.of("drive.google.com", "docs.google.com", "drive.usercontent.google.com");
    private static final int I = Pattern.CASE_INSENSITIVE | Pattern.DOTALL;
    private static final Pattern FORM =
            Pattern.compile("<form\\b([^>]*\\bid=\"(?:download-form|downloadForm)\"[^>]*)>(.*?)</form>", I);
    private static final Pattern ACTION = Pattern.compile("\\baction=\"([^\"]+)\"", I);
    private static final Pattern INPUT = Pattern.compile("<input\\b([^>]*)>", I);
    private static final Pattern NAME = Pattern.compile("\\bname=\"([^\"]*)\"", I);
    private static final Pattern VALUE = Pattern.compile("\\bvalue=\"([^\"]*)\"", I);
    private static final Pattern LINK = Pattern.compile("href=\"(/uc\\?export=download[^\"]+)\"", I);
    private static final Pattern SCRIPT = Pattern.compile("\"downloadUrl\":\"([^\"]+)\"");
    private static final Pattern ERROR = Pattern.compile("<p class=\"uc-error-(?:subcaption|caption)\">(.*?)</p>", I);
    private static final Pattern TITLE = Pattern.compile("<title[^>]*>(.*?)</title>", I);

    private final String html;

    GoogleDrivePage(String html) {
        this.html = html;
    }

    /** The address that confirms; null if the page offers none, or one at a host that is not Google Drive's. */
    @Nullable
    URI confirmed() {
        String address = form();
        if (address == null) {
            Matcher link = LINK.matcher(html);
            address = link.find() ? "https://docs.google.com" + plain(String.valueOf(link.group(1))) : null;
        }
        if (address == null) {
            Matcher script = SCRIPT.matcher(html);
            address = script.find()
                    ? String.valueOf(script.group(1)).replace("\\u003d", "=").replace("\\u0026", "&")
                    : null;
        }
        return address == null ? null : ofDrive(address);
    }

    private @Nullable String form() {
        Matcher form = FORM.matcher(html);
        if (!form.find()) {
            return null;
        }
        Matcher action = ACTION.matcher(String.valueOf(form.group(1)));
        if (!action.find()) {
            return null;
        }
        Map<String, String> values = new LinkedHashMap<>();
        Matcher input = INPUT.matcher(String.valueOf(form.group(2)));
        while (input.find()) {
            Matcher name = NAME.matcher(String.valueOf(input.group(1)));
            Matcher value = VALUE.matcher(String.valueOf(input.group(1)));
            if (name.find()) {
                values.put(
                        plain(String.valueOf(name.group(1))),
                        value.find() ? plain(String.valueOf(value.group(1))) : "");
            }
        }
        StringBuilder address = new StringBuilder(plain(String.valueOf(action.group(1))));
        String sign = address.indexOf("?") < 0 ? "?" : "&";
        for (Map.Entry<String, String> value : values.entrySet()) {
            address.append(sign)
                    .append(UrlEncoding.segment(value.getKey()))
                    .append('=')
                    .append(UrlEncoding.segment(value.getValue()));
            sign = "&";
        }
        return address.toString();
    }

    private static @Nullable URI ofDrive(String address) {
        try {
            URI uri = URI.create(address);
            return "https".equals(uri.getScheme()) && HOSTS.contains(String.valueOf(uri.getAuthority())) ? uri : null;
        } catch (IllegalArgumentException ignored) {
            // A page that we cannot read is one that does not let us in.
            return null;
        }
    }

    /** Whether the file was downloaded so often that it is closed for a day. */
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

    /** What the page says, short; empty where it says nothing. */
    String says() {
        for (Pattern pattern : new Pattern[] {ERROR, TITLE}) {
            Matcher matcher = pattern.matcher(html);
            if (matcher.find()) {
                String text = HtmlText.text(String.valueOf(matcher.group(1)));
                return text.length() <= 200 ? text : text.substring(0, 199) + "…";
            }
        }
        return "";
    }

    private static String plain(String text) {
        return HtmlText.text(text);
    }
}
