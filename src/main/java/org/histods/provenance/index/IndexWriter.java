package org.histods.provenance.index;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.Hasher;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.LineOffsetReader;
import org.histods.provenance.ManifestLine;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/** Makes the index of one bag from its tag files, without reading its data files. Needs about 40 bytes of memory per file. */
final class IndexWriter {

    private final Path bag;
    private final JsonMapper mapper = new JsonMapper();

    IndexWriter(Path bag) {
        this.bag = bag;
    }

    /** The state of a bag's record: the SHA-256 of {@code tagmanifest-sha256.txt}, which covers all of it. */
    static byte[] key(Path bag) throws IOException, Problem {
        Path file = Bag.file(bag.resolve("tagmanifest-sha256.txt"));
        return HexFormat.of().parseHex(Hasher.sha256(file).hex());
    }

    /** The first number of that checksum's records. */
    static long prefix(String hex) {
        return Long.parseUnsignedLong(hex.substring(0, 16), 16);
    }

    /** The key of a fetch such as {@code 0001/3}; -1 if it has another form. */
    static long fetchKey(String id) {
        int slash = id.indexOf('/');
        try {
            return slash < 0
                    ? -1
                    : Long.parseLong(id.substring(0, slash)) << 32 | Long.parseLong(id.substring(slash + 1));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /**
     * Writes the index.
     *
     * @param file a new file
     * @throws Problem {@code WRONG_BYTES} if the bag's record contradicts itself
     */
    void write(Path file) throws IOException, Problem {
        byte[] key = key(bag);
        SortedRecords content = new SortedRecords(3);
        SortedRecords sizes = new SortedRecords(1);
        SortedRecords fetches = new SortedRecords(2);
        // Empty files are left out: they are all the same.
        eachFile((line, start, bytes) -> {
            if (bytes > 0) {
                content.add(prefix(line), bytes, new RecordLocation(0, start).number());
                sizes.add(bytes);
            }
        });
        // Every fetch by its id; by its content only unpacked archives, as everything else is a file of the bag.
        for (Path receipt : Bag.receiptFiles(bag)) {
            eachFetch(receipt, (fetch, at) -> {
                fetches.add(fetchKey(fetch.id()), at.number());
                if (fetch.archive() && fetch.bytes() > 0) {
                    content.add(prefix(fetch.sha256()), fetch.bytes(), at.number());
                    sizes.add(fetch.bytes());
                }
            });
        }
        write(file, key, content, sizes, fetches);
    }

    /** Receives each file of a bag. */
    interface EachFile {
        /**
         * A file.
         *
         * @param line of {@code manifest-sha256.txt}
         * @param start its offset
         */
        void file(String line, long start, long bytes) throws IOException;
    }

    /** Receives each fetch of a receipt. */
    interface EachFetch {
        void fetch(FetchEntry fetch, RecordLocation at) throws IOException;
    }

    /**
     * The fields of a fetch that an index needs; reading the whole record would take several times as long.
     *
     * @param archive whether it is an archive of which all bytes were read, and that was unpacked
     */
    record FetchEntry(String id, String path, long bytes, String sha256, boolean archive) {

        /** Reads the object that begins at the parser's token. */
        static FetchEntry read(JsonParser in) {
            String id = "";
            String path = "";
            long bytes = 0;
            String sha256 = "";
            boolean unpacked = false;
            boolean ranges = false;
            for (String name = in.nextName(); name != null; name = in.nextName()) {
                JsonToken value = in.nextToken();
                switch (name) {
                    case "id" -> id = text(in);
                    case "path" -> path = text(in);
                    case "bytes" -> bytes = value == JsonToken.VALUE_NUMBER_INT ? in.getLongValue() : 0;
                    case "sums" -> sha256 = sha256(in);
                    case "unpacked" -> unpacked = value == JsonToken.START_OBJECT;
                    case "ranges" -> ranges = value == JsonToken.START_OBJECT;
                    default -> {}
                }
                // Does nothing at the end of an object that was read.
                in.skipChildren();
            }
            return new FetchEntry(id, path, bytes, sha256, unpacked && !ranges);
        }

        private static String sha256(JsonParser in) {
            String sha256 = "";
            if (in.currentToken() == JsonToken.START_OBJECT) {
                for (String name = in.nextName(); name != null; name = in.nextName()) {
                    in.nextToken();
                    if (name.equals(Algorithm.SHA256.word())) {
                        sha256 = text(in);
                    }
                    in.skipChildren();
                }
            }
            return sha256;
        }

        private static String text(JsonParser in) {
            return in.currentToken() == JsonToken.VALUE_STRING ? in.getString() : "";
        }
    }

    private Problem damaged(String how) {
        return new Problem(
                Problem.Kind.WRONG_BYTES,
                "the record in " + bag + " is damaged: " + how,
                "`histods verify` checks the whole bag; `histods remove` and `pull` fetch it again");
    }

    /**
     * Passes on all files, in order of their paths. Both lists are sorted by path and name the same files.
     *
     * @throws Problem {@code WRONG_BYTES} if the bag's record contradicts itself
     */
    void eachFile(EachFile each) throws IOException, Problem {
        Path manifest = Bag.file(bag.resolve("manifest-sha256.txt"));
        Checksum checksum = Hasher.sha256(manifest);
        String stated = checksum.hex() + "  manifest-sha256.txt";
        if (Files.readAllLines(Bag.file(bag.resolve("tagmanifest-sha256.txt"))).stream()
                .noneMatch(stated::equals)) {
            throw damaged("manifest-sha256.txt was modified");
        }
        try (LineOffsetReader lines = new LineOffsetReader(manifest);
                InputStream in = Files.newInputStream(Bag.file(bag.resolve("origins.jsonl")));
                JsonParser origins = mapper.createParser(in)) {
            while (lines.next()) {
                String line = lines.line();
                OriginLine origin = OriginLine.next(origins);
                if (origin == null || !ManifestLine.pathInData(line).equals(origin.path)) {
                    throw damaged("origins.jsonl does not name the files of manifest-sha256.txt");
                }
                each.file(line, lines.start(), origin.bytes);
            }
        } catch (JacksonException e) {
            throw damaged(e.getOriginalMessage());
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw damaged(String.valueOf(e.getMessage()));
        }
    }

    /** A line of {@code origins.jsonl}. */
    private record OriginLine(String path, long bytes) {
        /** The next line; null at the end. */
        static @Nullable OriginLine next(JsonParser in) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            String path = "";
            long bytes = 0;
            for (String name = in.nextName(); name != null; name = in.nextName()) {
                in.nextToken();
                switch (name) {
                    case "path" -> path = in.getString();
                    case "bytes" -> bytes = in.getLongValue();
                    default -> in.skipChildren();
                }
            }
            return new OriginLine(path, bytes);
        }
    }

    /**
     * Passes on all fetches of a receipt.
     *
     * @throws Problem {@code WRONG_BYTES} if it is damaged
     */
    void eachFetch(Path file, EachFetch each) throws IOException, Problem {
        int number = Integer.parseInt(String.valueOf(file.getFileName()).split("-", 2)[0]);
        try (InputStream in = Files.newInputStream(file);
                JsonParser parser = mapper.createParser(in)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.START_ARRAY && "fetches".equals(parser.currentName())) {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        long at = parser.currentTokenLocation().getByteOffset();
                        each.fetch(FetchEntry.read(parser), new RecordLocation(number, at));
                    }
                }
            }
        } catch (JacksonException e) {
            throw damaged(e.getOriginalMessage());
        }
    }

    /** Writes the three tables of an index. */
    static void write(Path file, byte[] key, SortedRecords... tables) throws IOException {
        long[] counts = new long[tables.length];
        ByteArrayOutputStream blockIndexBytes = new ByteArrayOutputStream();
        DataOutputStream blockIndex = new DataOutputStream(blockIndexBytes);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            out.write(new byte[IndexReader.HEADER]);
            for (int table = 0; table < tables.length; table++) {
                Blocks blocks = new Blocks(table, out, blockIndex);
                tables[table].forEach(blocks::add);
                counts[table] = blocks.end();
            }
            out.write(blockIndexBytes.toByteArray());
        }
        ByteBuffer header = ByteBuffer.allocate(IndexReader.HEADER);
        header.putLong(IndexReader.MAGIC).put(key);
        for (long count : counts) {
            header.putLong(count);
        }
        CRC32C check = new CRC32C();
        check.update(header.array(), 0, header.position());
        check.update(blockIndexBytes.toByteArray());
        header.putInt((int) check.getValue());
        // Last, so that a file that was not finished has no header.
        try (RandomAccessFile whole = new RandomAccessFile(file.toFile(), "rw")) {
            whole.write(header.array());
        }
    }

    /** Writes the records of a table block by block, and for each block its first key and its CRC-32C. */
    private static final class Blocks {
        private final ByteBuffer block = ByteBuffer.allocate(IndexReader.BLOCK);
        private final int full;
        private final OutputStream out;
        private final DataOutputStream blockIndex;
        private long count;

        Blocks(int table, OutputStream out, DataOutputStream blockIndex) {
            this.full = IndexReader.perBlock(table) * IndexReader.width(table) * 8;
            this.out = out;
            this.blockIndex = blockIndex;
        }

        void add(long[] record) throws IOException {
            for (long number : record) {
                block.putLong(number);
            }
            count++;
            if (block.position() == full) {
                flush();
            }
        }

        private void flush() throws IOException {
            CRC32C check = new CRC32C();
            check.update(block.array(), 0, block.position());
            blockIndex.writeLong(block.getLong(0));
            blockIndex.writeInt((int) check.getValue());
            out.write(block.array(), 0, block.position());
            block.clear();
        }

        /** The number of records. */
        long end() throws IOException {
            if (block.position() > 0) {
                flush();
            }
            return count;
        }
    }
}
