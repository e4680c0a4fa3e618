package org.histods.source.gcs;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.manifest.PinnedFile;
import org.histods.problem.Problem;
import org.histods.source.RecordDescription;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/** Describes a folder or an object of Google Cloud Storage. */
final class GcsDescriber {

    private static final Pattern FORM = Pattern.compile("(?:gs://"
            + "|https://(?:storage|www)\\.googleapis\\.com/(?:download/)?storage/v1/b/(?=[^/]+/o)"
            + "|https://(?:storage\\.googleapis\\.com|storage\\.cloud\\.google\\.com)/(?!(?:download/)?storage/v1/)"
            + "|https://console\\.cloud\\.google\\.com/storage/browser/(?:_details/)?)"
            + "([a-z0-9][a-z0-9._-]{1,221})(?:/([^?#;]*))?(?:[?#;].*)?");
    private static final Pattern API = Pattern.compile("https://[a-z.]+/(?:download/)?storage/v1/b/");
    private static final Pattern OWN_HOST = Pattern.compile(
            "https://([a-z0-9][a-z0-9._-]{1,221})\\.storage\\.googleapis\\.com(?:/([^?#]*))?(?:[?#].*)?");

    private GcsDescriber() {}

    /** What the host says about the record at that URL; empty if the URL is not one of this kind. */
    static Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        Matcher form = matcher(url.toString());
        if (form == null) {
            return Optional.empty();
        }
        String encoded = form.group(2) == null ? "" : form.group(2);
        if (API.matcher(url.toString()).lookingAt()) {
            encoded = encoded.replaceFirst("^o/?", "");
        }
        String decoded = UrlEncoding.decode(encoded);
        String name = decoded == null ? encoded : decoded;
        GcsBucket whole = new GcsBucket(String.valueOf(form.group(1)), "");
        List<GcsBucket.Item> items = new ArrayList<>();
        boolean one = false;
        for (GcsBucket.Item item : whole.items(name, transport)) {
            one |= item.name().equals(name) && !item.folder();
            boolean below = name.isEmpty() || name.endsWith("/") || item.name().startsWith(name + "/");
            if (!item.folder() && below) {
                items.add(item);
            } else if (item.name().equals(name) && !item.folder()) {
                items.add(0, item);
            }
        }
        return items.isEmpty() ? Optional.empty() : Optional.of(described(whole, name, one, items));
    }

    private static @Nullable Matcher matcher(String url) {
        Matcher form = FORM.matcher(url);
        if (form.matches()) {
            return form;
        }
        Matcher own = OWN_HOST.matcher(url);
        return own.matches() ? own : null;
    }

    private static RecordDescription described(GcsBucket whole, String name, boolean one, List<GcsBucket.Item> items) {
        boolean folder = name.isEmpty() || name.endsWith("/");
        String prefix = one ? name.substring(0, name.lastIndexOf('/') + 1) : folder ? name : name + "/";
        GcsBucket bucket = new GcsBucket(whole.bucket(), prefix);
        List<PinnedFile> files = new ArrayList<>();
        for (GcsBucket.Item item : one ? items.subList(0, 1) : items) {
            files.add(RecordDescription.file(
                    item.name().substring(prefix.length()), null, item.bytes(), item.checksums()));
        }
        String last = prefix.replaceFirst("/$", "").replaceFirst(".*/", "");
        return RecordDescription.named(
                RecordDescription.source("gcs", bucket.subject(), Map.of(), List.of(), files),
                one ? files.get(0).path() : last.isEmpty() ? bucket.bucket() : last,
                one ? bucket.object(name).toString() : bucket.page(),
                null);
    }
}
