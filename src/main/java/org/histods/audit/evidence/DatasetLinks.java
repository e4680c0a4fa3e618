package org.histods.audit.evidence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.dataset.DatasetId;
import org.histods.manifest.Manifest;
import org.histods.manifest.SourceSpec;
import org.jspecify.annotations.Nullable;

/** The DOIs, URLs and file ids of each dataset. One that several datasets have is ignored. */
final class DatasetLinks {

    private static final Pattern DOI = Pattern.compile("\\b10\\.[0-9]{4,9}/[^\\s\"'<>{}|\\\\^`,;\\]]+");
    private static final Pattern URL = Pattern.compile("(?:[a-z][a-z0-9+]*://)[^\\s\"'<>{}|\\\\^`)\\]]+");
    private static final Pattern BARE =
            Pattern.compile("(?<![a-z0-9./-])[a-z0-9-]+(?:\\.[a-z0-9-]+)+/[^\\s\"'<>{}|\\\\^`)\\]]+");
    private static final Pattern TOKEN = Pattern.compile("[a-z0-9_-]{25,}");
    private static final Pattern SLUG = Pattern.compile("(?<![a-z0-9./_-])[a-z0-9][a-z0-9_.-]*/[a-z0-9][a-z0-9_.-]*");

    /** Shorter URLs are whole sites rather than pages of a dataset. */
    private static final int SITE = 12;

    private final Map<String, DatasetId> owners = new HashMap<>();
    private final Set<String> shared = new HashSet<>();

    /** @param links texts that identify a source, beside the URLs in its spec */
    DatasetLinks(List<Manifest> manifests, Function<SourceSpec, List<String>> links) {
        for (Manifest manifest : manifests) {
            if (manifest.publication().doi() != null) {
                own(manifest.publication().doi(), manifest.id());
            }
            url(manifest.publication().landing(), manifest.id());
            for (SourceSpec source : manifest.sources()) {
                links.apply(source).forEach(link -> own(link, manifest.id()));
                url(source.record(), manifest.id());
                source.files().forEach(file -> url(file.at(), manifest.id()));
            }
        }
    }

    private void url(@Nullable String url, DatasetId id) {
        if (url != null && url.contains("://")) {
            own(normalised(url), id);
        }
    }

    private void own(String link, DatasetId id) {
        String key = link.toLowerCase(Locale.ROOT);
        // A host alone, as of a source without a record, is not an address of this dataset.
        if (key.length() < SITE || !key.matches(".*[/.].*|.{25,}") || key.indexOf('/') == key.length() - 1) {
            return;
        }
        DatasetId before = owners.putIfAbsent(key, id);
        if (before != null && !before.equals(id)) {
            shared.add(key);
        }
    }

    /** A URL without the parts that may vary: scheme, www, trailing slash. */
    private static String normalised(String url) {
        return url.toLowerCase(Locale.ROOT)
                .replaceFirst("^https?://", "")
                .replaceFirst("^www\\.", "")
                .replaceFirst("[/.,;:?#]+$", "");
    }

    /** The datasets that a line links to, each with the link. */
    Map<DatasetId, String> in(String line) {
        Map<DatasetId, String> found = new LinkedHashMap<>();
        for (List<String> candidates : candidates(line)) {
            for (String link : candidates) {
                DatasetId id = shared.contains(link) ? null : owners.get(link);
                if (id != null) {
                    found.putIfAbsent(id, link);
                    break;
                }
            }
        }
        return found;
    }

    /** Whether some dataset, or several, have that address, a folder that it is in, or something in it. */
    boolean knows(String address) {
        boolean has = candidates(address).stream().flatMap(List::stream).anyMatch(owners::containsKey);
        String below = normalised(address) + "/";
        String slug = address.toLowerCase(Locale.ROOT).replaceFirst("^https?://[^/]+/(?:datasets/)?", "");
        return has
                || owners.containsKey(slug)
                || owners.containsKey(slug.replaceFirst("^(?:file/d/|drive/folders/)", ""))
                || owners.keySet().stream().anyMatch(owned -> owned.startsWith(below));
    }

    /** What may be a link in a line; for each URL also its parent paths, longest first. */
    private static List<List<String>> candidates(String written) {
        String line = written.toLowerCase(Locale.ROOT);
        List<List<String>> candidates = new ArrayList<>();
        if (line.contains("10.")) {
            all(DOI, line).forEach(doi -> candidates.add(List.of(doi.replaceFirst("[/.,;:)]+$", ""))));
        }
        if (line.contains("/")) {
            all(URL, line).forEach(url -> candidates.add(withParents(normalised(url))));
            all(BARE, line).forEach(url -> candidates.add(withParents(normalised(url))));
            all(SLUG, line).forEach(slug -> candidates.add(List.of(slug)));
        }
        all(TOKEN, line).forEach(token -> candidates.add(List.of(token)));
        return candidates;
    }

    private static List<String> withParents(String url) {
        List<String> all = new ArrayList<>(List.of(url));
        String at = url.replaceFirst("[?#].*", "");
        while (at.length() >= SITE) {
            all.add(at);
            all.add(at + "/");
            int slash = at.lastIndexOf('/');
            at = slash < 0 ? "" : at.substring(0, slash);
        }
        return all;
    }

    private static List<String> all(Pattern pattern, String line) {
        List<String> all = new ArrayList<>();
        Matcher matcher = pattern.matcher(line);
        while (matcher.find()) {
            all.add(matcher.group());
        }
        return all;
    }
}
