package org.histods.mirror;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.histods.problem.Problem;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The steps that remain when a bag is published or removed: append its journal line and delete its transfers. It is
 * written next to the bag in staging before the bag is published, so that a later run can do it if this one is killed
 * or finds the disk full. Publishing moves the bag out of staging, which distinguishes a published bag from an
 * unfinished one.
 *
 * @param event the line of the journal, without its hash
 * @param transfers the names of partial files
 */
record PublishCompletion(Map<String, Object> event, List<String> transfers) {

    private static final String FILE = "completion.json";

    PublishCompletion {
        transfers = List.copyOf(transfers);
    }

    private static Path file(Path staging) {
        return staging.resolve(FILE);
    }

    static PublishCompletion of(Map<String, ?> event, Collection<String> transfers) {
        return new PublishCompletion(new LinkedHashMap<>(event), List.copyOf(transfers));
    }

    void write(Path staging, FileOperations disk) throws IOException {
        disk.writeUnsynced(
                file(staging), new JsonMapper().writeValueAsString(Map.of("event", event, "transfers", transfers)));
    }

    static void forget(Path staging) throws IOException {
        Files.deleteIfExists(file(staging));
    }

    /** Leaves it to any later run, also of this process, by deleting the owner. */
    static void leave(Path staging) throws IOException {
        Files.deleteIfExists(staging.resolve(PartialClaims.OWNER));
    }

    /** Whether a bag was published or removed from there, and something remains to be done. */
    static boolean pending(Path staging) {
        return Files.isRegularFile(file(staging), LinkOption.NOFOLLOW_LINKS)
                && !Files.exists(staging.resolve(Staging.BAG), LinkOption.NOFOLLOW_LINKS);
    }

    /** @throws Problem {@code DISK} if it cannot be read or is damaged */
    static PublishCompletion read(Path staging) throws Problem {
        try {
            JsonMapper mapper = new JsonMapper();
            JsonNode json = mapper.readTree(FileOperations.text(file(staging)));
            Map<String, Object> event = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> field : json.path("event").properties()) {
                event.put(field.getKey(), mapper.treeToValue(field.getValue(), Object.class));
            }
            List<String> transfers = new ArrayList<>();
            json.path("transfers").forEach(one -> transfers.add(one.asString("")));
            return new PublishCompletion(event, transfers);
        } catch (IOException e) {
            throw FileOperations.problem("cannot read " + file(staging), e);
        } catch (JacksonException e) {
            throw new Problem(Problem.Kind.DISK, file(staging) + " is damaged: " + e.getOriginalMessage());
        }
    }
}
