package org.histods.catalogue;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.histods.dataset.DatasetId;
import org.histods.digest.FilePath;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.ManifestReader;
import org.histods.manifest.SourceKinds;
import org.histods.problem.Problem;
import org.histods.text.Suggestions;
import org.histods.yaml.YamlError;
import org.histods.yaml.YamlNode;
import org.histods.yaml.YamlText;
import org.jspecify.annotations.Nullable;

/**
 * The manifests and groups in a folder, or in the program. Safe to share between threads.
 *
 * <p>The files of a folder are read on each call, so that nothing can be stale: an edited manifest is parsed, and only
 * texts that the program was built with have their {@link CompiledManifests compiled} form.
 */
public final class Catalogue {

    /** Where the files of groups are, for messages. */
    static final String GROUPS = "manifests/groups/";

    private static final String ENDING = ".yaml";
    private static final Pattern SEPARATORS = Pattern.compile("[-_\\s]+");

    private final ManifestReader manifests;

    /** Whether the manifests are those that were compiled with the program. */
    private final boolean compiled;

    /** The jar with the folder; null if the folder is not in a jar. */
    private final @Nullable Path jar;

    private @Nullable Path folder;

    /** The catalogue that this one adds to; its datasets and groups of the same id are hidden by those here. */
    private @Nullable Catalogue below;

    /** Whether files that are no manifests, or have another id than their name, are left out. */
    private boolean lenient;

    /**
     * The manifests in a folder.
     *
     * @param folder of {@code <id>.yaml} files
     */
    public Catalogue(Path folder, ManifestReader manifests) {
        this(folder, null, false, manifests);
    }

    private Catalogue(@Nullable Path folder, @Nullable Path jar, boolean compiled, ManifestReader manifests) {
        this.folder = folder;
        this.jar = jar;
        this.compiled = compiled;
        this.manifests = manifests;
    }

    /**
     * The program's own catalogue.
     *
     * @param code the program's jar, or its folder of classes
     */
    public static Catalogue ofProgram(Path code, ManifestReader manifests) {
        boolean compiled = !manifests.compiled().ids().isEmpty();
        return Files.isDirectory(code)
                ? new Catalogue(code.resolve("manifests"), null, compiled, manifests)
                : new Catalogue(null, code, compiled, manifests);
    }

    /**
     * A folder that adds to a catalogue, and whose datasets and groups come before those of the same id there.
     *
     * @param lenient whether files that are no manifests, or have another id than their name, are left out, for a folder that
     *     may hold other things too
     */
    public static Catalogue over(Catalogue below, Path folder, boolean lenient, ManifestReader manifests) {
        Catalogue catalogue = new Catalogue(folder, manifests);
        catalogue.below = below;
        catalogue.lenient = lenient;
        return catalogue;
    }

    /** The folders of this catalogue and of those that it adds to, in the order in which they are searched. */
    public List<Path> folders() throws Problem {
        List<Path> folders = new ArrayList<>(List.of(folder()));
        if (below != null) {
            folders.addAll(below.folders());
        }
        return List.copyOf(folders);
    }

    /**
     * Where the manifests are; a folder of a zip file system for those of a jar.
     *
     * @throws Problem {@code DISK} if the jar cannot be read
     */
    public synchronized Path folder() throws Problem {
        if (folder == null) {
            try {
                // Stays open as long as the program runs.
                @SuppressWarnings("resource")
                FileSystem files = FileSystems.newFileSystem(Objects.requireNonNull(jar));
                folder = files.getPath("manifests");
            } catch (IOException e) {
                throw new Problem(Problem.Kind.DISK, Problem.because("cannot read the catalogue in " + jar, e));
            }
        }
        return folder;
    }

    /**
     * The ids, sorted.
     *
     * @throws Problem {@code USAGE} if a file's name is not an id
     */
    public List<DatasetId> ids() throws Problem {
        List<DatasetId> ids = new ArrayList<>();
        for (String name : names()) {
            String fault = DatasetId.fault(name);
            if (fault != null) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        fault,
                        "rename " + folder().resolve(name + ENDING) + " to the id of its dataset");
            }
            ids.add(new DatasetId(name));
        }
        return List.copyOf(ids);
    }

    /** The ids, without files of other names. */
    private List<DatasetId> validIds() throws Problem {
        return names().stream().map(DatasetId::of).flatMap(Optional::stream).toList();
    }

    /** The manifests' names without the ending, sorted. */
    private List<String> names() throws Problem {
        if (compiled) {
            return manifests.compiled().ids();
        }
        Set<String> names = new TreeSet<>(below == null ? List.of() : below.names());
        for (String name : names(folder())) {
            if (!lenient || own(name)) {
                names.add(name);
            }
        }
        return List.copyOf(names);
    }

    /** Whether the folder of this catalogue, not of one below, has the manifest. */
    private boolean own(String name) throws Problem {
        Path file = folder().resolve(name + ENDING);
        return Files.isRegularFile(file)
                && (!lenient
                        || Pattern.compile("(?m)^id:\\s*[\"']?" + Pattern.quote(name) + "[\"']?\\s*(#.*)?$")
                                .matcher(YamlText.read(file))
                                .find());
    }

    /** The names without the ending of the YAML files in that folder, sorted. */
    private static List<String> names(Path folder) throws Problem {
        try (Stream<Path> list = Files.list(folder)) {
            return list.map(path -> String.valueOf(path.getFileName()))
                    .filter(name -> !name.startsWith("."))
                    .filter(name -> name.endsWith(ENDING))
                    .map(name -> name.substring(0, name.length() - ENDING.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, "cannot read the catalogue in " + folder + ": " + Problem.why(e));
        }
    }

    /**
     * All manifests, sorted by id.
     *
     * @throws Problem {@code USAGE} if one of them has a mistake; the first by id if several have one
     */
    public List<ManifestFile> all() throws Problem {
        List<ManifestFile> files = new ArrayList<>();
        for (DatasetId id : ids()) {
            files.add(load(id));
        }
        return List.copyOf(files);
    }

    /**
     * What all manifests say, sorted by id; faster than {@link #all}, because their texts are not needed.
     *
     * @throws Problem as {@link #all}
     */
    public List<Manifest> manifests() throws Problem {
        List<Manifest> all = new ArrayList<>();
        for (DatasetId id : ids()) {
            all.add(manifest(id));
        }
        return List.copyOf(all);
    }

    private Manifest manifest(DatasetId id) throws Problem {
        if (compiled) {
            return manifests.compiled().manifest(id).orElseThrow();
        }
        if (below != null && !own(id.text())) {
            return below.manifest(id);
        }
        Path path = folder().resolve(id.text() + ENDING);
        byte[] bytes = YamlText.bytes(path);
        Manifest known = manifests.compiled().manifest(id, bytes).orElse(null);
        return known == null
                ? manifests.read(YamlText.text(bytes, path), origin(id), id).manifest()
                : known;
    }

    /** The name of a manifest's file in messages: its whole path where it adds to a catalogue. */
    private String origin(DatasetId id) throws Problem {
        String name = id + ENDING;
        return below == null ? "manifests/" + name : folder().resolve(name).toString();
    }

    /** The file of a manifest. */
    public Path pathOf(DatasetId id) throws Problem {
        return below == null || compiled || own(id.text()) ? folder().resolve(id + ENDING) : below.pathOf(id);
    }

    /**
     * The manifest of that id or alias. Case does not matter, and a space, a dash and an underscore are the same.
     *
     * @throws Problem {@code USAGE} if there is none, with similar names in the hint; or if it has a mistake
     */
    public ManifestFile get(String name) throws Problem {
        String wanted = normalised(name);
        DatasetId asId = DatasetId.of(wanted).orElse(null);
        if (asId != null && has(asId)) {
            return load(asId);
        }
        for (DatasetId id : validIds()) {
            // An alias is usually in the text of its manifest; the search below finds it in any form.
            if (normalised(text(id)).contains(wanted) && hasAlias(load(id).manifest(), wanted)) {
                return load(id);
            }
        }
        List<Manifest> readable = readable();
        for (Manifest manifest : readable) {
            if (hasAlias(manifest, wanted)) {
                return load(manifest.id());
            }
        }
        throw unknown(name, readable);
    }

    /**
     * The manifests without mistakes, sorted by id: for what needs names only, about which a mistake in another manifest
     * says nothing.
     */
    public List<Manifest> readable() throws Problem {
        List<Manifest> all = new ArrayList<>();
        for (DatasetId id : validIds()) {
            try {
                all.add(manifest(id));
            } catch (Problem damaged) {
                // Commands that need its dataset report it.
            }
        }
        return all;
    }

    private Problem unknown(String name, List<Manifest> manifests) throws Problem {
        Map<String, String> shown = new LinkedHashMap<>();
        validIds().forEach(id -> shown.put(id.text(), id.text()));
        for (Manifest manifest : manifests) {
            manifest.names().aliases().forEach(alias -> shown.putIfAbsent(alias, manifest.id() + " (" + alias + ")"));
        }
        Map<String, String> near = new LinkedHashMap<>();
        for (String found : Suggestions.to(name, shown.keySet())) {
            String words = shown.getOrDefault(found, found);
            near.putIfAbsent(words.replaceFirst(" .*", ""), words);
        }
        return new Problem(
                Problem.Kind.USAGE,
                "there is no dataset '" + FilePath.printable(name) + "'",
                near.isEmpty()
                        ? "`histods list` lists all; `histods search TEXT` searches every field"
                        : "did you mean " + String.join(", ", near.values()) + "?");
    }

    /**
     * The manifest of that id.
     *
     * @throws Problem {@code USAGE} as {@link #get(String)}
     */
    public ManifestFile get(DatasetId id) throws Problem {
        return get(id.text());
    }

    /** The manifest of that id, empty if there is none. */
    public Optional<ManifestFile> find(DatasetId id) throws Problem {
        return has(id) ? Optional.of(load(id)) : Optional.empty();
    }

    /** The relations between all datasets of the catalogue. */
    public LineageGraph lineages() throws Problem {
        return new LineageGraph(manifests());
    }

    /**
     * Everything that is wrong in any manifest or group, or between them; {@code docs/manifests.md} has the rules.
     *
     * @param kinds the known kinds of source
     * @return sorted by file and line; empty if nothing is wrong
     * @throws Problem {@code DISK} if the folder cannot be read
     */
    public List<YamlError> lint(SourceKinds kinds) throws Problem {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String name : names()) {
            texts.put(name, fileText(name));
        }
        return new CatalogueLint(manifests, kinds).errors(texts, groupTexts());
    }

    /**
     * The groups, sorted by id.
     *
     * @return empty where the catalogue has none
     * @throws Problem {@code USAGE} if the file of one has a mistake
     */
    public List<DatasetGroup> groups() throws Problem {
        List<DatasetGroup> groups = new ArrayList<>();
        for (Map.Entry<String, String> file : groupTexts().entrySet()) {
            groups.add(group(file.getKey(), file.getValue()));
        }
        return List.copyOf(groups);
    }

    /** The ids of the groups, sorted; empty where the catalogue has none. */
    public List<String> groupIds() throws Problem {
        return List.copyOf(groupTexts().keySet());
    }

    /**
     * The group of that id; case does not matter.
     *
     * @throws Problem {@code USAGE} if there is none, or its file has a mistake
     */
    public DatasetGroup group(String id) throws Problem {
        Map<String, String> texts = groupTexts();
        String wanted = normalised(id);
        String text = texts.get(wanted);
        if (text == null) {
            List<String> near = Suggestions.to(wanted, texts.keySet());
            throw new Problem(
                    Problem.Kind.USAGE,
                    "there is no group '" + FilePath.printable(id) + "'",
                    texts.isEmpty()
                            ? "the catalogue in " + folder() + " has no groups"
                            : near.isEmpty()
                                    ? "the groups are " + String.join(", ", texts.keySet())
                                    : "did you mean " + String.join(", ", near) + "?");
        }
        return group(wanted, text);
    }

    private static DatasetGroup group(String id, String text) throws Problem {
        List<YamlError> errors = new ArrayList<>();
        DatasetGroup group = GroupFormat.read(text, id, GROUPS + id + ENDING, dataset -> null, errors);
        YamlNode.refuse(GROUPS + id + ENDING, errors, "docs/manifests.md explains every field of a group");
        return Objects.requireNonNull(group);
    }

    /** The texts of the groups by their files' names without the ending, sorted. */
    private Map<String, String> groupTexts() throws Problem {
        Map<String, String> texts = new TreeMap<>(below == null ? Map.of() : below.groupTexts());
        Path groups = folder().resolve("groups");
        if (Files.isDirectory(groups)) {
            for (String name : names(groups)) {
                texts.put(name, YamlText.read(groups.resolve(name + ENDING)));
            }
        }
        return texts;
    }

    private boolean has(DatasetId id) throws Problem {
        if (compiled) {
            return manifests.compiled().text(id).isPresent();
        }
        return own(id.text()) || (below != null && below.has(id));
    }

    private String text(DatasetId id) throws Problem {
        return compiled ? manifests.compiled().text(id).orElseThrow() : fileText(id.text());
    }

    private String fileText(String name) throws Problem {
        return below == null || compiled || own(name)
                ? YamlText.read(folder().resolve(name + ENDING))
                : below.fileText(name);
    }

    private static boolean hasAlias(Manifest manifest, String name) {
        return manifest.names().aliases().stream()
                .anyMatch(alias -> normalised(alias).equals(name));
    }

    /** A name in the form in which names are compared. */
    static String normalised(String name) {
        return SEPARATORS.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("-");
    }

    private ManifestFile load(DatasetId id) throws Problem {
        if (below != null && !own(id.text())) {
            return below.load(id);
        }
        return manifests.read(text(id), origin(id), id);
    }

    /**
     * Reads a manifest from a file of the user's, which must pass the lint.
     *
     * @throws Problem {@code USAGE} if it cannot be read or has mistakes
     */
    public ManifestFile file(Path file) throws Problem {
        return manifests.readFaultless(YamlText.read(file), file.toString());
    }
}
