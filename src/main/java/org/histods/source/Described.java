package org.histods.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.histods.manifest.Access;
import org.histods.manifest.License;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.PinnedFile.Published;
import org.histods.manifest.SourceSpec;
import org.histods.quantity.Count;
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
 * @param access what it takes to get it
 * @param more further sources beside the first, each a part of its own
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
        @Nullable String publisher,
        Access access,
        List<SourceSpec> more) {

    static final String UNVERSIONED = "unversioned";

    /** The last step of a dataset that a person must get. */
    static final String BRING = "Run `histods pull FILE --from …` with this manifest and the files that came.";

    /** Above this the host is asked at each pull: a manifest is for people to read. */
    static final int MOST = 200;

    private static final Access OPEN = new Access(Access.Status.OPEN, null, null, List.of());

    public Described {
        creators = List.copyOf(creators);
        more = List.copyOf(more);
    }

    /** Of one source that is open to everybody. */
    Described(
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
        this(spec, title, description, creators, year, license, doi, version, landing, publisher, OPEN, List.of());
    }

    /** Of a place that says its name and no more. */
    static Described named(SourceSpec spec, String title, String landing, @Nullable String publisher) {
        return new Described(
                spec, title, null, List.of(), null, License.UNKNOWN, null, UNVERSIONED, landing, publisher);
    }

    /** A source whose authors are taken at their word that it is theirs. */
    static SourceSpec spec(String kind, String record, Map<String, String> options, List<PinnedFile> files) {
        return new SourceSpec(
                kind, record, true, "", SourceSpec.Use.AUTO, null, options, null, List.of(), List.of(), null, files);
    }

    /** The same, with what to ask for in place of the files where there are more than people read. */
    static SourceSpec source(
            String kind, String record, Map<String, String> options, List<String> include, List<PinnedFile> files) {
        return files.size() <= MOST
                ? spec(kind, record, options, files)
                : query(kind, record, options, include, Count.of(files.size(), "file"));
    }

    /** A source whose files the host is asked for at each pull. */
    static SourceSpec query(
            String kind, String record, Map<String, String> options, List<String> include, String count) {
        String note = "The host lists " + count + ". They are asked for at each pull and not pinned here.";
        return new SourceSpec(
                kind, record, true, "", SourceSpec.Use.AUTO, note, options, null, include, List.of(), null, List.of());
    }

    /** What a source lists, pinned. */
    static List<PinnedFile> pinned(List<RemoteFile> files) {
        List<PinnedFile> pinned = new ArrayList<>();
        for (RemoteFile file : files) {
            pinned.add(file(file.path().text(), null, file.bytes(), file.sums()));
        }
        return pinned;
    }

    static PinnedFile file(String path, @Nullable String at, @Nullable Long bytes, List<RemoteFile.Stated> sums) {
        List<Published> published =
                sums.stream().map(s -> new Published(s.sum(), s.by())).toList();
        return new PinnedFile(path, at, bytes, null, published, null, null, null, null, false);
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

    /** The year that a date begins with; null where it begins with none. */
    static @Nullable Integer year(@Nullable String date) {
        return date != null && date.matches("(19|20)[0-9]{2}(?![0-9]).*")
                ? Integer.valueOf(date.substring(0, 4))
                : null;
    }

    Described withDoi(String other) {
        return doi != null ? this : about(creators, year, license, other);
    }

    /** The same with these facts. */
    Described about(List<String> people, @Nullable Integer when, License terms, @Nullable String identifier) {
        return new Described(
                spec, title, description, people, when, terms, identifier, version, landing, publisher, access, more);
    }

    Described with(Access other) {
        return new Described(
                spec, title, description, creators, year, license, doi, version, landing, publisher, other, more);
    }

    Described with(List<SourceSpec> others) {
        return new Described(
                spec, title, description, creators, year, license, doi, version, landing, publisher, access, others);
    }
}
