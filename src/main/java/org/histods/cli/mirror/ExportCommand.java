package org.histods.cli.mirror;

import java.nio.file.Path;
import java.util.LinkedHashMap;
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

/** Gives a pulled dataset out in a form that others read. */
@Command(
        name = "export",
        description = "Give a pulled dataset out: as a BagIt bag, an RO-Crate, or a Croissant description.",
        footer = {
            "",
            "bagit      a bag whose payload is the dataset and an RO-Crate; for archives and for handing over",
            "ro-crate   a folder with the files below data/, their checksums and the record",
            "croissant  croissant.json alone, without the files; for loaders of machine learning",
            "",
            "Every file is compared with its checksum as it is copied. The folder appears when it is whole.",
            "",
            "Examples:",
            "  histods export kather-2018 --format bagit --to /archive/kather-2018",
            "  histods export mbm --format croissant --to mbm-croissant"
        })
public final class ExportCommand implements CliCommand {

    private final AppContext wiring;

    @Parameters(index = "0", paramLabel = "ID[@VERSION]", description = "a dataset that was pulled")
    private String name = "";

    @Option(names = "--format", required = true, paramLabel = "bagit|ro-crate|croissant", description = "what is made")
    private String format = "";

    @Option(names = "--to", required = true, paramLabel = "DIR", description = "a folder that is new or empty")
    private Path to = Path.of("");

    @Option(
            names = "--link",
            description = "hard links to the mirror's files in place of copies: no room, but never to be changed")
    private boolean links;

    public ExportCommand(AppContext wiring) {
        this.wiring = wiring;
    }

    @Override
    public int run() throws Problem {
        Form form = form();
        MirrorLookup pulled = new MirrorLookup(wiring);
        BagRef ref = pulled.one(name);
        Bag bag = Bag.read(ref);
        Manifest manifest = pulled.used(ref).manifest();
        Exporter.Done done = wiring.export(bag, manifest, links).to(place(), form);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "export");
        line.put("dataset", ref.id());
        line.put("version", ref.version());
        line.put("format", form.word());
        line.put("path", done.folder().toString());
        line.put("files", done.files());
        line.put("bytes", done.bytes());
        line.put("fingerprint", bag.fingerprint().hex());
        line.put("lacking", done.lacking());
        Console console = wiring.console();
        console.object(line);
        console.data(done.folder().toString());
        if (form != Form.CROISSANT) {
            console.say(ref.id() + " " + ref.version() + ": " + Count.of(done.files(), "file") + ", "
                    + Bytes.text(done.bytes()) + ", fingerprint "
                    + bag.fingerprint().hex());
        }
        if (!done.lacking().isEmpty()) {
            console.warn("Croissant demands " + String.join(", ", done.lacking()) + " and nobody states "
                    + (done.lacking().size() == 1 ? "it" : "them") + " for " + ref.id()
                    + ": left out, and a validator will say so");
        }
        if (links) {
            console.say("the files are the mirror's own: who changes one changes the mirror");
        }
        return 0;
    }

    /** The mirror holds datasets and nothing else: what lies among them would be taken for one, or for damage. */
    private Path place() throws Problem {
        Path place = wiring.path(to).toAbsolutePath().normalize();
        if (place.startsWith(wiring.mirror().root().toAbsolutePath().normalize())) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    place + " lies in the mirror",
                    "name a folder outside " + wiring.mirror().root());
        }
        return place;
    }

    private Form form() throws Problem {
        for (Form form : Form.values()) {
            if (form.word().equalsIgnoreCase(format)) {
                return form;
            }
        }
        List<String> words = Stream.of(Form.values()).map(Form::word).toList();
        throw new Problem(Problem.Kind.USAGE, "'" + format + "' is no format; there are " + String.join(", ", words));
    }
}
