package org.histods.mirror;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.histods.digest.Hasher;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The append-only log of the mirror, one JSON object per line. The {@code prev} of each line is the SHA-256 of the line
 * before it (without its line break), and {@code journal.head} is the SHA-256 of the last line, so that a changed, removed
 * or moved line is detected, also at the end. If a crash truncates the last line, it is ended with a line break and
 * stays; the chain skips it.
 */
public final class Journal {

    /** The event of a line that accepts what was wrong with the journal before it. */
    public static final String ACCEPTED = "journal-accepted";

    private static final String START = "0".repeat(64);

    /** Among how many lines at the end the one that {@code journal.head} names is looked for: a crash may have left later ones. */
    private static final int BEYOND_HEAD = 100;

    private final MirrorLayout layout;
    private final Path file;
    private final OwnerProcess self;
    private final FileOperations disk;

    Journal(MirrorLayout layout, FileOperations disk, OwnerProcess self) {
        this.layout = layout;
        this.disk = disk;
        this.file = layout.journal();
        this.self = self;
    }

    /**
     * A journal as it was read.
     *
     * @param lines how many lines it has
     * @param faults where the chain of lines is broken, in words; empty if it is whole
     * @param accepted what was wrong and was accepted, with the date
     * @param events all lines, in order
     */
    public record Content(long lines, List<String> faults, List<String> accepted, List<JsonNode> events) {

        public Content {
            faults = List.copyOf(faults);
            accepted = List.copyOf(accepted);
            events = List.copyOf(events);
        }
    }

    /**
     * Appends a line.
     *
     * @throws Problem {@code DISK} if it cannot be written; {@code BUSY} if another process does not release it
     */
    public void append(Map<String, ?> event) throws Problem {
        write(event, false);
    }

    /** Appends a line that an earlier run may have appended; does nothing if it exists. */
    void appendMissing(Map<String, ?> event) throws Problem {
        write(event, true);
    }

    private void write(Map<String, ?> event, boolean onlyMissing) throws Problem {
        layout.inside(file);
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new Problem(Problem.Kind.DISK, file + " is not a file", "put it elsewhere");
        }
        // Two processes that read the same last line would both refer to it, and the chain would look broken.
        try {
            disk.makeFolder(layout.locks());
        } catch (IOException e) {
            throw FileOperations.problem("cannot write " + file, e);
        }
        try (Turn turn = Turn.take(layout.inside(layout.journalTurn()), self)) {
            inTurn(event, onlyMissing);
        } catch (IOException e) {
            throw FileOperations.problem("cannot write " + file, e);
        }
    }

    private void inTurn(Map<String, ?> event, boolean onlyMissing) throws IOException, Problem {
        disk.unshare(file);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            FileOperations.share(file);
            List<String> lines = lastLines(channel);
            String head = head();
            if (onlyMissing && holds(lines, event)) {
                if (hasHead(lines, head)) {
                    writeHead(sha256(lastWhole(lines)));
                }
                return;
            }
            String last = lastWhole(lines);
            Map<String, Object> line = new LinkedHashMap<>(event);
            // Where lines are missing, the new line names the missing one, so that the gap stays visible.
            line.put("prev", head != null && !hasHead(lines, head) ? head : last.isEmpty() ? START : sha256(last));
            channel.position(channel.size());
            String json = JsonMapper.shared().writeValueAsString(line);
            String text = channel.size() > 0 && !endsLine(channel) ? "\n" + json + "\n" : json + "\n";
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
            writeHead(sha256(json));
        }
    }

    /** Whether the line that {@code journal.head} names is among the last ones. */
    private static boolean hasHead(List<String> lines, @Nullable String head) {
        return head == null
                || lines.subList(Math.max(0, lines.size() - BEYOND_HEAD), lines.size()).stream()
                        .anyMatch(line -> sha256(line).equals(head));
    }

    /** The SHA-256 of the last line; null if an older histods wrote it, or there is none. */
    private @Nullable String head() throws IOException, Problem {
        Path place = layout.inside(layout.journalHead());
        return Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)
                ? Files.readString(place, StandardCharsets.ISO_8859_1).strip()
                : null;
    }

    private void writeHead(String hash) throws IOException, Problem {
        disk.write(layout.inside(layout.journalHead()), hash + "\n");
    }

    private static boolean endsLine(FileChannel channel) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        channel.read(one, channel.size() - 1);
        return one.get(0) == '\n';
    }

    /** Whether one of these lines is of that event. */
    private boolean holds(List<String> lines, Map<String, ?> event) {
        String text = JsonMapper.shared().writeValueAsString(event);
        String start = text.substring(0, text.length() - 1) + ",\"prev\":";
        return lines.stream().anyMatch(line -> line.startsWith(start) && prev(line) != null);
    }

    /** The lines of the last megabyte, the first of which may lack its start. */
    private static List<String> lastLines(FileChannel channel) throws IOException {
        long size = channel.size();
        int most = (int) Math.min(size, 1 << 20);
        ByteBuffer tail = ByteBuffer.allocate(most);
        int count = 0;
        while (tail.hasRemaining() && count >= 0) {
            count = channel.read(tail, size - most + tail.position());
        }
        return new String(tail.array(), 0, tail.position(), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    /** The last complete line; the chain skips truncated ones. */
    private String lastWhole(List<String> lines) {
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (prev(lines.get(i)) != null) {
                return lines.get(i);
            }
        }
        return "";
    }

    private static String sha256(String line) {
        return Hasher.sha256(line).hex();
    }

    /**
     * Reads all of it.
     *
     * @throws Problem {@code DISK} if it cannot be read
     */
    public Content read() throws Problem {
        List<String> faults = new ArrayList<>();
        List<String> accepted = new ArrayList<>();
        List<JsonNode> events = new ArrayList<>();
        String before = null;
        long number = 0;
        try {
            // First, so that a line that is appended meanwhile is not taken for a missing one.
            String head = head();
            boolean headSeen = head == null;
            boolean headExpected = false;
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file)) {
                return new Content(0, List.of("journal.jsonl is not a file"), List.of(), List.of());
            }
            for (String written : lines()) {
                number++;
                String line = written.endsWith("\r") ? written.substring(0, written.length() - 1) : written;
                boolean cut = line.startsWith("{") || line.startsWith("\0");
                JsonNode event = event(line);
                if (!line.equals(written)) {
                    faults.add("line " + number + " of the journal ends in CR LF: another program wrote it");
                } else if (event == null && !cut) {
                    faults.add("line " + number + " of the journal was not written by histods");
                }
                if (event == null) {
                    continue;
                }
                String expected = before == null ? START : sha256(before);
                if (!event.path("prev").asString("").equals(expected)) {
                    faults.add("line " + number + " of the journal does not follow the line before it:"
                            + " a line was changed, removed or moved");
                }
                if (event.path("event").asString("").equals(ACCEPTED)) {
                    faults.forEach(fault -> accepted.add(
                            fault + " (accepted " + event.path("time").asString("") + ")"));
                    faults.clear();
                }
                headSeen |= sha256(line).equals(head);
                headExpected |= event.has("tagmanifest");
                events.add(event);
                before = line;
            }
            if (!headSeen) {
                faults.add("the last line of the journal, as journal.head names it, is missing or was changed");
            } else if (head == null && headExpected) {
                faults.add("journal.head is missing, so lines may be missing at the end of the journal");
            }
        } catch (IOException e) {
            throw FileOperations.problem("cannot read " + file, e);
        }
        return new Content(number, faults, accepted, events);
    }

    /** Its lines, without the LF at their ends only. */
    private List<String> lines() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        List<String> lines =
                new ArrayList<>(List.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n", -1)));
        if (lines.get(lines.size() - 1).isEmpty()) {
            lines.remove(lines.size() - 1);
        }
        return lines;
    }

    /** The hash of the previous line; null for a truncated line. */
    private @Nullable String prev(String line) {
        JsonNode event = event(line);
        return event == null ? null : event.path("prev").asString("");
    }

    private @Nullable JsonNode event(String line) {
        try {
            JsonNode read = JsonMapper.shared().readTree(line);
            return read.isObject() ? read : null;
        } catch (JacksonException e) {
            return null;
        }
    }
}
