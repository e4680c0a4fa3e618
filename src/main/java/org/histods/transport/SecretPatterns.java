package org.histods.transport;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/** What must not be printed, recorded, or carried to another host. */
final class SecretPatterns {

    /** Query parameters that sign an address or stand for a login: S3, Google, Azure, CloudFront, and plain words. */
    private static final String SIGNING = "x-(?:amz|goog|ms)-[\\w-]*"
            + "|(?:aws|google)accessk?e?y?id|key-pair-id|policy|signature|sig|expires|se|sp|sv|sr|st|skoid|sktid|ske|sks"
            + "|[\\w-]*(?:token|secret|password|passwd|credential|api[_-]?key)[\\w-]*|auth|hdn\\w+|key|jwt|private_link";

    private static final Pattern SIGNING_NAME = Pattern.compile(SIGNING, Pattern.CASE_INSENSITIVE);

    private static final Pattern IN_TEXT =
            Pattern.compile("(?<=[?&])(?:" + SIGNING + ")=[^&\\s\"'<>]*", Pattern.CASE_INSENSITIVE);
    private static final Pattern LOGIN_IN_ADDRESS = Pattern.compile("(?<=://)[^/@\\s]+@");
    private static final Pattern SCHEME_AND_SECRET =
            Pattern.compile("\\b(Bearer|Basic|Token)\\s+[\\w.+/=~-]{6,}", Pattern.CASE_INSENSITIVE);
    private static final Pattern SECRET_HEADER = Pattern.compile(
            ".*(?:authorization|cookie|token|secret|password|credential|api-?key|dataverse-key|auth-key).*");

    private SecretPatterns() {}

    /** The address as it may be printed and recorded: without a login and without what signs it. */
    static URI clean(HttpUrl url) {
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

    static String clean(URI uri) {
        HttpUrl url = HttpUrl.parse(uri.toString());
        return url == null ? scrub(uri.toString()) : clean(url).toString();
    }

    /** The text of somebody else without what looks like a secret. */
    static String scrub(String text) {
        String safe = IN_TEXT.matcher(text).replaceAll("…");
        safe = LOGIN_IN_ADDRESS.matcher(safe).replaceAll("");
        return SCHEME_AND_SECRET.matcher(safe).replaceAll("$1 …");
    }

    /** Whether a request header may hold a secret that belongs to one host only. */
    static boolean header(String name) {
        return SECRET_HEADER.matcher(name.toLowerCase(Locale.ROOT)).matches();
    }

    /** Whether the address itself is the proof; a second one makes object stores refuse. */
    static boolean signed(HttpUrl url) {
        return url.queryParameterNames().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .anyMatch(List.of("x-amz-signature", "x-goog-signature", "signature", "sig")::contains);
    }
}
