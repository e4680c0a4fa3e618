package org.histods.cli.shell;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetRef;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.mirror.BagRef;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagVerifier;
import org.histods.provenance.PulledManifest;
import org.histods.text.Count;

/** Finds pulled datasets by the names that users type. */
public final class MirrorLookup {

    private final AppContext app;

    public MirrorLookup(AppContext app) {
        this.app = app;
    }

    /** All bags of the mirror. A folder that is named like a bag but is not one is reported and left out. */
    public List<BagRef> all() throws Problem {
        app.mirror().check();
        for (Path stray : app.mirror().strays()) {
            app.console().warn(stray + " is not a pulled dataset and is ignored");
        }
        return app.mirror().bags();
    }

    /**
     * Reports the datasets whose folders this user may not read.
     *
     * @return the exit code: 0 if there are none
     */
    public int unreadable() throws Problem {
        for (DatasetId id : app.mirror().unreadable()) {
            try {
                app.mirror().requireReadable(id);
            } catch (Problem p) {
                app.console().problem(id.text(), p);
            }
        }
        return app.mirror().unreadable().isEmpty() ? 0 : Problem.Kind.DISK.exit();
    }

    /** The bags with these names, or all bags if no name is given. */
    public List<BagRef> of(List<String> names) throws Problem {
        app.mirror().check();
        if (names.isEmpty()) {
            return all();
        }
        List<BagRef> bags = new ArrayList<>();
        for (String name : names) {
            bags.addAll(all(name));
        }
        return bags;
    }

    /** The bag with that name; of several versions, the one in the catalogue. */
    public BagRef one(String name) throws Problem {
        List<BagRef> bags = all(name);
        if (bags.size() == 1) {
            return bags.get(0);
        }
        Manifest manifest = app.catalogue().get(bags.get(0).id()).manifest();
        return bags.stream()
                .filter(b -> b.version().equals(manifest.version()))
                .findFirst()
                .orElseThrow(() -> new Problem(
                        Problem.Kind.USAGE, "the mirror has several versions of " + name, "choose one: " + refs(bags)));
    }

    /** The first fields of a JSON line about a bag: {@code event}, {@code dataset} and {@code version}. */
    public static Map<String, Object> event(String event, BagRef bag) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", event);
        line.put("dataset", bag.id());
        line.put("version", bag.version());
        return line;
    }

    /** The bags as {@code ID@VERSION}, separated by commas. */
    public static String refs(List<BagRef> bags) {
        return bags.stream()
                .map(bag -> new DatasetRef(bag.id(), bag.version()).toString())
                .collect(Collectors.joining(", "));
    }

    private List<BagRef> all(String name) throws Problem {
        DatasetRef ref = DatasetRef.parse(name, this::id);
        List<BagRef> bags = app.mirror().bags(ref.id()).stream()
                .filter(bag -> ref.version() == null || bag.version().equals(ref.version()))
                .toList();
        if (bags.isEmpty()) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    ref + " is not in the mirror " + app.mirrorFolder(),
                    Files.isDirectory(app.path(Path.of(name)))
                            ? "for the folder of that name, write ./" + name + "; `histods pull " + ref.id()
                                    + "` downloads the dataset"
                            : "run `histods pull " + ref.id() + "` to download it");
        }
        return bags;
    }

    /** The dataset of that name, which may be only in the mirror. */
    private DatasetId id(String name) throws Problem {
        DatasetId id = DatasetId.of(name).orElse(null);
        if (id != null) {
            app.mirror().requireReadable(id);
        }
        if (id != null && !app.mirror().bags(id).isEmpty()) {
            return id;
        }
        try {
            return app.catalogue().get(name).manifest().id();
        } catch (Problem p) {
            boolean path = name.contains("/") || name.startsWith(".");
            if (p.kind() != Problem.Kind.USAGE || path || !Files.isDirectory(app.path(Path.of(name)))) {
                throw p;
            }
            throw new Problem(p.kind(), p.message(), "for the folder of that name, write ./" + name, p);
        }
    }

    /**
     * Checks the files of a pulled dataset; reads those whose size or times changed since they were last found correct.
     *
     * @throws Problem {@code WRONG_BYTES} if one was modified, or a file is missing
     */
    public void requireUnmodified(Bag bag) throws Problem {
        BagRef ref = bag.ref();
        BagVerifier.Report report =
                app.verifier().verify(bag, app.mirror().stamps(ref), BagVerifier.Level.USUAL, n -> {});
        if (!report.changed().isEmpty() || !report.missing().isEmpty()) {
            Object example = report.changed().isEmpty()
                    ? report.missing().get(0)
                    : report.changed().get(0);
            throw new Problem(
                    Problem.Kind.WRONG_BYTES,
                    ref.id() + " was modified in the mirror: "
                            + Count.of(report.changed().size(), "file") + " modified, "
                            + report.missing().size() + " missing, such as " + example,
                    app.mirror().owns(ref)
                            ? "`histods verify " + ref.id() + " --repair` restores it"
                            : ref.path()
                                    + " is in a shared mirror: its owner can repair it, or use a mirror of your own"
                                    + " alone (--mirror)");
        }
    }

    /**
     * The manifest that the bag was pulled with, which may differ from the catalogue's.
     *
     * @throws Problem {@code WRONG_BYTES} if it is invalid or describes another dataset or version
     */
    public ManifestFile manifest(BagRef ref) throws Problem {
        ManifestFile file = PulledManifest.of(ref, app.manifests());
        return file == null ? app.catalogue().get(ref.id()) : file;
    }
}
