package org.histods.project;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.histods.problem.Problem;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The log of runs of a project: {@code .histods/uses.jsonl}, one record per line, append-only. */
public final class RunLog {

    /** The name of the file in {@link Project#own()}. */
    public static final String FILE = "uses.jsonl";

    private final Project project;
    private final Path file;
    private final JsonMapper mapper = JsonMapper.builder()
            // A newer histods may write further fields.
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public RunLog(Project project) {
        this.project = project;
        this.file = project.own().resolve(FILE);
    }

    /**
     * The content of the log.
     *
     * @param uses oldest first
     * @param damaged the numbers of lines that are not records, such as one cut off by a power failure; from 1
     */
    public record Reading(List<RunRecord> uses, List<Integer> damaged) {
        public Reading {
            uses = List.copyOf(uses);
            damaged = List.copyOf(damaged);
        }
    }

    /** Adds a record and flushes it to disk. */
    public void add(RunRecord use) throws Problem {
        String line = mapper.writeValueAsString(use) + "\n";
        project.own(FILE);
        try {
            Files.createDirectories(file.getParent());
            boolean torn = Files.exists(file) && !endsWithLineBreak();
            try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                ByteBuffer bytes = ByteBuffer.wrap(((torn ? "\n" : "") + line).getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot write " + file, e));
        }
    }

    private boolean endsWithLineBreak() throws IOException {
        try (FileChannel in = FileChannel.open(file)) {
            if (in.size() == 0) {
                return true;
            }
            ByteBuffer last = ByteBuffer.allocate(1);
            in.read(last, in.size() - 1);
            return last.get(0) == '\n';
        }
    }

    /** All records; none if there is no log. */
    public Reading read() throws Problem {
        List<RunRecord> uses = new ArrayList<>();
        List<Integer> damaged = new ArrayList<>();
        if (!Files.exists(file)) {
            return new Reading(uses, damaged);
        }
        if (!Files.isRegularFile(file)) {
            throw new Problem(Problem.Kind.DISK, file + " is not a file");
        }
        try {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                try {
                    uses.add(mapper.readValue(lines.get(i), RunRecord.class));
                } catch (JacksonException | NullPointerException e) {
                    damaged.add(i + 1);
                }
            }
            return new Reading(uses, damaged);
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot read " + file, e));
        }
    }
}
