package org.histods.audit.evidence;

import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
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
 * The files of a pulled dataset in a form to compare with another's: eight bytes of each checksum, and the patients, so that a
 * project may use many large datasets. The full checksums are read again when two datasets have something in common.
 */
public final class ContentFingerprints {

    /** Content that occurs so often within one dataset is a blank tile or mask, and proves nothing about two. */
    private static final int FILLER = 8;

    private static final Set<String> IMAGES = Set.of(
            "tif", "tiff", "png", "jpg", "jpeg", "bmp", "svs", "ndpi", "mrxs", "scn", "vms", "bif", "dcm", "jp2", "npy",
            "mat");

    /** The number of a patient's files, and one of them. */
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
        this.patients = new TreeMap<>(Comparator.comparing(PatientIds.Id::id)
                .thenComparing(PatientIds.Id::everywhere)
                .thenComparing(PatientIds.Id::slide));
        this.everyImageHasOne = patients(held.files());
    }

    /** @param manifest whose splits and patient rule apply to the bag */
    static ContentFingerprints of(Bag bag, List<String> only, Manifest manifest) throws Problem {
        return new ContentFingerprints(bag, only, manifest, SelectedFiles.of(bag, only, manifest));
    }

    public Fingerprint fingerprint() {
        return fingerprint;
    }

    Map<PatientIds.Id, Seen> patients() {
        return Collections.unmodifiableMap(patients);
    }

    /** Whether the patient of every image is known, so that an empty comparison means something. */
    boolean everyImageHasPatient() {
        return everyImageHasOne;
    }

    /** The selected files with distinctive content, read again. */
    List<BagFile> files() throws Problem {
        List<BagFile> files = SelectedFiles.of(bag, only, manifest).files();
        return files.stream().filter(ContentFingerprints::distinctive).toList();
    }

    /** Whether a file may have that content, by the first eight bytes of its checksum. */
    boolean mayHave(Checksum sha256) {
        return Arrays.binarySearch(sums, head(sha256)) >= 0;
    }

    /** Whether both may have a file with the same content, by the first eight bytes of its checksum. */
    boolean mayShareFiles(ContentFingerprints other) {
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

    /** Whether the content identifies a dataset: not if the file is tiny, a readme, a licence or a system file. */
    static boolean distinctive(BagFile file) {
        return distinctive(file.path().name(), file.bytes());
    }

    static boolean distinctive(String name, long bytes) {
        String lower = name.toLowerCase(Locale.ROOT);
        return bytes >= 16
                && !lower.matches("(?:licen[cs]e|copying|readme|notice)(?:[._-].*)?|\\..*|thumbs\\.db|desktop\\.ini");
    }

    private static long head(Checksum sha256) {
        return Long.parseUnsignedLong(sha256.hex().substring(0, 16), 16);
    }

    /** The first eight bytes of each checksum, sorted, each once, without fillers. */
    private static long[] sums(List<BagFile> files) {
        long[] all = files.stream()
                .filter(ContentFingerprints::distinctive)
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
        return new PatientIds(manifest.contents().patients());
    }

    private static boolean image(FilePath path) {
        String name = path.name();
        return IMAGES.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }
}
