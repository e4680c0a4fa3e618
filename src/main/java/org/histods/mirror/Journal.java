package org.histods.mirror;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.histods.digest.Algorithm;
import org.histods.digest.Hasher;
import org.histods.problem.Problem;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What happened to the mirror, a JSON object a line, only ever appended. Each line's {@code prev} is the SHA-256 of the
 * line before it (without its line break), so that a later change of an earlier line shows. A last line that a crash
 * tore is closed with a line break and stays; the chain goes around it.
 */
public final class Journal {

    private static final String START = "0".repeat(64);

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
     * Appends a line.
     *
     * @throws Problem {@code DISK} if it cannot be written; {@code BUSY} if another process does not let go of it
     */
    public void append(Map<String, ?> event) throws Problem {
        write(event, false);
    }

    /** Appends a line that an earlier run may or may not have appended; does nothing if it is there. */
    void appendMissing(Map<String, ?> event) throws Problem {
        write(event, true);
    }

    private void write(Map<String, ?> event, boolean onlyMissing) throws Problem {
        layout.inside(file);
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new Problem(Problem.Kind.DISK, file + " is not a file", "put it elsewhere");
        }
        // Two that read the same last line would both name it, and the chain would be broken without any fault.
        try (Turn turn = Turn.take(layout.inside(layout.journalTurn()), self)) {
            inTurn(event, onlyMissing);
        } catch (IOException e) {
            throw FileOperations.problem("cannot write " + file, e);
        }
    }

    private void inTurn(Map<String, ?> event, boolean onlyMissing) throws IOException {
        disk.unshare(file);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            List<String> lines = lastLines(channel);
            if (onlyMissing && holds(lines, event)) {
                return;
            }
            String last = lastWhole(lines);
            Map<String, Object> line = new LinkedHashMap<>(event);
            line.put("prev", last.isEmpty() ? START : sha256(last));
            channel.position(channel.size());
            String text = JsonMapper.shared().writeValueAsString(line) + "\n";
            if (channel.size() > 0 && !endsLine(channel)) {
                text = "\n" + text;
            }
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
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

    /** The last line that is whole: a torn one names nothing, so the chain goes around it. */
    private String lastWhole(List<String> lines) {
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (prev(lines.get(i)) != null) {
                return lines.get(i);
            }
        }
        return "";
    }

    private static String sha256(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        Hasher hasher = Hasher.of(Set.of(), bytes.length);
        hasher.update(bytes, 0, bytes.length);
        return java.util.Objects.requireNonNull(hasher.finish().get(Algorithm.SHA256))
                .hex();
    }

    /**
     * Where the chain is broken.
     *
     * @return the number of the first line, from 1, whose {@code prev} is not the hash of the line before; empty if the
     *     chain is whole
     */
    public Optional<Long> broken() throws Problem {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            String before = "";
            long number = 0;
            for (String line : Files.readAllLines(file)) {
                number++;
                String prev = prev(line);
                String expected = before.isEmpty() ? START : sha256(before);
                if (prev != null && !prev.equals(expected)) {
                    return Optional.of(number);
                }
                before = prev == null ? before : line;
            }
            return Optional.empty();
        } catch (IOException e) {
            throw FileOperations.problem("cannot read " + file, e);
        }
    }

    /** What the line says of the one before; null for a torn line, which says nothing. */
    private @org.jspecify.annotations.Nullable String prev(String line) {
        try {
            JsonNode read = JsonMapper.shared().readTree(line);
            return read.isObject() ? read.path("prev").asString("") : null;
        } catch (JacksonException e) {
            return null;
        }
    }
}
