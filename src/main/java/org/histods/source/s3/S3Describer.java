package org.histods.source.s3;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.dataset.DatasetVersion;
import org.histods.manifest.License;
import org.histods.manifest.PinnedFile;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/** Describes an object or a folder of a public bucket: what is there and what its entity tags say. */
final class S3Describer {

    private static final Pattern S3 = Pattern.compile("(?:s3://|arn:aws:s3:::)([A-Za-z0-9._-]+)/?(.*)");
    private static final String AMAZON = "s3(?:[.-](?:dualstack\\.)?([a-z0-9-]+))?\\.amazonaws\\.com";
    private static final Pattern HOST =
            Pattern.compile("https?://([A-Za-z0-9._-]+?)\\." + AMAZON + "(?:/([^?#]*))?(?:[?#].*)?");
    private static final Pattern PATH =
            Pattern.compile("https?://" + AMAZON + "/([A-Za-z0-9._-]+)(?:/([^?#]*))?(?:[?#].*)?");

    /** Servers that are not Amazon's and are called so by custom. */
    private static final Pattern OTHER = Pattern.compile(
            "(https?://s3\\.[a-z0-9.-]+\\.[a-z]{2,}(?::[0-9]+)?)/([A-Za-z0-9._-]+)(?:/([^?#]*))?(?:[?#].*)?");

    /** Pages at which a bucket shows itself have what is looked at behind a hash. */
    private static final Pattern BROWSER = Pattern.compile("https?://([A-Za-z0-9._-]+?)\\.(?:" + AMAZON
            + "|s3-website[.-]([a-z0-9-]+)\\.amazonaws\\.com)" + "/(?:index\\.html)?#(.*)");

    private static final Pattern CONSOLE = Pattern.compile(
            "https://(?:s3\\.|([a-z0-9-]+)\\.)?console\\.aws\\.amazon\\.com/s3/(?:buckets|object)/([A-Za-z0-9._-]+)(?:\\?(.*))?");
    private static final Pattern PREFIX = Pattern.compile("(?:.*&)?prefix=([^&]*).*");
    private static final Pattern REGION = Pattern.compile("(?:.*&)?region=([a-z0-9-]+).*");

    private S3Describer() {}

    /** What the host says about the record at that URL; empty where the URL is not one of this kind. */
    static Optional<RecordDescription> describe(URI address, Transport transport) throws Problem {
        Asked asked = asked(address.toString());
        if (asked == null) {
            return Optional.empty();
        }
        List<S3Page.Item> items = items(asked, transport);
        boolean one = items.size() == 1 && items.get(0).key().equals(asked.key());
        String prefix = one || asked.folder() ? parent(asked.key()) : asked.key() + "/";
        List<PinnedFile> files = new ArrayList<>();
        for (S3Page.Item item : items) {
            files.add(RecordDescription.file(item.key().substring(prefix.length()), null, item.bytes(), item.sums()));
        }
        String record = "s3://" + asked.bucket() + "/" + prefix;
        return Optional.of(new RecordDescription(
                files.size() <= RecordDescription.MOST
                        ? RecordDescription.spec("s3", record, asked.options(), files)
                        : RecordDescription.query(
                                "s3",
                                record,
                                asked.options(),
                                List.of(),
                                "more than " + RecordDescription.MOST + " files"),
                one ? files.get(0).path() : name(asked, prefix),
                null,
                List.of(),
                null,
                License.UNKNOWN,
                null,
                DatasetVersion.UNVERSIONED,
                asked.within("").object(one ? asked.key() : prefix).toString(),
                null));
    }

    /**
     * What an address points to.
     *
     * @param endpoint of a server that is not Amazon's
     * @param key of an object or the beginning of keys; empty for the whole bucket
     */
    private record Asked(
            String bucket,
            @Nullable String region,
            @Nullable URI endpoint,
            String key) {

        Asked(String bucket, @Nullable String region, String key) {
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

    private static @Nullable Asked asked(String address) {
        Matcher s3 = S3.matcher(address);
        if (s3.matches()) {
            return new Asked(s3.group(1), null, plain(s3.group(2)));
        }
        Matcher console = CONSOLE.matcher(address);
        if (console.matches()) {
            return console(console);
        }
        Matcher browser = BROWSER.matcher(address);
        if (browser.matches()) {
            String region = browser.group(2) == null ? browser.group(3) : browser.group(2);
            return new Asked(browser.group(1), region, plain(browser.group(4)));
        }
        Matcher path = PATH.matcher(address);
        if (path.matches()) {
            return new Asked(path.group(2), path.group(1), plain(path.group(3)));
        }
        Matcher host = HOST.matcher(address);
        if (host.matches()) {
            return new Asked(host.group(1), host.group(2), plain(host.group(3)));
        }
        Matcher other = OTHER.matcher(address);
        return other.matches()
                ? new Asked(other.group(2), null, URI.create(other.group(1)), plain(other.group(3)))
                : null;
    }

    /** A page of Amazon's console, whose address says bucket, region and folder. */
    private static Asked console(Matcher page) {
        String query = page.group(3) == null ? "" : page.group(3);
        Matcher prefix = PREFIX.matcher(query);
        Matcher region = REGION.matcher(query);
        return new Asked(
                page.group(2),
                region.matches() ? region.group(1) : page.group(1),
                plain(prefix.matches() ? prefix.group(1) : ""));
    }

    private static String plain(@Nullable String encoded) {
        String decoded = encoded == null ? "" : UrlEncoding.decode(encoded);
        return decoded == null ? String.valueOf(encoded) : decoded;
    }

    /** The object of exactly that key, else what lies in the folder of that name; one more than the most at the most. */
    private static List<S3Page.Item> items(Asked asked, Transport transport) throws Problem {
        S3Bucket bucket = asked.within(asked.key());
        List<S3Page.Item> found = new ArrayList<>();
        S3Pages pages = new S3Pages(bucket, asked.key(), transport);
        while (pages.more() && found.size() <= RecordDescription.MOST) {
            for (S3Page.Item item : pages.next()) {
                if (item.key().equals(asked.key()) && !item.folder()) {
                    return List.of(item);
                }
                if (!item.folder() && (asked.folder() || item.key().startsWith(asked.key() + "/"))) {
                    found.add(item);
                }
            }
        }
        if (found.isEmpty()) {
            throw new Problem(Kind.NETWORK, bucket.subject() + " holds nothing", "look for a slip in its name");
        }
        return found;
    }

    private static String parent(String key) {
        return key.substring(0, key.lastIndexOf('/') + 1);
    }

    private static String name(Asked asked, String prefix) {
        String[] parts = prefix.isEmpty() ? new String[] {asked.bucket()} : prefix.split("/");
        return parts[parts.length - 1];
    }
}
