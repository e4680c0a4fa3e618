package org.histods.cli.mirror;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.Console;
import org.histods.cli.shell.MirrorLookup;
import org.histods.manifest.Manifest;
import org.histods.mirror.BagRef;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.export.Exporter;
import org.histods.provenance.export.Exporter.Form;
import org.histods.text.Bytes;
import org.histods.text.Count;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code histods export}: writes a pulled dataset in a standard format. */
@Command(
        name = "export",
        description = {
            "Export a pulled dataset as BagIt, RO-Crate or Croissant",
            "",
            "Formats:",
            "  bagit      a bag with the files and an RO-Crate, to archive or hand over",
            "  ro-crate   a folder with the files in data/, checksums and metadata",
            "  croissant  only croissant.json, for machine learning libraries",
            "",
            "Every file is compared with its checksum while it is copied. The folder appears only once it is complete."
        },
        footer = {
            "",
            "Examples:",
            "  histods export kather-2018 --format bagit --to /archive/kather-2018",
            "  histods export mbm --format croissant --to mbm-croissant"
        })
public final class ExportCommand implements CliCommand {

    private final AppContext app;

    @Parameters(index = "0", paramLabel = "ID[@VERSION]", description = "a pulled dataset")
    private String name = "";

    @Option(
            names = "--format",
            required = true,
            paramLabel = "bagit|ro-crate|croissant",
            description = "format to write")
    private String format = "";

    @Option(names = "--to", required = true, paramLabel = "DIR", description = "new or empty folder to write to")
    private Path to = Path.of("");

    @Option(
            names = "--link",
            description = "write hard links to the mirror's files instead of copies; you must not modify them")
    private boolean links;

    public ExportCommand(AppContext app) {
        this.app = app;
    }

    @Override
    public int run() throws Problem {
        Form form = form();
        MirrorLookup lookup = new MirrorLookup(app);
        BagRef ref = lookup.one(name);
        Bag bag = Bag.read(ref);
        Manifest manifest = lookup.manifest(ref).manifest();
        Exporter.Done done = app.exporter(bag, manifest, links)
                .to(app.output(to).toAbsolutePath().normalize(), form);
        Map<String, Object> line = MirrorLookup.event("export", ref);
        line.put("format", form.word());
        line.put("path", done.folder().toString());
        line.put("files", done.files());
        line.put("bytes", done.bytes());
        line.put("fingerprint", bag.fingerprint().hex());
        line.put("lacking", done.lacking());
        Console console = app.console();
        console.object(line);
        console.data(done.folder().toString());
        if (form != Form.CROISSANT) {
            console.say(ref.id() + " " + ref.version() + ": " + Count.of(done.files(), "file") + ", "
                    + Bytes.text(done.bytes()) + ", fingerprint "
                    + bag.fingerprint().hex());
        }
        if (!done.lacking().isEmpty()) {
            console.warn("Croissant requires " + String.join(", ", done.lacking()) + ", which "
                    + (done.lacking().size() == 1 ? "is" : "are") + " unknown for " + ref.id()
                    + ": left out, so a validator will complain");
        }
        if (links) {
            console.say("the files are hard links: modifying one modifies the mirror");
        }
        return 0;
    }

    private Form form() throws Problem {
        for (Form form : Form.values()) {
            if (form.word().equalsIgnoreCase(format)) {
                return form;
            }
        }
        List<String> words = Stream.of(Form.values()).map(Form::word).toList();
        throw new Problem(
                Problem.Kind.USAGE, "--format must be one of " + String.join(", ", words) + ", not '" + format + "'");
    }
}
