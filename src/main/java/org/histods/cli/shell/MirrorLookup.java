package org.histods.cli.shell;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetRef;
import org.histods.dataset.DatasetVersion;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.mirror.BagRef;
import org.histods.problem.Problem;
import org.histods.yaml.YamlText;

/** Finds pulled datasets by what people type. */
public final class MirrorLookup {

    private final AppContext wiring;

    public MirrorLookup(AppContext wiring) {
        this.wiring = wiring;
    }

    /** Those of these names, or all if none is named. */
    public List<BagRef> of(List<String> names) throws Problem {
        wiring.mirror().check();
        if (names.isEmpty()) {
            return wiring.mirror().bags();
        }
        List<BagRef> bags = new ArrayList<>();
        for (String name : names) {
            bags.addAll(all(name));
        }
        return bags;
    }

    /** The one of that name; with several versions, the one that the catalogue has. */
    public BagRef one(String name) throws Problem {
        List<BagRef> bags = all(name);
        if (bags.size() == 1) {
            return bags.get(0);
        }
        Manifest manifest = wiring.catalogue().get(bags.get(0).id()).manifest();
        return bags.stream()
                .filter(b -> b.version().equals(manifest.version()))
                .findFirst()
                .orElseThrow(() -> new Problem(
                        Problem.Kind.USAGE,
                        name + " is in the mirror in several versions",
                        "name one: "
                                + String.join(
                                        ", ",
                                        bags.stream()
                                                .map(b -> b.id() + "@" + b.version())
                                                .toList())));
    }

    private List<BagRef> all(String name) throws Problem {
        DatasetRef asked = DatasetRef.parse(name, this::id);
        List<BagRef> bags = wiring.mirror().bags(asked.id()).stream()
                .filter(bag -> asked.version() == null || bag.version().equals(asked.version()))
                .toList();
        if (bags.isEmpty()) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    asked + " is not in the mirror " + wiring.mirrorFolder(),
                    "get it with `histods pull " + asked.id() + "`");
        }
        return bags;
    }

    /** What is in the mirror need not be in the catalogue. */
    private DatasetId id(String name) throws Problem {
        DatasetId id = DatasetId.of(name).orElse(null);
        return id != null && !wiring.mirror().bags(id).isEmpty()
                ? id
                : wiring.catalogue().get(name).manifest().id();
    }

    /**
     * The manifest that the bag was made with; the catalogue may have moved on.
     *
     * @throws Problem {@code USAGE} if it has mistakes or is of another dataset; {@code WRONG_BYTES} if it is of another
     *     version
     */
    public ManifestFile used(BagRef ref) throws Problem {
        Path copy = ref.path().resolve("manifest.yaml");
        if (!Files.exists(copy)) {
            return wiring.catalogue().get(ref.id());
        }
        ManifestFile file = wiring.manifests().read(YamlText.read(copy), copy.toString(), ref.id());
        DatasetVersion version = file.manifest().version();
        if (!version.equals(ref.version().with(null))) {
            throw new Problem(
                    Problem.Kind.WRONG_BYTES,
                    copy + " is of version " + version + ", and the bag of " + ref.version(),
                    "`histods verify " + ref.id() + "` says what else was changed");
        }
        return file;
    }
}
