package org.histods.provenance.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.histods.manifest.License;
import org.histods.manifest.Lineage;
import org.histods.manifest.Manifest;
import org.histods.provenance.ReceiptJson;
import org.jspecify.annotations.Nullable;

/**
 * Metadata of a manifest in Croissant 1.1 (mlcommons.org/croissant/1.1), an extension of schema.org's Dataset for
 * search engines and data loaders. Required facts that are unknown are left out and listed in {@link #lacking}.
 */
public final class CroissantMetadata {

    /** The vocabulary's URL. Croissant's examples and validator use https, although its text uses http. */
    private static final String SCHEMA = "https://schema.org/";

    private static final List<String> TERMS =
            List.of(("annotation arrayShape citeAs column equivalentProperty excludes extract field fileObject "
                            + "fileProperty fileSet format includes isArray isLiveDataset jsonPath key md5 parentField "
                            + "path recordSet references regex repeated replace samplingRate separator source subField "
                            + "transform value")
                    .split(" "));

    private final Manifest manifest;
    private final Map<String, Object> root = new LinkedHashMap<>();
    private final List<String> lacking = new ArrayList<>();

    public CroissantMetadata(Manifest manifest) {
        this.manifest = manifest;
        describe();
        terms();
        lineage();
    }

    /** The description, without files; a caller may add to it. */
    public Map<String, Object> root() {
        return root;
    }

    /** The required properties that are unknown. */
    public List<String> lacking() {
        return List.copyOf(lacking);
    }

    private static Map<String, Object> context() {
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("@language", "en");
        context.put("@vocab", SCHEMA);
        context.put("sc", SCHEMA);
        context.put("cr", "http://mlcommons.org/croissant/");
        context.put("rai", "http://mlcommons.org/croissant/RAI/");
        context.put("dct", "http://purl.org/dc/terms/");
        context.put("prov", "http://www.w3.org/ns/prov#");
        context.put("conformsTo", "dct:conformsTo");
        context.put("data", ReceiptJson.map("@id", "cr:data", "@type", "@json"));
        context.put("dataType", ReceiptJson.map("@id", "cr:dataType", "@type", "@vocab"));
        context.put("examples", ReceiptJson.map("@id", "cr:examples", "@type", "@json"));
        TERMS.forEach(term -> context.put(term, "cr:" + term));
        return context;
    }

    private void describe() {
        root.put("@context", context());
        root.put("@type", "sc:Dataset");
        root.put("conformsTo", "http://mlcommons.org/croissant/1.1");
        root.put("name", manifest.id());
        root.put("alternateName", manifest.title());
        String description = manifest.publication().description();
        root.put("description", description == null ? manifest.title() : description.strip());
        root.put("version", manifest.version());
        String page = manifest.publication().doi() != null
                ? "https://doi.org/" + manifest.publication().doi()
                : manifest.publication().landing();
        required("url", page == null ? List.of() : List.of(page));
        License license = manifest.terms().license();
        required("license", license.unknown() ? List.of() : List.of(license(license)));
        required(
                "creator",
                manifest.publication().namedCreators().stream()
                        .map(CroissantMetadata::named)
                        .toList());
        required(
                "datePublished",
                manifest.publication().year() == null
                        ? List.of()
                        : List.of(manifest.publication().year().toString()));
        if (manifest.publication().publisher() != null) {
            root.put("publisher", organisation(manifest.publication().publisher()));
        }
        paper(manifest.publication().paper());
        List<String> words = new ArrayList<>(List.of("histopathology"));
        for (List<String> more : List.of(
                manifest.images().organs(),
                manifest.images().stains(),
                manifest.contents().tasks(),
                manifest.images().species())) {
            words.addAll(more);
        }
        root.put("keywords", words);
    }

    /** The paper that describes the dataset, which search engines show as what to cite. */
    private void paper(Manifest.@Nullable Paper paper) {
        if (paper == null || paper.title() == null) {
            return;
        }
        Map<String, Object> article = ReceiptJson.map("@type", "sc:ScholarlyArticle", "name", paper.title());
        List<Map<String, Object>> authors = paper.authors().stream()
                .filter(name -> !name.equals("et al."))
                .map(CroissantMetadata::named)
                .toList();
        if (!authors.isEmpty()) {
            article.put("author", authors);
        }
        if (paper.year() != null) {
            article.put("datePublished", paper.year().toString());
        }
        String url = paper.doi() == null ? paper.url() : "https://doi.org/" + paper.doi();
        if (url != null) {
            article.put("url", url);
        }
        root.put("citation", article);
    }

    private void required(String property, List<?> values) {
        if (values.isEmpty()) {
            lacking.add(property);
        } else {
            root.put(property, values.size() == 1 ? values.get(0) : values);
        }
    }

    private static Object license(License license) {
        if (license.spdx() != null) {
            return "https://spdx.org/licenses/" + license.spdx();
        }
        Map<String, Object> terms = ReceiptJson.map("@type", "sc:CreativeWork", "name", license.shown());
        if (license.url() != null) {
            terms.put("url", license.url());
        }
        return terms;
    }

    private static Map<String, Object> named(String creator) {
        int comma = creator.indexOf(", ");
        return comma < 0
                ? organisation(creator)
                : ReceiptJson.map(
                        "@type",
                        "sc:Person",
                        "name",
                        creator.substring(comma + 2) + " " + creator.substring(0, comma),
                        "givenName",
                        creator.substring(comma + 2),
                        "familyName",
                        creator.substring(0, comma));
    }

    private static Map<String, Object> organisation(String name) {
        return ReceiptJson.map("@type", "sc:Organization", "name", name);
    }

    /** Conditions of use besides the licence: what users must do, and what is doubtful. */
    private void terms() {
        List<Object> conditions = new ArrayList<>();
        String spdx = manifest.terms().license().spdx();
        if (spdx != null && spdx.contains("-NC")) {
            conditions.add(ReceiptJson.map(
                    "@type",
                    "sc:DefinedTerm",
                    "name",
                    "not for profit, non commercial use only",
                    "termCode",
                    "DUO_0000018",
                    "url",
                    "http://purl.obolibrary.org/obo/DUO_0000018"));
        }
        String access = manifest.terms().access().status().word();
        List<String> words = new ArrayList<>();
        if (manifest.terms().access().note() != null) {
            words.add(String.valueOf(manifest.terms().access().note()));
        }
        words.addAll(manifest.terms().access().steps());
        conditions.add(
                condition("Access: " + access, words.isEmpty() ? "access is " + access : String.join(" ", words)));
        if (manifest.terms().license().doubt() != null) {
            conditions.add(condition(
                    "Doubt about the terms",
                    String.valueOf(manifest.terms().license().doubt())));
        }
        root.put("usageInfo", conditions);
    }

    private static Map<String, Object> condition(String name, String text) {
        return ReceiptJson.map("@type", "sc:CreativeWork", "name", name, "description", text);
    }

    /** Related datasets, by the PROV or schema.org terms with the same meaning; there is none for an overlap. */
    private void lineage() {
        Map<String, List<Object>> related = new LinkedHashMap<>();
        for (Lineage entry : manifest.contents().lineage()) {
            String property = switch (entry.relation()) {
                case DERIVED_FROM -> "prov:wasDerivedFrom";
                case VARIANT_OF -> "prov:alternateOf";
                case IDENTICAL_TO -> "prov:specializationOf";
                case PART_OF -> "isPartOf";
                case OVERLAPS -> "";
            };
            if (!property.isEmpty()) {
                Map<String, Object> other = new LinkedHashMap<>();
                if (entry.dataset() != null) {
                    other.put("@id", "urn:dataset:" + entry.dataset());
                }
                other.put("@type", "sc:Dataset");
                other.put("name", entry.other());
                if (entry.note() != null) {
                    other.put("description", entry.note());
                }
                related.computeIfAbsent(property, p -> new ArrayList<>()).add(other);
            }
        }
        root.putAll(related);
    }
}
