package org.histods.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.histods.dataset.DatasetVersion;
import org.histods.manifest.Access;
import org.histods.manifest.License;
import org.histods.manifest.Manifest;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.PinnedFile.Published;
import org.histods.manifest.SourceSpec;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;

/**
 * A host's description of a record, as the first draft of a manifest. What the host does not state is null or empty.
 *
 * @param spec the source, with its files pinned as the host states them; without files if there are more than
 *     {@link #MAX_FILES}
 * @param title of the record, or its name if it has no title
 * @param version the host's version, else the record or commit, else {@code unversioned}; valid in a manifest
 * @param publication creators as the host writes them, usually {@code Family, Given}; with a landing page, without a paper
 * @param terms the licence is an SPDX identifier if the host's licence name stands for exactly one
 * @param more further sources, each a part of its own
 */
public record RecordDescription(
        SourceSpec spec,
        String title,
        DatasetVersion version,
        Manifest.Publication publication,
        Manifest.Terms terms,
        List<SourceSpec> more) {

    /** The last step of a dataset that a user must download by hand. */
    public static final String PULL_LOCAL_FILES =
            "Run `histods pull FILE --from …` with this manifest and the downloaded files.";

    /** With more files the host is asked at each pull instead, so that the manifest stays readable. */
    public static final int MAX_FILES = 200;

    private static final Access OPEN = new Access(Access.Status.OPEN, null, null, List.of());

    public RecordDescription {
        more = List.copyOf(more);
    }

    /** A description with one source that needs no account. */
    public RecordDescription(
            SourceSpec spec,
            String title,
            @Nullable String description,
            List<String> creators,
            @Nullable Integer year,
            License license,
            @Nullable String doi,
            DatasetVersion version,
            String landing,
            @Nullable String publisher) {
        this(
                spec,
                title,
                version,
                new Manifest.Publication(description, year, creators, publisher, landing, doi, null),
                new Manifest.Terms(license, OPEN),
                List.of());
    }

    /** A description of a source that states nothing but its name. */
    public static RecordDescription named(SourceSpec spec, String title, String landing, @Nullable String publisher) {
        return new RecordDescription(
                spec,
                title,
                null,
                List.of(),
                null,
                License.UNKNOWN,
                null,
                DatasetVersion.UNVERSIONED,
                landing,
                publisher);
    }

    /** An official source with these files. */
    public static SourceSpec spec(String kind, String record, Map<String, String> options, List<PinnedFile> files) {
        return new SourceSpec(
                kind, record, true, "", SourceSpec.Use.AUTO, null, options, SourceSpec.Listing.ALL, null, files);
    }

    /** The same; without the files if there are more than {@link #MAX_FILES}. */
    public static SourceSpec source(
            String kind, String record, Map<String, String> options, List<String> include, List<PinnedFile> files) {
        return files.size() <= MAX_FILES
                ? spec(kind, record, options, files)
                : query(kind, record, options, include, Count.of(files.size(), "file"));
    }

    /** A source whose files are listed at each pull. */
    public static SourceSpec query(
            String kind, String record, Map<String, String> options, List<String> include, String count) {
        String note = "The host lists " + count + ". They are listed at each pull and not pinned here.";
        return new SourceSpec(
                kind,
                record,
                true,
                "",
                SourceSpec.Use.AUTO,
                note,
                options,
                SourceSpec.Listing.only(include),
                null,
                List.of());
    }

    /** The listed files, as pinned files. */
    public static List<PinnedFile> pinned(List<RemoteFile> files) {
        List<PinnedFile> pinned = new ArrayList<>();
        for (RemoteFile file : files) {
            pinned.add(file(file.path().text(), null, file.bytes(), file.checksums()));
        }
        return pinned;
    }

    public static PinnedFile file(
            String path, @Nullable String at, @Nullable Long bytes, List<RemoteFile.Stated> checksums) {
        List<Published> published =
                checksums.stream().map(s -> new Published(s.checksum(), s.by())).toList();
        return new PinnedFile(path, at, bytes, null, published, null, null, null, null, false);
    }

    /** The first of these texts that is valid as a manifest's version. */
    public static DatasetVersion version(@Nullable String... words) {
        for (String word : words) {
            DatasetVersion version =
                    word == null ? null : DatasetVersion.of(word).orElse(null);
            if (version != null && version.variant() == null) {
                return version;
            }
        }
        return DatasetVersion.UNVERSIONED;
    }

    /** The year at the start of a date; null if there is none. */
    public static @Nullable Integer year(@Nullable String date) {
        return date != null && date.matches("(19|20)[0-9]{2}(?![0-9]).*")
                ? Integer.valueOf(date.substring(0, 4))
                : null;
    }

    public RecordDescription withDoi(String other) {
        return publication.doi() != null
                ? this
                : new RecordDescription(spec, title, version, publication.withDoi(other), terms, more);
    }

    /** A copy with these facts. */
    public RecordDescription withFacts(
            List<String> people, @Nullable Integer when, License license, @Nullable String doi) {
        Manifest.Publication other = new Manifest.Publication(
                publication.description(), when, people, publication.publisher(), publication.landing(), doi, null);
        return new RecordDescription(spec, title, version, other, new Manifest.Terms(license, terms.access()), more);
    }

    public RecordDescription with(Access access) {
        return new RecordDescription(
                spec, title, version, publication, new Manifest.Terms(terms.license(), access), more);
    }

    public RecordDescription with(List<SourceSpec> others) {
        return new RecordDescription(spec, title, version, publication, terms, others);
    }
}
