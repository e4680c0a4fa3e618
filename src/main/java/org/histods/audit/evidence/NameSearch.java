package org.histods.audit.evidence;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.histods.dataset.DatasetId;
import org.histods.manifest.Manifest;
import org.histods.manifest.PatientRule;
import org.jspecify.annotations.Nullable;

/**
 * Finds images and features that are named like the files of a dataset, such as {@code normal_001.tif}, by the name
 * patterns and patient rules in the manifests. This is weaker evidence than a copy, because other files may have such
 * names too.
 */
public final class NameSearch implements ProjectWalk.Visitor {

    /** Names that anybody may give. A pattern that is found in one of them says nothing about where a file is from. */
    private static final List<String> ORDINARY = List.of(
            "1.png",
            "01.tif",
            "001.tiff",
            "0001.jpg",
            "12345678.tif",
            "abcdefgh.tif",
            "data/01/02.tif",
            "data/img_001.png",
            "images/image-12_3.png",
            "train/1_2_3.png",
            "patient_001/slide_2.svs",
            "patient_001.tif",
            "patient001.tif",
            "patient_012_node_1.tif",
            "Patient-1/Slide-2.svs",
            "case_1/2.tif",
            "case_001.svs",
            "Case_1-2.tif",
            "Case 12.svs",
            "s1/s2/s3.png",
            "S12.ndpi",
            "slide-1.svs",
            "Slide_01.tif",
            "sample_3_1.jpeg",
            "WSI/1.svs",
            "WSIs/12.tif",
            "Patches/a/1.png",
            "2021-03-04 12.30.00.ndpi",
            "SCC_1_2.tif",
            "scc_01_1.tif",
            "CRC01/1.png",
            "a_1/scale-1.png",
            "x.ndpi_1.png",
            "tile_1_HE_1.png",
            "1_HE_1.png",
            "a_1_2_3_HE.png",
            "T1.tif",
            "Test_1.png",
            "test_01.tif",
            "P1_2.jpeg",
            "b1_2_f1.png");

    private static final Set<String> ENDINGS = Set.of(
            "svs", "tif", "tiff", "ndpi", "mrxs", "scn", "dcm", "jp2", "png", "jpg", "jpeg", "bmp", "h5", "hdf5", "pt",
            "npy", "npz");

    private final Map<String, Set<DatasetId>> byPattern = new LinkedHashMap<>();
    private final Map<String, Pattern> patterns = new LinkedHashMap<>();
    private final DeclaredPaths places;
    private final Map<Set<DatasetId>, Named> named = new LinkedHashMap<>();

    /**
     * Files with names as those of certain datasets.
     *
     * @param ids the datasets, of which each names its files so
     * @param files how many
     * @param example the path of one, from the project's folder
     */
    public record Named(Set<DatasetId> ids, long files, String example) {
        public Named {
            ids = Collections.unmodifiableSet(new TreeSet<>(ids));
        }
    }

    NameSearch(List<Manifest> manifests, DeclaredPaths places) {
        this.places = places;
        for (Manifest manifest : manifests) {
            PatientRule rule = manifest.contents().patients();
            if (rule != null && rule.pattern() != null) {
                add(rule.pattern().regex(), manifest.id());
            }
            manifest.names().fileNames().forEach(name -> add(name.pattern().regex(), manifest.id()));
        }
    }

    private void add(String regex, DatasetId id) {
        Pattern pattern = patterns.computeIfAbsent(regex, Pattern::compile);
        if (ORDINARY.stream().noneMatch(name -> pattern.matcher(name).find())) {
            byPattern.computeIfAbsent(regex, k -> new TreeSet<>()).add(id);
        } else {
            patterns.remove(regex);
        }
    }

    @Override
    public void file(String path, Path file, long bytes) {
        String ending = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (!ENDINGS.contains(ending)) {
            return;
        }
        Set<DatasetId> ids = new TreeSet<>();
        patterns.forEach((regex, pattern) -> {
            if (pattern.matcher(path).find()) {
                ids.addAll(byPattern.getOrDefault(regex, Set.of()));
            }
        });
        boolean expected = ids.stream().anyMatch(id -> places.declared().contains(id));
        if (!ids.isEmpty() && !expected) {
            named.merge(ids, new Named(ids, 1, path), (a, b) -> new Named(ids, a.files() + 1, a.example()));
        }
    }

    @Override
    public void link(String path, Path link, @Nullable Path target) {
        // Its target is reported by the search for copies.
    }

    List<Named> named() {
        return named.values().stream()
                .sorted(Comparator.comparing(one -> one.ids().toString()))
                .toList();
    }
}
