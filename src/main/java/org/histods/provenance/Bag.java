package org.histods.provenance;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Fingerprint;
import org.histods.digest.Glob;
import org.histods.digest.Hasher;
import org.histods.fetch.ResponseSummary;
import org.histods.mirror.BagRef;
import org.histods.mirror.TagFiles;
import org.histods.problem.Problem;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A bag of the mirror, read from its tag files: {@code bag-info.txt} at once, the others when they are needed. */
public final class Bag {

    private static final Pattern RECEIPT = Pattern.compile("receipts/[0-9]{4,9}-[a-z]+\\.json");

    /** Bytes and files of the payload. */
    private static final Pattern OXUM = Pattern.compile("[0-9]{1,18}\\.[0-9]{1,18}");

    /** The label of a bag with files that came from this machine, which may therefore be in another bag too. */
    static final String LOCAL = "Histods-Local";

    private static final String AGAIN =
            "run `histods verify` to check the whole bag; `histods remove` and `histods pull` create it again; check the"
                    + " folder for your own files first";

    private final BagRef ref;
    private final Map<String, String> info;

    private Bag(BagRef ref, Map<String, String> info) {
        this.ref = ref;
        this.info = info;
    }

    /**
     * Reads a bag's {@code bag-info.txt}.
     *
     * @throws Problem {@code DISK} if it cannot be read; {@code WRONG_BYTES} if it is damaged
     */
    public static Bag read(BagRef ref) throws Problem {
        Path file = file(ref.path().resolve("bag-info.txt"));
        Bag bag = new Bag(ref, labels(lines(file)));
        try {
            bag.fingerprint();
            bag.bytes();
            bag.fileCount();
            bag.selection().forEach(Glob::of);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw damaged(file, String.valueOf(e.getMessage()));
        }
        return bag;
    }

    private static Map<String, String> labels(List<String> bagInfo) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String line : bagInfo) {
            int colon = line.indexOf(": ");
            if (colon > 0) {
                labels.put(line.substring(0, colon), line.substring(colon + 2));
            }
        }
        return labels;
    }

    /**
     * Returns the path, after checking that it is a regular file: reading anything else, such as a pipe, might never
     * end.
     *
     * @throws Problem {@code WRONG_BYTES} if it exists and is something else
     */
    public static Path file(Path file) throws Problem {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw damaged(file, "it is not a file");
        }
        return file;
    }

    /** Whether a path below a bag's folder is that of a receipt. */
    public static boolean isReceipt(String path) {
        return RECEIPT.matcher(path).matches();
    }

    /** Whether a path beside {@code data/} is that of a file or folder that histods writes. */
    static boolean isTagFile(String path) {
        return TagFiles.FILES.contains(path) || path.equals(TagFiles.RECEIPTS) || isReceipt(path);
    }

    private static List<String> lines(Path file) throws Problem {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static Problem unreadable(Path file, IOException e) {
        if (e instanceof ClosedByInterruptException) {
            return Problem.interrupted();
        }
        // A missing record, or one that is not text, is damage; an unreadable one is a matter of permissions.
        boolean damaged = e instanceof NoSuchFileException
                || e instanceof NotDirectoryException
                || e instanceof CharacterCodingException;
        return new Problem(
                damaged ? Problem.Kind.WRONG_BYTES : Problem.Kind.DISK,
                Problem.because("cannot read " + file, e),
                e instanceof AccessDeniedException
                        ? "ask the owner of the dataset's folder for access (docs/group-mirrors.md)"
                        : AGAIN,
                e);
    }

    private static Problem damaged(Path file, String how) {
        return new Problem(Problem.Kind.WRONG_BYTES, file + " is damaged: " + how, AGAIN);
    }

    /**
     * The text of a bag's {@code tagmanifest-sha256.txt}, which identifies its state; empty if that file cannot be read.
     */
    public static String state(Path bag) {
        Path file = bag.resolve("tagmanifest-sha256.txt");
        try {
            return Files.isRegularFile(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            return "";
        }
    }

    /** The paths and checksums of the files that its tag manifest lists; empty if that is missing or damaged. */
    public Map<String, Checksum> tagFiles() {
        try {
            return ManifestLine.tagFiles(state(ref.path()));
        } catch (IllegalArgumentException damaged) {
            return Map.of();
        }
    }

    /** The bag's dataset, version and folder. */
    public BagRef ref() {
        return ref;
    }

    /** The labels of {@code bag-info.txt} in their order. */
    public Map<String, String> info() {
        return Collections.unmodifiableMap(info);
    }

    /** The globs that were selected; empty for everything. */
    public List<String> selection() {
        return selection(info);
    }

    /** The selected globs of a bag that is not in the mirror, from the text of its {@code bag-info.txt}. */
    public static List<String> selectionIn(String bagInfo) {
        return selection(labels(bagInfo.lines().toList()));
    }

    private static List<String> selection(Map<String, String> labels) {
        return globs(labels.getOrDefault("Histods-Selection", "everything"));
    }

    private static List<String> globs(String text) {
        return text.equals("everything")
                ? List.of()
                : Stream.of(text.split(" ", -1))
                        .map(glob -> glob.replace("%20", " ").replace("%25", "%"))
                        .toList();
    }

    /** Globs as {@link #selection} reads them: separated by spaces, so spaces in them are replaced. */
    static String written(List<String> globs) {
        return globs.stream()
                .map(glob -> glob.replace("%", "%25").replace(" ", "%20"))
                .collect(Collectors.joining(" "));
    }

    /** The variant of the dataset; empty if it has none. */
    public Optional<String> variant() {
        return Optional.ofNullable(info.get("Histods-Variant"));
    }

    /** Whether files came from this machine, and not from a host. */
    public boolean local() {
        return info.containsKey(LOCAL);
    }

    /** The licence terms in the manifest when it was pulled. */
    public String license() {
        return info.getOrDefault("Histods-License", "unknown");
    }

    /** The title of the dataset when it was pulled. */
    public String title() {
        return info.getOrDefault("External-Description", ref.id().text());
    }

    /** The fingerprint that was written when the bag was made; {@link BagVerifier} computes it again. */
    public Fingerprint fingerprint() {
        return new Fingerprint(info.getOrDefault("Histods-Fingerprint", ""));
    }

    /** How many files there are. */
    public long fileCount() {
        return oxum(1);
    }

    /** How many bytes the files hold. */
    public long bytes() {
        return oxum(0);
    }

    private long oxum(int index) {
        String oxum = info.getOrDefault("Payload-Oxum", "");
        if (!OXUM.matcher(oxum).matches()) {
            throw new IllegalArgumentException("Payload-Oxum is '" + FilePath.printable(oxum) + "'");
        }
        return Long.parseLong(oxum.split("\\.", 2)[index]);
    }

    /** When the files last changed, such as {@code 2026-11-23}. */
    public String date() {
        return info.getOrDefault("Bagging-Date", "unknown");
    }

    /**
     * Every file's SHA-256, sorted by path.
     *
     * @throws Problem {@code DISK} if the manifest cannot be read; {@code WRONG_BYTES} if it is damaged, or is not the one
     *     that the bag was made with
     */
    public Map<FilePath, Checksum> checksums() throws Problem {
        return checksums(true);
    }

    /** The content of {@code manifest-sha256.txt}, whether or not it is the one that the bag was made with. */
    Map<FilePath, Checksum> listed() throws Problem {
        return checksums(false);
    }

    private Map<FilePath, Checksum> checksums(boolean asMade) throws Problem {
        Path file = file(ref.path().resolve("manifest-sha256.txt"));
        Map<FilePath, Checksum> checksums = new TreeMap<>();
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (asMade && !Hasher.sha256(bytes).hex().equals(fingerprint().hex())) {
                throw damaged(file, "it is not the one that bag-info.txt states the fingerprint of");
            }
            try (BufferedReader reader = new BufferedReader(
                    new InputStreamReader(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8.newDecoder()))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    ManifestLine one = ManifestLine.parse(line);
                    checksums.put(one.file(), one.sha256());
                }
            }
            return checksums;
        } catch (IOException e) {
            throw unreadable(file, e);
        } catch (IllegalArgumentException e) {
            throw damaged(file, String.valueOf(e.getMessage()));
        }
    }

    /**
     * The paths of all files below a bag's {@code data/}, read without their checksums.
     *
     * @throws Problem as {@link #checksums}
     */
    static Set<String> paths(Path bag) throws Problem {
        Path file = file(bag.resolve("manifest-sha256.txt"));
        try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
            return lines.map(ManifestLine::pathInData).collect(Collectors.toSet());
        } catch (IOException e) {
            throw unreadable(file, e);
        } catch (UncheckedIOException e) {
            throw unreadable(file, Objects.requireNonNull(e.getCause()));
        } catch (IllegalArgumentException e) {
            throw damaged(file, String.valueOf(e.getMessage()));
        }
    }

    /** The file of a line of {@code origins.jsonl}; throws {@link IllegalArgumentException} if it is not in the manifest. */
    private static BagFile file(String line, Map<FilePath, Checksum> checksums) {
        JsonNode node = JsonMapper.shared().readTree(line);
        FilePath path = new FilePath(node.path("path").asString(""));
        Checksum checksum = checksums.get(path);
        if (checksum == null) {
            throw new IllegalArgumentException(path + " is not in manifest-sha256.txt");
        }
        return new BagFile(
                path,
                node.path("bytes").asLong(0),
                checksum,
                node.path("executable").asBoolean(false),
                node.path("fetch").asString(""),
                node.has("member") ? node.path("member").asString("") : null);
    }

    /**
     * Every file of a bag that is somewhere else, sorted as in the record.
     *
     * @param manifest the text of its {@code manifest-sha256.txt}
     * @param origins the text of its {@code origins.jsonl}
     * @throws IllegalArgumentException if one of them cannot be read, or they list different files
     */
    public static List<BagFile> files(String manifest, String origins) {
        Map<FilePath, Checksum> checksums = new TreeMap<>();
        try {
            manifest.lines().map(ManifestLine::parse).forEach(line -> checksums.put(line.file(), line.sha256()));
            List<BagFile> files =
                    origins.lines().map(line -> file(line, checksums)).toList();
            files.forEach(file -> checksums.remove(file.path()));
            if (!checksums.isEmpty()) {
                throw new IllegalArgumentException(checksums.keySet().iterator().next() + " is not in origins.jsonl");
            }
            return files;
        } catch (JacksonException e) {
            throw new IllegalArgumentException(e.getOriginalMessage(), e);
        }
    }

    /**
     * Every file and where it comes from, sorted by path.
     *
     * @throws Problem as {@link #checksums}; {@code WRONG_BYTES} also if the origins are not those of the same files
     */
    public List<BagFile> files() throws Problem {
        Map<FilePath, Checksum> checksums = checksums();
        Path file = file(ref.path().resolve("origins.jsonl"));
        try (Stream<String> lines = Files.lines(file)) {
            Map<FilePath, BagFile> files = new TreeMap<>();
            lines.map(line -> file(line, checksums)).forEach(one -> files.put(one.path(), one));
            if (files.size() != checksums.size()) {
                throw damaged(file, "it names " + files.size() + " of the " + Count.of(checksums.size(), "file"));
            }
            return List.copyOf(files.values());
        } catch (IOException e) {
            throw unreadable(file, e);
        } catch (UncheckedIOException e) {
            throw unreadable(file, Objects.requireNonNull(e.getCause()));
        } catch (JacksonException e) {
            throw damaged(file, e.getOriginalMessage());
        } catch (IllegalArgumentException e) {
            throw damaged(file, String.valueOf(e.getMessage()));
        }
    }

    /** The files of the receipts, oldest first. */
    public List<Path> receiptFiles() throws Problem {
        return receiptFiles(ref.path());
    }

    /** The files of the receipts in a bag's folder, oldest first. */
    public static List<Path> receiptFiles(Path bag) throws Problem {
        Path folder = bag.resolve(TagFiles.RECEIPTS);
        try (Stream<Path> list = Files.list(folder)) {
            List<Path> files = list.filter(p -> isReceipt(TagFiles.RECEIPTS + "/" + p.getFileName()))
                    .sorted()
                    .toList();
            for (Path one : files) {
                file(one);
            }
            return files;
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    /** The content of the receipts, oldest first. */
    public List<JsonNode> receipts() throws Problem {
        return receipts(Integer.MAX_VALUE);
    }

    /** The content of the receipts, oldest first, each with no more than the first {@code most} of its fetches. */
    List<JsonNode> receipts(int most) throws Problem {
        List<JsonNode> list = receipts(ref.path(), most);
        if (list.isEmpty()) {
            throw damaged(ref.path().resolve(TagFiles.RECEIPTS), "it contains no receipt");
        }
        return list;
    }

    /** The same for a bag that is finished or not; empty if it holds none. */
    static List<JsonNode> receipts(Path root, int most) throws Problem {
        List<JsonNode> list = new ArrayList<>();
        for (Path file : receiptFiles(root)) {
            try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
                    JsonParser parser = JsonMapper.shared().createParser(reader)) {
                if (parser.nextToken() == null) {
                    throw damaged(file, "it is not a receipt");
                }
                JsonNode receipt = with(parser, "predicate", p -> with(p, "fetches", f -> first(f, most)));
                JsonNode fetches = receipt.path("predicate").path("fetches");
                if (parser.nextToken() != null
                        || !fetches.isArray()
                        || !fetches.valueStream().allMatch(JsonNode::isObject)) {
                    throw damaged(file, "it is not a receipt");
                }
                list.add(receipt);
            } catch (JacksonIOException e) {
                throw unreadable(file, Objects.requireNonNull(e.getCause()));
            } catch (JacksonException e) {
                throw damaged(file, e.getOriginalMessage());
            } catch (IOException e) {
                throw unreadable(file, e);
            }
        }
        return list;
    }

    /** The value that begins at the parser's token, with one property read in its own way if it is an object. */
    private static JsonNode with(JsonParser parser, String name, Function<JsonParser, JsonNode> property) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return parser.readValueAsTree();
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            object.set(key, key.equals(name) ? property.apply(parser) : parser.readValueAsTree());
        }
        return object;
    }

    /** The value that begins at the parser's token, with no more than {@code most} elements if it is an array. */
    private static JsonNode first(JsonParser parser, int most) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            return parser.readValueAsTree();
        }
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (array.size() < most) {
                JsonNode element = parser.readValueAsTree();
                array.add(element);
            } else {
                parser.skipChildren();
            }
        }
        return array;
    }

    /** The fetches of all pulls: the id of each fetch and the path of the remote file, oldest first. */
    public Map<String, String> fetchedPaths() throws Problem {
        Map<String, String> paths = new LinkedHashMap<>();
        fetches().forEach(fetch -> paths.put(fetch.id(), fetch.path()));
        return paths;
    }

    /** The record of every fetched file, oldest first. */
    public List<FetchRecord> fetches() throws Problem {
        List<FetchRecord> fetches = new ArrayList<>();
        for (JsonNode receipt : receipts()) {
            fetches.addAll(FetchRecord.in(receipt));
        }
        return fetches;
    }

    /**
     * The fetched files of which nothing showed that they are complete, as {@link FetchRecord#end}, in words by path.
     *
     * @return empty for nearly all bags; their receipts are searched, and not parsed
     */
    public Map<String, String> unconfirmedEnds() throws Problem {
        Map<String, String> ends = new TreeMap<>();
        for (Path file : receiptFiles()) {
            try (Stream<String> lines = Files.lines(file)) {
                if (lines.noneMatch(line -> line.contains("\"end\""))) {
                    continue;
                }
            } catch (IOException | UncheckedIOException e) {
                // The verification of the record reports it.
                continue;
            }
            for (FetchRecord fetch : fetches()) {
                ends.remove(fetch.path());
                fetch.end().ifPresent(end -> ends.put(fetch.path(), ResponseSummary.endText(end)));
            }
            return ends;
        }
        return ends;
    }

    /** The selections made by lists and conditions in earlier pulls, oldest first. */
    public List<Choice> choices() throws Problem {
        List<Choice> choices = new ArrayList<>();
        for (JsonNode receipt : receipts(0)) {
            JsonNode choice = receipt.path("predicate").path("choice");
            if (choice.isObject()) {
                choices.add(new Choice(words(choice.path("by")), words(choice.path("selection"))));
            }
        }
        return choices;
    }

    private static List<String> words(JsonNode array) {
        return array.valueStream().map(word -> word.asString("")).toList();
    }

    /** The fetch of that id in the receipts, null if there is none. */
    public @Nullable JsonNode fetch(String id) throws Problem {
        for (FetchRecord fetch : fetches()) {
            if (fetch.id().equals(id)) {
                return fetch.json();
            }
        }
        return null;
    }
}
