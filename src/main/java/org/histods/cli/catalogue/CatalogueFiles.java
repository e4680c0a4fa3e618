package org.histods.cli.catalogue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.histods.catalogue.LineageSvg;
import org.histods.cli.shell.AppContext;
import org.histods.manifest.Manifest;
import org.histods.problem.Problem;
import org.histods.text.Count;

/** Files that {@code list} writes for people to look at; each is named on standard output once it is there. */
final class CatalogueFiles {

    private final AppContext wiring;

    CatalogueFiles(AppContext wiring) {
        this.wiring = wiring;
    }

    /** Writes the page of those datasets. */
    void page(Path written, List<Manifest> chosen) throws Problem {
        List<CataloguePage.Entry> entries = new ArrayList<>();
        for (Manifest m : chosen) {
            List<String> versions = wiring.mirror().bags(m.id()).stream()
                    .map(bag -> bag.version().text())
                    .toList();
            entries.add(new CataloguePage.Entry(m, versions));
        }
        write(
                written,
                new CataloguePage(wiring.manifests(), wiring.catalogue().lineages())
                        .html(entries, wiring.version(), LocalDate.now(Clock.systemUTC())));
        wiring.console().say(Count.of(entries.size(), "dataset") + "; open it in a browser");
    }

    /** Writes the picture of the whole catalogue's lineage. */
    void lineage(Path written) throws Problem {
        write(written, LineageSvg.file(wiring.catalogue().lineages()));
    }

    private void write(Path written, String text) throws Problem {
        Path file = wiring.path(written);
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            String cause = e instanceof NoSuchFileException
                    ? "there is no folder " + file.getParent()
                    : e instanceof AccessDeniedException
                            ? "permission denied"
                            : Files.isDirectory(file) ? "it is a folder" : e.getMessage();
            throw new Problem(
                    Problem.Kind.DISK,
                    "cannot write " + file + ": " + cause,
                    "name a file in a folder that is there and that you may write to");
        }
        wiring.console().data(file.toString());
        wiring.console()
                .object(Map.of(
                        "event",
                        "written",
                        "path",
                        file.toString(),
                        "bytes",
                        text.getBytes(StandardCharsets.UTF_8).length));
    }
}
