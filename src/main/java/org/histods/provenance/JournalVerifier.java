package org.histods.provenance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Hasher;
import org.histods.mirror.BagRef;
import org.histods.mirror.Journal;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Checks the journal for consistency, and compares it with the bags of the mirror: each bag must match the last line
 * about it, so that a bag is detected whose files and record were both changed.
 */
public final class JournalVerifier {

    private static final String NONE = "none";

    private final Mirror mirror;
    private final Journal.Content journal;
    private final Map<String, JsonNode> last = new HashMap<>();
    private final List<JournalVerifier> shared = new ArrayList<>();

    private JournalVerifier(Mirror mirror, Journal.Content journal) throws Problem {
        for (Mirror one : mirror.shared()) {
            shared.add(of(one));
        }
        this.mirror = mirror;
        this.journal = journal;
        journal.events().forEach(this::add);
        JsonMapper mapper = new JsonMapper();
        mirror.garbage().unwrittenEvents().forEach(event -> add(mapper.valueToTree(event)));
    }

    /**
     * Reads the journal of a mirror.
     *
     * @throws Problem {@code DISK} if it cannot be read
     */
    public static JournalVerifier of(Mirror mirror) throws Problem {
        return new JournalVerifier(mirror, mirror.journal().read());
    }

    private void add(JsonNode event) {
        if (event.path("dataset").isString()) {
            last.put(
                    key(
                            event.path("dataset").asString(""),
                            event.path("version").asString("")),
                    event);
        }
    }

    private static String key(Object id, Object version) {
        return id + "@" + version;
    }

    /** How many lines the journal has. */
    public long lines() {
        return journal.lines();
    }

    /** The faults of the journal itself, in words; empty if it is intact. */
    public List<String> faults() {
        return journal.faults();
    }

    /** Faults that were accepted. */
    public List<String> accepted() {
        return journal.accepted();
    }

    /** How a bag differs from the journal's last line about it, in words; null if it does not. */
    public @Nullable String fault(BagRef bag) {
        for (JournalVerifier one : shared) {
            if (one.mirror.owns(bag)) {
                return one.fault(bag);
            }
        }
        JsonNode event = last.get(key(bag.id(), bag.version()));
        if (event == null) {
            return "the journal has no line about this dataset";
        }
        String time = event.path("time").asString("");
        if (event.path("event").asString("").equals("remove")) {
            return "the journal says that this dataset was removed on " + time;
        }
        Map<String, String> now = state(bag);
        for (Map.Entry<String, String> one : now.entrySet()) {
            String then = event.path(one.getKey()).asString("");
            if (!then.isEmpty() && one.getValue().equals(NONE)) {
                return (one.getKey().equals("fingerprint") ? "manifest" : one.getKey())
                        + "-sha256.txt is missing or cannot be read, so the record cannot be compared with the journal";
            }
            if (!then.isEmpty() && !then.equals(one.getValue())) {
                return one.getKey().equals("fingerprint")
                        ? "manifest-sha256.txt is not the one of " + time + " in the journal, whose SHA-256 is " + then
                        : "the record is not the one of " + time + " in the journal: tag files were changed, added or"
                                + " removed";
            }
        }
        return null;
    }

    /**
     * Datasets that are missing although the journal says that they are in the mirror, in words.
     *
     * @throws Problem as {@link Mirror#bags}
     */
    public List<String> missing() throws Problem {
        return gone().stream()
                .map(event -> event.path("dataset").asString("") + " "
                        + event.path("version").asString("")
                        + ": according to the journal, it has been in the mirror since "
                        + event.path("time").asString("") + ", but it is missing")
                .toList();
    }

    private List<JsonNode> gone() throws Problem {
        Map<String, JsonNode> gone = new TreeMap<>(last);
        gone.values().removeIf(event -> event.path("event").asString("").equals("remove"));
        mirror.bags().forEach(bag -> gone.remove(key(bag.id(), bag.version())));
        mirror.unreadable().forEach(id -> gone.keySet().removeIf(key -> key.startsWith(id + "@")));
        return List.copyOf(gone.values());
    }

    /** The hashes that a line of the journal has of a bag; a file that cannot be read has none. */
    private static Map<String, String> state(BagRef bag) {
        Map<String, String> state = new LinkedHashMap<>();
        state.put("fingerprint", hash(bag.path().resolve("manifest-sha256.txt")));
        state.put("tagmanifest", hash(bag.path().resolve("tagmanifest-sha256.txt")));
        return state;
    }

    /** The SHA-256 of a file in hex digits; {@code none} if it is not a regular file or cannot be read. */
    public static String hash(Path file) {
        try {
            return Files.isRegularFile(file) ? Hasher.sha256(file).hex() : NONE;
        } catch (IOException e) {
            return NONE;
        }
    }

    /**
     * Appends lines that accept what is wrong now, the state of each bag that differs from its last line, and the removal of
     * each that is not there.
     *
     * @param time of the lines
     * @return what was accepted, in words; empty if nothing is wrong, and then no line is written
     * @throws Problem if the journal cannot be written
     */
    public List<String> accept(String time) throws Problem {
        List<String> all = new ArrayList<>(faults());
        List<BagRef> changed = new ArrayList<>();
        for (BagRef bag : mirror.bags()) {
            String fault = fault(bag);
            if (fault != null) {
                all.add(bag.id() + " " + bag.version() + ": " + fault);
                changed.add(bag);
            }
        }
        List<JsonNode> gone = gone();
        all.addAll(missing());
        if (!all.isEmpty()) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("time", time);
            line.put("event", Journal.ACCEPTED);
            line.put("found", all);
            mirror.journal().append(line);
        }
        for (BagRef bag : changed) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("time", time);
            line.put("event", "accept");
            line.put("dataset", bag.id());
            line.put("version", bag.version());
            line.putAll(state(bag));
            mirror.journal().append(line);
        }
        for (JsonNode event : gone) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("time", time);
            line.put("event", "remove");
            line.put("dataset", event.path("dataset").asString(""));
            line.put("version", event.path("version").asString(""));
            mirror.journal().append(line);
        }
        return all;
    }

    /**
     * The result of an earlier pull.
     *
     * @param time when that was
     * @param fingerprint of its files
     */
    public record Earlier(String time, String fingerprint) {}

    /** The newest earlier pull of the same selection; empty if there was none. */
    public Optional<Earlier> earlier(DatasetId id, DatasetVersion version, List<String> selection) {
        Earlier found = null;
        for (JsonNode event : journal.events()) {
            boolean same = event.path("dataset").asString("").equals(id.text())
                    && event.path("version").asString("").equals(version.text())
                    && event.has("fingerprint")
                    && selection(event).equals(selection);
            found = same
                    ? new Earlier(
                            event.path("time").asString(""),
                            event.path("fingerprint").asString(""))
                    : found;
        }
        return Optional.ofNullable(found);
    }

    private static List<String> selection(JsonNode event) {
        List<String> globs = new ArrayList<>();
        event.path("selection").forEach(glob -> globs.add(glob.asString("")));
        return globs;
    }
}
