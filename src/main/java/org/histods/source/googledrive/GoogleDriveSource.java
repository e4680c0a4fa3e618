package org.histods.source.googledrive;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.source.listing.PinnedFiles;
import org.histods.transport.HostPolicy;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Google Drive. Each file is pinned by its id as {@code at}; the record may name their folder, for readers of
 * the manifest. Folders are not listed: without a key for Google's API, only a web page with a part of the files exists.
 */
public final class GoogleDriveSource implements Source {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{10,80}");
    private static final Pattern FILE_PAGE = Pattern.compile("https://(?:drive|docs)\\.google\\.com/"
            + "(?:file/d/([A-Za-z0-9_-]{10,80})(?:[/?].*)?|(?:open|uc)\\?(?:.*&)?id=([A-Za-z0-9_-]{10,80})(?:&.*)?)"
            + "|https://drive\\.usercontent\\.google\\.com/download\\?(?:.*&)?id=([A-Za-z0-9_-]{10,80})(?:&.*)?");

    @Override
    public String kind() {
        return "google-drive";
    }

    @Override
    public Map<String, String> codePatterns() {
        return Map.of(
                "drive\\.google\\.com/(?:drive/(?:u/[0-9]/)?)?(folders/[\\w-]{20,})",
                "https://drive.google.com/drive/$",
                "drive\\.google\\.com/(?:file/d/|uc\\?(?:[^\\s\"']*&)?id=|open\\?id=)([\\w-]{20,})",
                "https://drive.google.com/file/d/$",
                "\\bgdown\\b[^#]*?(?<![\\w/=-])(?:id=)?[\"']?([A-Za-z0-9_-]{28,44})(?![\\w/.-])",
                "https://drive.google.com/file/d/$");
    }

    @Override
    public Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        return GoogleDriveDescriber.describe(url, transport);
    }

    /** Google Drive counts downloads of a file and blocks it for a day. */
    @Override
    public Map<String, HostPolicy> policies() {
        return Map.of(
                "drive.google.com", new HostPolicy(1, 30, 1),
                "docs.google.com", new HostPolicy(1, 30, 1),
                "drive.usercontent.google.com", new HostPolicy(1, 30, 1));
    }

    @Override
    public List<String> links(SourceSpec spec) {
        List<String> ids = new ArrayList<>(List.of(spec.record()));
        for (PinnedFile file : spec.files()) {
            String id = file.at() == null ? null : id(file.at());
            if (id != null) {
                ids.add(id);
            }
        }
        return ids;
    }

    /** Files of Google Drive are asked for one by one. */
    @Override
    public Optional<SourceSpec> unpinned(SourceSpec spec) {
        return spec.files().isEmpty() ? Optional.of(spec) : Optional.empty();
    }

    @Override
    public List<String> hostsWithoutCredentials() {
        return List.of("google.com", "googleusercontent.com");
    }

    @Override
    public List<RemoteFile> resolve(SourceSpec spec, Transport transport) throws Problem {
        if (!spec.record().isEmpty() && !ID.matcher(spec.record()).matches()) {
            throw PinnedFiles.fault(
                    spec, "record", "expected the id of a folder, or nothing where each file has its id in at");
        }
        String key = spec.option("resource-key");
        if (key != null && !ID.matcher(key).matches()) {
            throw PinnedFiles.fault(
                    spec, "options.resource-key", "expected a key such as \"0-FREBAxB4QK4bt9Zch_g5Mg\"");
        }
        if (spec.files().isEmpty()) {
            throw folder(spec, key);
        }
        PinnedFiles.noFolders(spec);
        List<RemoteFile> files = new ArrayList<>();
        for (PinnedFile file : spec.files()) {
            PinnedFiles.path(spec, file);
            String id = file.at() == null ? null : id(file.at());
            if (id == null) {
                throw PinnedFiles.fault(spec, file, "at", "expected the id of the file at Google Drive");
            }
            files.add(PinnedFiles.remote(spec, file, List.of(url(id, key))));
        }
        return files;
    }

    private static Problem folder(SourceSpec spec, @Nullable String key) {
        if (spec.record().isEmpty()) {
            return PinnedFiles.fault(spec, "files", "expected files with their ids in at");
        }
        String page =
                "https://drive.google.com/drive/folders/" + spec.record() + (key == null ? "" : "?resourcekey=" + key);
        return new Problem(
                Kind.PERSON,
                "google-drive folder " + spec.record() + " cannot be listed",
                "download it at " + page + " and pass the files with --from, or list the files' ids in the manifest");
    }

    /** The id in the text, which is an id or a URL of a file; null if there is none. */
    static @Nullable String id(String text) {
        if (ID.matcher(text).matches()) {
            return text;
        }
        Matcher page = FILE_PAGE.matcher(text);
        if (!page.matches()) {
            return null;
        }
        String first = page.group(1) == null ? page.group(2) : page.group(1);
        return first == null ? page.group(3) : first;
    }

    /** The download URL. Links from before September 2021 contain a resource key, which is not a secret. */
    static URI url(String id, @Nullable String key) {
        return URI.create(
                "https://drive.google.com/uc?export=download&id=" + id + (key == null ? "" : "&resourcekey=" + key));
    }

    /**
     * Requests the file and confirms the warning page if there is one. Only a response with a file name counts as the
     * file; a page never does.
     */
    @Override
    public Response open(RemoteFile file, URI uri, long from, long to, @Nullable String ifRange, Transport transport)
            throws Problem {
        return new GoogleDriveConfirmation(file, transport)
                .open(Request.get(uri).range(from, to).ifRange(ifRange));
    }
}
