package org.histods.provenance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.histods.digest.Checksum;
import org.histods.manifest.Manifest;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;

/**
 * A checksum that a manifest pins, and that of the file that was fetched from there: the manifest was edited since, without
 * another version.
 *
 * @param path of the file
 * @param pinned by the manifest
 * @param fetched by the same algorithm
 */
public record ContradictedPin(String path, Checksum pinned, Checksum fetched) {

    /** Those of the manifest among these fetches; only checksums that were computed at that time are compared. */
    public static List<ContradictedPin> of(Manifest manifest, List<FetchRecord> fetches) {
        Map<List<String>, FetchRecord> bySource = new HashMap<>();
        for (FetchRecord fetch : fetches) {
            bySource.put(List.of(fetch.source(), fetch.record(), fetch.path()), fetch);
        }
        List<ContradictedPin> all = new ArrayList<>();
        for (SourceSpec source : manifest.sources()) {
            for (PinnedFile file : source.files()) {
                FetchRecord fetch = bySource.get(List.of(source.kind(), source.record(), file.path()));
                if (fetch != null && !fetch.ofRanges()) {
                    file.checksums().forEach(published -> {
                        Checksum then =
                                fetch.checksums().get(published.checksum().algorithm());
                        if (then != null && !then.equals(published.checksum())) {
                            all.add(new ContradictedPin(file.path(), published.checksum(), then));
                        }
                    });
                }
            }
        }
        return all;
    }
}
