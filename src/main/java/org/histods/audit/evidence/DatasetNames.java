package org.histods.audit.evidence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.dataset.DatasetId;
import org.histods.digest.FilePath;
import org.histods.manifest.Manifest;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;

/**
 * The names of datasets in code and texts: ids, aliases, and names of archives. Some identify a dataset alone; others are
 * short or ambiguous and need further evidence.
 */
public final class DatasetNames {

    /** The longest name, in words. */
    static final int WORDS = 8;

    private static final Set<String> ARCHIVES =
            Set.of("zip", "tar", "gz", "tgz", "7z", "rar", "hdf5", "h5", "bz2", "xz");
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

    /** The name of a class or module that reads a dataset, such as {@code MhistDataset}. */
    private static final Pattern READER = Pattern.compile("(.{4,}?)(?:data)?(?:sets?|loaders?|modules?)");

    private static final int SHORT = 5;
    private static final int PINNED = 50;

    /** How well a name identifies its dataset. */
    enum Weight {
        /** Alone, in any case and with any separators. */
        STRONG,
        /** Alone, if it is spelt exactly so. */
        EXACT,
        /** Only with further evidence. */
        WEAK,
        /** The manifest calls it ambiguous: only if spelt as the dataset spells itself, and with further evidence. */
        AMBIGUOUS
    }

    /**
     * One name.
     *
     * @param id of its dataset
     * @param form its spelling in the catalogue
     * @param own spellings of the dataset's own name, for {@link Weight#AMBIGUOUS}
     */
    record Name(DatasetId id, String form, Set<String> own, Weight weight) {}

    /** A word of a line. */
    public record Word(String text, int from, int to) {}

    private final Map<String, Name> byWords = new HashMap<>();
    private final Set<String> beginnings = new HashSet<>();
    private final Set<String> shared = new HashSet<>();

    DatasetNames(List<Manifest> manifests) {
        for (Manifest manifest : manifests) {
            Set<String> own = own(manifest);
            add(manifest, manifest.id().text(), own);
            manifest.names().aliases().forEach(alias -> add(manifest, alias, own));
        }
        for (Manifest manifest : manifests) {
            archives(manifest);
        }
    }

    /** Spellings of a dataset's own name: its aliases, words of its title with capitals, its id in capitals. */
    private static Set<String> own(Manifest manifest) {
        Set<String> own = new HashSet<>(manifest.names().aliases());
        own.add(manifest.id().text().toUpperCase(Locale.ROOT));
        words(manifest.title()).stream()
                .map(Word::text)
                .filter(w -> !w.equals(w.toLowerCase(Locale.ROOT)))
                .forEach(own::add);
        return own;
    }

    public static List<Word> words(String line) {
        List<Word> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
            words.add(new Word(matcher.group(), matcher.start(), matcher.end()));
        }
        return words;
    }

    private static String key(List<Word> words) {
        return String.join(
                " ", words.stream().map(w -> w.text().toLowerCase(Locale.ROOT)).toList());
    }

    private void add(Manifest manifest, String form, Set<String> own) {
        // Without its plus evidence, MIDOG++ would be the name of other MIDOG datasets.
        if (!form.contains("+")) {
            boolean ambiguous = manifest.names().ambiguous().stream().anyMatch(form::equalsIgnoreCase);
            boolean id = form.equals(manifest.id().text());
            put(new Name(manifest.id(), form, own, ambiguous ? Weight.AMBIGUOUS : weight(form, id)));
        }
    }

    private void put(Name name) {
        List<Word> words = words(name.form());
        String key = key(words);
        if (words.isEmpty() || words.size() > WORDS || shared.contains(key)) {
            return;
        }
        beginnings.add(words.get(0).text().toLowerCase(Locale.ROOT));
        Name before = byWords.get(key);
        if (before == null || (before.id().equals(name.id()) && name.weight().compareTo(before.weight()) < 0)) {
            byWords.put(key, name);
        } else if (!before.id().equals(name.id())) {
            byWords.remove(key);
            shared.add(key);
        }
    }

    private static Weight weight(String form, boolean id) {
        List<Word> words = words(form);
        String letters = form.replaceAll("[^\\p{L}\\p{N}]", "");
        if (letters.matches(".*[0-9].*")) {
            return letters.length() > SHORT ? Weight.STRONG : Weight.WEAK;
        }
        if (words.size() == 1) {
            return letters.length() > SHORT ? Weight.STRONG : Weight.WEAK;
        }
        boolean many = id ? words.size() > 2 : words.size() > 4;
        return many ? Weight.STRONG : Weight.EXACT;
    }

    /** Adds the names of archives that are unique and distinctive. */
    private void archives(Manifest manifest) {
        int count = 0;
        for (SourceSpec source : manifest.sources()) {
            for (PinnedFile file : source.files()) {
                if (count++ < PINNED && FilePath.fault(file.plainPath()) == null) {
                    String name = new FilePath(file.plainPath()).name();
                    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
                    boolean distinctive = name.length() >= 14 && name.matches(".*([0-9]|[a-z][A-Z]|[A-Z]{3}).*");
                    if (ARCHIVES.contains(ending) && distinctive) {
                        put(new Name(manifest.id(), name, Set.of(), Weight.EXACT));
                    }
                }
            }
        }
    }

    /** The longest name that begins with that word; {@link #length} gives its number of words. */
    Optional<Name> at(List<Word> words, int from) {
        String word = words.get(from).text().toLowerCase(Locale.ROOT);
        int longest = beginnings.contains(word) ? Math.min(WORDS, words.size() - from) : 0;
        for (int length = longest; length > 0; length--) {
            Name name = byWords.get(key(words.subList(from, from + length)));
            if (name != null) {
                return Optional.of(name);
            }
        }
        Matcher reader = READER.matcher(word);
        return reader.matches() ? Optional.ofNullable(byWords.get(reader.group(1))) : Optional.empty();
    }

    static int length(Name name) {
        return Math.max(1, words(name.form()).size());
    }
}
