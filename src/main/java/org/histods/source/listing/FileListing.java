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
 * Collects what a host lists. Keeps what the spec's include and exclude globs keep, and refuses names that are unsafe:
 * they are never repaired, since nobody could say later which file it was.
 */
public final class FileListing {

    private final String subject;
    private final List<Glob> include;
    private final List<Glob> exclude;
    private final Map<FilePath, RemoteFile> files = new LinkedHashMap<>();
    private int seen;

    /** @param subject what is listed, for messages, such as {@code zenodo record 1214456} */
    public FileListing(SourceSpec spec, String subject) throws Problem {
        this.subject = subject;
        include = globs(spec, "include", spec.include());
        exclude = globs(spec, "exclude", spec.exclude());
    }

    private static List<Glob> globs(SourceSpec spec, String field, List<String> texts) throws Problem {
        try {
            return texts.stream().map(Glob::of).toList();
        } catch (IllegalArgumentException e) {
            throw PinnedFiles.fault(spec, field, String.valueOf(e.getMessage()));
        }
    }

    /** A listing in which every file counts. */
    public FileListing(String subject) {
        this.subject = subject;
        include = List.of();
        exclude = List.of();
    }

    /** Whether the globs keep a file of that path. */
    public boolean keeps(String path) {
        return (include.isEmpty() || include.stream().anyMatch(glob -> glob.matches(path)))
                && exclude.stream().noneMatch(glob -> glob.matches(path));
    }

    /** Whether a file that counts can lie below that folder, which ends with a slash. */
    public boolean mayKeepBelow(String folder) {
        return include.isEmpty() || include.stream().anyMatch(glob -> glob.mayMatchBelow(folder));
    }

    public void add(String path, List<URI> uris, @Nullable Long bytes, List<Stated> sums) throws Problem {
        add(path, uris, bytes, sums, false);
    }

    /**
     * Adds a file that the host lists.
     *
     * @throws Problem {@code WRONG_BYTES} if the host's name for the file is unsafe or comes twice
     */
    public void add(String path, List<URI> uris, @Nullable Long bytes, List<Stated> sums, boolean executable)
            throws Problem {
        seen++;
        if (!keeps(path)) {
            return;
        }
        String fault = FilePath.fault(path);
        if (fault != null) {
            throw refused(printable(path) + "': " + fault);
        }
        RemoteFile file = new RemoteFile(new FilePath(path), uris, bytes, sums, executable, null);
        if (files.put(file.path(), file) != null) {
            throw refused(path + "' twice");
        }
    }

    /** How many files the host listed, also those that were not kept. */
    int seen() {
        return seen;
    }

    /**
     * What was kept, in the host's order; never empty.
     *
     * @throws Problem {@code UPSTREAM_CHANGED} if the host lists nothing, {@code USAGE} if the globs keep nothing of it
     */
    public List<RemoteFile> files() throws Problem {
        if (files.isEmpty() && seen == 0) {
            throw new Problem(
                    Kind.UPSTREAM_CHANGED, subject + " lists no files", "look at its page; it may have moved");
        }
        if (files.isEmpty()) {
            throw new Problem(
                    Kind.USAGE,
                    subject + ": include and exclude keep none of the " + seen + " files",
                    "correct the globs in the manifest");
        }
        return new ArrayList<>(files.values());
    }

    private Problem refused(String what) {
        return new Problem(
                Kind.WRONG_BYTES,
                subject + " lists the file '" + what,
                "the name is not changed by guessing; a manifest can leave the file out with exclude");
    }

    private static String printable(String path) {
        return path.codePoints()
                .limit(200)
                .collect(
                        StringBuilder::new,
                        (out, c) -> out.append(Character.isISOControl(c) ? "?" : Character.toString(c)),
                        StringBuilder::append)
                .toString();
    }
}
