package org.histods.transport;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/** Recognises what must not be printed, recorded, or sent to another host. */
final class SecretPatterns {

    /** Query parameters that sign a URL or hold credentials: S3, Google, Azure, CloudFront, and general names. */
    private static final String SIGNING = "x-(?:amz|goog|ms)-[\\w-]*"
            + "|(?:aws|google)accessk?e?y?id|key-pair-id|policy|signature|sig|expires|se|sp|sv|sr|st|skoid|sktid|ske|sks"
            + "|[\\w-]*(?:token|secret|password|passwd|credential|api[_-]?key)[\\w-]*|auth|hdn\\w+|key|jwt|private_link";

    private static final Pattern SIGNING_NAME = Pattern.compile(SIGNING, Pattern.CASE_INSENSITIVE);

    private static final Pattern IN_TEXT =
            Pattern.compile("(?<=[?&])(?:" + SIGNING + ")=[^&\\s\"'<>]*", Pattern.CASE_INSENSITIVE);
    private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^/@\\s]+@");
    private static final Pattern SCHEME_AND_SECRET =
            Pattern.compile("\\b(Bearer|Basic|Token)\\s+[\\w.+/=~-]{6,}", Pattern.CASE_INSENSITIVE);
    /** What is in the names of headers that hold secrets. */
    private static final List<String> SECRET_HEADERS = List.of(
            "authorization",
            "cookie",
            "token",
            "secret",
            "password",
            "credential",
            "apikey",
            "api-key",
            "dataverse-key",
            "auth-key");

    private SecretPatterns() {}

    /** The URL as it may be printed and recorded: without user, password and signature. */
    static URI cleanUrl(HttpUrl url) {
        if (isPlain(url)) {
            return url.uri();
        }
        HttpUrl.Builder builder = url.newBuilder().username("").password("").fragment(null);
        for (String name : url.queryParameterNames()) {
            if (SIGNING_NAME.matcher(name).matches()) {
                builder.removeAllQueryParameters(name);
            }
        }
        HttpUrl rest = builder.build();
        if (rest.query() != null && rest.querySize() == 0) {
            rest = rest.newBuilder().query(null).build();
        }
        return rest.uri();
    }

    /** Whether a URL has no part that could hold a secret: neither user, password, query nor fragment. */
    static boolean isPlain(HttpUrl url) {
        return url.encodedQuery() == null
                && url.fragment() == null
                && url.username().isEmpty()
                && url.password().isEmpty();
    }

    static String cleanUrl(URI uri) {
        HttpUrl url = HttpUrl.parse(uri.toString());
        return url == null ? redact(uri.toString()) : cleanUrl(url).toString();
    }

    /** A foreign text without what looks like a secret. */
    static String redact(String text) {
        String safe = IN_TEXT.matcher(text).replaceAll("…");
        safe = USER_INFO.matcher(safe).replaceAll("");
        return SCHEME_AND_SECRET.matcher(safe).replaceAll("$1 …");
    }

    /** Whether a request header of that name may hold a secret for one host. */
    static boolean isSecretHeader(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        for (String part : SECRET_HEADERS) {
            if (lower.contains(part)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the URL is signed; object stores refuse credentials beside the signature. */
    static boolean isSigned(HttpUrl url) {
        return url.encodedQuery() != null
                && url.queryParameterNames().stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .anyMatch(List.of("x-amz-signature", "x-goog-signature", "signature", "sig")::contains);
    }
}
