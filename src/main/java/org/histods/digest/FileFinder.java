package org.histods.digest;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the file of a dataset for an entry of a list, in this order: by its path; by its name; by its name without the
 * ending of a file format, such as {@code .svs} or {@code .h5}; by the beginning of a name up to a dot. Several with the
 * same name are distinguished by their folders. Two names that differ after a dot in any other way than in such an ending are
 * different slides, as {@code A.1.svs} and {@code A.7.svs} are. Names are compared in Unicode form NFC where they are not
 * the same. A text that holds several names is none of them.
 */
public final class FileFinder {

    /** Endings of images, of features and tables made from them, and of archives. Others may be a part of a slide's name. */
    private static final Set<String> ENDINGS =
            Set.of(("svs tif tiff ome ndpi ndpis mrxs scn vms vmu bif dcm dicom czi isyntax i2syntax svslide "
                            + "qptiff lif kfb sdpc mds tmap zarr jp2 j2k jpg jpeg png bmp gif webp nii mha mhd nrrd h5 hdf5 "
                            + "pt pth pkl pickle npy npz mat parquet feather csv tsv txt json geojson xml yaml annotations "
                            + "zip tar gz tgz")
                    .split(" "));

    /** An ending of an image or of features within the name of a folder, with more behind it. */
    private static final Pattern INNER_ENDING =
            Pattern.compile("(?i)\\.(?:svs|tiff?|ndpi|mrxs|scn|bif|dcm|czi|jpe?g|png|bmp|h5|pt|npy)(?=.)");

    /** What stands for several folders or files, as in {@code *}{@code /1.png} and <code>{a,b}/1.png</code>. */
    private static final Pattern PLACEHOLDER = Pattern.compile("[*?{}]");

    private static final Pattern SEPARATORS = Pattern.compile("[\\s\\p{Z},;|\"'`\u2026&+:]+");

    /** The beginning of a URL, or the drive of a path of Windows. */
    private static final Pattern SCHEME = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*:");

    private final Set<String> paths;
    /** The NFC form of the paths that have another form. */
    private final Map<String, String> composed = new HashMap<>();

    private final Map<String, List<String>> byPath = new HashMap<>();
    private final Map<String, List<String>> byName = new HashMap<>();
    private final Map<String, List<String>> byStem = new HashMap<>();
    private final Map<String, List<String>> byBeginning = new HashMap<>();
    /** The files in and below each folder, by the folder's name and path; null until the first folder is looked for. */
    private @Nullable Map<String, Map<String, List<String>>> byFolder;

    public FileFinder(Collection<String> paths) {
        this.paths = new HashSet<>(paths);
        for (String path : paths) {
            String form = nfc(path);
            if (!form.equals(path)) {
                composed.put(path, form);
            }
            String name = name(form);
            put(byPath, form, path);
            put(byName, name, path);
            put(byStem, stem(name), path);
            for (int dot = name.indexOf('.', 1); dot > 0; dot = name.indexOf('.', dot + 1)) {
                put(byBeginning, name.substring(0, dot), path);
            }
        }
    }

    private static void put(Map<String, List<String>> map, String key, String path) {
        map.computeIfAbsent(key, k -> new ArrayList<>()).add(path);
    }

    /**
     * The files that an entry may mean.
     *
     * @param paths files of the dataset; none if nothing matches, several if more than one matches equally well
     * @param loose whether only the name matches and the folders before it do not
     * @param sameFolders how many folders before the name are the same
     * @param otherForm whether the characters are the same only in a common Unicode form
     */
    public record Found(List<String> paths, boolean loose, int sameFolders, boolean otherForm) {

        public static final Found NONE = of(List.of());

        /** Files that are surely meant. */
        public static Found of(List<String> paths) {
            return new Found(paths, false, 0, false);
        }
    }

    public Found find(String listed) {
        String written = written(listed);
        if (paths.contains(written)) {
            return new Found(List.of(written), false, folders(written).length, false);
        }
        String wanted = nfc(written);
        if (holdsSeveral(wanted)) {
            return Found.NONE;
        }
        String name = name(wanted);
        for (List<String> candidates : List.of(
                of(byPath, wanted),
                of(byName, name),
                of(byStem, name),
                of(byStem, stem(name)),
                of(byBeginning, name))) {
            if (!candidates.isEmpty()) {
                Found found = closest(wanted, written, candidates);
                return found.loose() && PLACEHOLDER.matcher(wanted).find() ? Found.NONE : found;
            }
        }
        return Found.NONE;
    }

    /**
     * The files in and below the folders that an entry may mean, such as {@code slides/s1/} or only {@code s1}.
     *
     * @return none if there is no such folder, or its name is only a number, which may be that of anything
     */
    public List<String> inFolder(String listed) {
        if (byFolder == null) {
            byFolder = byFolder(paths);
        }
        String wanted = "/" + nfc(written(listed)).replaceAll("^/+|/+$", "");
        if (name(wanted).chars().allMatch(Character::isDigit)) {
            return List.of();
        }
        List<String> found = new ArrayList<>();
        byFolder.getOrDefault(name(wanted), Map.of()).forEach((folder, files) -> {
            if (wanted.endsWith("/" + folder) || ("/" + folder).endsWith(wanted)) {
                found.addAll(files);
            }
        });
        return found;
    }

    private static Map<String, Map<String, List<String>>> byFolder(Set<String> paths) {
        Map<String, Map<String, List<String>>> all = new HashMap<>();
        for (String path : paths) {
            for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
                String folder = nfc(path.substring(0, slash));
                put(all.computeIfAbsent(name(folder), n -> new HashMap<>()), folder, path);
            }
        }
        return all;
    }

    /**
     * Whether other names are before the last one, as in {@code a/1.svs b/2.svs} or {@code a/1.svsb/2.svs}: a list whose
     * separator is not known. Only the last would be found, and the others be lost.
     */
    private boolean holdsSeveral(String wanted) {
        String before = SCHEME.matcher(
                        wanted.substring(0, wanted.length() - name(wanted).length()))
                .replaceFirst("");
        for (String folder : before.split("/", -1)) {
            if (byName.containsKey(folder) && folder.contains(".")) {
                return true;
            }
            Matcher ending = INNER_ENDING.matcher(folder);
            while (ending.find()) {
                boolean separated = !Character.isLetterOrDigit(folder.charAt(ending.end()))
                        && "._-".indexOf(folder.charAt(ending.end())) < 0;
                if (separated || isName(folder.substring(0, ending.end()))) {
                    return true;
                }
            }
            String[] words = SEPARATORS.split(folder, -1);
            for (int i = 0; i < words.length - 1; i++) {
                if (isName(words[i])) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isName(String word) {
        return byName.containsKey(word) || byStem.containsKey(word);
    }

    /** A listed path with {@code /} and without {@code ./}. */
    private static String written(String listed) {
        String written = listed.replace('\\', '/').replaceAll("/+", "/");
        while (written.startsWith("./")) {
            written = written.substring(2);
        }
        return written;
    }

    private static List<String> of(Map<String, List<String>> map, String key) {
        return map.getOrDefault(key, List.of());
    }

    /** The candidates with the most last folders in common. */
    private Found closest(String wanted, String written, List<String> candidates) {
        int most = 0;
        List<String> best = new ArrayList<>();
        for (String candidate : candidates) {
            int common = commonFolders(wanted, composed.getOrDefault(candidate, candidate));
            if (common > most) {
                most = common;
                best.clear();
            }
            if (common == most) {
                best.add(candidate);
            }
        }
        int wholeOfEither = Math.min(folders(wanted).length, folders(best.get(0)).length);
        String found = best.get(0);
        boolean otherForm =
                best.size() == 1 && !nfc(written).equals(written) != !nfc(found).equals(found);
        return new Found(best, most < wholeOfEither, most, otherForm);
    }

    /** How many folders before the name are the same, from the last one on. */
    private static int commonFolders(String one, String other) {
        int a = one.lastIndexOf('/');
        int b = other.lastIndexOf('/');
        int n = 0;
        while (a >= 0 && b >= 0) {
            int nextA = one.lastIndexOf('/', a - 1);
            int nextB = other.lastIndexOf('/', b - 1);
            if (a - nextA != b - nextB || !one.regionMatches(nextA + 1, other, nextB + 1, a - nextA)) {
                return n;
            }
            n++;
            a = nextA;
            b = nextB;
        }
        return n;
    }

    private static String[] folders(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? new String[0] : path.substring(0, slash).split("/", -1);
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The name without endings of file formats, such as {@code a} for {@code a.ome.tif}. */
    public static String stem(String name) {
        String stem = name;
        int dot = stem.lastIndexOf('.');
        while (dot > 0 && ENDINGS.contains(stem.substring(dot + 1).toLowerCase(Locale.ROOT))) {
            stem = stem.substring(0, dot);
            dot = stem.lastIndexOf('.');
        }
        return stem;
    }

    private static String nfc(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }
}
