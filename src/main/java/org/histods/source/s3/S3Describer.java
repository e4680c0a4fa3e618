package org.histods.source.s3;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.manifest.PinnedFile;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/** Describes an object or a folder of a public bucket, with the checksums in entity tags. */
final class S3Describer {

    private static final Pattern S3 = Pattern.compile("(?:s3://|arn:aws:s3:::)([A-Za-z0-9._-]+)/?(.*)");
    private static final String AMAZON = "s3(?:[.-](?:dualstack\\.)?([a-z0-9-]+))?\\.amazonaws\\.com";
    private static final Pattern HOST =
            Pattern.compile("https?://([A-Za-z0-9._-]+?)\\." + AMAZON + "(?:/([^?#]*))?(?:[?#].*)?");
    private static final Pattern PATH =
            Pattern.compile("https?://" + AMAZON + "/([A-Za-z0-9._-]+)(?:/([^?#]*))?(?:[?#].*)?");

    /** Other S3 servers, which by convention have such a host name. */
    private static final Pattern OTHER = Pattern.compile(
            "(https?://s3\\.[a-z0-9.-]+\\.[a-z]{2,}(?::[0-9]+)?)/([A-Za-z0-9._-]+)(?:/([^?#]*))?(?:[?#].*)?");

    /** Web pages of buckets, with the folder after a hash. */
    private static final Pattern BROWSER = Pattern.compile("https?://([A-Za-z0-9._-]+?)\\.(?:" + AMAZON
            + "|s3-website[.-]([a-z0-9-]+)\\.amazonaws\\.com)" + "/(?:index\\.html)?#(.*)");

    private static final Pattern CONSOLE = Pattern.compile(
            "https://(?:s3\\.|([a-z0-9-]+)\\.)?console\\.aws\\.amazon\\.com/s3/(?:buckets|object)/([A-Za-z0-9._-]+)(?:\\?(.*))?");
    private static final Pattern PREFIX = Pattern.compile("(?:.*&)?prefix=([^&]*).*");
    private static final Pattern REGION = Pattern.compile("(?:.*&)?region=([a-z0-9-]+).*");

    private S3Describer() {}

    /** What the host says about the record at that URL; empty if the URL is not one of this kind. */
    static Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        Target target = target(url.toString());
        if (target == null) {
            return Optional.empty();
        }
        List<S3Page.Item> items = items(target, transport);
        boolean one = items.size() == 1 && items.get(0).key().equals(target.key());
        String prefix = one || target.folder() ? parent(target.key()) : target.key() + "/";
        List<PinnedFile> files = new ArrayList<>();
        for (S3Page.Item item : items) {
            files.add(RecordDescription.file(
                    item.key().substring(prefix.length()), null, item.bytes(), item.checksums()));
        }
        String record = "s3://" + target.bucket() + "/" + prefix;
        return Optional.of(RecordDescription.named(
                files.size() <= RecordDescription.MAX_FILES
                        ? RecordDescription.spec("s3", record, target.options(), files)
                        : RecordDescription.query(
                                "s3",
                                record,
                                target.options(),
                                List.of(),
                                "more than " + RecordDescription.MAX_FILES + " files"),
                one ? files.get(0).path() : name(target, prefix),
                target.within("").object(one ? target.key() : prefix).toString(),
                null));
    }

    /**
     * The target of a URL.
     *
     * @param endpoint of another S3 server; null for Amazon's
     * @param key of an object or the beginning of keys; empty for the whole bucket
     */
    private record Target(
            String bucket,
            @Nullable String region,
            @Nullable URI endpoint,
            String key) {

        Target(String bucket, @Nullable String region, String key) {
            this(bucket, region, null, key);
        }

        boolean folder() {
            return key.isEmpty() || key.endsWith("/");
        }

        S3Bucket within(String prefix) {
            return new S3Bucket(bucket, prefix, region, endpoint);
        }

        Map<String, String> options() {
            if (endpoint != null) {
                return Map.of("endpoint", endpoint.toString());
            }
            return region == null ? Map.of() : Map.of("region", region);
        }
    }

    private static @Nullable Target target(String url) {
        Matcher s3 = S3.matcher(url);
        if (s3.matches()) {
            return new Target(s3.group(1), null, plain(s3.group(2)));
        }
        Matcher console = CONSOLE.matcher(url);
        if (console.matches()) {
            return console(console);
        }
        Matcher browser = BROWSER.matcher(url);
        if (browser.matches()) {
            String region = browser.group(2) == null ? browser.group(3) : browser.group(2);
            return new Target(browser.group(1), region, plain(browser.group(4)));
        }
        Matcher path = PATH.matcher(url);
        if (path.matches()) {
            return new Target(path.group(2), path.group(1), plain(path.group(3)));
        }
        Matcher host = HOST.matcher(url);
        if (host.matches()) {
            return new Target(host.group(1), host.group(2), plain(host.group(3)));
        }
        Matcher other = OTHER.matcher(url);
        return other.matches()
                ? new Target(other.group(2), null, URI.create(other.group(1)), plain(other.group(3)))
                : null;
    }

    /** A page of Amazon's console, whose URL contains bucket, region and folder. */
    private static Target console(Matcher page) {
        String query = page.group(3) == null ? "" : page.group(3);
        Matcher prefix = PREFIX.matcher(query);
        Matcher region = REGION.matcher(query);
        return new Target(
                page.group(2),
                region.matches() ? region.group(1) : page.group(1),
                plain(prefix.matches() ? prefix.group(1) : ""));
    }

    private static String plain(@Nullable String encoded) {
        String decoded = encoded == null ? "" : UrlEncoding.decode(encoded);
        return decoded == null ? String.valueOf(encoded) : decoded;
    }

    /** The object with exactly that key, else those in the folder of that name; stops after {@link RecordDescription#MAX_FILES} and a page. */
    private static List<S3Page.Item> items(Target target, Transport transport) throws Problem {
        S3Bucket bucket = target.within(target.key());
        List<S3Page.Item> found = new ArrayList<>();
        try (S3Pages pages = new S3Pages(bucket, target.key(), false, transport)) {
            while (pages.more() && found.size() <= RecordDescription.MAX_FILES) {
                for (S3Page.Item item : pages.next()) {
                    if (item.key().equals(target.key()) && !item.folder()) {
                        return List.of(item);
                    }
                    if (!item.folder() && (target.folder() || item.key().startsWith(target.key() + "/"))) {
                        found.add(item);
                    }
                }
            }
        }
        if (found.isEmpty()) {
            throw new Problem(Kind.NETWORK, bucket.subject() + " has no objects", "check its name");
        }
        return found;
    }

    private static String parent(String key) {
        return key.substring(0, key.lastIndexOf('/') + 1);
    }

    private static String name(Target target, String prefix) {
        String[] parts = prefix.isEmpty() ? new String[] {target.bucket()} : prefix.split("/");
        return parts[parts.length - 1];
    }
}
