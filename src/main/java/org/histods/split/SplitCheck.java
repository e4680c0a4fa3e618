package org.histods.split;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.histods.digest.Checksum;
import org.histods.digest.FileFinder;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.histods.split.SplitEntry.Stated;
import org.histods.split.SplitReport.Shared;
import org.histods.split.SplitReport.Size;
import org.histods.text.Count;

/**
 * Checks whether a split of a dataset keeps patients apart. That is proven only if every file was checked; what could not be
 * checked is in the report.
 */
public final class SplitCheck {

    /** Levels that can be kept apart, weakest first: a patient has cases, a case has slides. */
    public static final List<String> LEVELS = List.of("slide", "case", "patient");

    private static final Pattern SEPARATORS = Pattern.compile("[,;|/+&]");

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

    /** A split's name in front of another, as in {@code trainval}. */
    private static final Pattern JOINED = Pattern.compile("(?i)(train|val|tune|dev|test)(?=train|val|tune|dev|test)");

    private static final Set<String> ALL = Set.of("all", "both", "any");

    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private final Map<FilePath, Checksum> files;
    private final ListedFiles listed;
    private final SpreadsheetNames changed;
    private final Patients rule;
    private final String by;
    private final Map<String, Set<String>> splits = new LinkedHashMap<>();
    private final Map<String, Set<String>> splitsOf = new TreeMap<>();
    private final List<String> missing = new ArrayList<>();
    private final List<String> ambiguous = new ArrayList<>();
    private final List<String> bySpreadsheet = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> unread = new ArrayList<>();
    /** Patients, cases and slides that the lists state, each with an entry of each of its splits. */
    private final Map<String, Map<String, Statement>> stated = new LinkedHashMap<>();

    private long loose;
    private long otherForm;
    private long patients;

    /**
     * @param files all files of the dataset
     * @param rule the patients of files
     * @param by one of {@link #LEVELS}
     */
    public SplitCheck(Map<FilePath, Checksum> files, Patients rule, String by) {
        this.files = files;
        this.rule = rule;
        this.by = by;
        listed = new ListedFiles(files.keySet().stream().map(FilePath::text).toList(), rule);
        changed = new SpreadsheetNames(files.keySet(), listed.patients());
    }

    /** Finds a local file in the dataset by its content. */
    public interface Contents {
        /** The paths of the dataset's files with the content of that file; none if there are none. */
        Collection<String> pathsOf(Path file) throws Problem;
    }

    /** What an entry says of its patient, case or slide. */
    private record Statement(Stated of, SplitEntry entry) {}

    /** Adds the entries of a list, a table or a folder. */
    public void add(SplitListing listing, Contents contents) throws Problem {
        notes.addAll(listing.notes());
        // A split without an entry is one too; an empty one may be a list that was not written.
        listing.empty().forEach(name -> splits.computeIfAbsent(name, s -> new TreeSet<>()));
        unread.addAll(listing.unread());
        listing.unused().stream()
                .filter(text -> !listed.namedIn(text).isEmpty())
                .limit(1)
                .forEach(text -> unread.add("'" + FilePath.printable(text)
                        + "' is in a field that was not read; write its file into the list of its split"));
        Set<Integer> columns = columnsOfFiles(listing);
        long comments = 0;
        List<String> beside = new ArrayList<>();
        for (SplitEntry one : listing.entries()) {
            FileFinder.Found found = one.file() == null
                    ? listed.find(one.name())
                    : FileFinder.Found.of(List.copyOf(contents.pathsOf(one.file())));
            List<String> ofPatient = one.file() == null ? listed.ofPatient(one.name()) : List.of();
            boolean isPatient =
                    !ofPatient.isEmpty() && (one.patient() || found.paths().isEmpty());
            if (one.comment() && (found.paths().isEmpty() || found.loose()) && !isPatient) {
                comments++;
                if (isHeading(one)) {
                    unread.add(one.where() + ": '" + FilePath.printable(one.name())
                            + "' looks like the heading of another split; give each split its own list");
                }
                continue;
            }
            splits.computeIfAbsent(one.split(), s -> new TreeSet<>());
            for (Stated of : one.beside().stated()) {
                stated.computeIfAbsent(of.key(), s -> new LinkedHashMap<>())
                        .putIfAbsent(one.split(), new Statement(of, one));
            }
            boolean noPatient = one.patient() && ofPatient.isEmpty();
            if (isPatient) {
                patients++;
                ofPatient.forEach(path -> put(one.split(), path));
                besideOfAnother(one, ofPatient, columns).ifPresent(beside::add);
            } else if (found.paths().isEmpty() || noPatient) {
                missing.add(one.name() + " (" + one.where() + ")");
                changed.explain(one.name()).ifPresent(how -> bySpreadsheet.add(how + " (" + one.where() + ")"));
            } else if ((found.paths().size() > 1
                            && listed.patientsOf(found.paths()).size() != 1)
                    || isOfAnother(found.paths(), ofPatient)) {
                ambiguous.add(one.name() + " (" + one.where() + ")");
            } else {
                loose += found.loose() ? 1 : 0;
                otherForm += found.otherForm() ? 1 : 0;
                found.paths().forEach(path -> put(one.split(), path));
                besideOfAnother(one, found.paths(), columns).ifPresent(beside::add);
            }
        }
        if (!beside.isEmpty()) {
            unread.add(beside.get(0) + (beside.size() > 1 ? " (so in " + Count.of(beside.size(), "row") + ")" : ""));
        }
        if (comments > 0) {
            notes.add(Count.of(comments, "line") + " beginning with # taken as "
                    + (comments == 1 ? "a comment" : "comments"));
        }
    }

    /** Whether a comment is only the name of another split, such as {@code # test}: what follows may belong to that. */
    private static boolean isHeading(SplitEntry comment) {
        Set<String> named = SplitTable.splitsIn(comment.name());
        long words =
                WORD.matcher(comment.name().replaceFirst("\\(.*", "")).results().count();
        return words <= 2 && named.size() == 1 && !named.contains(SplitTable.meaning(comment.split()));
    }

    /** The cell beside an entry that names a file of another patient, such as one of a second column of images. */
    private Optional<String> besideOfAnother(SplitEntry one, List<String> paths, Set<Integer> columns) {
        Set<String> own = listed.patientsOf(paths);
        List<String> cells = one.beside().cells();
        Stream<String> ofOthers = IntStream.range(0, cells.size())
                .filter(at -> columns.contains(at) || hasLetter(cells.get(at)))
                .mapToObj(cells::get)
                .filter(cell -> !own.containsAll(listed.namedIn(cell)));
        Stream<String> otherPatients = one.beside().stated().stream()
                .filter(of -> of.level().equals(rule.level()) && !own.contains(of.id()))
                .map(Stated::id)
                .filter(id -> !listed.ofPatient(id).isEmpty());
        return Stream.concat(ofOthers, otherPatients)
                .findFirst()
                .map(cell -> one.where() + ": beside " + FilePath.printable(one.name()) + ", '"
                        + FilePath.printable(cell) + "' is "
                        + (listed.patients().contains(cell) ? "another patient" : "a file of another patient")
                        + ", and was not read; list one file in each row");
    }

    /** The columns of numbers that number files or patients: nearly all differ, and all are known. */
    private Set<Integer> columnsOfFiles(SplitListing listing) {
        Map<Integer, List<String>> numbers = new HashMap<>();
        for (SplitEntry one : listing.entries()) {
            List<String> cells = one.beside().cells();
            for (int at = 0; at < cells.size(); at++) {
                if (!cells.get(at).isEmpty() && !hasLetter(cells.get(at))) {
                    numbers.computeIfAbsent(at, a -> new ArrayList<>()).add(cells.get(at));
                }
            }
        }
        numbers.values()
                .removeIf(column -> column.size() < 2
                        || new HashSet<>(column).size() < 0.9 * column.size()
                        || !column.stream()
                                .allMatch(cell -> !listed.namedIn(cell).isEmpty()));
        return numbers.keySet();
    }

    static boolean hasLetter(String text) {
        return text.codePoints().anyMatch(Character::isLetter);
    }

    /** Whether the name of these files is also the name of a patient, and of another one. */
    private boolean isOfAnother(List<String> found, List<String> ofPatient) {
        return !ofPatient.isEmpty() && !listed.patientsOf(found).equals(listed.patientsOf(ofPatient));
    }

    /** Adds a reason why nothing can be proven. */
    public void addReason(String reason) {
        unread.add(reason);
    }

    /** Adds a split as files of the dataset. */
    public void add(String split, Collection<FilePath> paths) {
        splits.computeIfAbsent(split, s -> new TreeSet<>());
        paths.forEach(path -> put(split, path.text()));
    }

    private void put(String split, String path) {
        splits.computeIfAbsent(split, s -> new TreeSet<>()).add(path);
        splitsOf.computeIfAbsent(path, p -> new LinkedHashSet<>()).add(split);
    }

    /** The result for everything that was added. */
    public SplitReport report() {
        Map<String, Map<String, List<String>>> byPatient = new TreeMap<>();
        Map<String, Map<String, List<String>>> byChecksum = new TreeMap<>();
        List<Shared> twice = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        splitsOf.forEach((path, in) -> {
            String patient = rule.of(path).orElse(null);
            if (patient == null) {
                unreadable.add(path);
            }
            Map<String, List<String>> here = new LinkedHashMap<>();
            for (String split : in) {
                here.put(split, List.of(path));
                if (patient != null) {
                    put(byPatient, patient, split, path);
                }
                put(byChecksum, sum(path), split, path);
            }
            if (in.size() > 1) {
                twice.add(new Shared(path, here));
            }
        });
        byChecksum.remove(EMPTY);
        List<Shared> shared = inSeveral(byPatient);
        List<Shared> same = inSeveral(byChecksum).stream()
                .filter(one -> one.files().values().stream().distinct().count() > 1)
                .toList();
        return new SplitReport(
                by,
                rule.level(),
                sizes(byPatient),
                new SplitReport.Leaks(shared, twice, same),
                new SplitReport.Unchecked(missing, ambiguous, unreadable, reasons(byPatient)),
                loose,
                notes(),
                unlisted());
    }

    private String sum(String path) {
        Checksum checksum = files.get(new FilePath(path));
        return checksum == null ? path : checksum.hex();
    }

    private static void put(Map<String, Map<String, List<String>>> all, String what, String split, String path) {
        all.computeIfAbsent(what, w -> new LinkedHashMap<>())
                .computeIfAbsent(split, s -> new ArrayList<>())
                .add(path);
    }

    private static List<Shared> inSeveral(Map<String, Map<String, List<String>>> all) {
        List<Shared> shared = new ArrayList<>();
        all.forEach((what, in) -> {
            if (in.size() > 1) {
                shared.add(new Shared(what, in));
            }
        });
        return shared;
    }

    private List<String> notes() {
        List<String> all = new ArrayList<>(new LinkedHashSet<>(notes));
        if (otherForm > 0) {
            all.add(Count.of(otherForm, "name") + " matched in another Unicode form (NFC or NFD)");
        }
        if (!bySpreadsheet.isEmpty()) {
            all.add(Count.of(bySpreadsheet.size(), "listed name")
                    + " may have been changed by a spreadsheet such as Excel: " + bySpreadsheet.get(0)
                    + "; format the column as text before the names are entered or imported");
        }
        if (patients > 0) {
            all.add(Count.of(patients, "name") + " taken as a " + String.valueOf(rule.level())
                    + ", with all its files");
        }
        return all;
    }

    private List<String> reasons(Map<String, Map<String, List<String>>> byPatient) {
        List<String> reasons = new ArrayList<>(unread);
        String level = rule.level();
        if (splits.isEmpty()) {
            reasons.add("no file is listed in any split");
        } else if (splits.size() < 2) {
            reasons.add("there is only one split, so nothing to keep apart");
        }
        splits.forEach((name, paths) -> {
            if (paths.isEmpty()) {
                reasons.add("the split " + name + " has no file of the dataset");
            }
        });
        splits.keySet().stream()
                .filter(this::namesSeveral)
                .forEach(name -> reasons.add(
                        "'" + name + "' looks like the names of several splits: list its files once for each of them"));
        reasons.addAll(oneSplitUnderTwoNames());
        stated.values().forEach(in -> {
            Stated of = in.values().iterator().next().of();
            if (in.size() > 1 && LEVELS.indexOf(of.level()) <= LEVELS.indexOf(by)) {
                reasons.add("the list has " + FilePath.printable(of.column() + " '" + of.id()) + "' in "
                        + in.values().stream()
                                .map(Statement::entry)
                                .map(entry -> entry.split() + " (" + entry.where() + ")")
                                .collect(Collectors.joining(" and ")));
            }
        });
        Map<String, Map.Entry<String, Set<String>>> forms = new HashMap<>();
        byPatient.forEach((patient, in) -> {
            Map.Entry<String, Set<String>> other =
                    forms.putIfAbsent(PatientTable.form(patient), Map.entry(patient, in.keySet()));
            if (other != null && !(in.size() == 1 && in.keySet().equals(other.getValue()))) {
                reasons.add("the " + level + "s '" + FilePath.printable(other.getKey()) + "' and '"
                        + FilePath.printable(patient) + "' may be the same, and are in different splits");
            }
        });
        if (level == null) {
            reasons.add("the manifest has no rule to read patients from the paths of this dataset");
        } else if (LEVELS.indexOf(level) < LEVELS.indexOf(by)) {
            reasons.add(weaker(level, by) + ", in different splits");
        }
        return reasons;
    }

    /** Says that only the level of files is known, and what must be kept apart is more. */
    public static String weaker(String level, String by) {
        return "only the " + level + " of a file is known, not the " + by + ": one " + by + " may have several " + level
                + "s";
    }

    /** Splits whose names differ only in their form: patients may be apart in them, and in no others. */
    private List<String> oneSplitUnderTwoNames() {
        Map<String, String> names = new LinkedHashMap<>();
        List<String> reasons = new ArrayList<>();
        for (String name : splits.keySet()) {
            String other = names.putIfAbsent(SplitTable.meaning(name), name);
            if (other != null) {
                reasons.add("'" + FilePath.printable(other) + "' and '" + FilePath.printable(name)
                        + "' look like the same split: write its name in one form");
            }
        }
        return reasons;
    }

    /**
     * Whether the name of a split is a list of names, such as {@code train, test} for a file that is in both. {@code
     * train+val} is a split of its own unless there is a split of one of these names too.
     */
    private boolean namesSeveral(String name) {
        Set<String> named = SplitTable.splitsIn(JOINED.matcher(name).replaceAll("$1 "));
        if (ALL.contains(name.toLowerCase(Locale.ROOT)) && splits.size() > 1) {
            return true;
        }
        if (named.stream().filter(SplitFile.OTHER_SPLITS::contains).count() > 1
                && splits.keySet().stream()
                        .anyMatch(other -> !other.equals(name) && named.contains(SplitTable.meaning(other)))) {
            return true;
        }
        List<String> parts = SEPARATORS.splitAsStream(name).map(String::strip).toList();
        return parts.size() > 1
                && (parts.stream().anyMatch(splits::containsKey)
                        || (parts.stream().allMatch(SplitTable::isUsualName) && !name.contains("+")));
    }

    private List<Size> sizes(Map<String, Map<String, List<String>>> byPatient) {
        List<Size> sizes = new ArrayList<>();
        splits.forEach((name, paths) -> sizes.add(new Size(
                name,
                paths.size(),
                byPatient.values().stream().filter(in -> in.containsKey(name)).count())));
        return sizes;
    }

    private List<String> unlisted() {
        return files.keySet().stream()
                .map(FilePath::text)
                .filter(path -> !splitsOf.containsKey(path))
                .toList();
    }
}
