package org.histods.source.tcia;

import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Request;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A public link to a package of IBM Aspera Faspex 5: {@code https://host/aspera/faspex/public/package?context=…}. The
 * context contains a passcode, which is as public as the link.
 *
 * @param host of the Faspex
 * @param context base64 of the JSON that names the package
 * @param id the number of the package
 */
record FaspexLink(String host, String context, String id) {

    private static final String PATH = "/aspera/faspex/public/package";
    private static final String ANY_PATH = "/aspera/faspex/public";
    private static final Pattern CONTEXT = Pattern.compile("(?:^|&)context=([^&#]+)");

    /** Whether the URL is of a package, in this or an older form. */
    static boolean matches(URI uri) {
        String path = uri.getPath() == null ? "" : uri.getPath();
        return path.startsWith("/aspera/faspex/") || path.contains("/external_deliveries/");
    }

    /** @throws Problem {@code PERSON} if the link is not of the form of Faspex 5 */
    static FaspexLink of(URI uri, String subject) throws Problem {
        String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        Matcher context = CONTEXT.matcher(query);
        try {
            if (uri.getPath().startsWith(ANY_PATH) && context.find()) {
                String text = UrlEncoding.decode(context.group(1));
                if (text != null) {
                    byte[] json =
                            Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
                    JsonNode node = JsonResponse.parse(json, Request.get(uri), subject);
                    String id = JsonResponse.first(node, "id", "package_id");
                    if (id != null && id.matches("[A-Za-z0-9_-]{1,64}")) {
                        return new FaspexLink(uri.getAuthority(), text, id);
                    }
                }
            }
        } catch (IllegalArgumentException ignored) {
            // The problem follows below.
        }
        throw new Problem(
                Kind.PERSON,
                subject + ": the link to its Aspera package is in a format that histods does not support: " + uri,
                "open it in a browser with IBM Aspera Connect, then pass the files with --from");
    }

    /** The link itself, which opens the package in a browser. */
    URI uri() {
        return URI.create("https://" + host + PATH + "?context=" + UrlEncoding.segment(context));
    }

    /** An identifier for one file of the package: the link with the file's path as fragment. It cannot be fetched by HTTP. */
    URI file(String path) {
        return URI.create(uri() + "#/" + UrlEncoding.path(path));
    }

    /** Whether the URL is one that {@link #file} made. */
    static boolean isFile(URI uri) {
        return PATH.equals(uri.getPath()) && uri.getRawFragment() != null;
    }

    /** The path in such a URL, without a leading slash. */
    static String path(URI file) {
        String fragment = file.getRawFragment() == null ? null : UrlEncoding.decode(file.getRawFragment());
        return fragment == null ? "" : fragment.substring(Math.min(1, fragment.length()));
    }

    /** The problem and the manual steps for a file that ascp cannot fetch, or if ascp is missing. */
    static Problem manualDownload(RemoteFile file, URI uri, String why, @Nullable Problem cause) {
        String link = uri.toString().substring(0, uri.toString().indexOf('#'));
        return new Problem(
                Kind.PERSON,
                file.path() + " is in an IBM Aspera package, which can only be fetched by FASP with IBM's program ascp"
                        + " (its host has no HTTP gateway): " + why,
                (cause == null
                                ? "install ascp, which is free: gem install aspera-cli && ascli config ascp install;"
                                        + " or IBM Aspera Connect (https://www.ibm.com/products/aspera/downloads). Then run"
                                        + " the same command; docs/settings.md lists where histods searches for ascp. "
                                : cause.hint() == null ? "" : cause.hint() + ". ")
                        + "Or download the package by hand: ascli faspex5 packages receive --url='" + link
                        + "' --to-folder=. (for this file alone, add '/" + path(uri) + "'), or in a browser with Aspera"
                        + " Connect, and pass the files with --from FILE…",
                cause == null ? List.of() : cause.attempts(),
                cause);
    }
}
