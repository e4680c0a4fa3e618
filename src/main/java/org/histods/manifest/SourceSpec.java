package org.histods.manifest;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Map;
import org.histods.text.Size;
import org.jspecify.annotations.Nullable;

/**
 * One source of a dataset or of a part of it.
 *
 * @param kind the kind of host, such as {@code zenodo}
 * @param record the record, path or URL there; {@code docs/sources.md} has the syntax of each kind
 * @param official whether the dataset's authors published it there
 * @param part its part of the dataset. Sources of one part are alternatives, tried in order; a complete dataset has all
 *     parts. Empty for a dataset of one part
 * @param use when histods may use it
 * @param note a remark for users
 * @param options further options of the kind, such as {@code region}
 * @param listing how the host's list of files is used
 * @param size of all files used; null if unknown or known from the files
 * @param files the pinned files; if empty, the host is asked for its list at each pull
 */
public record SourceSpec(
        String kind,
        String record,
        boolean official,
        String part,
        Use use,
        @Nullable String note,
        Map<String, String> options,
        Listing listing,
        @Nullable StatedSize size,
        List<PinnedFile> files) {

    /** When a source is used. */
    public enum Use {
        /** Automatically, in its turn. */
        AUTO,
        /** Only if the user names it with {@code --source}; for conversions and repackaged data. */
        ASK,
        /** Never; for information. */
        NEVER;
    }

    /**
     * How the host's list of files is used.
     *
     * @param checksumList path or URL of a file at the source that lists checksums of the others; null if there is none
     * @param include globs of the files to use from the host's list; empty for all
     * @param exclude globs of files of that list to leave out
     */
    public record Listing(@Nullable String checksumList, List<String> include, List<String> exclude) {

        /** The whole list. */
        public static final Listing ALL = new Listing(null, List.of(), List.of());

        public Listing {
            include = List.copyOf(include);
            exclude = List.copyOf(exclude);
        }

        /** Only the files that match these globs; all for none. */
        public static Listing only(List<String> include) {
            return new Listing(null, include, List.of());
        }
    }

    public SourceSpec {
        requireNonNull(kind, "kind");
        requireNonNull(record, "record");
        requireNonNull(part, "part");
        requireNonNull(use, "use");
        options = ManifestFields.orEmpty(options);
        files = List.copyOf(files);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static SourceSpec of(SourceFields fields) {
        return fields.source();
    }

    @JsonValue
    SourceFields fields() {
        return new SourceFields(this);
    }

    /** An option of the kind; null if the manifest has none of that name. */
    public @Nullable String option(String name) {
        return options.get(name);
    }

    /** The download size of a variant: the sum of its pinned files, or the stated size if that sum is not known. */
    public Size size(@Nullable String variant) {
        Size pinned = pinned(variant);
        return size != null && pinned.atMost() == null ? size.size() : pinned;
    }

    /** The sum of the pinned files of a variant. */
    Size pinned(@Nullable String variant) {
        Size sum = files.isEmpty() ? Size.UNKNOWN : Size.ZERO;
        for (PinnedFile file : files) {
            if (file.belongsTo(variant)) {
                sum = sum.plus(file.stated());
            }
        }
        return sum;
    }

    /** The same source with other pinned files. */
    public SourceSpec withFiles(List<PinnedFile> others) {
        return new SourceSpec(kind, record, official, part, use, note, options, listing, size, others);
    }

    /** The same source with other options. */
    public SourceSpec withOptions(Map<String, String> others) {
        return new SourceSpec(kind, record, official, part, use, note, others, listing, size, files);
    }
}
