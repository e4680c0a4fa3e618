package org.histods.cli.catalogue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.histods.manifest.Manifest;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.provenance.export.CroissantFiles;
import org.histods.provenance.export.CroissantMetadata;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.source.all.Sources;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * The description of a dataset for search engines, in the page of the dataset: schema.org, and Croissant where everything is known
 * that it requires.
 *
 * @param page the URL of the page; null if it is not known
 */
record SearchDescription(Manifest manifest, @Nullable String page) {

    /** Sources with more files are left out, to keep pages small. */
    private static final int MOST_FILES = 200;

    /** The properties of a schema.org {@code Dataset}; {@code conformsTo} only if it has everything that Croissant requires. */
    Map<String, Object> properties() {
        CroissantMetadata metadata = new CroissantMetadata(manifest);
        Map<String, Object> root = metadata.root();
        root.put("name", manifest.title());
        List<String> others = new ArrayList<>(List.of(manifest.id().text()));
        others.addAll(manifest.names().aliases());
        root.put("alternateName", others);
        if (manifest.publication().doi() != null) {
            root.put("identifier", "https://doi.org/" + manifest.publication().doi());
        }
        if (page != null) {
            root.put("mainEntityOfPage", page);
        }
        root.put(
                "isAccessibleForFree", manifest.terms().access().status().word().equals("open") ? Boolean.TRUE : null);
        root.values().removeIf(value -> value == null);
        List<Map<String, Object>> files = new ArrayList<>();
        boolean complete = metadata.lacking().isEmpty();
        for (String part : manifest.parts()) {
            complete &= distribution(manifest.sourcesOf(part), files);
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
            if (spec.files().isEmpty() || folders || spec.files().size() > MOST_FILES) {
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
