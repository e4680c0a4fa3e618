package org.histods.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.histods.digest.Fingerprint;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Record of the links and copies that histods has put into a project, by path: the file {@code .histods/places.json}. */
final class PlacementLog {

    /**
     * What was put at a path.
     *
     * @param form how
     * @param fingerprint of the files
     * @param from the folder of the mirror that links point to; null in the log of an older histods, which lacks it
     */
    record Put(
            Placement.Form form,
            String fingerprint,
            @Nullable String from) {

        boolean of(Fingerprint other) {
            return fingerprint.equals(other.hex());
        }
    }

    private final Project project;
    private final Path file;
    private final JsonMapper mapper =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    PlacementLog(Project project) {
        this.project = project;
        this.file = project.own().resolve("places.json");
    }

    /** What was put at that path; empty if nothing was. */
    Optional<Put> at(String path) throws Problem {
        return Optional.ofNullable(all().get(path));
    }

    void note(String path, Put put) throws Problem {
        SortedMap<String, Put> all = all();
        if (!put.equals(all.put(path, put))) {
            write(all);
        }
    }

    void forget(String path) throws Problem {
        SortedMap<String, Put> all = all();
        if (all.remove(path) != null) {
            write(all);
        }
    }

    private SortedMap<String, Put> all() throws Problem {
        if (!Files.exists(file)) {
            return new TreeMap<>();
        }
        project.own("places.json");
        if (!Files.isRegularFile(file)) {
            throw new Problem(Problem.Kind.DISK, file + " is not a file", "move it away");
        }
        try {
            return mapper.readValue(Files.readString(file), new TypeReference<TreeMap<String, Put>>() {});
        } catch (IOException | JacksonException e) {
            throw new Problem(
                    Problem.Kind.DISK,
                    "cannot read " + file + ": " + e.getMessage(),
                    "delete it, and move away the folders that histods put into the project");
        }
    }

    private void write(SortedMap<String, Put> all) throws Problem {
        project.own("places.json");
        try {
            project.makeOwn();
            AtomicFile.write(file, mapper.writeValueAsString(all) + "\n");
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot write " + file, e));
        }
    }
}
