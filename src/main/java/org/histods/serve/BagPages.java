package org.histods.serve;

import static org.histods.html.Html.element;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.histods.html.Html;
import org.histods.html.HtmlPage;
import org.histods.provenance.Bag;
import org.histods.text.Bytes;
import org.histods.text.Count;

/** The pages about bags and the audits, which can be read without JavaScript. */
public final class BagPages {

    private static final List<String> STYLES = List.of("base.css", "catalogue.css", "site.css");

    /** How many names of one folder are shown. */
    private static final int SHOWN = 2000;

    private final String version;

    /** @param version of this program */
    BagPages(String version) {
        this.version = version;
    }

    /** The URL of a bag's page below the server's root. */
    public static String path(Bag bag) {
        return "bags/" + encoded(bag.ref().id().text()) + "/"
                + encoded(bag.ref().version().text()) + "/";
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * A bag, or a folder of it; empty if there is no such folder.
     *
     * @param folder from the bag's folder, without a slash at its end; empty for the bag itself
     */
    Optional<ServedPage> folder(Bag bag, String folder) {
        Path place = folder.isEmpty() ? bag.ref().path() : bag.ref().path().resolve(folder);
        List<Entry> entries = entries(place);
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        int up = (int) folder.chars().filter(c -> c == '/').count() + (folder.isEmpty() ? 0 : 1);
        String root = "../".repeat(up + 3);
        Html content = Html.sequence(element("h1").text(bag.title()));
        content.add(element("p", "quiet")
                .text(bag.ref().id() + " · version " + bag.ref().version() + (folder.isEmpty() ? "" : " · " + folder)));
        if (folder.isEmpty()) {
            content.add(element("h2").text("This copy"), facts(bag));
            content.add(element("h2").text("Check it"), check());
        }
        content.add(element("h2").text(folder.isEmpty() ? "Files" : "Files of " + folder));
        content.add(list(entries, folder));
        return Optional.of(page(bag.ref().id() + " " + bag.ref().version(), root, content));
    }

    /** Whether a bag has a folder of that path. */
    boolean isFolder(Bag bag, String folder) {
        return Files.isDirectory(bag.ref().path().resolve(folder), LinkOption.NOFOLLOW_LINKS);
    }

    private static Html facts(Bag bag) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Files", String.format(Locale.ROOT, "%,d", bag.fileCount()));
        facts.put("Size", Bytes.text(bag.bytes()));
        facts.put(
                "Selection",
                bag.selection().isEmpty()
                        ? "everything"
                        : String.join(", ", bag.selection()) + " (part of the dataset)");
        facts.put("Last changed", bag.date());
        facts.put("Licence", bag.license());
        facts.put("Fingerprint", bag.fingerprint().hex());
        Html list = element("dl", "facts");
        facts.forEach((name, value) ->
                list.add(element("dt").text(name), element("dd").text(value)));
        return list;
    }

    private static Html check() {
        return element("p")
                .text("The fingerprint is the SHA-256 of ")
                .add(element("a").attribute("href", "manifest-sha256.txt").text("manifest-sha256.txt"))
                .text(", which lists every file. Where the files came from is in ")
                .add(element("a").attribute("href", "receipts/").text("receipts"))
                .text(" and ")
                .add(element("a").attribute("href", "origins.jsonl").text("origins.jsonl"))
                .text(".");
    }

    /** @param bytes null for a folder */
    private record Entry(
            String name, @org.jspecify.annotations.Nullable Long bytes) {}

    private static List<Entry> entries(Path folder) {
        List<Entry> entries = new ArrayList<>();
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return entries;
        }
        try (Stream<Path> list = Files.list(folder)) {
            for (Path path : list.sorted().toList()) {
                String name = String.valueOf(path.getFileName());
                if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    entries.add(new Entry(name, null));
                } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    entries.add(new Entry(name, Files.size(path)));
                }
            }
        } catch (IOException gone) {
            return List.of();
        }
        return entries;
    }

    private static Html list(List<Entry> entries, String folder) {
        Html list = element("ul", "files");
        if (!folder.isEmpty()) {
            list.add(element("li").add(element("a").attribute("href", "../").text("../")));
        }
        for (Entry entry : entries.subList(0, Math.min(SHOWN, entries.size()))) {
            String slash = entry.bytes() == null ? "/" : "";
            list.add(element("li")
                    .add(element("a", "mono")
                            .attribute("href", "./" + encoded(entry.name()) + slash)
                            .text(entry.name() + slash))
                    .text(entry.bytes() == null ? "" : " " + Bytes.text(entry.bytes())));
        }
        if (entries.size() > SHOWN) {
            list.add(element("li")
                    .text("and " + Count.of(entries.size() - SHOWN, "further name")
                            + "; manifest-sha256.txt lists all files"));
        }
        return list;
    }

    /** The audits that were given to the server. */
    ServedPage audits(List<String> names) {
        Html content = Html.sequence(element("h1").text("Audits"));
        if (names.isEmpty()) {
            content.add(element("p").text("There are no reports in the folder given with --audits."));
        } else {
            Html list = element("ul");
            names.forEach(name -> list.add(element("li")
                    .add(element("a").attribute("href", "./" + encoded(name)).text(name))));
            content.add(list);
        }
        return page("Audits", "../", content);
    }

    private ServedPage page(String title, String root, Html content) {
        Map<String, Html> parts = new LinkedHashMap<>();
        parts.put("style-class", Html.of("detail"));
        parts.put("title", Html.of(title));
        parts.put("root", Html.of(root));
        parts.put("head", Html.sequence());
        parts.put("content", content);
        parts.put("version", Html.of(version));
        parts.put("date", Html.of(LocalDate.now(Clock.systemUTC()).toString()));
        parts.put("data", Html.sequence());
        return ServedPage.html(HtmlPage.of("site.html", STYLES, List.of(), parts));
    }
}
