package org.histods.cli.catalogue;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
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
import tools.jackson.databind.json.JsonMapper;

/**
 * The catalogue as one HTML page that needs nothing else: no network, no other file. Its security policy lets the
 * browser run the page's own script and nothing more, whatever stands in a manifest.
 */
final class CataloguePage {

    private static final List<String> STYLES = List.of("base.css", "catalogue.css");
    private static final List<String> SCRIPTS = List.of("words.js", "facets.js", "detail.js", "catalogue.js");

    /**
     * A dataset on the page.
     *
     * @param pulled its versions in the mirror, empty if there is none
     */
    record Entry(Manifest manifest, List<String> pulled) {}

    private final ManifestReader manifests;
    private final LineageGraph lineages;
    private final JsonMapper mapper = new JsonMapper();

    /** @param lineages of the whole catalogue, of which the page may show a part */
    CataloguePage(ManifestReader manifests, LineageGraph lineages) {
        this.manifests = manifests;
        this.lineages = lineages;
    }

    /** The page; the same entries on the same day give the same text. */
    String html(List<Entry> entries, String version, LocalDate today) {
        Map<String, String> addresses = new TreeMap<>();
        entries.forEach(
                e -> addresses.put(e.manifest().id().text(), "#" + e.manifest().id()));
        Map<String, Html> parts = new LinkedHashMap<>();
        parts.put("lineage", LineageSvg.svg(lineages, addresses));
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
        LineageJson kinship = new LineageJson(lineages);
        for (Entry entry : entries) {
            DatasetId id = entry.manifest().id();
            datasets.add(dataset(entry));
            Map<String, Object> lists = new LinkedHashMap<>();
            kinship.chains(id)
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
        facts.put("stated", stated(m));
        facts.put("license", m.license().shown());
        facts.put("kinds", m.sources().stream().map(SourceSpec::kind).distinct().toList());
        facts.put("pulled", entry.pulled());
        Map<String, Object> dataset = new LinkedHashMap<>(manifests.map(m));
        dataset.put("facts", facts);
        return dataset;
    }

    /** The words of each size that somebody states: under {@code unpacked}, the source's place, or place and path. */
    private static Map<String, String> stated(Manifest m) {
        Map<String, String> words = new TreeMap<>();
        if (m.unpacked() != null) {
            words.put("unpacked", m.unpacked().words());
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

    /** Short, as there are thousands: the other end, what is shared in words, how sure, and each step with its link's place. */
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

    /** With no {@code <} in it, nothing in the data can end the script element that holds them. */
    private String json(Object data) {
        return mapper.writeValueAsString(data).replace("<", "\\u003c");
    }
}
