package org.histods.source.googledrive;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.listing.FileProbe;
import org.histods.transport.Request;
import org.histods.transport.Transport;

/** Describes a single file at Google Drive: its name and, usually, its size. Folders cannot be listed. */
final class GoogleDriveDescriber {

    private static final Pattern FOLDER =
            Pattern.compile("/(?:drive/(?:u/[0-9]+/)?)?(?:folders|folderview)(?:/([A-Za-z0-9_-]{10,80}))?/?");
    private static final Pattern FILE =
            Pattern.compile("/(?:file/(?:u/[0-9]+/)?d|a/[^/]+/file/d)/([A-Za-z0-9_-]{10,80})(?:/.*)?");
    private static final Pattern ID = Pattern.compile("(?:.*&)?id=([A-Za-z0-9_-]{10,80})(?:&.*)?");
    private static final Pattern KEY = Pattern.compile("(?:.*&)?resourcekey=([A-Za-z0-9_-]{10,80})(?:&.*)?");

    private GoogleDriveDescriber() {}

    /** What the host says about the record at that URL; empty if the URL is not one of this kind. */
    static Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        String host = url.getHost() == null ? "" : url.getHost();
        if (!host.matches("(drive|docs|drive\\.usercontent)\\.google\\.com")) {
            return Optional.empty();
        }
        String path = url.getPath() == null ? "" : url.getPath();
        String query = url.getQuery() == null ? "" : url.getQuery();
        if (FOLDER.matcher(path).matches()) {
            throw new Problem(
                    Kind.USAGE,
                    "a folder of Google Drive cannot be listed: its page shows only a part to programs",
                    "open " + url
                            + ", copy the link of each file, give one of them to histods manifest new, and add"
                            + " the others under files with their ids as at");
        }
        Matcher file = FILE.matcher(path);
        Matcher id = ID.matcher(query);
        boolean other = path.matches("/(?:open|uc|download|u/[0-9]+/uc|thumbnail)");
        if (!file.matches() && !(other && id.matches())) {
            return Optional.empty();
        }
        Matcher key = KEY.matcher(query);
        return Optional.of(described(
                String.valueOf(file.matches() ? file.group(1) : id.group(1)),
                key.matches() ? Map.of("resource-key", String.valueOf(key.group(1))) : Map.of(),
                transport));
    }

    private static RecordDescription described(String id, Map<String, String> options, Transport transport)
            throws Problem {
        URI uri = GoogleDriveSource.url(id, options.get("resource-key"));
        RemoteFile requested = RemoteFile.of(new FilePath("google-drive " + id), uri, null, List.of());
        // Without a range: a part of a confirmation page would be useless.
        FileProbe probe = FileProbe.of(new GoogleDriveConfirmation(requested, transport).open(Request.get(uri)));
        String name = probe.name() == null ? id : probe.name();
        return RecordDescription.named(
                RecordDescription.spec(
                        "google-drive",
                        "",
                        options,
                        List.of(RecordDescription.file(name, id, probe.bytes(), List.of()))),
                name,
                "https://drive.google.com/file/d/" + id + "/view",
                "Google Drive");
    }
}
