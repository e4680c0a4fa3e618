package org.histods.audit.rules;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.histods.audit.evidence.DatasetNames;
import org.histods.audit.evidence.DatasetUse;
import org.histods.audit.finding.Rule;
import org.histods.csv.TextFile;
import org.histods.dataset.DatasetId;
import org.histods.manifest.Manifest;
import org.histods.manifest.SourceSpec;
import org.jspecify.annotations.Nullable;

/** Checks whether the project's texts cite the datasets that it uses. */
public final class CitationRules implements AuditContext.Rules {

    /** Titles of fewer words may occur in a text that does not cite. */
    private static final int TITLE = 4;

    /** A DOI, or a URL without its scheme; other texts that identify a record are too short to be a citation. */
    private static final Pattern URL = Pattern.compile("10\\.[0-9]+/|[a-z0-9-]+(\\.[a-z0-9-]+)*\\.[a-z]{2,}/");

    private final Function<SourceSpec, List<String>> links;

    /** @param links texts that identify a source */
    public CitationRules(Function<SourceSpec, List<String>> links) {
        this.links = links;
    }

    @Override
    public void check(AuditContext context, Findings findings) {
        Map<DatasetId, List<DatasetUse>> used = context.usedById();
        Map<DatasetId, List<Mark>> wanted = new LinkedHashMap<>();
        used.forEach((id, subjects) -> wanted.put(id, marks(subjects.get(0).manifest())));
        Set<DatasetId> cited = cited(context.found().texts(), wanted);
        used.forEach((id, subjects) -> {
            List<Mark> marks = wanted.getOrDefault(id, List.of());
            if (marks.isEmpty()) {
                findings.unchecked(
                        id + ": its citation could not be checked; the catalogue has no DOI, page or title to"
                                + " look for");
            } else if (!cited.contains(id)) {
                List<String> evidence = new ArrayList<>();
                evidence.add(
                        context.found().texts().isEmpty()
                                ? "the project has no text that could cite it (.bib .tex .md .rst .cff .txt)"
                                : count(context.found().texts().size()) + " searched");
                marks.stream().map(Mark::label).distinct().forEach(words -> evidence.add("searched for its " + words));
                findings.add(Rule.NOT_CITED, subjects.get(0), "no text of the project cites " + id, evidence);
            }
            incomplete(subjects, findings);
        });
    }

    private static String count(int texts) {
        return texts == 1 ? "one text was" : texts + " texts were";
    }

    /**
     * A text by which a citation is recognised.
     *
     * @param url whether it is a URL or DOI rather than a title
     * @param label what it is, for the report
     */
    private record Mark(String text, boolean url, String label) {

        boolean in(Text file) {
            return url ? linked(file.flat()) : file.words().contains(text);
        }

        /** A URL may be followed by a slash and a longer path, but not by a letter or digit. */
        private boolean linked(String flat) {
            for (int at = flat.indexOf(text); at >= 0; at = flat.indexOf(text, at + 1)) {
                int end = at + text.length();
                if (end == flat.length() || !flat.substring(end, end + 1).matches("[\\p{L}\\p{N}_-]")) {
                    return true;
                }
            }
            return false;
        }
    }

    /**
     * A text that may have citations.
     *
     * @param flat in lower case, without the braces and backslashes of LaTeX
     * @param words its words with a space around each
     */
    private record Text(String flat, String words) {
        static Text of(String text) {
            return new Text(text.toLowerCase(Locale.ROOT).replaceAll("[{}\\\\]", ""), CitationRules.words(text));
        }
    }

    private static Set<DatasetId> cited(List<Path> texts, Map<DatasetId, List<Mark>> wanted) {
        Set<DatasetId> cited = new HashSet<>();
        for (Path file : texts) {
            Text text;
            try {
                text = Text.of(TextFile.decode(Files.readAllBytes(file))
                        .map(TextFile::text)
                        .orElse(""));
            } catch (IOException e) {
                // The search for names has read it before; it was deleted since.
                continue;
            }
            wanted.forEach((id, marks) -> {
                if (marks.stream().anyMatch(mark -> mark.in(text))) {
                    cited.add(id);
                }
            });
        }
        return cited;
    }

    private List<Mark> marks(Manifest manifest) {
        List<Mark> marks = new ArrayList<>();
        link(manifest.publication().doi(), "DOI " + manifest.publication().doi(), marks);
        Manifest.Paper paper = manifest.publication().paper();
        if (paper != null) {
            link(paper.doi(), "paper's DOI " + paper.doi(), marks);
            link(paper.url(), "paper's page " + paper.url(), marks);
            title(paper.title(), "paper's title", marks);
        }
        link(manifest.publication().landing(), "page " + manifest.publication().landing(), marks);
        title(manifest.title(), "title", marks);
        for (SourceSpec source : manifest.sources()) {
            for (String link : links.apply(source)) {
                if (URL.matcher(link).lookingAt()) {
                    link(link, source.kind() + " record " + source.record(), marks);
                }
            }
        }
        return marks;
    }

    private static void link(@Nullable String url, String label, List<Mark> marks) {
        if (url != null) {
            String bare = url.replaceFirst("^[a-z]+://(?:www\\.)?", "").replaceFirst("/+$", "");
            marks.add(new Mark(bare.toLowerCase(Locale.ROOT), true, label));
        }
    }

    private static void title(@Nullable String title, String label, List<Mark> marks) {
        if (title != null && DatasetNames.words(title).size() >= TITLE) {
            marks.add(new Mark(words(title), false, label));
        }
    }

    private static String words(String text) {
        String words = text.toLowerCase(Locale.ROOT).replaceAll("[{}]", "").replaceAll("[^\\p{L}\\p{N}]+", " ");
        return " " + words.strip() + " ";
    }

    private static void incomplete(List<DatasetUse> subjects, Findings findings) {
        Manifest manifest = subjects.get(0).manifest();
        List<String> missing = new ArrayList<>();
        if (manifest.publication().creators().isEmpty()) {
            missing.add("authors");
        }
        if (manifest.publication().year() == null) {
            missing.add("year");
        }
        if (manifest.publication().doi() == null && manifest.publication().landing() == null) {
            missing.add("DOI or page");
        }
        if (!missing.isEmpty()) {
            findings.add(
                    Rule.CITATION_INCOMPLETE,
                    AuditContext.names(subjects),
                    manifest.id() + "'s citation is incomplete: the catalogue does not know its "
                            + String.join(", ", missing),
                    List.of("manifests/" + manifest.id() + ".yaml states no " + String.join(", no ", missing)));
        }
    }
}
