package org.histods.source.gdc;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.gdc.GdcSource.Entry;
import org.histods.source.listing.FileListing;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.PinnedFiles;
import org.histods.source.listing.SourceProblems;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import tools.jackson.databind.JsonNode;

/**
 * The files of one release of the GDC, as the manifest of that release lists them: a table of {@code id filename md5 size
 * state}, itself a file of the GDC, usually compressed with gzip. It lists all files, so the spec's globs
 * select the dataset.
 */
final class GdcRelease {

    /** The number of files per version request; as in the GDC's own client. */
    private static final int CHUNK = 500;

    private static final int MAX_SHOWN = 20;

    private final SourceSpec spec;
    private final String subject;
    private final Transport transport;

    GdcRelease(SourceSpec spec, String subject, Transport transport) {
        this.spec = spec;
        this.subject = subject;
        this.transport = transport;
    }

    /** The selected files. */
    List<Entry> entries() throws Problem {
        String id = String.valueOf(spec.option(GdcQuery.RELEASE));
        if (!GdcSource.UUID.matcher(id).matches()) {
            throw PinnedFiles.fault(spec, "options." + GdcQuery.RELEASE, "expected the UUID of a release's manifest");
        }
        if (spec.listing().include().isEmpty()) {
            throw PinnedFiles.fault(
                    spec, "include", "is required: the manifest of a release lists all files of the GDC");
        }
        URI uri = GdcSource.data(id);
        List<Entry> entries;
        try (Response response = transport.open(Request.get(uri));
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(plain(response.body()), StandardCharsets.UTF_8))) {
            entries = kept(lines);
        } catch (IOException e) {
            throw new Problem(
                    Kind.NETWORK,
                    subject + ": the manifest of the release, " + uri + ", was interrupted: " + e.getMessage(),
                    "run the same command again later",
                    e);
        } catch (Problem problem) {
            throw problem.message().startsWith(subject) ? problem : SourceProblems.about(subject, null, problem);
        }
        checkCurrent(entries);
        return entries;
    }

    private static InputStream plain(InputStream body) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(body);
        buffered.mark(2);
        boolean packed = buffered.read() == 0x1f && buffered.read() == 0x8b;
        buffered.reset();
        return packed ? new GZIPInputStream(buffered) : buffered;
    }

    private List<Entry> kept(BufferedReader lines) throws IOException, Problem {
        String head = lines.readLine();
        List<String> columns = head == null ? List.of() : List.of(head.strip().split("\t", -1));
        int id = columns.indexOf("id");
        int name = columns.indexOf("filename");
        int md5 = columns.indexOf("md5");
        int size = columns.indexOf("size");
        if (id < 0 || name < 0 || md5 < 0 || size < 0) {
            throw new Problem(
                    Kind.NETWORK,
                    subject + ": the manifest of the release has other columns than id, filename, md5 and size",
                    "compare options." + GdcQuery.RELEASE + " with the GDC's release notes");
        }
        FileListing globs = new FileListing(spec, subject);
        List<Entry> entries = new ArrayList<>();
        int number = 1;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            String[] cells = line.split("\t", -1);
            boolean whole = cells.length == columns.size()
                    && GdcSource.UUID.matcher(cells[id]).matches();
            if (!whole && !line.isBlank()) {
                throw new Problem(
                        Kind.NETWORK,
                        subject + ": line " + number + " of the manifest of the release cannot be read: '"
                                + line.substring(0, Math.min(80, line.length())) + "'");
            }
            if (whole && globs.keeps(cells[name])) {
                Long bytes = cells[size].matches("[0-9]{1,18}") ? Long.valueOf(cells[size]) : null;
                entries.add(new Entry(
                        cells[id],
                        cells[name],
                        "",
                        bytes,
                        cells[md5].isBlank() ? null : cells[md5],
                        Map.of("id", cells[id].toLowerCase(Locale.ROOT))));
            }
        }
        if (entries.isEmpty()) {
            throw new Problem(
                    Kind.USAGE,
                    subject + ": include and exclude match none of the " + (number - 1) + " files of that release",
                    "the globs are matched against file names, such as *.svs");
        }
        return entries;
    }

    /** Releases stay listed, but some of their files are withdrawn: this is reported before terabytes are fetched. */
    private void checkCurrent(List<Entry> entries) throws Problem {
        List<String> gone = new ArrayList<>();
        for (int from = 0; from < entries.size(); from += CHUNK) {
            List<Entry> chunk = entries.subList(from, Math.min(entries.size(), from + CHUNK));
            Map<String, String> latest = latest(chunk.stream().map(Entry::id).toList(), subject, transport);
            for (Entry entry : chunk) {
                String now = latest.get(entry.id().toLowerCase(Locale.ROOT));
                if (now == null) {
                    gone.add(entry.id() + " (" + entry.name() + ") was withdrawn");
                } else if (!now.equalsIgnoreCase(entry.id())) {
                    gone.add(entry.id() + " (" + entry.name() + ") was replaced by " + now);
                }
            }
        }
        if (!gone.isEmpty()) {
            StringBuilder lines = new StringBuilder();
            gone.stream().limit(MAX_SHOWN).forEach(one -> lines.append("\n  ").append(one));
            throw new Problem(
                    Kind.UPSTREAM_CHANGED,
                    subject + ": " + gone.size() + " of the " + entries.size() + " files of that release are no longer"
                            + " current:" + lines
                            + (gone.size() > MAX_SHOWN ? "\n  and " + (gone.size() - MAX_SHOWN) + " more" : ""),
                    "use the manifest of a newer release, or leave these files out with exclude");
        }
    }

    /** The UUID of the newest version, by UUID in lower case; without withdrawn files. */
    static Map<String, String> latest(List<String> ids, String subject, Transport transport) throws Problem {
        Request request =
                Request.postJson(URI.create(GdcSource.API + "files/versions"), JsonResponse.write(Map.of("ids", ids)));
        JsonNode response = JsonResponse.read(transport, request, subject, null);
        Map<String, String> latest = new HashMap<>();
        for (JsonNode version : response.values()) {
            String id = JsonResponse.text(version, "id");
            String now = JsonResponse.text(version, "latest_id");
            if (id != null && now != null) {
                latest.put(id.toLowerCase(Locale.ROOT), now);
            }
        }
        return latest;
    }
}
