package org.histods.provenance;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.histods.dataset.DatasetVersion;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.ManifestReader;
import org.histods.mirror.BagRef;
import org.histods.problem.Problem;
import org.histods.yaml.YamlText;
import org.jspecify.annotations.Nullable;

/** The manifest that a bag was pulled with, which may differ from the catalogue's: {@code manifest.yaml} in its folder. */
public final class PulledManifest {

    private PulledManifest() {}

    /**
     * Reads it.
     *
     * @return null if the bag has none
     * @throws Problem {@code WRONG_BYTES} if it cannot be read, is invalid, or describes another dataset or version
     */
    public static @Nullable ManifestFile of(BagRef bag, ManifestReader reader) throws Problem {
        String text = text(bag);
        if (text == null) {
            return null;
        }
        ManifestFile file;
        try {
            file = reader.read(text, path(bag).toString(), bag.id());
        } catch (Problem p) {
            throw damaged(bag, p);
        }
        DatasetVersion version = file.manifest().version();
        if (!version.equals(bag.version().with(null))) {
            throw new Problem(
                    Problem.Kind.WRONG_BYTES,
                    path(bag) + " describes version " + version + ", but the bag holds " + bag.version(),
                    hint(bag));
        }
        return file;
    }

    /**
     * Its text.
     *
     * @return null if the bag has none
     * @throws Problem {@code WRONG_BYTES} if it cannot be read
     */
    public static @Nullable String text(BagRef bag) throws Problem {
        if (!Files.exists(path(bag), LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        try {
            return YamlText.read(path(bag));
        } catch (Problem p) {
            throw damaged(bag, p);
        }
    }

    private static Path path(BagRef bag) {
        return bag.path().resolve("manifest.yaml");
    }

    private static Problem damaged(BagRef bag, Problem why) {
        return new Problem(
                Problem.Kind.WRONG_BYTES,
                "the manifest in the bag of " + bag.id() + " is damaged: " + why.message(),
                hint(bag),
                why);
    }

    private static String hint(BagRef bag) {
        return "run `histods verify " + bag.id() + "` to see what else was changed";
    }
}
