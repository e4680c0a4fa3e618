package org.histods.source.listing;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;

/** Finds the URLs of pinned files at a host that identifies files by ids: by the id, else among what the host lists. */
public final class PinnedEntries {

    private static final int MAX_SHOWN = 20;

    private final SourceSpec spec;
    private final String subject;
    private final String hint;
    private final Map<String, List<URI>> listed = new LinkedHashMap<>();
    private @Nullable Ids ids;

    private record Ids(Pattern form, String expected, Function<String, List<URI>> urls) {}

    /**
     * Without entries.
     *
     * @param subject the record, for messages
     * @param hint what to do about a file that the record does not have
     */
    public PinnedEntries(SourceSpec spec, String subject, String hint) {
        this.spec = spec;
        this.subject = subject;
        this.hint = hint;
    }

    /**
     * Says that {@code at} is an id or a URL, so that only a file without it is looked up among the entries.
     *
     * @param form of an id
     * @param expected the form in words, for a message
     * @param urls of the file with an id
     */
    public PinnedEntries byId(Pattern form, String expected, Function<String, List<URI>> urls) {
        this.ids = new Ids(form, expected, urls);
        return this;
    }

    /** Adds an entry that the host lists. Of two with one path or id, the first counts. */
    public void add(String pathOrId, List<URI> urls) {
        listed.putIfAbsent(pathOrId, urls);
    }

    /** Whether the entries are needed: all files are wanted, or one is pinned neither by an id nor by a URL. */
    public boolean needed() {
        return spec.files().isEmpty()
                || spec.files().stream().anyMatch(f -> ids == null ? !PinnedFiles.hasUrl(f) : f.at() == null);
    }

    /** All pinned files. */
    public List<RemoteFile> files() throws Problem {
        return PinnedFiles.remotes(spec, this::urls);
    }

    /**
     * The URLs of a file that is not pinned by a URL; never empty.
     *
     * @throws Problem {@code USAGE} if {@code at} is no id; {@code UPSTREAM_CHANGED} if the host does not list the file
     */
    public List<URI> urls(PinnedFile file) throws Problem {
        if (ids != null && file.at() != null) {
            if (!ids.form().matcher(file.at()).matches()) {
                throw PinnedFiles.fault(spec, file, "at", ids.expected());
            }
            return ids.urls().apply(file.at());
        }
        String name = PinnedFiles.name(file);
        List<URI> urls = listed.get(name);
        if (urls == null) {
            String known = Count.shortened(List.copyOf(listed.keySet()), MAX_SHOWN);
            throw new Problem(
                    Kind.UPSTREAM_CHANGED,
                    subject + " has no file " + name + (known.isEmpty() ? "" : "; it has " + known),
                    hint);
        }
        return urls;
    }
}
