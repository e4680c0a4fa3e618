package org.histods.source.listing;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;

/**
 * The pinned files of a host that knows its files by ids.
 *
 * @param form what an id looks like
 * @param expected the same in words, for a fault
 * @param address where the file with an id is
 * @param subject the dataset, for messages
 * @param compare what a person does who looks for a file that is gone
 */
public record PinnedIdLookup(
        Pattern form, String expected, Function<String, URI> address, String subject, String compare) {

    /** Whether the host must be asked what it has: all is wanted, or a file is pinned by its path only. */
    public static boolean asks(SourceSpec spec) {
        return spec.files().isEmpty() || spec.files().stream().anyMatch(f -> f.at() == null);
    }

    /**
     * Each by the id or the address that is its {@code at}, else by its path.
     *
     * @param listed the addresses of what the host lists, by path
     */
    public List<RemoteFile> pinned(SourceSpec spec, Map<String, URI> listed) throws Problem {
        List<RemoteFile> files = new ArrayList<>();
        for (PinnedFile file : spec.files()) {
            PinnedFiles.path(spec, file);
            files.add(PinnedFiles.remote(spec, file, List.of(address(spec, file, listed))));
        }
        return files;
    }

    private URI address(SourceSpec spec, PinnedFile file, Map<String, URI> listed) throws Problem {
        if (file.at() == null) {
            URI uri = listed.get(file.path());
            if (uri == null) {
                throw new Problem(
                        Kind.UPSTREAM_CHANGED,
                        subject + " has no file " + file.path(),
                        compare + ", or pin the file's id as at");
            }
            return uri;
        }
        if (PinnedFiles.hasUrl(file)) {
            return PinnedFiles.url(spec, file);
        }
        if (!form.matcher(file.at()).matches()) {
            throw PinnedFiles.fault(spec, file, "at", expected);
        }
        return address.apply(file.at());
    }
}
