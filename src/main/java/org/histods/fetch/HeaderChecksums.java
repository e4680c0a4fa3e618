package org.histods.fetch;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.source.RemoteFile.Stated;
import org.histods.transport.Response;

/**
 * Reads checksums of a file from the headers of the response that delivers it. Only checksums of the whole file count:
 * a header that may describe the sent range is read only from a response with the whole file, and no header is read if
 * the bytes are sent in another content coding than they are stored in.
 */
final class HeaderChecksums {

    private static final Pattern GOOGLE = Pattern.compile("(md5|crc32c)=([A-Za-z0-9+/]+=*)");
    private static final Pattern DIGEST =
            Pattern.compile("(?i)\\b(sha-512|sha-256|sha|md5)=(?::([A-Za-z0-9+/]+=*):|([A-Za-z0-9+/]+=*))");
    private static final Pattern NAMED_TAG = Pattern.compile("\"(md5|sha1|sha256|sha512):([0-9a-fA-F]+)\"");
    private static final List<Algorithm> AMAZON =
            List.of(Algorithm.SHA256, Algorithm.SHA512, Algorithm.SHA1, Algorithm.MD5, Algorithm.CRC32C);

    private final Response response;
    private final List<Stated> checksums = new ArrayList<>();

    private HeaderChecksums(Response response) {
        this.response = response;
    }

    /** The checksums of the whole file in a response, each with the host and the header; empty for most hosts. */
    static List<Stated> of(Response response) {
        HeaderChecksums read = new HeaderChecksums(response);
        if (response.coding().isEmpty() && !read.storedEncoded()) {
            read.addFileHeaders();
            if (response.status() == 200) {
                read.addBodyHeaders();
            }
        }
        return List.copyOf(read.checksums);
    }

    private boolean storedEncoded() {
        return response.header("x-goog-stored-content-encoding")
                .filter(word -> !word.equals("identity"))
                .isPresent();
    }

    /** Reads headers that describe the whole file, whatever range is sent. */
    private void addFileHeaders() {
        addAll("x-goog-hash", GOOGLE);
        // RFC 9530, and RFC 3230 before it.
        addAll("repr-digest", DIGEST);
        addAll("digest", DIGEST);
        response.header("x-ms-blob-content-md5").ifPresent(value -> add("x-ms-blob-content-md5", Algorithm.MD5, value));
        // Zenodo and other sites with the same software.
        Matcher tag = NAMED_TAG.matcher(response.header("etag").orElse(""));
        if (tag.matches()) {
            add("ETag", Algorithm.named(String.valueOf(tag.group(1))).orElseThrow(), String.valueOf(tag.group(2)));
        }
    }

    /** Reads headers that describe the body, which is the whole file here. */
    private void addBodyHeaders() {
        response.header("content-md5").ifPresent(value -> add("Content-MD5", Algorithm.MD5, value));
        // A composite value is a checksum of checksums.
        if (response.header("x-amz-checksum-type").orElse("FULL_OBJECT").equals("FULL_OBJECT")) {
            for (Algorithm algorithm : AMAZON) {
                String name = "x-amz-checksum-" + algorithm.word();
                response.header(name).ifPresent(value -> add(name, algorithm, value));
            }
        }
    }

    private void addAll(String header, Pattern pattern) {
        Matcher match = pattern.matcher(response.header(header).orElse(""));
        while (match.find()) {
            String word = String.valueOf(match.group(1));
            String first = match.group(2);
            add(
                    header,
                    word.equalsIgnoreCase("sha")
                            ? Algorithm.SHA1
                            : Algorithm.named(word).orElseThrow(),
                    first == null ? String.valueOf(match.group(3)) : first);
        }
    }

    /** Adds a value in base64, or in hex as some hosts have it; any other value is ignored. */
    private void add(String header, Algorithm algorithm, String value) {
        URI route = response.route();
        String by = (route == null ? "" : route.getAuthority() + " for ")
                + response.uri().getHost() + " (" + header + ")";
        String text = value.strip();
        for (boolean hex : Arrays.asList(true, false)) {
            try {
                Checksum checksum = hex ? new Checksum(algorithm, text) : Checksum.ofBase64(algorithm, text);
                if (checksums.stream().noneMatch(s -> s.checksum().equals(checksum))) {
                    checksums.add(new Stated(checksum, by));
                }
                return;
            } catch (IllegalArgumentException ignored) {
                // Not in this form.
            }
        }
    }
}
