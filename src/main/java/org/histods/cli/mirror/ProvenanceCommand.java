package org.histods.cli.mirror;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.Console;
import org.histods.cli.shell.MirrorLookup;
import org.histods.digest.FilePath;
import org.histods.fetch.ResponseSummary;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagFile;
import org.histods.provenance.FetchRecord;
import org.histods.provenance.FetchResult;
import org.histods.provenance.LocalContent;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code histods provenance}: shows the record of a pulled dataset, or of one of its files. */
@Command(
        name = "provenance",
        description = {
            "Show where a pulled dataset or one of its files came from",
            "",
            "The full record is in the dataset's bag: receipts/, ro-crate-metadata.json and origins.jsonl."
        },
        footer = {
            "",
            "Examples:",
            "  histods provenance kather-2018",
            "  histods provenance kather-2018 TUM/TUM-AAACKWWM.tif"
        })
public final class ProvenanceCommand implements CliCommand {

    private static final int MAX_LISTED = 30;

    private final AppContext app;

    @Parameters(index = "0", paramLabel = "ID[@VERSION]", description = "a pulled dataset")
    private String name = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "PATH",
            description = "a file of the dataset, as a path in its folder")
    private @Nullable String path;

    public ProvenanceCommand(AppContext app) {
        this.app = app;
    }

    @Override
    public int run() throws Problem {
        Bag bag = Bag.read(new MirrorLookup(app).one(name));
        return path == null ? dataset(bag) : file(bag, path);
    }

    private int dataset(Bag bag) throws Problem {
        Console console = app.console();
        console.data(bag.ref().id() + " " + bag.ref().version() + ": " + bag.title());
        console.data("  fingerprint " + bag.fingerprint().hex());
        console.data("  licence     " + bag.license());
        List<JsonNode> receipts = bag.receipts();
        int others = receivedReceipts(receipts);
        for (int i = 0; i < receipts.size(); i++) {
            JsonNode receipt = receipts.get(i);
            JsonNode p = receipt.path("predicate");
            console.object(Map.of("receipt", receipt, "received", i < others));
            console.data("");
            if (i < others) {
                console.data("the record of somebody else, which was received with the files and not checked:");
            }
            console.data(
                    p.path("action").asString("") + " " + p.path("finished").asString("") + " by "
                            + p.path("agent").asString("an unrecorded user") + " with histods "
                            + p.path("tool").path("version").asString(""));
            JsonNode imported = p.path("imported");
            if (imported.isObject()) {
                String expected = imported.path("expected").asString("");
                console.data(
                        "  the bag " + FilePath.printable(imported.path("name").asString(""))
                                + (expected.isEmpty()
                                        ? ", no fingerprint was expected"
                                        : ", of the expected fingerprint " + expected));
            }
            int shown = 0;
            for (JsonNode fetch : p.path("fetches")) {
                if (shown++ < MAX_LISTED) {
                    fetch(fetch).forEach(line -> console.data("  " + line));
                }
            }
            if (shown > MAX_LISTED) {
                console.data("  … " + Count.of(shown - MAX_LISTED, "more file") + " (--json prints the whole receipt)");
            }
        }
        return 0;
    }

    /** How many of the receipts were made elsewhere: those before the last import, or before the copy from a served mirror. */
    private static int receivedReceipts(List<JsonNode> receipts) {
        int count = 0;
        for (int i = 0; i < receipts.size(); i++) {
            JsonNode p = receipts.get(i).path("predicate");
            boolean copied = p.path("action").asString("").equals("pull")
                    && p.path("fetches")
                            .valueStream()
                            .anyMatch(fetch -> fetch.path("source").asString("").equals(FetchResult.MIRROR));
            if (p.path("imported").isObject() || copied) {
                count = i;
            }
        }
        return count;
    }

    private int file(Bag bag, String typed) throws Problem {
        String text = typed.startsWith("data/") ? typed.substring(5) : typed;
        FilePath wanted;
        try {
            wanted = new FilePath(text);
        } catch (IllegalArgumentException e) {
            throw new Problem(Problem.Kind.USAGE, String.valueOf(e.getMessage()));
        }
        for (BagFile file : bag.files()) {
            if (file.path().equals(wanted)) {
                return file(bag, file);
            }
        }
        throw new Problem(
                Problem.Kind.USAGE,
                bag.ref().id() + " has no file " + text,
                "give the path relative to " + bag.ref().data());
    }

    private int file(Bag bag, BagFile file) throws Problem {
        Console console = app.console();
        JsonNode fetch = bag.fetch(file.fetch());
        boolean received = isReceived(bag, file.fetch());
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("dataset", bag.ref().id());
        line.put("version", bag.ref().version());
        line.put("path", file.path().text());
        line.put("bytes", file.bytes());
        line.put("sha256", file.sha256().hex());
        line.put("member", file.entry());
        line.put("fetch", fetch);
        line.put("received", received);
        console.object(line);
        console.data(file.path().text() + "  " + Count.of(file.bytes(), "byte"));
        console.data("  sha256 " + file.sha256().hex());
        if (fetch == null) {
            console.warn("the receipt of this file is missing");
            return Problem.Kind.WRONG_BYTES.exit();
        }
        if (file.entry() != null) {
            console.data("  entry  " + file.entry() + " of the archive below");
        }
        if (received) {
            console.data("  the record of somebody else, which was received with the file and not checked:");
        }
        fetch(fetch).forEach(l -> console.data("  " + l));
        for (FetchRecord copy : bag.fetches()) {
            if (copy.path().equals(file.path().text()) && copy.source().equals(FetchResult.MIRROR)) {
                console.data("  copied from a mirror, which states the above:");
                fetch(copy.json()).forEach(l -> console.data("  " + l));
            }
        }
        return 0;
    }

    /** @param fetch number of the receipt, a slash, and the number of the fetch in it */
    private static boolean isReceived(Bag bag, String fetch) throws Problem {
        int others = receivedReceipts(bag.receipts());
        return fetch.matches("[0-9]{4,9}/.*") && Integer.parseInt(fetch.substring(0, fetch.indexOf('/'))) <= others;
    }

    /** Describes a fetch of a receipt in lines; the fields are those of docs/json.md. */
    private static List<String> fetch(JsonNode fetch) {
        List<String> lines = new ArrayList<>();
        lines.add(fetch.path("path").asString("") + "  "
                + Count.of(fetch.path("bytes").asLong(0), "byte") + "  "
                + fetch.path("finished").asString(""));
        if (fetch.path("brought").isString()) {
            lines.add("    local file " + fetch.path("brought").asString(""));
        } else {
            lines.add("    request  " + fetch.path("requested").asString(""));
            for (JsonNode via : fetch.path("via")) {
                if (!via.asString("").equals(fetch.path("requested").asString(""))) {
                    lines.add("    redirect " + via.asString(""));
                }
            }
            lines.add("    response " + fetch.path("answered").asString("") + "  status "
                    + fetch.path("status").asString(""));
            if (fetch.path("route").isString()) {
                lines.add("    route    " + fetch.path("route").asString("") + " responded in the place of that host");
            }
        }
        fetch.path("sums")
                .properties()
                .forEach(checksum -> lines.add(
                        "    " + checksum.getKey() + " " + checksum.getValue().asString("")));
        for (JsonNode one : fetch.path("verified")) {
            lines.add("    verified against " + one.path("sum").asString("") + " published by "
                    + one.path("by").asString(""));
        }
        for (JsonNode one : fetch.path("unpacked").path("verified")) {
            lines.add("    verified after unpacking against " + one.path("sum").asString("") + " published by "
                    + one.path("by").asString(""));
        }
        if (fetch.path("encrypted").isBoolean() && !fetch.path("encrypted").asBoolean(true)) {
            lines.add("    transferred without encryption");
        }
        if (fetch.path("check").asString("").equals("computed")) {
            lines.add("    computed only: there is no published checksum");
        }
        new FetchRecord(fetch).end().ifPresent(end -> lines.add("    " + ResponseSummary.endText(end)));
        LocalContent local = new FetchRecord(fetch).local();
        if (local != null) {
            String from = local.from().equals(LocalContent.FOLDER)
                    ? "taken from a folder of the user"
                    : "taken from " + local.from() + " in the mirror";
            local.groups()
                    .forEach(group ->
                            lines.add("    " + Count.of(group.files(), "file") + " " + from + ", " + group.text()));
        }
        JsonNode ranges = fetch.path("ranges");
        if (ranges.isObject() && local == null) {
            lines.add("    only " + Count.of(ranges.path("read").size(), "range") + " of the archive read, "
                    + Count.of(ranges.path("bytes").asLong(), "byte") + ", all of the version with the validator "
                    + ranges.path("validator").asString(""));
            lines.add("    not compared: the checksum of the archive; each file matches its CRC-32 in the archive");
        }
        for (JsonNode one : fetch.path("failed")) {
            lines.add("    failed before: " + one.path("url").asString("") + ": "
                    + one.path("cause").asString(""));
        }
        return lines;
    }
}
