package org.histods.source.s3;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.source.listing.BucketFiles;
import org.histods.source.listing.PinnedFiles;
import org.histods.source.listing.UrlEncoding;
import org.jspecify.annotations.Nullable;

/**
 * A folder of a bucket, with the URLs of its objects.
 *
 * @param prefix empty for the whole bucket, else ends with a slash
 * @param region null if unknown: the global endpoint then redirects to it
 * @param endpoint scheme and host of another S3 server; null for Amazon's
 */
public record S3Bucket(
        String bucket,
        String prefix,
        @Nullable String region,
        @Nullable URI endpoint) implements BucketFiles.Bucket {

    private static final Pattern FORM = Pattern.compile("s3://([A-Za-z0-9][A-Za-z0-9._-]{1,254})(?:/(.*))?");
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]+");

    /** @throws Problem {@code USAGE} if the record is not {@code s3://bucket/prefix/} or an option is not valid */
    static S3Bucket of(SourceSpec spec) throws Problem {
        Matcher form = FORM.matcher(spec.record());
        if (!form.matches()) {
            throw PinnedFiles.fault(spec, "record", "expected s3://bucket/prefix/");
        }
        String prefix = form.group(2) == null ? "" : form.group(2);
        if (!prefix.isEmpty() && !prefix.endsWith("/")) {
            throw PinnedFiles.fault(spec, "record", "must end with a slash, since it names a folder");
        }
        String region = spec.option("region");
        if (region != null && !REGION.matcher(region).matches()) {
            throw PinnedFiles.fault(spec, "options.region", "'" + region + "' is not a region");
        }
        return new S3Bucket(form.group(1), prefix, region, endpoint(spec));
    }

    private static @Nullable URI endpoint(SourceSpec spec) throws Problem {
        String text = spec.option("endpoint");
        if (text == null) {
            return null;
        }
        try {
            String full = text.contains("://") ? text : "https://" + text;
            return PinnedFiles.webAddress(full.endsWith("/") ? full.substring(0, full.length() - 1) : full);
        } catch (IllegalArgumentException e) {
            throw PinnedFiles.fault(spec, "options.endpoint", String.valueOf(e.getMessage()));
        }
    }

    @Override
    public String subject() {
        return "s3://" + bucket + "/" + prefix;
    }

    /** The URL of the bucket, with a slash at its end. */
    private String root() {
        if (endpoint != null) {
            return endpoint + "/" + bucket + "/";
        }
        String host = (region == null ? "s3" : "s3." + region) + ".amazonaws.com";
        // The certificate *.s3.…amazonaws.com does not cover a name with dots.
        return bucket.contains(".") ? "https://" + host + "/" + bucket + "/" : "https://" + bucket + "." + host + "/";
    }

    @Override
    public URI object(String key) {
        return URI.create(root() + UrlEncoding.path(key));
    }

    /**
     * The URL of one page of the listing.
     *
     * @param below only keys that start with this
     * @param token of the page before, null for the first page
     */
    URI list(String below, @Nullable String token) {
        String next = token == null ? "" : "&continuation-token=" + UrlEncoding.segment(token);
        return URI.create(
                root() + "?list-type=2&encoding-type=url&max-keys=1000&prefix=" + UrlEncoding.segment(below) + next);
    }
}
