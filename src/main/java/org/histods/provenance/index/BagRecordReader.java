package org.histods.provenance.index;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import org.histods.digest.FilePath;
import org.histods.mirror.BagRef;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.FetchRecord;
import org.histods.provenance.LineOffsetReader;
import org.histods.provenance.Receipt;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads single lines and objects of a bag's record, however large it is. */
final class BagRecordReader {

    private final BagRef bag;
    private final JsonMapper mapper = new JsonMapper();

    BagRecordReader(BagRef bag) {
        this.bag = bag;
    }

    /**
     * Where a file comes from.
     *
     * @param fetch the id of the fetch
     * @param entry its name in the archive; null if it is the fetched file itself
     */
    record Recorded(String fetch, @Nullable String entry) {}

    /** The line of that file in {@code origins.jsonl}, by binary search: the lines are sorted by path. */
    Optional<Recorded> origin(FilePath wanted) throws IOException, Problem {
        Path origins = Bag.file(bag.path().resolve("origins.jsonl"));
        try (RandomAccessFile file = new RandomAccessFile(origins.toFile(), "r")) {
            long low = 0;
            long high = file.length();
            while (low < high) {
                long middle = (low + high) >>> 1;
                long start = LineOffsetReader.startAfter(file, middle);
                if (start >= high) {
                    high = middle;
                    continue;
                }
                String line = LineOffsetReader.at(file, start);
                JsonNode node = mapper.readTree(line);
                int order = new FilePath(node.path("path").asString("")).compareTo(wanted);
                if (order == 0) {
                    return Optional.of(origin(node));
                }
                if (order < 0) {
                    low = start + 1;
                } else {
                    high = middle;
                }
            }
            return Optional.empty();
        } catch (JacksonException | IllegalArgumentException e) {
            throw new IOException("origins.jsonl is damaged: " + e.getMessage(), e);
        }
    }

    private static Recorded origin(JsonNode node) {
        return new Recorded(
                node.path("fetch").asString(""),
                node.has("member") ? node.path("member").asString("") : null);
    }

    /** The fetch at that position of a receipt. */
    FetchRecord fetch(RecordLocation at) throws IOException, Problem {
        String digits = Receipt.digits(at.receipt()) + "-";
        for (Path receipt : Bag.receiptFiles(bag.path())) {
            if (String.valueOf(receipt.getFileName()).startsWith(digits)) {
                try (FileChannel channel = FileChannel.open(receipt).position(at.offset());
                        InputStream in = new BufferedInputStream(Channels.newInputStream(channel));
                        JsonParser parser = mapper.createParser(in)) {
                    if (parser.nextToken() != JsonToken.START_OBJECT) {
                        throw new IndexReader.Damaged("the index does not match the receipt");
                    }
                    return new FetchRecord(parser.readValueAsTree());
                } catch (JacksonException e) {
                    throw new IndexReader.Damaged("the index does not match the receipt");
                }
            }
        }
        throw new IndexReader.Damaged("there is no receipt " + digits);
    }
}
