package org.histods.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.histods.dataset.DatasetVersion;
import org.histods.manifest.Access;
import org.histods.manifest.License;
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
 * @param description plain text
 * @param creators as the host writes them; usually {@code Family, Given}
 * @param year of publication
 * @param license an SPDX identifier if the host's licence name stands for exactly one
 * @param doi of this version
 * @param version the host's version, else the record or commit, else {@code unversioned}; valid in a manifest
 * @param landing the landing page
 * @param publisher such as {@code Zenodo}
 * @param access how to get access
 * @param more further sources, each a part of its own
 */
public record RecordDescription(
        SourceSpec spec,
        String title,
        @Nullable String description,
        List<String> creators,
        @Nullable Integer year,
        License license,
        @Nullable String doi,
        DatasetVersion version,
        String landing,
        @Nullable String publisher,
        Access access,
        List<SourceSpec> more) {

    /** The last step of a dataset that a user must download by hand. */
    public static final String PULL_LOCAL_FILES =
            "Run `histods pull FILE --from …` with this manifest and the downloaded files.";

    /** With more files the host is asked at each pull instead, so that the manifest stays readable. */
    public static final int MAX_FILES = 200;

    private static final Access OPEN = new Access(Access.Status.OPEN, null, null, List.of());

    public RecordDescription {
        creators = List.copyOf(creators);
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
        this(spec, title, description, creators, year, license, doi, version, landing, publisher, OPEN, List.of());
    }

    /** A description of a place that states nothing but its name. */
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
                kind, record, true, "", SourceSpec.Use.AUTO, null, options, null, List.of(), List.of(), null, files);
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
                kind, record, true, "", SourceSpec.Use.AUTO, note, options, null, include, List.of(), null, List.of());
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
        return doi != null ? this : withFacts(creators, year, license, other);
    }

    /** A copy with these facts. */
    public RecordDescription withFacts(
            List<String> people, @Nullable Integer when, License terms, @Nullable String identifier) {
        return new RecordDescription(
                spec, title, description, people, when, terms, identifier, version, landing, publisher, access, more);
    }

    public RecordDescription with(Access other) {
        return new RecordDescription(
                spec, title, description, creators, year, license, doi, version, landing, publisher, other, more);
    }

    public RecordDescription with(List<SourceSpec> others) {
        return new RecordDescription(
                spec, title, description, creators, year, license, doi, version, landing, publisher, access, others);
    }
}
