package org.histods.cli.shell;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.histods.catalogue.Catalogue;
import org.histods.dataset.DatasetId;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.source.all.Sources;
import org.histods.source.listing.Doi;
import org.jspecify.annotations.Nullable;

/** Finds the dataset of the catalogue for a DOI or the page of a record. */
final class RecordLookup {

    /** A URL, with or without its scheme. */
    private static final Pattern URL =
            Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://\\S+|magnet:\\S+|(?:[A-Za-z0-9-]+\\.)+[A-Za-z]{2,}/\\S*");

    private final Catalogue catalogue;

    RecordLookup(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** Whether the text is a DOI or URL, and not the path of a file. */
    static boolean isDoiOrUrl(String typed, AppContext app) {
        String text = typed.strip();
        if (Doi.parse(text) == null && !URL.matcher(text).matches()) {
            return false;
        }
        try {
            return text.contains("://") || !Files.exists(app.path(Path.of(text)));
        } catch (InvalidPathException e) {
            return true;
        }
    }

    /**
     * The dataset with that DOI; else the one with that page, or whose authors published it there.
     *
     * @return empty if there is none
     * @throws Problem {@code USAGE} if several datasets have it
     */
    Optional<DatasetId> find(String typed) throws Problem {
        List<Manifest> all = new ArrayList<>();
        for (ManifestFile file : catalogue.all()) {
            all.add(file.manifest());
        }
        String doi = Doi.parse(typed);
        String wanted = doi == null ? bare(typed) : doi.toLowerCase(Locale.ROOT);
        Optional<DatasetId> own = one(
                typed,
                all,
                m -> m.publication().doi() != null
                        && wanted.equals(bare(m.publication().doi())));
        return own.isPresent()
                ? own
                : one(typed, all, m -> wanted.equals(bare(m.publication().landing())) || published(m, wanted));
    }

    private static Optional<DatasetId> one(String typed, List<Manifest> all, Predicate<Manifest> has) throws Problem {
        Set<String> ids = new TreeSet<>();
        all.stream().filter(has).forEach(m -> ids.add(m.id().text()));
        if (ids.size() > 1) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    typed + " belongs to several datasets: " + ids.stream().collect(Collectors.joining(", ")),
                    "give the id of one of them");
        }
        return ids.stream().findFirst().map(DatasetId::new);
    }

    private static boolean published(Manifest m, String wanted) {
        for (SourceSpec source : m.sources()) {
            if (source.official() && source.use() != SourceSpec.Use.NEVER) {
                for (String link : Sources.links(source)) {
                    String known = bare(link);
                    if (wanted.equals(known) || wanted.startsWith(known + "/")) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** A URL without its scheme, query and last slash, in lower case; empty for null. */
    private static String bare(@Nullable String url) {
        return url == null
                ? ""
                : url.strip()
                        .toLowerCase(Locale.ROOT)
                        .replaceFirst("^[a-z][a-z0-9+.-]*://(www\\.)?", "")
                        .replaceFirst("[?#].*$", "")
                        .replaceFirst("/+$", "");
    }
}
