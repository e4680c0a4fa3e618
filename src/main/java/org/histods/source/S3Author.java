package org.histods.source;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.manifest.License;
import org.histods.manifest.PinnedFile;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/** Describes an object or a folder of a public bucket: what is there and what its entity tags say. */
final class S3Author implements Author {

    /** Above this a folder is listed anew at each pull; a manifest is for people to read. */
    private static final int MOST = 200;

    private static final Pattern S3 = Pattern.compile("s3://([A-Za-z0-9._-]+)/?(.*)");
    private static final String AMAZON = "s3(?:[.-]([a-z0-9-]+))?\\.amazonaws\\.com";
    private static final Pattern HOST =
            Pattern.compile("https?://([A-Za-z0-9._-]+?)\\." + AMAZON + "(?:/([^?#]*))?(?:[?#].*)?");
    private static final Pattern PATH =
            Pattern.compile("https?://" + AMAZON + "/([A-Za-z0-9._-]+)(?:/([^?#]*))?(?:[?#].*)?");

    @Override
    public Optional<Described> describe(URI address, Transport transport) throws Problem {
        Asked asked = asked(address.toString());
        if (asked == null) {
            return Optional.empty();
        }
        List<S3Page.Item> items = items(asked, transport);
        boolean one = items.size() == 1 && items.get(0).key().equals(asked.key());
        String prefix = one || asked.folder() ? parent(asked.key()) : asked.key() + "/";
        List<PinnedFile> files = new ArrayList<>();
        for (S3Page.Item item : items) {
            files.add(Described.file(item.key().substring(prefix.length()), null, item.bytes(), item.sums()));
        }
        String record = "s3://" + asked.bucket() + "/" + prefix;
        Map<String, String> options = asked.region() == null ? Map.of() : Map.of("region", asked.region());
        return Optional.of(new Described(
                Described.spec("s3", record, options, files.size() > MOST ? List.of() : files),
                one ? files.get(0).path() : name(asked, prefix),
                null,
                List.of(),
                null,
                License.UNKNOWN,
                null,
                Described.UNVERSIONED,
                new S3Bucket(asked.bucket(), "", asked.region(), null)
                        .object(one ? asked.key() : prefix)
                        .toString(),
                null));
    }

    /** @param key of an object or the beginning of keys; empty for the whole bucket */
    private record Asked(String bucket, @Nullable String region, String key) {
        boolean folder() {
            return key.isEmpty() || key.endsWith("/");
        }
    }

    private static @Nullable Asked asked(String address) {
        Matcher s3 = S3.matcher(address);
        if (s3.matches()) {
            return new Asked(s3.group(1), null, plain(s3.group(2)));
        }
        Matcher path = PATH.matcher(address);
        if (path.matches()) {
            return new Asked(path.group(2), path.group(1), plain(path.group(3)));
        }
        Matcher host = HOST.matcher(address);
        return host.matches() ? new Asked(host.group(1), host.group(2), plain(host.group(3))) : null;
    }

    private static String plain(@Nullable String encoded) {
        String decoded = encoded == null ? "" : Percent.decode(encoded);
        return decoded == null ? String.valueOf(encoded) : decoded;
    }

    /** The object of exactly that key, else what lies in the folder of that name; one more than the most at the most. */
    private static List<S3Page.Item> items(Asked asked, Transport transport) throws Problem {
        S3Bucket bucket = new S3Bucket(asked.bucket(), asked.key(), asked.region(), null);
        List<S3Page.Item> found = new ArrayList<>();
        S3Pages pages = new S3Pages(bucket, asked.key(), transport);
        while (pages.more() && found.size() <= MOST) {
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
