package org.histods.source.archiveorg;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.histods.digest.Algorithm;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Stated;
import org.histods.source.Source;
import org.histods.source.listing.FileListing;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.PinnedFiles;
import org.histods.source.listing.StatedChecksums;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The Internet Archive. A record is the identifier of an item. Lists the uploaded files, not those that
 * the archive derived from them.
 */
public final class ArchiveOrgSource implements Source {

    private static final Pattern ITEM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,100}");
    private static final Set<String> ADDED_BY_ARCHIVE = Set.of("Metadata", "Item Tile", "Archive BitTorrent");

    /** @param closed whether it needs an account with access */
    record Entry(String name, @Nullable Long bytes, List<Stated> checksums, boolean closed) {}

    @Override
    public String kind() {
        return "archive-org";
    }

    @Override
    public Map<String, String> codePatterns() {
        return Map.of("archive\\.org/(?:details|download)/([\\w.-]+)", "https://archive.org/details/$");
    }

    @Override
    public Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        return ArchiveOrgDescriber.describe(url, transport);
    }

    @Override
    public List<RemoteFile> resolve(SourceSpec spec, Transport transport) throws Problem {
        String item = spec.record();
        if (!ITEM.matcher(item).matches()) {
            throw PinnedFiles.fault(spec, "record", "expected the identifier of an item, such as \"LC25000-dataset\"");
        }
        return spec.files().isEmpty()
                ? listed(spec, item, transport)
                : PinnedFiles.remotes(spec, file -> List.of(url(item, PinnedFiles.name(file))));
    }

    private static List<RemoteFile> listed(SourceSpec spec, String item, Transport transport) throws Problem {
        FileListing listing = new FileListing(spec, subject(item));
        for (Entry entry : entries(read(item, transport))) {
            if (entry.closed() && listing.keeps(entry.name())) {
                throw new Problem(
                        Kind.PERSON,
                        subject(item) + ": " + entry.name() + " is not public",
                        "look at " + page(item) + " and pass the file with --from, or exclude it");
            }
            listing.add(entry.name(), List.of(url(item, entry.name())), entry.bytes(), entry.checksums());
        }
        return listing.files();
    }

    static String subject(String item) {
        return "archive-org item " + item;
    }

    static String page(String item) {
        return "https://archive.org/details/" + item;
    }

    private static URI url(String item, String name) {
        return UrlEncoding.https("archive.org", "download/" + item + "/" + name);
    }

    /** The archive's description of the item. For an unknown item the archive responds with an empty object. */
    static JsonNode read(String item, Transport transport) throws Problem {
        Request request = Request.get(URI.create("https://archive.org/metadata/" + item));
        JsonNode response = JsonResponse.read(transport, request, subject(item), page(item));
        String error = JsonResponse.text(response, "error");
        if (response.isEmpty() || error != null) {
            throw new Problem(
                    Kind.NETWORK,
                    subject(item) + " was not found" + (error == null ? "" : ": the host says " + error),
                    "look at " + page(item));
        }
        if (response.path("is_dark").asBoolean(false)) {
            throw new Problem(
                    Kind.NETWORK, subject(item) + " was withdrawn by the archive", "try another source with --source");
        }
        return response;
    }

    static List<Entry> entries(JsonNode response) {
        List<Entry> entries = new ArrayList<>();
        for (JsonNode file : response.path("files").values()) {
            String source = JsonResponse.text(file, "source");
            String format = JsonResponse.text(file, "format");
            boolean uploaded = source == null || source.equals("original");
            if (uploaded && (format == null || !ADDED_BY_ARCHIVE.contains(format))) {
                entries.add(entry(file));
            }
        }
        return entries;
    }

    private static Entry entry(JsonNode file) {
        String size = JsonResponse.text(file, "size");
        List<Stated> checksums = new ArrayList<>();
        for (Algorithm algorithm : List.of(Algorithm.SHA1, Algorithm.MD5)) {
            checksums.addAll(
                    StatedChecksums.hex(algorithm, JsonResponse.text(file, algorithm.word()), "Internet Archive"));
        }
        return new Entry(
                JsonResponse.name(file, "name"),
                size != null && size.matches("[0-9]{1,18}") ? Long.valueOf(size) : null,
                checksums,
                "true".equals(JsonResponse.text(file, "private"))
                        || file.path("private").asBoolean(false));
    }
}
