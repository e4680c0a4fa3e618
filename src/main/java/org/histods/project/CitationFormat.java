package org.histods.project;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Formats of citations. */
public enum CitationFormat {

    /** For LaTeX: datasets are {@code @misc}, which every style knows; {@code @dataset} only biblatex does. UTF-8. */
    BIBTEX,

    /** CSL-JSON 1.0.2, for Zotero, pandoc and citeproc: one array. */
    CSL,

    /** RIS, for EndNote and others. Its lines end with CR and LF, as the format requires. */
    RIS,

    /** As DataCite recommends: creators (year): title. version. publisher. URL. */
    TEXT;

    /** The text of those citations, in their order; ends with a line break. */
    public String write(List<Citation> citations) {
        return switch (this) {
            case BIBTEX -> bibtex(citations);
            case CSL -> csl(citations);
            case RIS -> ris(citations);
            case TEXT -> text(citations);
        };
    }

    private static String bibtex(List<Citation> citations) {
        return citations.stream().map(CitationFormat::bibtex).collect(Collectors.joining("\n"));
    }

    private static String bibtex(Citation c) {
        Map<String, String> fields = new LinkedHashMap<>();
        if (!c.creators().isEmpty()) {
            fields.put(
                    "author", c.creators().stream().map(CitationFormat::author).collect(Collectors.joining(" and ")));
        }
        // The inner braces protect H&E and names from styles that write titles in lower case.
        fields.put("title", "{" + LatexText.text(c.title()) + "}");
        if (c.year() != null) {
            fields.put("year", c.year().toString());
        }
        boolean article = c.kind() == Citation.Kind.PAPER && c.publisher() != null;
        if (article) {
            fields.put("journal", LatexText.text(String.valueOf(c.publisher())));
        } else if (c.kind() == Citation.Kind.DATASET) {
            fields.put(
                    "howpublished",
                    "Data set"
                            + (c.publisher() == null ? "" : ", " + LatexText.text(c.publisher()))
                            + (c.version() == null ? "" : ", version " + LatexText.text(c.version())));
        }
        if (c.doi() != null) {
            fields.put("doi", verbatim(c.doi()));
        }
        String link = c.link();
        if (link != null) {
            fields.put("url", verbatim(link));
        }
        if (!c.notes().isEmpty()) {
            fields.put("note", LatexText.text(String.join(". ", c.notes())));
        }
        return fields.entrySet().stream()
                .map(f -> "  " + f.getKey() + " = {" + f.getValue() + "}")
                .collect(Collectors.joining(",\n", (article ? "@article{" : "@misc{") + c.id() + ",\n", "\n}\n"));
    }

    /** A name for BibTeX, which splits names at "and" and reads a comma as the end of the family name. */
    private static String author(String creator) {
        if (creator.equals(Citation.MORE)) {
            return "others";
        }
        Citation.Name name = Citation.Name.of(creator);
        return name.given() == null || creator.contains(" and ")
                ? "{" + LatexText.text(creator) + "}"
                : LatexText.text(creator);
    }

    /** A URL for BibTeX, which styles print as it is: only what would end the field is encoded. */
    private static String verbatim(String url) {
        return url.replace("\\", "%5C").replace("{", "%7B").replace("}", "%7D").replace(" ", "%20");
    }

    private static String csl(List<Citation> citations) {
        JsonMapper mapper =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        return mapper.writeValueAsString(
                        citations.stream().map(CitationFormat::csl).toList())
                + "\n";
    }

    private static Map<String, Object> csl(Citation c) {
        Map<String, Object> item = new LinkedHashMap<>();
        item.put("id", c.id());
        boolean paper = c.kind() == Citation.Kind.PAPER;
        item.put("type", !paper ? "dataset" : c.publisher() == null ? "article" : "article-journal");
        item.put("title", c.title());
        List<Map<String, String>> authors = new ArrayList<>();
        for (String creator : c.creators()) {
            Citation.Name name = Citation.Name.of(creator);
            String given = name.given();
            Map<String, String> author = new LinkedHashMap<>();
            author.put(given == null ? "literal" : "family", name.family());
            if (given != null) {
                author.put("given", given);
            }
            authors.add(author);
        }
        if (!authors.isEmpty()) {
            item.put("author", authors);
        }
        if (c.year() != null) {
            item.put("issued", Map.of("date-parts", List.of(List.of(c.year()))));
        }
        put(item, "version", c.version());
        put(item, paper ? "container-title" : "publisher", c.publisher());
        put(item, "DOI", c.doi());
        put(item, "URL", c.link());
        put(item, "note", c.notes().isEmpty() ? null : String.join(". ", c.notes()));
        return item;
    }

    private static void put(Map<String, Object> item, String name, @Nullable String value) {
        if (value != null) {
            item.put(name, value);
        }
    }

    private static String ris(List<Citation> citations) {
        StringBuilder out = new StringBuilder();
        for (Citation c : citations) {
            boolean paper = c.kind() == Citation.Kind.PAPER;
            tag(out, "TY", !paper ? "DATA" : c.publisher() == null ? "GEN" : "JOUR");
            tag(out, "ID", c.id());
            c.creators().forEach(name -> tag(out, "AU", name));
            tag(out, "TI", c.title());
            tag(out, "PY", c.year() == null ? null : c.year().toString());
            tag(out, "ET", c.version());
            tag(out, paper ? "T2" : "PB", c.publisher());
            tag(out, "DO", c.doi());
            tag(out, "UR", c.link());
            c.notes().forEach(note -> tag(out, "N1", note));
            out.append("ER  - \r\n");
        }
        return out.toString();
    }

    private static void tag(StringBuilder out, String tag, @Nullable String value) {
        if (value != null) {
            out.append(tag).append("  - ").append(value).append("\r\n");
        }
    }

    private static String text(List<Citation> citations) {
        return citations.stream().map(CitationFormat::text).collect(Collectors.joining("\n"));
    }

    private static String text(Citation c) {
        StringBuilder out = new StringBuilder();
        if (!c.creators().isEmpty()) {
            out.append(String.join("; ", c.creators()));
            out.append(c.year() == null ? ": " : " (" + c.year() + "): ");
        }
        out.append(c.title());
        if (c.creators().isEmpty() && c.year() != null) {
            out.append(" (").append(c.year()).append(')');
        }
        if (c.version() != null) {
            sentence(out, "Version " + c.version());
        }
        if (c.publisher() != null) {
            sentence(out, c.publisher());
        }
        if (c.kind() == Citation.Kind.DATASET) {
            sentence(out, "Data set");
        }
        String link = c.link();
        if (link != null) {
            sentence(out, link);
        }
        c.notes().forEach(note -> sentence(out, note));
        return out.append("\n").toString();
    }

    private static void sentence(StringBuilder out, String sentence) {
        char last = out.charAt(out.length() - 1);
        out.append(last == '.' || last == '?' || last == '!' ? " " : ". ").append(sentence);
    }
}
