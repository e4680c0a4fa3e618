package org.histods.audit.report;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.histods.manifest.License;
import org.histods.manifest.Manifest;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.jspecify.annotations.Nullable;

/** Links to a dataset, its paper and its terms for CycloneDX; only what the manifest states. */
final class ExternalReferences {

    private static final Pattern URL = Pattern.compile("(https?|ftp|s3|gs)://\\S.*");

    private final Manifest manifest;

    ExternalReferences(Manifest manifest) {
        this.manifest = manifest;
    }

    /** The page or download of the dataset; null if the manifest has no URL. */
    @Nullable
    String home() {
        return references().stream()
                .filter(r -> !"documentation".equals(r.get("type")))
                .map(r -> String.valueOf(r.get("url")))
                .findFirst()
                .orElse(null);
    }

    List<Map<String, Object>> references() {
        List<Map<String, Object>> references = new ArrayList<>();
        if (manifest.publication().doi() != null) {
            add(
                    references,
                    "distribution",
                    "https://doi.org/" + manifest.publication().doi(),
                    "DOI of the dataset");
        }
        add(references, "website", manifest.publication().landing(), null);
        Manifest.Paper paper = manifest.publication().paper();
        if (paper != null) {
            String url = paper.doi() != null ? "https://doi.org/" + paper.doi() : paper.url();
            add(references, "documentation", url, paper.title() == null ? "paper" : "paper: " + paper.title());
        }
        for (SourceSpec source : manifest.sources()) {
            String whose = source.kind() + (source.official() ? "" : ", a third party's copy");
            add(references, "distribution", source.record(), whose);
            for (PinnedFile file : source.files()) {
                add(references, "distribution", file.at(), whose);
            }
        }
        return references;
    }

    private static void add(
            List<Map<String, Object>> references, String type, @Nullable String url, @Nullable String comment) {
        if (url == null || !URL.matcher(url).matches()) {
            return;
        }
        Map<String, Object> reference = new LinkedHashMap<>();
        reference.put("type", type);
        reference.put("url", encoded(url));
        if (comment != null) {
            reference.put("comment", comment);
        }
        if (references.stream().noneMatch(r -> encoded(url).equals(r.get("url")))) {
            references.add(reference);
        }
    }

    /** The terms; empty if none are known. */
    List<Map<String, Object>> licenses() {
        License license = manifest.terms().license();
        if (license.unknown()) {
            return List.of();
        }
        Map<String, Object> terms = new LinkedHashMap<>();
        terms.put(license.spdx() != null ? "id" : "name", license.shown());
        if (license.url() != null && URL.matcher(license.url()).matches()) {
            terms.put("url", encoded(license.url()));
        }
        return List.of(Map.of("license", terms));
    }

    /** The URL with characters that are not allowed in a URL percent-encoded. */
    private static String encoded(String url) {
        try {
            return new URI(url).toASCIIString();
        } catch (URISyntaxException e) {
            StringBuilder out = new StringBuilder();
            for (byte b : url.getBytes(StandardCharsets.UTF_8)) {
                char c = (char) (b & 0xff);
                boolean valid = c > ' ' && c < 127 && "\"<>\\^`{|}[]%".indexOf(c) < 0;
                out.append(valid ? String.valueOf(c) : String.format("%%%02X", b & 0xff));
            }
            return out.toString();
        }
    }
}
