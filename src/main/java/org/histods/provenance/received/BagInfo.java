package org.histods.provenance.received;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Fingerprint;
import org.histods.provenance.export.BagExport;
import org.jspecify.annotations.Nullable;

/**
 * The {@code bag-info.txt} of a received bag; compares its payload size and fingerprint with the files.
 *
 * @param labels each with its first value
 */
record BagInfo(Map<String, String> labels) {

    private static final String FINGERPRINT = "Histods-Fingerprint";

    static BagInfo read(BagFolder folder) throws IOException {
        Map<String, String> labels = new HashMap<>();
        folder.lines("bag-info.txt", (number, line) -> {
            int colon = line.indexOf(':');
            if (colon > 0 && !Character.isWhitespace(line.charAt(0))) {
                labels.putIfAbsent(
                        line.substring(0, colon).strip(),
                        line.substring(colon + 1).strip());
            }
        });
        return new BagInfo(labels);
    }

    /** The fault of the stated payload size; empty if it is right or none is stated. */
    List<String> against(long bytes, int files) {
        String stated = labels.get("Payload-Oxum");
        String there = bytes + "." + files;
        return stated == null || stated.equals(there)
                ? List.of()
                : List.of("bag-info.txt states a payload of " + FilePath.printable(stated) + " (bytes.files), found "
                        + there);
    }

    /**
     * The fingerprint of the dataset in that payload. A bag that histods exported holds one file that is not the
     * dataset's; see {@link BagExport}.
     */
    Fingerprint fingerprint(Map<FilePath, Checksum> payload, @Nullable Fingerprint expected) {
        Map<FilePath, Checksum> dataset = new TreeMap<>(payload);
        dataset.remove(new FilePath(BagExport.CRATE));
        Fingerprint whole = Fingerprint.of(payload);
        Fingerprint without = Fingerprint.of(dataset);
        boolean exported = labels.containsKey("Histods-Fingerprint-Recipe")
                || (expected != null && expected.equals(without))
                || without.hex().equals(labels.get(FINGERPRINT));
        return exported && !(expected != null && expected.equals(whole)) ? without : whole;
    }

    /** The fault of the stated fingerprint; empty if it is right or none is stated. */
    List<String> against(Fingerprint found) {
        String stated = labels.get(FINGERPRINT);
        return stated == null || stated.equals(found.hex())
                ? List.of()
                : List.of("bag-info.txt states the fingerprint " + FilePath.printable(stated) + ", found " + found);
    }
}
