package org.histods.manifest;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.histods.quantity.Size;
import org.jspecify.annotations.Nullable;

/**
 * One place that holds a dataset or a part of it, as the manifest describes it.
 *
 * @param kind the kind of place, such as {@code zenodo}
 * @param record the address there; its grammar is the kind's, see {@code docs/sources.md}
 * @param official whether the dataset's authors put it there
 * @param part which part of the dataset it holds. Sources of one part are alternatives, tried in order; a dataset is
 *     whole when each of its parts is there. Empty for a dataset of one part.
 * @param use when histods may use it
 * @param note what a person should know of it
 * @param options further settings of the kind, such as {@code region}
 * @param checksumList path or URL of a file at the source that lists checksums of the others, null if there is none
 * @param include globs of the files that count where the files are listed by the host; empty for all
 * @param exclude globs of listed files that do not count
 * @param size what somebody states of the size of all that counts there; null if nobody does or the files say it
 * @param files the pinned files; empty where the host is asked at pull time
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
        /** In its turn, by itself. */
        AUTO,
        /** Only where the user names it with {@code --source}. Conversions and re-packings belong here. */
        ASK,
        /** Never; it is shown for information. */
        NEVER;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
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

    /** An option of the kind, or null where the manifest has none of that name. */
    public @Nullable String option(String name) {
        return options.get(name);
    }

    /**
     * How much there is to fetch here of a variant: what its pinned files add up to, or what is stated where they leave
     * it open.
     */
    public Size size(@Nullable String variant) {
        Size pinned = pinned(variant);
        return size != null && pinned.atMost() == null ? size.size() : pinned;
    }

    /** What the pinned files of a variant add up to. */
    Size pinned(@Nullable String variant) {
        Size sum = files.isEmpty() ? Size.UNKNOWN : Size.ZERO;
        for (PinnedFile file : files) {
            if (file.variant() == null || file.variant().equals(variant)) {
                sum = sum.plus(file.stated());
            }
        }
        return sum;
    }

    /** The same source with other pinned files; none, so that the host must say. */
    public SourceSpec withFiles(List<PinnedFile> others) {
        return new SourceSpec(
                kind, record, official, part, use, note, options, checksumList, include, exclude, size, others);
    }
}
