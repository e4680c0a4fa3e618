package org.histods.objectstore;

import java.net.URI;
import org.histods.source.listing.UrlEncoding;
import org.jspecify.annotations.Nullable;

/**
 * The server of a bucket.
 *
 * @param url scheme, host and port, without a slash at its end; null for Amazon's
 * @param pathStyle whether the bucket is the first part of the path, instead of the first part of the host name
 * @param key null for requests without a signature
 */
public record StoreEndpoint(
        @Nullable URI url,
        String region,
        boolean pathStyle,
        @Nullable AccessKey key) {

    /** The URL of an object, or of the bucket for an empty key. */
    URI object(String bucket, String key) {
        return URI.create(root(bucket) + UrlEncoding.path(key));
    }

    private String root(String bucket) {
        String server = url == null
                ? "https://s3." + region + ".amazonaws.com" + (region.startsWith("cn-") ? ".cn" : "")
                : url.toString();
        return pathStyle ? server + "/" + bucket + "/" : server.replaceFirst("://", "://" + bucket + ".") + "/";
    }
}
