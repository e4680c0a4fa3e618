package org.histods.fetch;

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
 * The checksums that a host states of a file in the headers of the answer that brings it. Only those of the whole file
 * count: a header that may be about the part that was sent is read from an answer with the whole, and none at all where
 * the bytes are sent in another coding than they are stored in.
 */
final class HeaderChecksums {

    private static final Pattern GOOGLE = Pattern.compile("(md5|crc32c)=([A-Za-z0-9+/]+=*)");
    private static final Pattern DIGEST =
            Pattern.compile("(?i)\\b(sha-512|sha-256|sha|md5)=(?::([A-Za-z0-9+/]+=*):|([A-Za-z0-9+/]+=*))");
    private static final Pattern NAMED_TAG = Pattern.compile("\"(md5|sha1|sha256|sha512):([0-9a-fA-F]+)\"");
    private static final List<Algorithm> OF_AMAZON =
            List.of(Algorithm.SHA256, Algorithm.SHA512, Algorithm.SHA1, Algorithm.MD5, Algorithm.CRC32C);

    private final Response answer;
    private final List<Stated> sums = new ArrayList<>();

    private HeaderChecksums(Response answer) {
        this.answer = answer;
    }

    /** What the answer states of the whole file, each with the host and the header; mostly nothing. */
    static List<Stated> of(Response answer) {
        HeaderChecksums read = new HeaderChecksums(answer);
        if (answer.coding().isEmpty() && !read.storedCoded()) {
            read.ofTheFile();
            if (answer.status() == 200 && answer.from() == 0) {
                read.ofTheAnswer();
            }
        }
        return List.copyOf(read.sums);
    }

    private boolean storedCoded() {
        return answer.header("x-goog-stored-content-encoding")
                .filter(word -> !word.equals("identity"))
                .isPresent();
    }

    /** Headers that are about the whole file whatever part of it is sent. */
    private void ofTheFile() {
        each("x-goog-hash", GOOGLE);
        // RFC 9530, and RFC 3230 before it.
        each("repr-digest", DIGEST);
        each("digest", DIGEST);
        answer.header("x-ms-blob-content-md5").ifPresent(value -> add("x-ms-blob-content-md5", Algorithm.MD5, value));
        // Zenodo and other sites of its kind.
        Matcher tag = NAMED_TAG.matcher(answer.header("etag").orElse(""));
        if (tag.matches()) {
            add("ETag", Algorithm.named(String.valueOf(tag.group(1))).orElseThrow(), String.valueOf(tag.group(2)));
        }
    }

    /** Headers that are about what was sent, which is the whole file here. */
    private void ofTheAnswer() {
        answer.header("content-md5").ifPresent(value -> add("Content-MD5", Algorithm.MD5, value));
        // A composite value is a checksum of checksums.
        if (answer.header("x-amz-checksum-type").orElse("FULL_OBJECT").equals("FULL_OBJECT")) {
            for (Algorithm algorithm : OF_AMAZON) {
                String name = "x-amz-checksum-" + algorithm.word();
                answer.header(name).ifPresent(value -> add(name, algorithm, value));
            }
        }
    }

    private void each(String header, Pattern form) {
        Matcher each = form.matcher(answer.header(header).orElse(""));
        while (each.find()) {
            String word = String.valueOf(each.group(1));
            String first = each.group(2);
            add(
                    header,
                    word.equalsIgnoreCase("sha")
                            ? Algorithm.SHA1
                            : Algorithm.named(word).orElseThrow(),
                    first == null ? String.valueOf(each.group(3)) : first);
        }
    }

    /** In base64, or in hex as some hosts have it; what is neither counts as none. */
    private void add(String header, Algorithm algorithm, String value) {
        String by = answer.uri().getHost() + " (" + header + ")";
        String text = value.strip();
        for (boolean hex : Arrays.asList(true, false)) {
            try {
                Checksum sum = hex ? new Checksum(algorithm, text) : Checksum.ofBase64(algorithm, text);
                if (sums.stream().noneMatch(s -> s.sum().equals(sum))) {
                    sums.add(new Stated(sum, by));
                }
                return;
            } catch (IllegalArgumentException ignored) {
                // Tried in the other form; a form that we cannot compare counts as none.
            }
        }
    }
}
