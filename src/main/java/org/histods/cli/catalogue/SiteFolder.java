package org.histods.cli.catalogue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.histods.digest.Hasher;
import org.histods.mirror.PendingFolder;
import org.histods.problem.Problem;

/**
 * The folder of a static site, which appears completely or not at all. A non-empty folder is replaced only if histods
 * wrote every file in it and none has changed since.
 */
final class SiteFolder {

    /** Lists the checksum and the path of each file of the site. */
    private static final String LIST = ".histods-site";

    private final Path place;

    SiteFolder(Path place) {
        this.place = place.toAbsolutePath().normalize();
    }

    /**
     * Writes the site.
     *
     * @param files texts by path
     * @throws Problem {@code USAGE} if the folder holds anything else; {@code DISK} if it cannot be written
     */
    void write(Map<String, String> files) throws Problem {
        try {
            check(place);
            replace(files);
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.DISK,
                    Problem.because("cannot write the site in " + place, e),
                    "choose a folder that you can write to, beside which you can write too");
        }
    }

    private void replace(Map<String, String> files) throws IOException, Problem {
        try (PendingFolder made = PendingFolder.of(place)) {
            StringBuilder list = new StringBuilder();
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path path = made.content().resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.writeString(path, file.getValue());
                list.append(Hasher.sha256(file.getValue()).hex() + "  " + file.getKey() + "\n");
            }
            Files.writeString(made.content().resolve(LIST), list);
            if (!Files.exists(place)) {
                made.moveTo(place);
                return;
            }
            try (PendingFolder old = PendingFolder.of(place)) {
                Files.move(place, old.content());
                try {
                    // Somebody may have written to it since.
                    check(old.content());
                    made.moveTo(place);
                } catch (IOException | Problem e) {
                    Files.move(old.content(), place);
                    throw e;
                }
            }
        }
    }

    /** Refuses a folder with a file that is not of a site, or was changed. */
    private void check(Path folder) throws IOException, Problem {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw refused("it is not a folder");
        }
        Map<String, String> checksums = listed(folder);
        List<Path> all = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            walk.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .forEach(all::add);
        }
        for (Path file : all) {
            String name = folder.relativize(file).toString();
            if (name.equals(LIST)) {
                continue;
            }
            String checksum = checksums.get(name);
            if (checksum == null || Files.isSymbolicLink(file)) {
                throw refused("it has a file that is not of a site of histods: " + name);
            }
            if (!checksum.equals(Hasher.sha256(file).hex())) {
                throw refused("somebody changed a file in it: " + name);
            }
        }
    }

    private static Map<String, String> listed(Path folder) throws IOException {
        Map<String, String> checksums = new HashMap<>();
        Path list = folder.resolve(LIST);
        if (Files.isRegularFile(list)) {
            for (String line : Files.readAllLines(list)) {
                int at = line.indexOf("  ");
                if (at > 0) {
                    checksums.put(line.substring(at + 2), line.substring(0, at));
                }
            }
        }
        return checksums;
    }

    private Problem refused(String why) {
        return new Problem(
                Problem.Kind.USAGE,
                place + " cannot become the folder of a site: " + why,
                "give a new or empty folder, or that of an earlier site");
    }
}
