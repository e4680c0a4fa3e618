package org.histods.source.listing;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.histods.digest.FilePath;
import org.histods.digest.Glob;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Stated;
import org.jspecify.annotations.Nullable;

/**
 * Collects the files that a host lists. Applies the spec's include and exclude globs, and refuses unsafe names. Names are
 * never repaired, because the file could not be identified later.
 */
public final class FileListing {

    /** How many characters of a path messages have at most. */
    private static final int SHOWN = 200;

    private final String subject;
    private final List<Glob> include;
    private final List<Glob> exclude;
    private final Map<FilePath, RemoteFile> files = new LinkedHashMap<>();
    private int seen;

    /** @param subject the record, for messages, such as {@code zenodo record 1214456} */
    public FileListing(SourceSpec spec, String subject) throws Problem {
        this.subject = subject;
        include = globs(spec, "include", spec.listing().include());
        exclude = globs(spec, "exclude", spec.listing().exclude());
    }

    private static List<Glob> globs(SourceSpec spec, String field, List<String> texts) throws Problem {
        try {
            return texts.stream().map(Glob::of).toList();
        } catch (IllegalArgumentException e) {
            throw PinnedFiles.fault(spec, field, String.valueOf(e.getMessage()));
        }
    }

    /** A listing without globs. */
    public FileListing(String subject) {
        this.subject = subject;
        include = List.of();
        exclude = List.of();
    }

    /** Whether the globs keep a file with that path. */
    public boolean keeps(String path) {
        return (include.isEmpty() || include.stream().anyMatch(glob -> glob.matches(path)))
                && exclude.stream().noneMatch(glob -> glob.matches(path));
    }

    /** Whether the globs may keep a file below that folder, which ends with a slash. */
    public boolean mayKeepBelow(String folder) {
        return include.isEmpty() || include.stream().anyMatch(glob -> glob.mayMatchBelow(folder));
    }

    public void add(String path, List<URI> uris, @Nullable Long bytes, List<Stated> checksums) throws Problem {
        add(path, uris, bytes, checksums, false);
    }

    /**
     * Adds a file that the host lists.
     *
     * @throws Problem {@code WRONG_BYTES} if the name is unsafe or listed twice
     */
    public void add(String path, List<URI> uris, @Nullable Long bytes, List<Stated> checksums, boolean executable)
            throws Problem {
        add(path, uris, bytes, checksums, executable, Map.of());
    }

    /** Adds a file of whose content the host states something. */
    public void add(
            String path, List<URI> uris, @Nullable Long bytes, List<Stated> checksums, Map<String, String> attributes)
            throws Problem {
        add(path, uris, bytes, checksums, false, attributes);
    }

    private void add(
            String path,
            List<URI> uris,
            @Nullable Long bytes,
            List<Stated> checksums,
            boolean executable,
            Map<String, String> attributes)
            throws Problem {
        seen++;
        if (!keeps(path)) {
            return;
        }
        String fault = FilePath.fault(path);
        if (fault != null) {
            throw refused(path, "': " + fault);
        }
        RemoteFile file =
                new RemoteFile(new FilePath(path), uris, bytes, checksums, executable, null, null, attributes);
        if (files.put(file.path(), file) != null) {
            throw refused(path, "' twice");
        }
    }

    /**
     * The kept files, in the host's order; never empty.
     *
     * @throws Problem {@code UPSTREAM_CHANGED} if the host lists nothing, {@code USAGE} if the globs keep none of them
     */
    public List<RemoteFile> files() throws Problem {
        if (files.isEmpty() && seen == 0) {
            throw new Problem(Kind.UPSTREAM_CHANGED, subject + " lists no files", "check its page; it may have moved");
        }
        if (files.isEmpty()) {
            throw new Problem(
                    Kind.USAGE,
                    subject + ": include and exclude match none of the " + seen + " files",
                    "correct the globs in the manifest");
        }
        return new ArrayList<>(files.values());
    }

    private Problem refused(String path, String why) {
        String glob = path.length() > SHOWN
                ? "…"
                : Glob.literal(path).replaceAll("\\p{Cc}", "?").replace("'", "''");
        return new Problem(
                Kind.WRONG_BYTES,
                subject + " lists the file '" + printable(path) + why,
                "leave the file out with `exclude: ['" + glob
                        + "']` at the source in a manifest of your own, or pin it there with another `path` (`at` is its name"
                        + " at the host)");
    }

    private static String printable(String path) {
        return path.codePoints()
                .limit(SHOWN)
                .collect(
                        StringBuilder::new,
                        (out, c) -> out.append(Character.isISOControl(c) ? "?" : Character.toString(c)),
                        StringBuilder::append)
                .toString();
    }
}
