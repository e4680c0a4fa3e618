package org.histods.pull.remote;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.histods.manifest.Manifest;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.source.RemoteFile.Stated;

/** The checksums that a manifest has of files that are in the dataset as they are. */
public final class ManifestChecksums {

    private ManifestChecksums() {}

    /** By path; files of a variant and those that are unpacked are not among them, as a bag has none of that name. */
    public static Map<String, List<Stated>> of(Manifest manifest) {
        Map<String, List<Stated>> pinned = new HashMap<>();
        for (SourceSpec source : manifest.sources()) {
            for (PinnedFile file : source.files()) {
                if (!file.folder() && file.variant() == null) {
                    List<Stated> stated = pinned.computeIfAbsent(file.path(), path -> new ArrayList<>());
                    file.checksums().stream()
                            .map(one -> new Stated(one.checksum(), one.by()))
                            .filter(one -> !stated.contains(one))
                            .forEach(stated::add);
                }
            }
        }
        return pinned;
    }
}
