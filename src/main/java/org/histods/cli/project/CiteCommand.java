package org.histods.cli.project;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.dataset.DatasetId;
import org.histods.manifest.Manifest;
import org.histods.mirror.BagRef;
import org.histods.problem.Problem;
import org.histods.project.Citation;
import org.histods.project.CitationFormat;
import org.histods.project.Declaration.Declared;
import org.histods.project.Lock;
import org.histods.project.Project;
import org.histods.provenance.Bag;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code histods cite}: prints citations of datasets. */
@Command(
        name = "cite",
        description = {
            "Print citations of datasets",
            "",
            "A pulled dataset is cited with the fingerprint of its files. If the authors of the paper that describes a"
                    + " dataset are known, the paper is cited too. Unknown fields are left out."
        },
        footer = {
            "",
            "Examples:",
            "  histods cite kather-2018 mbm --format bibtex > data.bib",
            "  histods cite --format csl"
        })
public final class CiteCommand implements CliCommand {

    private final AppContext app;

    @Parameters(arity = "0..*", paramLabel = "ID", description = "datasets (default: all that this project uses)")
    private List<String> names = new ArrayList<>();

    @Option(names = "--format", paramLabel = "bibtex|csl|ris|text", description = "format to print (default: text)")
    private CitationFormat format = CitationFormat.TEXT;

    public CiteCommand(AppContext app) {
        this.app = app;
    }

    @Override
    public int run() throws Problem {
        List<Citation> citations = names.isEmpty() ? ofProject() : new ArrayList<>();
        for (String name : names) {
            Manifest manifest = app.datasets().manifest(name).manifest();
            citations.add(Citation.of(manifest, pulled(manifest)));
            Citation.ofPaper(manifest).ifPresent(citations::add);
        }
        String text = format.write(citations);
        app.console().object(Map.of("format", format.name().toLowerCase(Locale.ROOT), "text", text));
        if (!app.console().json()) {
            app.console().raw(text);
        }
        return 0;
    }

    private List<Citation> ofProject() throws Problem {
        Project project = Project.of(app.here());
        Optional<Lock> lock = project.lock();
        List<Citation> citations = new ArrayList<>();
        List<DatasetId> cited = new ArrayList<>();
        for (Declared declared : project.declaration().datasets()) {
            Manifest manifest = app.catalogue().get(declared.id()).manifest();
            if (!cited.contains(manifest.id())) {
                cited.add(manifest.id());
                citations.add(Citation.of(manifest, locked(manifest, lock)));
                Citation.ofPaper(manifest).ifPresent(citations::add);
            }
        }
        return citations;
    }

    /** The selections and fingerprints of a dataset in the lock file; null if it is not locked. */
    private static @Nullable String locked(Manifest manifest, Optional<Lock> lock) {
        List<String> notes = new ArrayList<>();
        for (Lock.Locked entry : lock.map(Lock::datasets).orElse(List.of())) {
            if (entry.id().equals(manifest.id())) {
                notes.add(Citation.used(entry.only(), entry.fingerprint()));
            }
        }
        return notes.isEmpty() ? null : String.join(". ", notes);
    }

    private @Nullable String pulled(Manifest manifest) throws Problem {
        Optional<BagRef> ref = app.mirror().bag(manifest.id(), manifest.version());
        if (ref.isEmpty()) {
            return null;
        }
        Bag bag = Bag.read(ref.get());
        return Citation.used(bag.selection(), bag.fingerprint());
    }
}
