package org.histods.source;

import java.util.List;
import java.util.Map;
import org.histods.manifest.License;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.PinnedFile.Published;
import org.histods.manifest.SourceSpec;
import org.jspecify.annotations.Nullable;

/**
 * What a host says of a record, as the first draft of a manifest. What the host does not say is null or empty.
 *
 * @param spec the source, with its files pinned as the host states them; without files where there are too many
 * @param title of the record, or its name where it has no title
 * @param description plain text
 * @param creators as the host writes them, usually {@code Family, Given}
 * @param year of publication
 * @param license an SPDX identifier where the host's own word is exactly one
 * @param doi of this version
 * @param version the host's word, else the record or commit, else {@code unversioned}; fit for a manifest
 * @param landing the page to read about it
 * @param publisher such as {@code Zenodo}
 */
public record Described(
        SourceSpec spec,
        String title,
        @Nullable String description,
        List<String> creators,
        @Nullable Integer year,
        License license,
        @Nullable String doi,
        String version,
        String landing,
        @Nullable String publisher) {

    static final String UNVERSIONED = "unversioned";

    public Described {
        creators = List.copyOf(creators);
    }

    /** A source whose authors are taken at their word that it is theirs. */
    static SourceSpec spec(String kind, String record, Map<String, String> options, List<PinnedFile> files) {
        return new SourceSpec(
                kind, record, true, "", SourceSpec.Use.AUTO, null, options, null, List.of(), List.of(), files);
    }

    static PinnedFile file(String path, @Nullable String at, @Nullable Long bytes, List<RemoteFile.Stated> sums) {
        List<Published> published =
                sums.stream().map(s -> new Published(s.sum(), s.by())).toList();
        return new PinnedFile(path, at, bytes, published, null, null, null, null, false);
    }

    /** The first of these words that can be a manifest's version. */
    static String version(@Nullable String... words) {
        for (String word : words) {
            if (word != null && word.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
                return word;
            }
        }
        return UNVERSIONED;
    }

    Described withDoi(String other) {
        return doi != null
                ? this
                : new Described(spec, title, description, creators, year, license, other, version, landing, publisher);
    }
}
