package org.histods.source.gcs;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.digest.Algorithm;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile.Stated;
import org.histods.source.listing.BucketFiles;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.ListingPages;
import org.histods.source.listing.PinnedFiles;
import org.histods.source.listing.SourceProblems;
import org.histods.source.listing.StatedChecksums;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A folder of a bucket of Google Cloud Storage.
 *
 * @param prefix what its objects' names begin with; empty for the whole bucket, otherwise ends with a slash
 */
record GcsBucket(String bucket, String prefix) implements BucketFiles.Bucket {

    private static final String ROOT = "https://storage.googleapis.com/";
    static final String BY = "Google Cloud Storage";
    private static final Pattern FORM = Pattern.compile("gs://([a-z0-9][a-z0-9._-]{1,221})(?:/(.*))?");

    static GcsBucket of(SourceSpec spec) throws Problem {
        Matcher form = FORM.matcher(spec.record());
        if (!form.matches()) {
            throw PinnedFiles.fault(spec, "record", "expected gs://bucket/prefix/");
        }
        String prefix = form.group(2) == null ? "" : form.group(2);
        if (!prefix.isEmpty() && !prefix.endsWith("/")) {
            throw PinnedFiles.fault(spec, "record", "must end with a slash, since it names a folder");
        }
        return new GcsBucket(String.valueOf(form.group(1)), prefix);
    }

    /** An object of a listing; its name includes the prefix. */
    record Item(String name, @Nullable Long bytes, List<Stated> checksums) {

        /** Whether this is one of the empty objects that consoles create for folders. */
        boolean folder() {
            return name.endsWith("/");
        }
    }

    @Override
    public String subject() {
        return "gs://" + bucket + "/" + prefix;
    }

    String page() {
        return "https://console.cloud.google.com/storage/browser/" + bucket + "/" + UrlEncoding.path(prefix);
    }

    @Override
    public URI object(String name) {
        return URI.create(ROOT + bucket + "/" + UrlEncoding.path(name));
    }

    /** All objects whose names start with that; may be empty. */
    List<Item> items(String below, Transport transport) throws Problem {
        List<Item> items = new ArrayList<>();
        String token = null;
        ListingPages pages = new ListingPages(subject());
        do {
            JsonNode response = page(below, token, transport);
            for (JsonNode object : response.path("items").values()) {
                items.add(item(below, object));
            }
            token = JsonResponse.text(response, "nextPageToken");
            if (token != null) {
                pages.add(response.path("items").size(), token);
            }
        } while (token != null);
        return items;
    }

    private JsonNode page(String below, @Nullable String token, Transport transport) throws Problem {
        URI uri = URI.create(ROOT + "storage/v1/b/" + bucket + "/o?maxResults=1000&prefix=" + UrlEncoding.segment(below)
                + (token == null ? "" : "&pageToken=" + UrlEncoding.segment(token)));
        try {
            return JsonResponse.read(transport, Request.get(uri), subject(), page());
        } catch (Problem problem) {
            Problem explained = explained(subject(), problem);
            if (explained != problem) {
                throw explained;
            }
            if (problem.kind() == Kind.PERSON) {
                throw SourceProblems.withMessage(
                        problem,
                        subject()
                                + ": the bucket cannot be listed without an account. Single files may still be public",
                        "pin the files in the manifest, or pass them with --from");
            }
            throw problem;
        }
    }

    /** The same problem, except for a requester-pays bucket. */
    static Problem explained(String subject, Problem problem) {
        boolean pays = SourceProblems.mentions(problem, "requester pays")
                || SourceProblems.mentions(problem, "Requester Pays")
                || SourceProblems.mentions(problem, "UserProjectMissing");
        return !pays
                ? problem
                : new Problem(
                        Kind.PERSON,
                        subject + ": it is a requester-pays bucket, which cannot be read without an account of Google",
                        "copy it with Google's own tools, then pass the files with --from",
                        problem.attempts(),
                        problem);
    }

    private Item item(String below, JsonNode object) throws Problem {
        String name = JsonResponse.name(object, "name");
        if (!name.startsWith(below)) {
            throw new Problem(Kind.NETWORK, subject() + ": the listing names " + name + ", which was not requested");
        }
        // 64-bit numbers are text in Google's JSON.
        String size = JsonResponse.text(object, "size");
        Long bytes = size != null && size.matches("[0-9]{1,18}") ? Long.valueOf(size) : null;
        if (Objects.equals(JsonResponse.text(object, "contentEncoding"), "gzip") && !namedGzip(name)) {
            // Size and checksums are of the compressed bytes, but Google sends the decompressed bytes.
            return new Item(name, null, List.of());
        }
        List<Stated> checksums = new ArrayList<>();
        // An object that was composed of others has no MD5.
        checksums.addAll(StatedChecksums.base64(Algorithm.MD5, JsonResponse.text(object, "md5Hash"), BY));
        checksums.addAll(StatedChecksums.base64(Algorithm.CRC32C, JsonResponse.text(object, "crc32c"), BY));
        return new Item(name, bytes, checksums);
    }

    /** Whether the file itself is gzip, by its name. */
    static boolean namedGzip(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".gz") || lower.endsWith(".tgz") || lower.endsWith(".bgz");
    }
}
