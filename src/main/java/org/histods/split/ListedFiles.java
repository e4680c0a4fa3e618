package org.histods.split;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.histods.digest.FileFinder;

/**
 * Finds the files of a dataset that the entries of a list mean. A file is found only if its patient is certain too: a path that
 * differs from that of the file must not name another patient, and what both have in common must identify the patient.
 */
final class ListedFiles {

    private static final Pattern FOLDER_WORDS = Pattern.compile("[^\\p{L}\\p{N}._-]+");

    /** A path with a number behind it, which is a label, or with a separator. */
    private static final Pattern LABELLED =
            Pattern.compile("([\"']?)(.*\\p{L}.*?)\\1\\s*(?:[\\s,;]\\s*(-?[0-9]+)|[,;])");

    private static final String SEVERAL = "/";

    private final Patients rule;
    private final FileFinder finder;
    private final Map<String, List<String>> byPatient = new LinkedHashMap<>();
    /** The patients in the form of {@link SplitTable#meaning}. */
    private final Set<String> ids;
    /** The patient of the files in a folder and below; {@link #SEVERAL} if it has files of several. */
    private final Map<String, String> ofFolder = new HashMap<>();

    private final Map<String, Set<String>> named = new HashMap<>();

    ListedFiles(Collection<String> paths, Patients rule) {
        this.rule = rule;
        finder = new FileFinder(paths);
        for (String path : paths) {
            rule.of(path).ifPresent(patient -> add(path, patient));
        }
        ids = byPatient.keySet().stream()
                .map(SplitTable::meaning)
                .filter(id -> !id.isEmpty())
                .collect(Collectors.toSet());
    }

    private void add(String path, String patient) {
        byPatient.computeIfAbsent(patient, p -> new ArrayList<>()).add(path);
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            ofFolder.merge(path.substring(0, slash), patient, (one, other) -> one.equals(other) ? one : SEVERAL);
        }
    }

    /** The patients of the dataset. */
    Set<String> patients() {
        return byPatient.keySet();
    }

    /** The files of a patient; none if the dataset has no such patient. */
    List<String> ofPatient(String id) {
        return byPatient.getOrDefault(id, List.of());
    }

    /** The patients of these files; empty if the patient of one of them is unknown. */
    Set<String> patientsOf(List<String> paths) {
        Set<String> patients = new TreeSet<>();
        for (String path : paths) {
            Optional<String> patient = rule.of(path);
            if (patient.isEmpty()) {
                return Set.of();
            }
            patients.add(patient.get());
        }
        return patients;
    }

    /**
     * The files for an entry: its own, or those of a path with a label behind it, or of a folder; none if they may be of another
     * patient than the one that is meant.
     */
    FileFinder.Found find(String name) {
        FileFinder.Found found = file(name);
        if (!found.paths().isEmpty() || byPatient.containsKey(name)) {
            return found;
        }
        Matcher labelled = LABELLED.matcher(name);
        if (labelled.matches()) {
            String number = String.valueOf(labelled.group(3));
            found = namedIn(number).isEmpty() ? file(labelled.group(2)) : found;
        }
        List<String> inside = finder.inFolder(name);
        boolean ofOthers =
                inside.stream().anyMatch(path -> !isOfItsPatient(path, name + "/", FileFinder.Found.of(List.of(path))));
        return !found.paths().isEmpty() || ofOthers ? found : FileFinder.Found.of(inside);
    }

    private FileFinder.Found file(String name) {
        FileFinder.Found found = finder.find(name);
        Optional<String> listed = found.loose() ? rule.of(name) : Optional.empty();
        boolean certain = found.paths().stream()
                .anyMatch(path ->
                        (listed.isEmpty() || listed.equals(rule.of(path))) && isOfItsPatient(path, name, found));
        return certain ? found : FileFinder.Found.NONE;
    }

    /** Whether a file that has the last folders and the name of an entry is surely of the patient that the entry means. */
    private boolean isOfItsPatient(String path, String name, FileFinder.Found found) {
        Optional<String> patient = rule.of(path);
        String[] parts = name.replace('\\', '/').split("/+");
        List<String> folders = Arrays.asList(parts).subList(0, Math.max(0, parts.length - 1));
        List<String> before = folders.subList(0, Math.max(0, folders.size() - found.sameFolders()));
        if (before.isEmpty() && !found.loose()) {
            return true;
        }
        String own = patient.map(SplitTable::meaning).orElse("");
        if (!own.isEmpty() && folders.stream().map(SplitTable::meaning).anyMatch(own::equals)) {
            return true;
        }
        return before.stream().noneMatch(folder -> isOfAnother(folder, patient))
                && (!found.loose() || identifies(path, found.sameFolders(), patient));
    }

    /** Whether a folder is called as a patient of the dataset, in whatever form, or as one of its slides, and not as this one. */
    private boolean isOfAnother(String folder, Optional<String> patient) {
        return FOLDER_WORDS.splitAsStream(folder).map(SplitTable::meaning).anyMatch(ids::contains)
                || patientsOf(finder.find(folder).paths()).stream()
                        .anyMatch(other -> !patient.equals(Optional.of(other)));
    }

    /**
     * Whether the last folders and the name of a file identify its patient. They do not if the patient is in the folders before
     * them, as in {@code p3/img/3.png}: a file {@code x9/img/3.png} may be of anybody.
     */
    private boolean identifies(String path, int folders, Optional<String> patient) {
        String[] parts = path.split("/");
        int before = parts.length - 1 - folders;
        String other =
                "?/".repeat(before) + String.join("/", Arrays.asList(parts).subList(before, parts.length));
        String folder = String.join("/", Arrays.asList(parts).subList(0, before));
        return rule.of(other).equals(patient) || SEVERAL.equals(ofFolder.get(folder));
    }

    /** The patients that a cell beside an entry names, itself or by files; one of JSON may name several. */
    Set<String> namedIn(String cell) {
        return named.computeIfAbsent(cell, c -> {
            Set<String> patients = new TreeSet<>();
            for (String part : c.startsWith("{") ? c.split("\"") : new String[] {c}) {
                // The same name in folders of several patients, such as that of a mask elsewhere, says nothing.
                Set<String> of = patientsOf(file(part).paths());
                patients.addAll(of.size() == 1 ? of : byPatient.containsKey(part) ? Set.of(part) : Set.of());
            }
            return patients;
        });
    }
}
