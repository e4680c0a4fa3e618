package org.histods.pull;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.histods.dataset.DatasetId;
import org.histods.manifest.Manifest;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.source.RecordDescription;
import org.histods.unpack.ArchiveKind;
import org.jspecify.annotations.Nullable;

/** Drafts a manifest from the metadata of a host. What the host does not state is left out. */
public final class ManifestDraft {

    /** Longest description; a longer one is cut and ends with an ellipsis. */
    private static final int MAX_DESCRIPTION = 1000;

    private static final int MAX_ID = 60;

    private ManifestDraft() {}

    /** A draft whose id is made from the record. */
    public static Manifest of(RecordDescription d) {
        return of(d, null);
    }

    /**
     * A draft.
     *
     * @param id null for one that is made from the record
     */
    public static Manifest of(RecordDescription d, @Nullable DatasetId id) {
        List<SourceSpec> sources = new ArrayList<>(List.of(d.spec()));
        sources.addAll(d.more());
        return new Manifest(
                id == null ? id(d) : id,
                d.title(),
                d.version(),
                Manifest.Names.NONE,
                Manifest.Images.UNKNOWN,
                d.publication().withDescription(cut(d.publication().description())),
                d.terms(),
                Manifest.Contents.UNKNOWN,
                sources.stream().map(ManifestDraft::separateArchives).toList(),
                Manifest.Notes.NONE);
    }

    private static @Nullable String cut(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        return text.length() <= MAX_DESCRIPTION
                ? text
                : text.substring(0, MAX_DESCRIPTION)
                                .replaceFirst("\\s\\S*$", "")
                                .strip() + " …";
    }

    /** Gives each of several archives its own folder, because the paths of their entries may collide. */
    private static SourceSpec separateArchives(SourceSpec spec) {
        long archives = spec.files().stream().filter(ManifestDraft::archive).count();
        if (archives < 2) {
            return spec;
        }
        List<PinnedFile> files =
                spec.files().stream().map(f -> archive(f) ? inFolder(f) : f).toList();
        return spec.withFiles(files);
    }

    private static PinnedFile inFolder(PinnedFile f) {
        String stem = f.path().replaceFirst("(?i)\\.(zip|tar|tgz|tbz2?|txz|tzst|7z|rar|tar\\.(gz|bz2|xz|zst))$", "");
        return new PinnedFile(
                f.path(),
                f.at(),
                f.bytes(),
                f.size(),
                f.checksums(),
                f.role(),
                f.variant(),
                f.unpack(),
                stem,
                f.optional());
    }

    private static boolean archive(PinnedFile file) {
        return !file.folder()
                && ArchiveKind.named(file.path()).map(ArchiveKind::container).orElse(false);
    }

    /** An id from kind and record; from the title if the record is not readable, without the kind for manual sources. */
    private static DatasetId id(RecordDescription d) {
        String record = d.spec().record();
        boolean manual = d.spec().kind().equals("manual") || d.spec().kind().equals("credential");
        boolean unreadable = record.isEmpty() || record.matches("[0-9a-fA-F]{40}");
        String words = (manual ? "" : d.spec().kind() + " ")
                + (unreadable
                        ? d.title()
                        : record.replaceFirst("@.*", "").replaceFirst("^([a-z0-9]+://(www\\.)?|doi:)", ""));
        String slug =
                words.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
        String id = slug.length() <= MAX_ID ? slug : slug.substring(0, MAX_ID).replaceAll("-+$", "");
        return new DatasetId(id.isEmpty() ? "dataset" : id);
    }
}
