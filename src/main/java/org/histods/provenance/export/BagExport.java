package org.histods.provenance.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Hasher;
import org.histods.manifest.Manifest;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagWriter;
import org.histods.provenance.RoCrateWriter;
import org.histods.text.Bytes;

/**
 * Turns a folder with the dataset below {@code data/} into a bag whose payload is also an RO-Crate, as RO-Crate 1.2
 * recommends for both together: {@code data/ro-crate-metadata.json} describes what is beside it. The dataset's
 * fingerprint is that of the payload manifest without that one line.
 */
public final class BagExport {

    /** The only file of the payload that is not part of the dataset. */
    public static final String CRATE = "ro-crate-metadata.json";

    /** The command that computes the fingerprint from the bag alone. */
    static final String RECIPE = "grep -v '^[0-9a-f]* *data/ro-crate-metadata[.]json$' manifest-sha256.txt | sha256sum";

    private final Bag bag;
    private final Manifest manifest;

    BagExport(Bag bag, Manifest manifest) {
        this.bag = bag;
        this.manifest = manifest;
    }

    void write(Path root) throws IOException, Problem {
        Path crate = root.resolve("data").resolve(CRATE);
        Map<FilePath, Checksum> checksums = new TreeMap<>(bag.checksums());
        if (checksums.containsKey(new FilePath(CRATE))) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    bag.ref().id() + " has a file " + CRATE + " of its own, where the bag's crate must be",
                    "use --format ro-crate, or hand over the mirror's own bag "
                            + bag.ref().path());
        }
        BagWriter writer = new BagWriter();
        writer.json(crate, new RoCrateWriter(manifest, "").of(bag));
        checksums.put(new FilePath(CRATE), Hasher.sha256(crate));
        BagWriter.text(root.resolve("bagit.txt"), BagWriter.BAGIT);
        BagWriter.manifest(root, checksums);
        records(bag, root);
        BagWriter.text(root.resolve("bag-info.txt"), info(Files.size(crate)));
        BagWriter.tagManifest(root);
    }

    /**
     * Copies the receipts, the manifest and the origins of a bag.
     *
     * @throws Problem {@code WRONG_BYTES} if they, or the bag's description of itself, are not those that the bag lists
     */
    static void records(Bag bag, Path root) throws IOException, Problem {
        Map<String, Checksum> listed = bag.tagFiles();
        compare(bag, "bag-info.txt", bag.ref().path().resolve("bag-info.txt"), listed);
        Files.createDirectories(root.resolve("receipts"));
        List<String> names = new ArrayList<>(List.of("manifest.yaml", "origins.jsonl"));
        bag.receiptFiles().forEach(receipt -> names.add("receipts/" + receipt.getFileName()));
        for (String name : names) {
            copy(bag.ref().path().resolve(name), root.resolve(name));
            compare(bag, name, root.resolve(name), listed);
        }
    }

    private static void compare(Bag bag, String name, Path file, Map<String, Checksum> listed)
            throws IOException, Problem {
        if (!Hasher.sha256(Bag.file(file)).equals(listed.get(name))) {
            throw new Problem(
                    Problem.Kind.WRONG_BYTES,
                    name + " of " + bag.ref().id()
                            + " in the mirror is not the file that its tagmanifest-sha256.txt lists",
                    "`histods verify " + bag.ref().id() + "` lists what differs; nothing was exported");
        }
    }

    private static void copy(Path from, Path to) throws IOException, Problem {
        Files.copy(Bag.file(from), to, StandardCopyOption.REPLACE_EXISTING);
        if (!to.toFile().setWritable(true)) {
            throw new IOException(to + " cannot be made writable");
        }
    }

    private String info(long crateBytes) {
        Map<String, String> info = new LinkedHashMap<>(bag.info());
        long bytes = bag.bytes() + crateBytes;
        info.put("Bag-Size", Bytes.text(bytes));
        info.put("Payload-Oxum", bytes + "." + (bag.fileCount() + 1));
        info.put("Histods-Fingerprint-Recipe", RECIPE);
        return BagWriter.info(info);
    }
}
