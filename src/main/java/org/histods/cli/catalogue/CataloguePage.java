package org.histods.cli.catalogue;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.histods.catalogue.DatasetGroup;
import org.histods.catalogue.LineageGraph;
import org.histods.catalogue.LineageGraph.Certainty;
import org.histods.catalogue.LineageGraph.Chain;
import org.histods.catalogue.LineageGraph.Link;
import org.histods.catalogue.LineageSvg;
import org.histods.cli.shell.SizeJson;
import org.histods.dataset.DatasetId;
import org.histods.html.Html;
import org.histods.html.HtmlPage;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestReader;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.manifest.Vocabulary;
import org.histods.project.Citation;
import org.histods.project.CitationFormat;
import tools.jackson.databind.json.JsonMapper;

/**
 * The catalogue as one self-contained HTML page, which needs no network and no other file. Its content security policy
 * allows only the page's own script, whatever a manifest contains.
 */
final class CataloguePage {

    private static final List<String> STYLES = List.of("base.css", "catalogue.css");
    private static final List<String> SCRIPTS = List.of("words.js", "facets.js", "detail.js", "catalogue.js");

    /**
     * A dataset on the page.
     *
     * @param pulled its versions in the mirror; empty if there is none
     */
    record Entry(Manifest manifest, List<String> pulled) {}

    private final ManifestReader manifests;
    private final LineageGraph lineages;
    private final List<DatasetGroup> groups;
    private final JsonMapper mapper = new JsonMapper();

    /** @param lineages of the whole catalogue, even if the page shows only part of it */
    CataloguePage(ManifestReader manifests, LineageGraph lineages, List<DatasetGroup> groups) {
        this.manifests = manifests;
        this.lineages = lineages;
        this.groups = List.copyOf(groups);
    }

    /** The page; the same entries on the same day give the same text. */
    String html(List<Entry> entries, String version, LocalDate today) {
        Map<String, String> links = new TreeMap<>();
        entries.forEach(
                e -> links.put(e.manifest().id().text(), "#" + e.manifest().id()));
        Map<String, Html> parts = new LinkedHashMap<>();
        parts.put("lineage", LineageSvg.svg(lineages, links));
        parts.put("version", Html.of(version));
        parts.put("date", Html.of(today.toString()));
        parts.put("data", Html.trusted(json(data(entries))));
        return HtmlPage.of("catalogue.html", STYLES, SCRIPTS, parts);
    }

    private Map<String, Object> data(List<Entry> entries) {
        Map<String, Object> data = new LinkedHashMap<>();
        List<Link> links = lineages.links();
        Map<String, Object> chains = new TreeMap<>();
        List<Map<String, Object>> datasets = new ArrayList<>();
        LineageJson lineageJson = new LineageJson(lineages);
        for (Entry entry : entries) {
            DatasetId id = entry.manifest().id();
            datasets.add(dataset(entry));
            Map<String, Object> lists = new LinkedHashMap<>();
            lineageJson
                    .chains(id)
                    .forEach((name, list) -> lists.put(
                            name, list.stream().map(c -> chain(c, links)).toList()));
            chains.put(id.text(), lists);
        }
        data.put("datasets", datasets);
        data.put("chains", chains);
        data.put("links", links.stream().map(CataloguePage::link).toList());
        data.put("titles", LineageJson.titles());
        data.put("meanings", meanings());
        return data;
    }

    private Map<String, Object> dataset(Entry entry) {
        Manifest m = entry.manifest();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("size", SizeJson.of(m.download()));
        facts.put("optional", SizeJson.of(m.optionalDownload()));
        facts.put("stated", stated(m));
        facts.put("license", m.terms().license().shown());
        facts.put("kinds", m.sources().stream().map(SourceSpec::kind).distinct().toList());
        facts.put("pulled", entry.pulled());
        facts.put(
                "groups",
                groups.stream()
                        .filter(group -> group.datasets().contains(m.id()))
                        .map(DatasetGroup::id)
                        .toList());
        List<Citation> citations = new ArrayList<>(List.of(Citation.of(m, null)));
        Citation.ofPaper(m).ifPresent(citations::add);
        facts.put("citation", CitationFormat.TEXT.write(citations).strip());
        facts.put("bibtex", CitationFormat.BIBTEX.write(citations).strip());
        Map<String, Object> dataset = new LinkedHashMap<>(manifests.map(m));
        dataset.put("facts", facts);
        return dataset;
    }

    /** The text of each stated size, by {@code unpacked}, the source's index, or the source's index and the file's path. */
    private static Map<String, String> stated(Manifest m) {
        Map<String, String> words = new TreeMap<>();
        if (m.contents().unpacked() != null) {
            words.put("unpacked", m.contents().unpacked().words());
        }
        for (int i = 0; i < m.sources().size(); i++) {
            SourceSpec source = m.sources().get(i);
            if (source.size() != null) {
                words.put(String.valueOf(i), source.size().words());
            }
            for (PinnedFile file : source.files()) {
                if (file.size() != null) {
                    words.put(i + " " + file.path(), file.size().words());
                }
            }
        }
        return words;
    }

    /**
     * A chain as a list, which is shorter than an object, because there are thousands: the other end, what they share, the certainty,
     * and each step with the index of its link.
     */
    private static List<Object> chain(Chain chain, List<Link> links) {
        return List.of(
                chain.to(),
                LineageJson.shares(chain),
                chain.certainty().word(),
                chain.steps().stream()
                        .map(step -> List.of(step.words(), links.indexOf(step.link())))
                        .toList());
    }

    private static Map<String, Object> link(Link link) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("note", link.note());
        object.put("evidence", link.evidence());
        return object;
    }

    private Map<String, Object> meanings() {
        Vocabulary vocabulary = manifests.vocabulary();
        Map<String, Object> meanings = new LinkedHashMap<>();
        Stream.of(Vocabulary.Kind.values()).forEach(kind -> {
            Map<String, String> words = new LinkedHashMap<>();
            vocabulary
                    .words(kind)
                    .forEach(w -> vocabulary.meaning(kind, w).ifPresent(meaning -> words.put(w, meaning)));
            meanings.put(kind.word(), words);
        });
        Map<String, String> certainty = new LinkedHashMap<>();
        Stream.of(Certainty.values()).forEach(c -> certainty.put(c.word(), LineageJson.meaning(c)));
        meanings.put("certainty", certainty);
        return meanings;
    }

    /** Escapes {@code <}, so that nothing in the data can end the script element that contains it. */
    private String json(Object data) {
        return mapper.writeValueAsString(data).replace("<", "\\u003c");
    }
}
