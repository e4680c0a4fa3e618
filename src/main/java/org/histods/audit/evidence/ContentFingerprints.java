package org.histods.audit.evidence;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Fingerprint;
import org.histods.manifest.Manifest;
import org.histods.problem.Problem;
import org.histods.project.SelectedFiles;
import org.histods.provenance.Bag;
import org.histods.provenance.BagFile;

/**
 * What is kept of a pulled dataset's files to compare them with another's: eight bytes a file and the patients, so that
 * a project may use many large ones. The files themselves are read again where two have something in common.
 */
public final class ContentFingerprints {

    /** The same bytes so often within one dataset are a blank tile or mask, and say nothing about two. */
    private static final int FILLER = 8;

    private static final Set<String> IMAGES = Set.of(
            "tif", "tiff", "png", "jpg", "jpeg", "bmp", "svs", "ndpi", "mrxs", "scn", "vms", "bif", "dcm", "jp2", "npy",
            "mat");

    /** How many files of a patient there are, and one of them. */
    record Seen(long files, String example) {}

    private final Bag bag;
    private final List<String> only;
    private final Manifest manifest;
    private final Fingerprint fingerprint;
    private final long[] sums;
    private final Map<PatientIds.Id, Seen> patients;
    private final boolean everyImageHasOne;

    private ContentFingerprints(Bag bag, List<String> only, Manifest manifest, SelectedFiles held) {
        this.bag = bag;
        this.only = only;
        this.manifest = manifest;
        this.fingerprint = held.fingerprint();
        this.sums = sums(held.files());
        this.patients = new TreeMap<>(java.util.Comparator.comparing(PatientIds.Id::id)
                .thenComparing(PatientIds.Id::everywhere)
                .thenComparing(PatientIds.Id::slide));
        this.everyImageHasOne = patients(held.files());
    }

    /** @param manifest the one whose splits and patient rule hold for the bag */
    static ContentFingerprints of(Bag bag, List<String> only, Manifest manifest) throws Problem {
        return new ContentFingerprints(bag, only, manifest, SelectedFiles.of(bag, only, manifest));
    }

    public Fingerprint fingerprint() {
        return fingerprint;
    }

    Map<PatientIds.Id, Seen> patients() {
        return java.util.Collections.unmodifiableMap(patients);
    }

    /** Whether the patient of every image is known, so that an empty comparison says something. */
    boolean everyImageHasPatient() {
        return everyImageHasOne;
    }

    /** The selected files that can be told apart by their content, read anew. */
    List<BagFile> files() throws Problem {
        List<BagFile> files = SelectedFiles.of(bag, only, manifest).files();
        return files.stream().filter(ContentFingerprints::telling).toList();
    }

    /** Whether that content is here, as far as eight bytes tell. */
    boolean may(Checksum sha256) {
        return Arrays.binarySearch(sums, head(sha256)) >= 0;
    }

    /** Whether both hold a file with the same content, as far as eight bytes tell. */
    boolean mayMeet(ContentFingerprints other) {
        int i = 0;
        int j = 0;
        while (i < sums.length && j < other.sums.length) {
            int order = Long.compare(sums[i], other.sums[j]);
            if (order == 0) {
                return true;
            }
            if (order < 0) {
                i++;
            } else {
                j++;
            }
        }
        return false;
    }

    /** Whether a file's content says where it is from: not if it is empty, or a text that stands in many places. */
    static boolean telling(BagFile file) {
        return telling(file.path().name(), file.bytes());
    }

    static boolean telling(String name, long bytes) {
        String plain = name.toLowerCase(Locale.ROOT);
        return bytes >= 16
                && !plain.matches("(?:licen[cs]e|copying|readme|notice)(?:[._-].*)?|\\..*|thumbs\\.db|desktop\\.ini");
    }

    private static long head(Checksum sha256) {
        return Long.parseUnsignedLong(sha256.hex().substring(0, 16), 16);
    }

    /** Sorted, each once, without fillers. */
    private static long[] sums(List<BagFile> files) {
        long[] all = files.stream()
                .filter(ContentFingerprints::telling)
                .mapToLong(f -> head(f.sha256()))
                .sorted()
                .toArray();
        int kept = 0;
        for (int from = 0, to = 0; from < all.length; from = to) {
            while (to < all.length && all[to] == all[from]) {
                to++;
            }
            if (to - from < FILLER) {
                all[kept++] = all[from];
            }
        }
        return Arrays.copyOf(all, kept);
    }

    private boolean patients(List<BagFile> files) {
        PatientIds reader = reader();
        boolean all = true;
        boolean any = false;
        for (BagFile file : files) {
            Optional<PatientIds.Id> id = reader.of(file.path().text());
            id.ifPresent(found -> patients.merge(
                    found, new Seen(1, file.path().text()), (a, b) -> new Seen(a.files() + 1, a.example())));
            if (image(file.path())) {
                any = true;
                all &= id.isPresent();
            }
        }
        return any && all;
    }

    PatientIds reader() {
        return new PatientIds(manifest.patients());
    }

    private static boolean image(FilePath path) {
        String name = path.name();
        return IMAGES.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }
}
