package org.histods.manifest;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;

/**
 * The fields of a source in a manifest's file, in the order in which they are written: what Jackson reads and writes for a
 * {@link SourceSpec}. A field that the file does not have is null.
 */
@NullUnmarked
@JsonAutoDetect(fieldVisibility = Visibility.ANY)
final class SourceFields {

    String kind;

    String record;

    Boolean official;

    String part;

    SourceSpec.Use use;

    String note;

    Map<String, String> options;

    String checksumList;

    List<String> include;

    List<String> exclude;

    StatedSize size;

    List<PinnedFile> files;

    @SuppressWarnings("unused") // Jackson calls it.
    private SourceFields() {}

    SourceFields(SourceSpec s) {
        kind = s.kind();
        record = s.record();
        official = s.official();
        part = s.part();
        use = s.use();
        note = s.note();
        options = s.options();
        checksumList = s.listing().checksumList();
        include = s.listing().include();
        exclude = s.listing().exclude();
        size = s.size();
        files = s.files();
    }

    /** @throws IllegalArgumentException if a required field is missing */
    SourceSpec source() {
        return new SourceSpec(
                ManifestFields.required(kind, "kind"),
                record == null ? "" : record,
                ManifestFields.required(official, "official"),
                part == null ? "" : part,
                use == null ? SourceSpec.Use.AUTO : use,
                note,
                ManifestFields.orEmpty(options),
                new SourceSpec.Listing(checksumList, ManifestFields.orEmpty(include), ManifestFields.orEmpty(exclude)),
                size,
                ManifestFields.orEmpty(files));
    }
}
