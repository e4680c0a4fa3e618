package org.histods.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.mirror.BagRef;
import org.histods.problem.Problem;

/** Finds pulled datasets by what people type. */
final class Pulled {

    private final Wiring wiring;

    Pulled(Wiring wiring) {
        this.wiring = wiring;
    }

    /** Those of these names, or all if none is named. */
    List<BagRef> of(List<String> names) throws Problem {
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
    BagRef one(String name) throws Problem {
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
        int at = name.lastIndexOf('@');
        String asked = at > 0 ? name.substring(0, at) : name;
        List<BagRef> bags = wiring.mirror().bags(asked);
        String id = asked;
        if (bags.isEmpty()) {
            id = wiring.manifest(asked).manifest().id();
            bags = wiring.mirror().bags(id);
        }
        if (at > 0) {
            String version = name.substring(at + 1);
            bags = bags.stream().filter(b -> b.version().equals(version)).toList();
        }
        if (bags.isEmpty()) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    name + " is not in the mirror " + wiring.mirrorFolder(),
                    "get it with `histods pull " + id + "`");
        }
        return bags;
    }

    /** The manifest that the bag was made with; the catalogue may have moved on. */
    ManifestFile used(BagRef ref) throws Problem {
        Path copy = ref.path().resolve("manifest.yaml");
        if (Files.exists(copy)) {
            return wiring.manifests().read(Wiring.read(copy), copy.toString(), null);
        }
        return wiring.catalogue().get(ref.id());
    }
}
