package org.histods.project;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Fingerprint;
import org.histods.manifest.Manifest;
import org.histods.text.TerminalText;
import org.jspecify.annotations.Nullable;

/**
 * The citation of a dataset, or of the paper that describes it. Unknown facts are null or empty and left out of every
 * format.
 *
 * @param id the key of the citation
 * @param creators {@code Family, Given}, or an institution; {@link #MORE} as the last if there are more
 * @param publisher of a dataset; the journal or conference of a paper
 * @param url of its page
 * @param notes sentences: the paper that describes it, the fingerprint of the files used
 */
public record Citation(
        String id,
        Kind kind,
        List<String> creators,
        String title,
        @Nullable Integer year,
        @Nullable String version,
        @Nullable String publisher,
        @Nullable String doi,
        @Nullable String url,
        List<String> notes) {

    /** What is cited. */
    public enum Kind {
        DATASET,
        PAPER
    }

    /** The last author of an incomplete list. */
    public static final String MORE = "et al.";

    /** A name in its parts. */
    record Name(String family, @Nullable String given) {

        /** The parts of {@code Family, Given}; an institution, which has no comma, is a family name alone. */
        static Name of(String creator) {
            int comma = creator.indexOf(", ");
            return comma < 0
                    ? new Name(creator, null)
                    : new Name(creator.substring(0, comma), creator.substring(comma + 2));
        }
    }

    public Citation {
        creators = creators.stream().map(TerminalText::oneLine).toList();
        title = TerminalText.oneLine(title);
        publisher = publisher == null ? null : TerminalText.oneLine(publisher);
        notes = notes.stream().map(TerminalText::oneLine).toList();
    }

    /**
     * The citation of what a manifest describes.
     *
     * @param used a note about the files used, such as their fingerprint; null for none
     */
    public static Citation of(Manifest manifest, @Nullable String used) {
        List<String> notes = new ArrayList<>();
        Manifest.Paper paper = manifest.publication().paper();
        if (paper != null) {
            String where = paper.doi() != null ? "https://doi.org/" + paper.doi() : paper.url();
            String title = paper.title();
            if (where != null || title != null) {
                notes.add("Described in " + (title == null ? "" : title + (where == null ? "" : ", "))
                        + (where == null ? "" : where));
            }
        }
        if (used != null) {
            notes.add(used);
        }
        return new Citation(
                manifest.id().text(),
                Kind.DATASET,
                manifest.publication().creators(),
                manifest.title(),
                manifest.publication().year(),
                manifest.version().equals(DatasetVersion.UNVERSIONED)
                        ? null
                        : manifest.version().text(),
                manifest.publication().publisher(),
                manifest.publication().doi(),
                manifest.publication().landing(),
                notes);
    }

    /** The citation of the paper that describes it; empty unless its authors and title are known. */
    public static Optional<Citation> ofPaper(Manifest manifest) {
        Manifest.Paper paper = manifest.publication().paper();
        if (paper == null || paper.title() == null || paper.authors().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Citation(
                manifest.id() + "-paper",
                Kind.PAPER,
                paper.authors(),
                paper.title(),
                paper.year(),
                null,
                paper.venue(),
                paper.doi(),
                paper.url(),
                List.of()));
    }

    /**
     * The note about the files used.
     *
     * @param only what is selected of the dataset; empty for everything
     */
    public static String used(List<String> only, Fingerprint fingerprint) {
        return "Fingerprint of the files used" + (only.isEmpty() ? "" : " (" + String.join(", ", only) + ")")
                + ": sha256:" + fingerprint.hex();
    }

    /** The URL of the DOI, else of the page; null if neither is known. */
    @Nullable
    String link() {
        return doi != null ? "https://doi.org/" + doi : url;
    }
}
