package org.histods.cli.catalogue;

import java.io.IOException;
import java.net.URI;
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
import java.util.TreeMap;
import org.histods.catalogue.LineageSvg;
import org.histods.cli.shell.AppContext;
import org.histods.manifest.Manifest;
import org.histods.problem.Problem;
import org.histods.source.listing.PinnedFiles;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;

/** Writes the HTML page and the SVG picture of {@code list}, and prints their paths. */
final class CatalogueFiles {

    private final AppContext app;

    CatalogueFiles(AppContext app) {
        this.app = app;
    }

    /** Writes a page with these datasets. */
    void page(Path path, List<Manifest> datasets) throws Problem {
        write(path, html(datasets));
        app.console().say(Count.of(datasets.size(), "dataset") + "; open it in a browser");
    }

    /** The page with these datasets. */
    String html(List<Manifest> datasets) throws Problem {
        List<CataloguePage.Entry> entries = new ArrayList<>();
        for (Manifest m : datasets) {
            List<String> versions = app.mirror().bags(m.id()).stream()
                    .map(bag -> bag.version().text())
                    .toList();
            entries.add(new CataloguePage.Entry(m, versions));
        }
        return new CataloguePage(
                        app.manifests(),
                        app.catalogue().lineages(),
                        app.catalogue().groups())
                .html(entries, app.version(), LocalDate.now(Clock.systemUTC()));
    }

    /**
     * Writes a static site with these datasets.
     *
     * @param url where it will be published; null if that is not known
     */
    void site(Path path, List<Manifest> datasets, @Nullable String url) throws Problem {
        URI root = null;
        try {
            root = url == null ? null : PinnedFiles.webAddress(url.endsWith("/") ? url : url + "/");
        } catch (IllegalArgumentException e) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "--site-url: " + e.getMessage(),
                    "give the URL at which the site is published, such as https://example.org/datasets/");
        }
        Map<String, String> files = new TreeMap<>(new SitePages(
                        datasets,
                        app.catalogue().lineages(),
                        app.catalogue().groups(),
                        app.version(),
                        LocalDate.now(Clock.systemUTC()),
                        root)
                .files());
        files.put("catalogue.html", html(datasets));
        Path folder = app.output(path);
        new SiteFolder(folder).write(files);
        app.console().data(folder.toString());
        app.console()
                .object(Map.of(
                        "event",
                        "written",
                        "path",
                        folder.toString(),
                        "bytes",
                        files.values().stream()
                                .mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length)
                                .sum()));
        app.console()
                .say(Count.of(datasets.size(), "dataset") + "; open index.html in a browser"
                        + (root == null ? "; with --site-url there would be a sitemap too" : ""));
    }

    /** Writes a picture of the lineage of the whole catalogue. */
    void lineage(Path path) throws Problem {
        write(path, LineageSvg.file(app.catalogue().lineages()));
    }

    private void write(Path path, String text) throws Problem {
        Path file = app.output(path);
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            String cause = e instanceof NoSuchFileException
                    ? "no such folder: " + file.getParent()
                    : e instanceof AccessDeniedException
                            ? "permission denied"
                            : Files.isDirectory(file) ? "it is a folder" : e.getMessage();
            throw new Problem(
                    Problem.Kind.DISK,
                    "cannot write " + file + ": " + cause,
                    "choose a file in an existing folder that you can write to");
        }
        app.console().data(file.toString());
        app.console()
                .object(Map.of(
                        "event",
                        "written",
                        "path",
                        file.toString(),
                        "bytes",
                        text.getBytes(StandardCharsets.UTF_8).length));
    }
}
