package org.histods.cli.catalogue;

import static org.histods.html.Html.element;

import java.net.URI;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.catalogue.DatasetGroup;
import org.histods.catalogue.LineageGraph;
import org.histods.catalogue.LineageGraph.Chain;
import org.histods.catalogue.LineageSvg;
import org.histods.dataset.DatasetId;
import org.histods.html.Html;
import org.histods.html.HtmlPage;
import org.histods.manifest.Manifest;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.manifest.StatedSize;
import org.histods.problem.Problem;
import org.histods.project.Citation;
import org.histods.project.CitationFormat;
import org.histods.provenance.export.CroissantFiles;
import org.histods.provenance.export.CroissantMetadata;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.source.all.Sources;
import org.histods.text.Bytes;
import org.histods.text.Count;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The catalogue as a static site: an index and a page for each dataset, which can be read without JavaScript and have a
 * description for search engines (schema.org Dataset, and Croissant where everything is known that it requires).
 */
final class SitePages {

    private static final List<String> STYLES = List.of("base.css", "catalogue.css", "site.css");
    private static final int SHOWN_FILES = 200;
    /** The columns of the index with values that are aligned to the right. */
    private static final Set<String> NUMBERS = Set.of("Year", "Size", "Here");

    private static final Pattern URL = Pattern.compile("https?://[^\\s<>\"]*[^\\s<>\".,;:!?()]");

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

    private static String path(DatasetId id) {
        return "datasets/" + id + ".html";
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
        Html table = element("table", "datasets");
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

    private static String download(Manifest m) {
        return m.download().known() || !m.optionalDownload().known()
                ? m.download().text()
                : "unknown; " + m.optionalDownload().text() + " from an optional source";
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
            List<Html> members =
                    group.datasets().stream().map(id -> link(id.text(), "")).toList();
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
        Holdings.Holding here = holdings.of(m.id());
        if (here != null) {
            content.add(here.section());
        }
        notes(content, "Know before you train", m.notes().problems());
        content.add(element("h2").text("Facts"), facts(m));
        access(content, m);
        sources(content, m);
        lineage(content, m);
        List<Citation> citations = new ArrayList<>(List.of(Citation.of(m, null)));
        Citation.ofPaper(m).ifPresent(citations::add);
        content.add(element("h2").text("Cite"));
        for (Citation citation : citations) {
            content.add(element("p")
                    .text(CitationFormat.TEXT.write(List.of(citation)).strip()));
        }
        content.add(element("pre").text(CitationFormat.BIBTEX.write(citations).strip()));
        notes(content, "In doubt", m.notes().doubts());
        String ld = mapper.writeValueAsString(description(m)).replace("<", "\\u003c");
        Html data = Html.trusted("<script type=\"application/ld+json\">" + ld + "</script>");
        return html("detail", m.title(), "../", canonical(path(m.id())), content, data);
    }

    private static void notes(Html content, String title, List<String> lines) {
        if (!lines.isEmpty()) {
            Html list = element("ul");
            lines.forEach(line -> list.add(element("li").add(prose(line))));
            content.add(element("h2").text(title), list);
        }
    }

    private Html facts(Manifest m) {
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

    private static void access(Html content, Manifest m) {
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

    private static void sources(Html content, Manifest m) {
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

    private void lineage(Html content, Manifest m) {
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
                        .add(link(chain.to(), "../"))
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

    private Html link(String name, String root) {
        DatasetId id = DatasetId.of(name).orElse(null);
        return id == null || !datasets.containsKey(id)
                ? Html.of(name)
                : element("a").attribute("href", root + path(id)).text(name);
    }

    private static Html badge(String word) {
        return element("span", "badge " + word).text(word);
    }

    private static String words(List<String> words) {
        return words.isEmpty() ? "unknown" : String.join(", ", words);
    }

    /** Text in which web addresses are links. */
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

    /** The description for search engines. */
    private Map<String, Object> description(Manifest m) {
        CroissantMetadata metadata = new CroissantMetadata(m);
        Map<String, Object> root = metadata.root();
        root.put("name", m.title());
        List<String> others = new ArrayList<>(List.of(m.id().text()));
        others.addAll(m.names().aliases());
        root.put("alternateName", others);
        if (m.publication().doi() != null) {
            root.put("identifier", "https://doi.org/" + m.publication().doi());
        }
        if (address != null) {
            root.put("mainEntityOfPage", address + path(m.id()));
        }
        root.put("isAccessibleForFree", m.terms().access().status().word().equals("open") ? Boolean.TRUE : null);
        root.values().removeIf(value -> value == null);
        List<Map<String, Object>> files = new ArrayList<>();
        boolean complete = metadata.lacking().isEmpty();
        for (String part : m.parts()) {
            complete &= distribution(m.sourcesOf(part), files);
        }
        if (!files.isEmpty()) {
            root.put("distribution", files);
        }
        if (!complete || files.isEmpty()) {
            root.remove("conformsTo");
        }
        return root;
    }

    /** Adds the files of the first source that pins some; returns whether all have what Croissant requires. */
    private static boolean distribution(List<SourceSpec> sources, List<Map<String, Object>> files) {
        for (SourceSpec spec : sources) {
            boolean folders = spec.files().stream().anyMatch(PinnedFile::folder);
            if (spec.files().isEmpty() || folders || spec.files().size() > SHOWN_FILES) {
                continue;
            }
            boolean complete = true;
            for (RemoteFile file : located(spec)) {
                Map<String, Object> object = new LinkedHashMap<>();
                object.put("@id", file.path().text());
                object.put("name", file.path().text());
                object.put("contentUrl", file.uri().toString());
                object.put("encodingFormat", CroissantFiles.format(file.path().text()));
                if (file.bytes() != null) {
                    object.put("contentSize", file.bytes() + " B");
                }
                boolean hashed = false;
                for (RemoteFile.Stated stated : file.checksums()) {
                    String word = stated.checksum().algorithm().word();
                    if (word.equals("md5") || word.equals("sha256")) {
                        object.put(word, stated.checksum().hex());
                        hashed = true;
                    }
                }
                // Croissant requires a checksum; schema.org does not.
                object.put("@type", hashed ? "cr:FileObject" : "sc:DataDownload");
                complete &= hashed;
                files.add(object);
            }
            return complete;
        }
        return false;
    }

    /** The URLs of the pinned files, where they are known without a request. */
    private static List<RemoteFile> located(SourceSpec spec) {
        Source source = Sources.of(spec.kind()).orElse(null);
        try {
            return source == null ? List.of() : source.resolve(spec, Transport.refusing());
        } catch (Problem onlyByARequest) {
            return List.of();
        }
    }
}
