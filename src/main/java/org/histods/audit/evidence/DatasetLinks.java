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

/** The DOIs, addresses and file ids that lead to a dataset. One that leads to several is left out. */
final class DatasetLinks {

    private static final Pattern DOI = Pattern.compile("\\b10\\.[0-9]{4,9}/[^\\s\"'<>{}|\\\\^`,;\\]]+");
    private static final Pattern ADDRESS = Pattern.compile("(?:[a-z][a-z0-9+]*://)[^\\s\"'<>{}|\\\\^`)\\]]+");
    private static final Pattern BARE =
            Pattern.compile("(?<![a-z0-9./-])[a-z0-9-]+(?:\\.[a-z0-9-]+)+/[^\\s\"'<>{}|\\\\^`)\\]]+");
    private static final Pattern TOKEN = Pattern.compile("[a-z0-9_-]{25,}");
    private static final Pattern SLUG = Pattern.compile("(?<![a-z0-9./_-])[a-z0-9][a-z0-9_.-]*/[a-z0-9][a-z0-9_.-]*");

    /** Below this, an address is a whole site rather than a dataset's page. */
    private static final int SITE = 12;

    private final Map<String, DatasetId> owners = new HashMap<>();
    private final Set<String> shared = new HashSet<>();

    /** @param links texts that identify a source, beside the URLs in its spec */
    DatasetLinks(List<Manifest> manifests, Function<SourceSpec, List<String>> links) {
        for (Manifest manifest : manifests) {
            if (manifest.doi() != null) {
                own(manifest.doi(), manifest.id());
            }
            address(manifest.landing(), manifest.id());
            for (SourceSpec source : manifest.sources()) {
                links.apply(source).forEach(link -> own(link, manifest.id()));
                address(source.record(), manifest.id());
                source.files().forEach(file -> address(file.at(), manifest.id()));
            }
        }
    }

    private void address(@Nullable String address, DatasetId id) {
        if (address != null && address.contains("://")) {
            own(plain(address), id);
        }
    }

    private void own(String pointer, DatasetId id) {
        String key = pointer.toLowerCase(Locale.ROOT);
        if (key.length() < SITE || !key.matches(".*[/.].*|.{25,}")) {
            return;
        }
        DatasetId before = owners.putIfAbsent(key, id);
        if (before != null && !before.equals(id)) {
            shared.add(key);
        }
    }

    /** An address without what may be written so or so. */
    private static String plain(String address) {
        return address.toLowerCase(Locale.ROOT)
                .replaceFirst("^https?://", "")
                .replaceFirst("^www\\.", "")
                .replaceFirst("[/.,;:?#]+$", "");
    }

    /** The datasets that a line leads to, each with what leads there. */
    Map<DatasetId, String> in(String line) {
        Map<DatasetId, String> found = new LinkedHashMap<>();
        for (List<String> pointers : pointers(line)) {
            for (String pointer : pointers) {
                DatasetId id = shared.contains(pointer) ? null : owners.get(pointer);
                if (id != null) {
                    found.putIfAbsent(id, pointer);
                    break;
                }
            }
        }
        return found;
    }

    /** What in a line may be a pointer; of an address also those above it, the longest first. */
    private static List<List<String>> pointers(String written) {
        String line = written.toLowerCase(Locale.ROOT);
        List<List<String>> pointers = new ArrayList<>();
        if (line.contains("10.")) {
            all(DOI, line).forEach(doi -> pointers.add(List.of(doi.replaceFirst("[/.,;:)]+$", ""))));
        }
        if (line.contains("/")) {
            all(ADDRESS, line).forEach(address -> pointers.add(above(plain(address))));
            all(BARE, line).forEach(address -> pointers.add(above(plain(address))));
            all(SLUG, line).forEach(slug -> pointers.add(List.of(slug)));
        }
        all(TOKEN, line).forEach(token -> pointers.add(List.of(token)));
        return pointers;
    }

    private static List<String> above(String address) {
        List<String> all = new ArrayList<>(List.of(address));
        String at = address.replaceFirst("[?#].*", "");
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
