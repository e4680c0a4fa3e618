package org.histods.objectstore;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Checksum;
import org.histods.problem.Problem;

/**
 * A folder of a bucket, and the keys in it.
 *
 * @param prefix empty for the whole bucket, else without a slash at its end
 */
public record StoreLocation(String bucket, String prefix) {

    private static final String SCHEME = "s3://";
    private static final Pattern FORM = Pattern.compile("s3://([A-Za-z0-9][A-Za-z0-9._-]{1,254})(?:/(.*))?");

    /** Whether a text begins like the URL of a bucket. */
    public static boolean isStoreUrl(String text) {
        return text.startsWith(SCHEME);
    }

    /**
     * Reads {@code s3://bucket/prefix}.
     *
     * @throws Problem {@code USAGE} if the text is something else
     */
    public static StoreLocation of(String text) throws Problem {
        Matcher form = FORM.matcher(text);
        String prefix = form.matches() && form.group(2) != null ? form.group(2).replaceFirst("/+$", "") : "";
        boolean plain = prefix.isEmpty() || prefix.matches("[^/\\p{Cntrl}]+(/[^/\\p{Cntrl}]+)*");
        if (!form.matches() || !plain || ("/" + prefix + "/").matches(".*/\\.\\.?/.*")) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "'" + text + "' is not a folder of a bucket",
                    "write s3://bucket or s3://bucket/prefix");
        }
        return new StoreLocation(form.group(1), prefix);
    }

    private String below(String path) {
        return prefix.isEmpty() ? path : prefix + "/" + path;
    }

    /** The start of the keys of all files. */
    String files() {
        return below("sha256/");
    }

    /** The key of the file with that SHA-256. */
    String file(Checksum sha256) {
        return files() + sha256.hex();
    }

    /** The start of the keys of all bags. */
    String bags() {
        return below("bags/");
    }

    /** The key of the object that lists the files of a bag: its {@code tagmanifest-sha256.txt}. */
    String bag(DatasetId id, DatasetVersion version) {
        return below("bags/" + id + "/" + version + "/tagmanifest-sha256.txt");
    }

    /** The URL of an object of the bucket, such as {@code s3://bucket/prefix/sha256/…}. */
    String url(String key) {
        return SCHEME + bucket + "/" + key;
    }

    @Override
    public String toString() {
        return SCHEME + bucket + (prefix.isEmpty() ? "" : "/" + prefix);
    }
}
