package org.histods.provenance.index;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Checksum;
import org.histods.digest.Fingerprint;
import org.histods.provenance.LineOffsetReader;

/**
 * An imported index, opened for look-ups. It states which files datasets have; the files themselves are in another mirror.
 * The tables only find lines in its text, so they can be made again.
 */
public final class SharedIndex implements AutoCloseable {

    /** The receipt number of locations in it that are lines of archives. */
    static final int ARCHIVES = 1;

    private final IndexReader tables;
    private final RandomAccessFile text;
    private final Statement statement;
    private final List<SharedIndexText.Dataset> datasets;
    private final List<Long> starts;

    /**
     * The maker and the size of an index.
     *
     * @param madeBy the name that the maker gave, which nobody has checked
     * @param fingerprint the SHA-256 of its text, which identifies exactly this index
     * @param datasets how many it has
     * @param files how many it has, without archives
     */
    public record Statement(String madeBy, Fingerprint fingerprint, long datasets, long files) {}

    private SharedIndex(
            IndexReader tables,
            RandomAccessFile text,
            Statement statement,
            List<SharedIndexText.Dataset> datasets,
            List<Long> starts) {
        this.tables = tables;
        this.text = text;
        this.statement = statement;
        this.datasets = datasets;
        this.starts = starts;
    }

    /** @throws IndexReader.Damaged if the tables do not belong to the text */
    static SharedIndex open(Path file, Path tables, Fingerprint fingerprint) throws IOException {
        IndexReader reader = IndexReader.open(tables, SharedIndexText.key(fingerprint));
        RandomAccessFile text = null;
        try {
            text = new RandomAccessFile(file.toFile(), "r");
            String madeBy = SharedIndexText.madeBy(LineOffsetReader.at(text, 0));
            List<SharedIndexText.Dataset> datasets = new ArrayList<>();
            List<Long> starts = new ArrayList<>();
            long files = 0;
            for (List<long[]> at = reader.find(IndexReader.FETCHES, 0);
                    !at.isEmpty();
                    at = reader.find(IndexReader.FETCHES, datasets.size())) {
                starts.add(at.get(0)[1]);
                SharedIndexText.Dataset dataset = SharedIndexText.dataset(LineOffsetReader.at(text, at.get(0)[1]));
                datasets.add(dataset);
                files += dataset.files();
            }
            Statement statement = new Statement(madeBy, fingerprint, datasets.size(), files);
            return new SharedIndex(reader, text, statement, datasets, starts);
        } catch (IOException | RuntimeException e) {
            reader.close();
            if (text != null) {
                text.close();
            }
            throw e;
        }
    }

    Statement statement() {
        return statement;
    }

    boolean hasSize(long bytes) throws IOException {
        return !tables.find(IndexReader.SIZES, bytes).isEmpty();
    }

    List<ContentIndex.Stated> find(Checksum sha256) throws IOException {
        List<ContentIndex.Stated> found = new ArrayList<>();
        for (long[] record : tables.find(IndexReader.CONTENT, IndexWriter.prefix(sha256.hex()))) {
            RecordLocation at = RecordLocation.of(record[2]);
            SharedIndexText.Entry entry = SharedIndexText.entry(LineOffsetReader.at(text, at.offset()));
            if (entry.sha256().equals(sha256.hex())) {
                SharedIndexText.Dataset dataset = datasets.get(section(at.offset()));
                found.add(new ContentIndex.Stated(
                        new DatasetId(dataset.dataset()),
                        new DatasetVersion(dataset.version()),
                        entry.path(),
                        dataset.license(),
                        entry.archive(),
                        statement));
            }
        }
        return found;
    }

    /** The dataset whose lines that offset is in. */
    private int section(long offset) {
        int section = Collections.binarySearch(starts, offset);
        return section >= 0 ? section : -section - 2;
    }

    @Override
    public void close() throws IOException {
        tables.close();
        text.close();
    }
}
