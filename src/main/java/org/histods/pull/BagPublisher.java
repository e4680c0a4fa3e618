package org.histods.pull;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.histods.concurrent.Parallel;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.FilePath;
import org.histods.mirror.BagRef;
import org.histods.mirror.FileStamps;
import org.histods.mirror.Mirror;
import org.histods.mirror.Staging;
import org.histods.problem.Problem;
import org.histods.provenance.BagFile;
import org.histods.provenance.BagWriter;
import org.histods.provenance.JournalVerifier;
import org.histods.provenance.Receipt;
import org.histods.provenance.index.ContentIndex;

/** Writes the journal line, the stamps and the index of a bag when it is published. */
record BagPublisher(Mirror mirror, Consumer<String> notes) {

    /**
     * The journal line of a bag. If a version has other files than before, a note reports it.
     *
     * @param bag the folder of the finished bag, in staging
     */
    Map<String, Object> event(DatasetId id, DatasetVersion version, Receipt receipt, Path bag, int files)
            throws Problem {
        Map<String, Object> line = new LinkedHashMap<>();
        String fingerprint = receipt.fingerprint().hex();
        line.put("time", BagWriter.time(receipt.finished()));
        line.put("event", receipt.action());
        line.put("dataset", id);
        line.put("version", version);
        line.put("fingerprint", fingerprint);
        line.put("tagmanifest", JournalVerifier.hash(bag.resolve("tagmanifest-sha256.txt")));
        line.put("files", files);
        if (!receipt.scope().selection().isEmpty()) {
            line.put("selection", receipt.scope().selection());
        }
        JournalVerifier.Earlier earlier = JournalVerifier.of(mirror)
                .earlier(id, version, receipt.scope().selection())
                .orElse(null);
        if (earlier != null && !earlier.fingerprint().equals(fingerprint)) {
            line.put("changed-from", earlier.fingerprint());
            notes.accept("the files of " + id + " " + version + " are not those of " + earlier.time()
                    + ": the fingerprint was " + earlier.fingerprint() + ", it is " + fingerprint);
        }
        return line;
    }

    /** Writes the journal line of a bag that was published. */
    void complete(Staging staging, BagRef ref) throws Problem {
        try {
            staging.complete();
        } catch (Problem p) {
            throw new Problem(
                    p.kind(),
                    ref.id() + " " + ref.version() + " is in the mirror, complete and correct, but " + p.message(),
                    "the next `histods pull` or `histods gc` writes that line",
                    p);
        }
    }

    /** What remains to be done before the files of a published bag are stamped, because it may change their stamps. */
    interface Completion {
        void run() throws Problem;
    }

    /**
     * Writes what finds the files, and after the completion what shows changes of them, at the same time; a bag is complete
     * without the two.
     */
    void describe(BagRef ref, List<BagFile> files, Set<FilePath> doubtful, Completion completion) throws Problem {
        List<Completion> both = List.of(
                () -> {
                    completion.run();
                    stamp(ref, files, doubtful);
                },
                () -> index(ref));
        Parallel.map(both.size(), both, one -> {
            one.run();
            return true;
        });
    }

    /** Stamps the files that are known to be correct; without stamps `verify` reads more. */
    private void stamp(BagRef ref, List<BagFile> files, Set<FilePath> doubtful) {
        try {
            mirror.stamps(ref)
                    .take(
                            FileStamps.look(
                                    ref.data(),
                                    files.stream()
                                            .map(BagFile::path)
                                            .filter(path -> !doubtful.contains(path))
                                            .toList()),
                            Set.of());
        } catch (Problem p) {
            notes.accept(p.message() + "; the next `histods verify` reads all files");
        }
    }

    private void index(BagRef ref) {
        try (ContentIndex index = new ContentIndex(mirror)) {
            index.add(ref);
        }
    }
}
