package org.histods.provenance.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.histods.digest.Hasher;
import org.histods.manifest.Manifest;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagFile;
import org.histods.provenance.BagWriter;
import org.histods.provenance.RoCrateWriter;

/**
 * Turns a folder with the dataset below {@code data/} into an RO-Crate, which names up to {@value #MOST} files;
 * {@code manifest-sha256.txt} in it lists all of them.
 */
final class RoCrateExport {

    private static final int MOST = 1000;

    private final Bag bag;
    private final Manifest manifest;

    RoCrateExport(Bag bag, Manifest manifest) {
        this.bag = bag;
        this.manifest = manifest;
    }

    void write(Path root) throws IOException, Problem {
        BagWriter.manifest(root, bag.checksums());
        BagExport.records(bag, root);
        RoCrateWriter crate = new RoCrateWriter(manifest, "data/");
        Map<String, Object> document = crate.of(bag);
        for (BagFile file : bag.fileCount() > MOST ? List.<BagFile>of() : bag.files()) {
            crate.file(
                    "data/" + file.path(),
                    file.path().text(),
                    file.bytes(),
                    file.sha256().hex());
        }
        List<String> records = new ArrayList<>(List.of("manifest-sha256.txt", "manifest.yaml", "origins.jsonl"));
        bag.receiptFiles().forEach(receipt -> records.add("receipts/" + receipt.getFileName()));
        for (String record : records) {
            Path file = root.resolve(record);
            crate.file(record, record, Files.size(file), Hasher.sha256(file).hex());
        }
        new BagWriter().json(root.resolve("ro-crate-metadata.json"), document);
    }
}
