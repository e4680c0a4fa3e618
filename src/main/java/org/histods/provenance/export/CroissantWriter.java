package org.histods.provenance.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.histods.manifest.Manifest;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagWriter;

/** A pulled dataset in Croissant: what its manifest says, and its files. */
final class CroissantWriter {

    private final CroissantMetadata metadata;

    CroissantWriter(Bag bag, Manifest manifest) throws Problem {
        this.metadata = new CroissantMetadata(manifest);
        Map<String, Object> root = metadata.root();
        root.put(
                "description",
                root.get("description") + " (As pulled by histods; fingerprint of the files sha256:"
                        + bag.fingerprint().hex() + ".)");
        CroissantFiles files = new CroissantFiles(bag, manifest);
        root.put("distribution", files.distribution());
        if (!files.recordSets().isEmpty()) {
            root.put("recordSet", files.recordSets());
        }
    }

    /** As {@link CroissantMetadata#lacking}. */
    List<String> lacking() {
        return metadata.lacking();
    }

    void write(Path file) throws IOException {
        new BagWriter().json(file, metadata.root());
    }
}
