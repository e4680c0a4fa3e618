package org.histods.source.archiveorg;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
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
 * The Internet Archive. A record is the identifier of an item. Listed are the files that were uploaded, not those that
 * the archive made of them.
 */
public final class ArchiveOrgSource implements Source {

    private static final Pattern ITEM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,100}");
    private static final Set<String> OF_THE_ARCHIVE = Set.of("Metadata", "Item Tile", "Archive BitTorrent");

    /** @param closed whether only some accounts may read it */
    record Entry(String name, @Nullable Long bytes, List<Stated> sums, boolean closed) {}

    @Override
    public String kind() {
        return "archive-org";
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
                : PinnedFiles.remotes(spec, file -> List.of(address(item, PinnedFiles.name(file))));
    }

    private static List<RemoteFile> listed(SourceSpec spec, String item, Transport transport) throws Problem {
        FileListing listing = new FileListing(spec, subject(item));
        for (Entry entry : entries(read(item, transport))) {
            if (entry.closed() && listing.keeps(entry.name())) {
                throw new Problem(
                        Kind.PERSON,
                        subject(item) + ": " + entry.name() + " is not open to everybody",
                        "look at " + page(item) + " and bring the file with --from, or exclude it");
            }
            listing.add(entry.name(), List.of(address(item, entry.name())), entry.bytes(), entry.sums());
        }
        return listing.files();
    }

    static String subject(String item) {
        return "archive-org item " + item;
    }

    static String page(String item) {
        return "https://archive.org/details/" + item;
    }

    private static URI address(String item, String name) {
        return UrlEncoding.https("archive.org", "download/" + item + "/" + name);
    }

    /** What the archive says of the item. It answers an empty object for one that it has not. */
    static JsonNode read(String item, Transport transport) throws Problem {
        Request request = Request.get(URI.create("https://archive.org/metadata/" + item));
        JsonNode answer = JsonResponse.read(transport, request, subject(item), page(item));
        String error = JsonResponse.text(answer, "error");
        if (answer.isEmpty() || error != null) {
            throw new Problem(
                    Kind.NETWORK,
                    subject(item) + " is not there" + (error == null ? "" : ": the host says " + error),
                    "look at " + page(item));
        }
        if (answer.path("is_dark").asBoolean(false)) {
            throw new Problem(
                    Kind.NETWORK,
                    subject(item) + " was withdrawn: the archive keeps it and shows it to nobody",
                    "try another source with --source");
        }
        return answer;
    }

    static List<Entry> entries(JsonNode answer) {
        List<Entry> entries = new ArrayList<>();
        for (JsonNode file : answer.path("files").values()) {
            String source = JsonResponse.text(file, "source");
            String format = JsonResponse.text(file, "format");
            boolean uploaded = source == null || source.equals("original");
            if (uploaded && (format == null || !OF_THE_ARCHIVE.contains(format))) {
                entries.add(entry(file));
            }
        }
        return entries;
    }

    private static Entry entry(JsonNode file) {
        String size = JsonResponse.text(file, "size");
        List<Stated> sums = new ArrayList<>();
        for (Algorithm algorithm : List.of(Algorithm.SHA1, Algorithm.MD5)) {
            sums.addAll(StatedChecksums.hex(algorithm, JsonResponse.text(file, algorithm.word()), "Internet Archive"));
        }
        return new Entry(
                JsonResponse.name(file, "name"),
                size != null && size.matches("[0-9]{1,18}") ? Long.valueOf(size) : null,
                sums,
                "true".equals(JsonResponse.text(file, "private"))
                        || file.path("private").asBoolean(false));
    }
}
