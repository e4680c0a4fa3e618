package org.histods.source.listing;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.histods.digest.FilePath;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Stated;

/** Converts the files pinned in a manifest to remote files. Problems are {@code USAGE} and name the field. */
public final class PinnedFiles {

    private PinnedFiles() {}

    /** The pinned file at these URLs, with the manifest's size and checksums. */
    public static RemoteFile remote(SourceSpec spec, PinnedFile file, List<URI> uris) throws Problem {
        return new RemoteFile(path(spec, file), uris, file.bytes(), checksums(file), false, null);
    }

    /** Finds the URLs of a pinned file. */
    @FunctionalInterface
    public interface Locator {
        List<URI> urls(PinnedFile file) throws Problem;
    }

    /**
     * All pinned files: each at the URL in its {@code at}, else at the URLs that the locator finds.
     *
     * @throws Problem {@code USAGE} for a folder or an unsafe path
     */
    public static List<RemoteFile> remotes(SourceSpec spec, Locator locator) throws Problem {
        noFolders(spec);
        List<RemoteFile> files = new ArrayList<>();
        for (PinnedFile file : spec.files()) {
            path(spec, file);
            files.add(remote(spec, file, hasUrl(file) ? List.of(url(spec, file)) : locator.urls(file)));
        }
        return files;
    }

    static List<Stated> checksums(PinnedFile file) {
        return file.checksums().stream()
                .map(p -> new Stated(p.checksum(), p.by()))
                .toList();
    }

    public static FilePath path(SourceSpec spec, PinnedFile file) throws Problem {
        String fault = FilePath.fault(file.plainPath());
        if (fault != null) {
            throw fault(spec, file, "path", "'" + file.path() + "' is unsafe: " + fault);
        }
        return new FilePath(file.plainPath());
    }

    /** Refuses pinned folders, for kinds whose hosts have files only. */
    public static void noFolders(SourceSpec spec) throws Problem {
        for (PinnedFile file : spec.files()) {
            if (file.folder()) {
                throw fault(spec, file, "path", "a folder cannot be pinned at a source of kind " + spec.kind());
            }
        }
    }

    /** Whether {@code at} is a URL, not a name at the source. */
    public static boolean hasUrl(PinnedFile file) {
        return file.at() != null && file.at().matches("[A-Za-z][A-Za-z0-9+.-]*://.*");
    }

    /** The file's name at the source: {@code at}, else its path without a folder's slash. */
    public static String name(PinnedFile file) {
        String name = file.at() == null ? file.plainPath() : file.at();
        return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    }

    /** The http or https URL in {@code at}. */
    public static URI url(SourceSpec spec, PinnedFile file) throws Problem {
        try {
            return webAddress(file.at() == null ? "" : file.at());
        } catch (IllegalArgumentException e) {
            throw fault(spec, file, "at", String.valueOf(e.getMessage()));
        }
    }

    /**
     * Parses an http or https URL without user info.
     *
     * @throws IllegalArgumentException if it is not one; the message says why
     */
    public static URI webAddress(String text) {
        URI uri = URI.create(text);
        boolean web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
        if (!web || uri.getHost() == null) {
            throw new IllegalArgumentException("'" + text + "' is not an https URL");
        }
        if (uri.getUserInfo() != null) {
            throw new IllegalArgumentException("a URL must not contain a password");
        }
        return uri;
    }

    /** A problem with one pinned file. */
    public static Problem fault(SourceSpec spec, PinnedFile file, String field, String what) {
        int index = spec.files().indexOf(file);
        return new Problem(
                Kind.USAGE,
                spec.kind() + " source " + spec.record() + ": files[" + index + "]." + field + ": " + what,
                "correct the manifest; `histods manifest lint FILE` checks it");
    }

    /** A problem with the source as a whole. */
    public static Problem fault(SourceSpec spec, String field, String what) {
        return new Problem(
                Kind.USAGE,
                spec.kind() + " source" + (spec.record().isEmpty() ? "" : " " + spec.record()) + ": " + field + ": "
                        + what,
                "correct the manifest; see docs/sources.md for what each kind needs");
    }
}
