package org.histods.cli.catalogue;

import static org.histods.html.Html.element;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.catalogue.DatasetGroup;
import org.histods.catalogue.LineageGraph;
import org.histods.catalogue.LineageGraph.Chain;
import org.histods.dataset.DatasetId;
import org.histods.html.Html;
import org.histods.manifest.Manifest;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.manifest.StatedSize;
import org.histods.project.Citation;
import org.histods.project.CitationFormat;
import org.histods.text.Bytes;
import org.jspecify.annotations.Nullable;

/** The page of a dataset for people: facts, access, sources with checksums, lineage, citations, doubts. */
final class DatasetPage {

    private static final int SHOWN_FILES = 200;
    private static final Pattern URL = Pattern.compile("https?://[^\\s<>\"]*[^\\s<>\".,;:!?()]");

    private final Manifest m;
    private final LineageGraph lineages;
    private final List<DatasetGroup> groups;
    private final Set<DatasetId> datasets;

    /** @param datasets those that have a page on the site */
    DatasetPage(Manifest m, LineageGraph lineages, List<DatasetGroup> groups, Set<DatasetId> datasets) {
        this.m = m;
        this.lineages = lineages;
        this.groups = groups;
        this.datasets = datasets;
    }

    /** The path of a dataset's page below the site. */
    static String path(DatasetId id) {
        return "datasets/" + id + ".html";
    }

    /** @param mirror what a served mirror has of it; null for nothing */
    Html content(@Nullable Html mirror) {
        Html content = Html.sequence(
                element("h1").text(m.title()),
                element("p", "quiet")
                        .text(m.id() + " · version " + m.version()
                                + (m.names().aliases().isEmpty()
                                        ? ""
                                        : " · also called "
                                                + String.join(", ", m.names().aliases()))));
        if (m.publication().description() != null) {
            content.add(element("p", "lead").text(m.publication().description()));
        }
        content.add(element("p", "get")
                .add(badge(m.terms().access().status().word()), element("code").text("histods pull " + m.id())));
        if (mirror != null) {
            content.add(mirror);
        }
        notes(content, "Know before you train", m.notes().problems());
        content.add(element("h2").text("Facts"), facts());
        access(content);
        sources(content);
        lineage(content);
        List<Citation> citations = new ArrayList<>(List.of(Citation.of(m, null)));
        Citation.ofPaper(m).ifPresent(citations::add);
        content.add(element("h2").text("Cite"));
        for (Citation citation : citations) {
            content.add(element("p")
                    .text(CitationFormat.TEXT.write(List.of(citation)).strip()));
        }
        content.add(element("pre").text(CitationFormat.BIBTEX.write(citations).strip()));
        notes(content, "In doubt", m.notes().doubts());
        return content;
    }

    private static void notes(Html content, String title, List<String> lines) {
        if (!lines.isEmpty()) {
            Html list = element("ul");
            lines.forEach(line -> list.add(element("li").add(prose(line))));
            content.add(element("h2").text(title), list);
        }
    }

    private Html facts() {
        Map<String, Html> rows = new LinkedHashMap<>();
        rows.put("Tissue", Html.of(words(m.images().organs())));
        rows.put("Stain", Html.of(words(m.images().stains())));
        rows.put("For", Html.of(words(m.contents().tasks())));
        rows.put("Species", Html.of(words(m.images().species())));
        rows.put(
                "Unit",
                Html.of(m.images().unit() == null ? "unknown" : m.images().unit()));
        rows.put("Magnification", Html.of(words(m.images().magnification())));
        rows.put(
                "µm per pixel",
                Html.of(words(m.images().mpp().stream().map(String::valueOf).toList())));
        rows.put("Scanner", Html.of(words(m.images().scanner())));
        rows.put(
                "Image size",
                Html.of(m.images().imageSize() == null ? "unknown" : m.images().imageSize()));
        rows.put("Formats", Html.of(words(m.images().formats())));
        List<String> counts = new ArrayList<>();
        m.contents().counts().forEach((what, n) -> counts.add(String.format(Locale.ROOT, "%,d %s", n, what)));
        rows.put("Counts", Html.of(words(counts)));
        rows.put("Download", Html.of(download(m)));
        rows.put(
                "Unpacked",
                Html.of(
                        m.contents().unpacked() == null
                                ? "unknown"
                                : m.contents().unpacked().words()));
        rows.put(
                "Year",
                Html.of(
                        m.publication().year() == null
                                ? "unknown"
                                : String.valueOf(m.publication().year())));
        Html license = Html.of(m.terms().license().shown());
        if (m.terms().license().url() != null) {
            license.text(" · ").add(prose(String.valueOf(m.terms().license().url())));
        }
        if (m.terms().license().doubt() != null) {
            license.add(element("div")
                    .text("In doubt: ")
                    .add(prose(String.valueOf(m.terms().license().doubt()))));
        }
        rows.put("Licence", license);
        rows.put(
                "Dataset DOI",
                m.publication().doi() == null
                        ? Html.of("unknown")
                        : prose("https://doi.org/" + m.publication().doi()));
        rows.put("Paper", paper(m.publication().paper()));
        rows.put(
                "Creators",
                Html.of(
                        m.publication().creators().isEmpty()
                                ? "unknown"
                                : String.join("; ", m.publication().creators())));
        rows.put(
                "Publisher",
                Html.of(
                        m.publication().publisher() == null
                                ? "unknown"
                                : m.publication().publisher()));
        rows.put(
                "Page",
                m.publication().landing() == null
                        ? Html.of("unknown")
                        : prose(m.publication().landing()));
        List<Html> member = groups.stream()
                .filter(group -> group.datasets().contains(m.id()))
                .map(group -> Html.of(group.title()))
                .toList();
        if (!member.isEmpty()) {
            rows.put("Used by", Html.sequence().add(member, ", "));
        }
        if (m.contents().patients() != null && m.contents().patients().note() != null) {
            rows.put("Patients", prose(String.valueOf(m.contents().patients().note())));
        }
        Html list = element("dl", "facts");
        rows.forEach((name, value) ->
                list.add(element("dt").text(name), element("dd").add(value)));
        return list;
    }

    private static Html paper(Manifest.@Nullable Paper paper) {
        String url = paper == null ? null : paper.doi() == null ? paper.url() : "https://doi.org/" + paper.doi();
        if (paper == null || (url == null && paper.title() == null)) {
            return Html.of("unknown");
        }
        Html shown = Html.of(paper.title() == null ? "" : paper.title() + " ");
        return url == null ? shown : shown.add(prose(url));
    }

    private void access(Html content) {
        content.add(element("h2").text("How to get it"));
        if (m.terms().access().note() != null) {
            content.add(element("p").add(prose(String.valueOf(m.terms().access().note()))));
        }
        if (!m.terms().access().steps().isEmpty()) {
            Html steps = element("ol");
            m.terms().access().steps().forEach(step -> steps.add(element("li").add(prose(step))));
            content.add(steps);
        }
    }

    private void sources(Html content) {
        content.add(element("h2").text("Sources, best first"));
        for (SourceSpec s : m.sources()) {
            Html section = element("section", "source")
                    .add(element("h3").text(s.kind() + " ").add(prose(s.record())));
            String use = switch (s.use()) {
                case AUTO -> "";
                case ASK -> " · only with --source " + s.kind();
                case NEVER -> " · not used by histods";
            };
            section.add(element("p", "quiet")
                    .text((s.official() ? "official" : "third party")
                            + (s.part().isEmpty() ? "" : " · part " + s.part())
                            + use));
            StatedSize size = s.size();
            if (size != null) {
                section.add(element("p").text(size.words()));
            }
            if (s.note() != null) {
                section.add(element("p").add(prose(s.note())));
            }
            if (!s.files().isEmpty()) {
                section.add(files(s));
            }
            content.add(section);
        }
    }

    private static Html files(SourceSpec s) {
        Html list = element("ul", "files");
        for (PinnedFile f : s.files().subList(0, Math.min(SHOWN_FILES, s.files().size()))) {
            Html item = element("li")
                    .add(element("span", "mono").text(f.path()))
                    .text(" "
                            + (f.bytes() != null
                                    ? Bytes.text(f.bytes())
                                    : f.stated().text()));
            f.checksums()
                    .forEach(p -> item.add(element("span", "sum")
                            .add(element("span", "mono").text(p.checksum().toString()))
                            .text(" by " + p.by())));
            list.add(item);
        }
        if (s.files().size() > SHOWN_FILES) {
            list.add(element("li").text("and " + (s.files().size() - SHOWN_FILES) + " more, in the manifest"));
        }
        return element("details")
                .flag("open", s.files().size() <= 12)
                .add(element("summary").text("Files and checksums"), list);
    }

    private void lineage(Html content) {
        content.add(element("h2").text("Where its images come from, and which datasets share them"));
        boolean any = false;
        for (Map.Entry<String, List<Chain>> entry :
                new LineageJson(lineages).chains(m.id()).entrySet()) {
            if (entry.getValue().isEmpty()) {
                continue;
            }
            any = true;
            Html list = element("ul", "chains");
            for (Chain chain : entry.getValue()) {
                list.add(element("li")
                        .add(link(datasets, chain.to(), "../"))
                        .text(" ")
                        .add(badge(chain.certainty().word()))
                        .text(" " + LineageJson.shares(chain)));
            }
            content.add(element("h3").text(LineageJson.titles().getOrDefault(entry.getKey(), entry.getKey())), list);
        }
        if (!any) {
            content.add(
                    element("p").text("No manifest names a dataset that shares images with it; this proves nothing."));
        }
    }

    /** A link to the page of that dataset; the name alone if the site has no such page. */
    static Html link(Set<DatasetId> datasets, String name, String root) {
        DatasetId id = DatasetId.of(name).orElse(null);
        return id == null || !datasets.contains(id)
                ? Html.of(name)
                : element("a").attribute("href", root + path(id)).text(name);
    }

    static Html badge(String word) {
        return element("span", "badge " + word).text(word);
    }

    /** The words in one line; {@code unknown} for none. */
    static String words(List<String> words) {
        return words.isEmpty() ? "unknown" : String.join(", ", words);
    }

    static String download(Manifest m) {
        return m.download().known() || !m.optionalDownload().known()
                ? m.download().text()
                : "unknown; " + m.optionalDownload().text() + " from an optional source";
    }

    /** Text in which URLs are links. */
    private static Html prose(String text) {
        Html html = Html.sequence();
        Matcher url = URL.matcher(text);
        int from = 0;
        while (url.find()) {
            html.text(text.substring(from, url.start()))
                    .add(element("a")
                            .attribute("href", url.group())
                            .attribute("rel", "noopener noreferrer")
                            .text(url.group()));
            from = url.end();
        }
        return html.text(text.substring(from));
    }
}
