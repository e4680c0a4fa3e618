package org.histods.audit.evidence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.histods.dataset.DatasetId;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.manifest.Manifest;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;

/** The files that manifests pin with a checksum, to recognise copies of datasets that are not pulled. */
final class PinnedChecksums {

    /** A pinned file of a dataset, and a checksum with its publisher. */
    record Pin(DatasetId id, String path, PinnedFile.Published published) {}

    private final Map<Long, List<Pin>> bySize = new HashMap<>();
    private final Map<String, List<Pin>> byName = new HashMap<>();

    PinnedChecksums(List<Manifest> manifests) {
        for (Manifest manifest : manifests) {
            for (SourceSpec source : manifest.sources()) {
                source.files().forEach(file -> add(manifest.id(), file));
            }
        }
    }

    private void add(DatasetId id, PinnedFile file) {
        for (PinnedFile.Published published : file.checksums()) {
            Algorithm algorithm = published.checksum().algorithm();
            if (algorithm.ofFolder()) {
                continue;
            }
            Pin pin = new Pin(id, file.path(), published);
            if (file.bytes() != null) {
                bySize.computeIfAbsent(file.bytes(), k -> new ArrayList<>()).add(pin);
            } else if (algorithm != Algorithm.CRC32C) {
                // Without a size, only files of the same name are read.
                byName.computeIfAbsent(name(file.path()), k -> new ArrayList<>())
                        .add(pin);
            }
        }
    }

    private static String name(String path) {
        return FilePath.fault(path) == null ? new FilePath(path).name() : path;
    }

    /** The pins that a file of that name and size may match. */
    List<Pin> candidates(String name, long bytes) {
        List<Pin> pins = new ArrayList<>(bySize.getOrDefault(bytes, List.of()));
        pins.addAll(byName.getOrDefault(name, List.of()));
        return pins;
    }

    /** The pins that those checksums of a file match, one per dataset. */
    static List<Pin> matches(List<Pin> candidates, Map<Algorithm, Checksum> checksums) {
        Set<DatasetId> ids = new LinkedHashSet<>();
        List<Pin> matches = new ArrayList<>();
        for (Pin pin : candidates) {
            Checksum checksum = pin.published().checksum();
            if (checksum.equals(checksums.get(checksum.algorithm())) && ids.add(pin.id())) {
                matches.add(pin);
            }
        }
        return matches;
    }
}
