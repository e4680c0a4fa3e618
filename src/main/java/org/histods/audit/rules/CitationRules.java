package org.histods.audit.rules;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.histods.audit.evidence.DatasetNames;
import org.histods.audit.evidence.DatasetUse;
import org.histods.audit.finding.Rule;
import org.histods.dataset.DatasetId;
import org.histods.manifest.Manifest;
import org.histods.manifest.SourceSpec;
import org.jspecify.annotations.Nullable;

/** Whether the project's texts cite what it uses. */
public final class CitationRules implements AuditContext.Rules {

    /** A title of fewer words may stand in a text without being a citation. */
    private static final int TITLE = 4;

    @Override
    public void look(AuditContext about, Findings findings) {
        Map<DatasetId, List<DatasetUse>> used = about.usedById();
        Map<DatasetId, List<Mark>> wanted = new LinkedHashMap<>();
        used.forEach((id, subjects) -> wanted.put(id, marks(subjects.get(0).manifest())));
        Set<DatasetId> cited = cited(about.texts(), wanted);
        used.forEach((id, subjects) -> {
            List<Mark> marks = wanted.getOrDefault(id, List.of());
            if (marks.isEmpty()) {
                findings.unchecked(id + ": whether it is cited was not looked for; the catalogue knows nothing by which"
                        + " a citation could be told");
            } else if (!cited.contains(id)) {
                List<String> evidence = new ArrayList<>();
                evidence.add(
                        about.texts().isEmpty()
                                ? "the project has no text that could cite it (.bib .tex .md .rst .cff .txt)"
                                : count(about.texts().size()) + " looked through");
                marks.stream().map(Mark::words).distinct().forEach(words -> evidence.add("looked for its " + words));
                findings.add(Rule.NOT_CITED, subjects.get(0), "no text of the project cites " + id, evidence);
            }
            incomplete(subjects, findings);
        });
    }

    private static String count(int texts) {
        return texts == 1 ? "one text was" : texts + " texts were";
    }

    /**
     * What tells a citation.
     *
     * @param address whether it is an address or DOI, and not the words of a title
     * @param words what it is, for a person
     */
    private record Mark(String text, boolean address, String words) {

        boolean in(Text file) {
            return address ? addressed(file.flat()) : file.plain().contains(text);
        }

        /** An address may go on with a slash, which leads to a part of it, and with nothing else. */
        private boolean addressed(String flat) {
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
     * A text that may cite.
     *
     * @param flat in lower case, without what LaTeX writes in between
     * @param plain its words with a space around each
     */
    private record Text(String flat, String plain) {
        static Text of(String text) {
            return new Text(text.toLowerCase(Locale.ROOT).replaceAll("[{}\\\\]", ""), CitationRules.plain(text));
        }
    }

    private static Set<DatasetId> cited(List<Path> texts, Map<DatasetId, List<Mark>> wanted) {
        Set<DatasetId> cited = new HashSet<>();
        for (Path file : texts) {
            Text text;
            try {
                text = Text.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
            } catch (IOException e) {
                // The search for names has just read it; what is gone since cites nothing.
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

    private static List<Mark> marks(Manifest manifest) {
        List<Mark> marks = new ArrayList<>();
        address(manifest.doi(), "DOI " + manifest.doi(), marks);
        Manifest.Paper paper = manifest.paper();
        if (paper != null) {
            address(paper.doi(), "paper's DOI " + paper.doi(), marks);
            address(paper.url(), "paper's page " + paper.url(), marks);
            title(paper.title(), "paper's title", marks);
        }
        address(manifest.landing(), "page " + manifest.landing(), marks);
        title(manifest.title(), "title", marks);
        for (SourceSpec source : manifest.sources()) {
            if (source.kind().equals("zenodo")) {
                String words = "Zenodo record " + source.record();
                address("10.5281/zenodo." + source.record(), words, marks);
                address("zenodo.org/record/" + source.record(), words, marks);
                address("zenodo.org/records/" + source.record(), words, marks);
            }
        }
        return marks;
    }

    private static void address(@Nullable String address, String words, List<Mark> marks) {
        if (address != null) {
            String bare = address.replaceFirst("^[a-z]+://(?:www\\.)?", "").replaceFirst("/+$", "");
            marks.add(new Mark(bare.toLowerCase(Locale.ROOT), true, words));
        }
    }

    private static void title(@Nullable String title, String words, List<Mark> marks) {
        if (title != null && DatasetNames.words(title).size() >= TITLE) {
            marks.add(new Mark(plain(title), false, words));
        }
    }

    private static String plain(String text) {
        String words = text.toLowerCase(Locale.ROOT).replaceAll("[{}]", "").replaceAll("[^\\p{L}\\p{N}]+", " ");
        return " " + words.strip() + " ";
    }

    private static void incomplete(List<DatasetUse> subjects, Findings findings) {
        Manifest manifest = subjects.get(0).manifest();
        List<String> missing = new ArrayList<>();
        if (manifest.creators().isEmpty()) {
            missing.add("authors");
        }
        if (manifest.year() == null) {
            missing.add("year");
        }
        if (manifest.doi() == null && manifest.landing() == null) {
            missing.add("DOI or page");
        }
        if (!missing.isEmpty()) {
            findings.add(
                    Rule.CITATION_INCOMPLETE,
                    AuditContext.names(subjects),
                    manifest.id() + " can be cited in part only: the catalogue does not know its "
                            + String.join(", ", missing),
                    List.of("manifests/" + manifest.id() + ".yaml states no " + String.join(", no ", missing)));
        }
    }
}
