package org.histods.manifest;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
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
 * @param checksumList path or URL of a file at the source that lists checksums of the others; null if there is none
 * @param include globs of the files to use from the host's list; empty for all
 * @param exclude globs of files of that list to leave out
 * @param size of all files used; null if unknown or known from the files
 * @param files the pinned files; if empty, the host is asked for its list at each pull
 */
public record SourceSpec(
        String kind,
        String record,
        @JsonProperty(required = true) boolean official,
        String part,
        Use use,
        @Nullable String note,
        Map<String, String> options,
        @Nullable String checksumList,
        List<String> include,
        List<String> exclude,
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

    public SourceSpec {
        requireNonNull(kind, "kind");
        record = record == null ? "" : record;
        part = part == null ? "" : part;
        use = use == null ? Use.AUTO : use;
        options = Manifest.orEmpty(options);
        include = List.copyOf(Manifest.orEmpty(include));
        exclude = List.copyOf(Manifest.orEmpty(exclude));
        files = List.copyOf(Manifest.orEmpty(files));
    }

    /** An option of the kind; null if the manifest has none of that name. */
    public @Nullable String option(String name) {
        return options.get(name);
    }

    /**
     * The download size of a variant: the sum of its pinned files, or the stated size if that sum is not known.
     */
    public Size size(@Nullable String variant) {
        Size pinned = pinned(variant);
        return size != null && pinned.atMost() == null ? size.size() : pinned;
    }

    /** The sum of the pinned files of a variant. */
    Size pinned(@Nullable String variant) {
        Size sum = files.isEmpty() ? Size.UNKNOWN : Size.ZERO;
        for (PinnedFile file : files) {
            if (file.variant() == null || file.variant().equals(variant)) {
                sum = sum.plus(file.stated());
            }
        }
        return sum;
    }

    /** The same source with other pinned files. */
    public SourceSpec withFiles(List<PinnedFile> others) {
        return new SourceSpec(
                kind, record, official, part, use, note, options, checksumList, include, exclude, size, others);
    }

    /** The same source with other options. */
    public SourceSpec withOptions(Map<String, String> others) {
        return new SourceSpec(
                kind, record, official, part, use, note, others, checksumList, include, exclude, size, files);
    }
}
