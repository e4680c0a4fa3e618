package org.histods.cli.catalogue;

import static org.histods.cli.catalogue.DatasetPage.badge;
import static org.histods.cli.catalogue.DatasetPage.download;
import static org.histods.cli.catalogue.DatasetPage.link;
import static org.histods.cli.catalogue.DatasetPage.path;
import static org.histods.cli.catalogue.DatasetPage.words;
import static org.histods.html.Html.element;

import java.net.URI;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.histods.catalogue.DatasetGroup;
import org.histods.catalogue.LineageGraph;
import org.histods.catalogue.LineageSvg;
import org.histods.dataset.DatasetId;
import org.histods.html.Html;
import org.histods.html.HtmlPage;
import org.histods.manifest.Manifest;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The catalogue as a static site: an index, a {@link DatasetPage} with a {@link SearchDescription} for each dataset, the picture
 * of the lineage, and a sitemap. The pages can be read without JavaScript.
 */
final class SitePages {

    private static final List<String> STYLES = List.of("base.css", "catalogue.css", "site.css");
    /** The columns of the index with values that are aligned to the right. */
    private static final Set<String> NUMBERS = Set.of("Year", "Size", "Here");

    private final LineageGraph lineages;
    private final List<DatasetGroup> groups;
    private final String version;
    private final LocalDate today;
    private final @Nullable URI address;
    private final JsonMapper mapper = new JsonMapper();
    private final Map<DatasetId, Manifest> datasets = new TreeMap<>();

    /** @param address where the site will be published, ending with a slash; null if that is not known */
    SitePages(
            List<Manifest> manifests,
            LineageGraph lineages,
            List<DatasetGroup> groups,
            String version,
            LocalDate today,
            @Nullable URI address) {
        this.lineages = lineages;
        this.groups = groups;
        this.version = version;
        this.today = today;
        this.address = address;
        manifests.forEach(m -> datasets.put(m.id(), m));
    }

    /** The datasets of a served mirror, for their pages. */
    interface Holdings {

        /** A static site, which knows of no mirror. */
        Holdings NONE = id -> null;

        /** A section for the dataset's page and a word for the index; null if the mirror has none of it, or there is none. */
        @Nullable
        Holding of(DatasetId id);

        /**
         * The part of a dataset in the mirror.
         *
         * @param word such as the size of what is there
         */
        record Holding(String word, Html section) {}
    }

    /** The page at that path; null if there is none. */
    @Nullable
    String page(String path, Holdings holdings) {
        if (path.isEmpty() || path.equals("index.html")) {
            return index(holdings);
        }
        if (path.equals("lineage.svg")) {
            return lineage();
        }
        return datasets.values().stream()
                .filter(m -> path.equals(path(m.id())))
                .findFirst()
                .map(m -> page(m, holdings))
                .orElse(null);
    }

    /** The files of the site by their path. */
    Map<String, String> files() {
        Map<String, String> files = new TreeMap<>();
        files.put("index.html", index(Holdings.NONE));
        files.put("lineage.svg", lineage());
        datasets.values().forEach(m -> files.put(path(m.id()), page(m, Holdings.NONE)));
        if (address != null) {
            files.put("sitemap.xml", sitemap());
        }
        return files;
    }

    private String lineage() {
        Map<String, String> links = new TreeMap<>();
        datasets.keySet().forEach(id -> links.put(id.text(), path(id)));
        return LineageSvg.svg(lineages, links) + "\n";
    }

    private String sitemap() {
        Html set = element("urlset").attribute("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9");
        List<String> paths = new ArrayList<>(List.of(""));
        datasets.keySet().forEach(id -> paths.add(path(id)));
        for (String path : paths) {
            set.add(element("url")
                    .add(element("loc").text(address + path), element("lastmod").text(today.toString())));
        }
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + set + "\n";
    }

    private String html(String style, String title, String root, Html head, Html content, Html data) {
        Map<String, Html> parts = new LinkedHashMap<>();
        parts.put("style-class", Html.of(style));
        parts.put("title", Html.of(title));
        parts.put("root", Html.of(root));
        parts.put("head", head);
        parts.put("content", content);
        parts.put("version", Html.of(version));
        parts.put("date", Html.of(today.toString()));
        parts.put("data", data);
        return HtmlPage.of("site.html", STYLES, List.of(), parts);
    }

    private Html canonical(String path) {
        return address == null
                ? Html.sequence()
                : Html.trusted("<link rel=\"canonical\" href=\""
                        + element("x").attribute("y", address + path).toString().replaceAll("^<x y=\"|\"></x>$", "")
                        + "\">");
    }

    private String index(Holdings holdings) {
        Html table = element("table", "stacking");
        Html head = element("tr");
        List<String> columns =
                new ArrayList<>(List.of("Dataset", "Access", "Organ", "Task", "Licence", "Year", "Size"));
        if (holdings != Holdings.NONE) {
            columns.add("Here");
        }
        for (String name : columns) {
            head.add((NUMBERS.contains(name) ? element("th", "number") : element("th"))
                    .attribute("scope", "col")
                    .text(name));
        }
        Html body = element("tbody");
        for (Manifest m : datasets.values()) {
            Html row = element("tr")
                    .add(
                            element("td")
                                    .add(
                                            element("a", "name")
                                                    .attribute("href", path(m.id()))
                                                    .text(m.id().text()),
                                            element("span", "title").text(m.title())),
                            cell("", "Access")
                                    .add(badge(m.terms().access().status().word())),
                            cell("", "Organ").text(words(m.images().organs())),
                            cell("", "Task").text(words(m.contents().tasks())),
                            cell("", "Licence").text(m.terms().license().shown()),
                            cell("number", "Year")
                                    .text(
                                            m.publication().year() == null
                                                    ? "unknown"
                                                    : String.valueOf(
                                                            m.publication().year())),
                            cell("number size", "Size").text(download(m)));
            if (holdings != Holdings.NONE) {
                Holdings.Holding here = holdings.of(m.id());
                row.add(cell("number", "Here").text(here == null ? "no" : here.word()));
            }
            body.add(row);
        }
        table.add(element("thead").add(head), body);
        Html content = Html.sequence(
                element("h1").text("Public histopathology datasets"),
                element("p", "lead")
                        .text(Count.of(datasets.size(), "dataset")
                                + ": where they are, what they hold, under which terms, and which share images."));
        content.add(element("div", "scroll").add(table));
        benchmarks(content);
        Html description = Html.trusted("<meta name=\"description\" content=\"Public histopathology datasets:"
                + " sources, sizes, checksums, licences and lineage\">");
        return html(
                "index",
                "Public histopathology datasets",
                "",
                Html.sequence(description, canonical("")),
                content,
                Html.sequence());
    }

    /** A cell that has its own label where the table is too wide for the screen. */
    private static Html cell(String cssClass, String label) {
        return element("td")
                .attribute("class", cssClass.isEmpty() ? null : cssClass)
                .attribute("data-label", label);
    }

    private void benchmarks(Html content) {
        if (groups.isEmpty()) {
            return;
        }
        content.add(element("h2").text("Benchmarks, and the datasets that they use"));
        Html list = element("dl", "facts");
        for (DatasetGroup group : groups) {
            List<Html> members = group.datasets().stream()
                    .map(id -> link(datasets.keySet(), id.text(), ""))
                    .toList();
            list.add(
                    element("dt").text(group.title()),
                    element("dd")
                            .add(members, ", ")
                            .text(" ")
                            .add(element("code").text("histods pull --group " + group.id())));
        }
        content.add(list);
    }

    private String page(Manifest m, Holdings holdings) {
        Holdings.Holding here = holdings.of(m.id());
        Html content =
                new DatasetPage(m, lineages, groups, datasets.keySet()).content(here == null ? null : here.section());
        String url = address == null ? null : address + path(m.id());
        Html data = Html.trusted("<script type=\"application/ld+json\">"
                + mapper.writeValueAsString(new SearchDescription(m, url).properties())
                        .replace("<", "\\u003c")
                + "</script>");
        return html("detail", m.title(), "../", canonical(path(m.id())), content, data);
    }
}
