package org.histods.split;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.histods.digest.Hasher;
import org.histods.problem.Problem;
import org.histods.text.Count;

/**
 * Makes splits that keep patients apart. The result depends only on the patients, their labels, the ratios and the seed:
 *
 * <ol>
 *   <li>Patients are sorted by the SHA-256 of {@code <seed>\n<patient>} in UTF-8.
 *   <li>Each is put into the split for which r(k+1) − Ra, with the patients of the same labels, plus the same with all
 *       patients, is largest: r is the ratio of the split, R the sum of the ratios, k the number of patients that are in
 *       splits already, and a the number of those that are in this split. Of equal splits, the first is taken.
 *   <li>When as many patients are left as splits are empty, they go to the empty ones.
 * </ol>
 */
public final class SplitMaker {

    /** The name of this procedure in records; another procedure gets another name. */
    public static final String ALGORITHM = "histods-split-1";

    private static final int MOST_DECIMALS = 6;

    private final List<String> names;
    private final List<Long> ratios;
    private final long sum;
    private final long seed;

    private SplitMaker(List<String> names, List<Long> ratios, long seed) {
        this.names = List.copyOf(names);
        this.ratios = List.copyOf(ratios);
        this.sum = ratios.stream().mapToLong(Long::longValue).sum();
        this.seed = seed;
    }

    /**
     * A maker of splits.
     *
     * @param ratios such as {@code 70/15/15} or {@code 0.8/0.2}
     * @param names of the splits; empty for {@code train}, {@code val} and {@code test}, or {@code train} and {@code test}
     * @throws Problem {@code USAGE} if they are not understood or do not fit
     */
    public static SplitMaker of(String ratios, List<String> names, long seed) throws Problem {
        List<Long> numbers = new ArrayList<>();
        for (String ratio : ratios.split("/", -1)) {
            try {
                BigDecimal number = new BigDecimal(ratio.strip()).stripTrailingZeros();
                if (number.signum() <= 0
                        || number.scale() > MOST_DECIMALS
                        || number.compareTo(new BigDecimal(1_000_000)) > 0) {
                    throw new NumberFormatException(ratio);
                }
                numbers.add(number.movePointRight(MOST_DECIMALS).longValueExact());
            } catch (ArithmeticException | NumberFormatException e) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        "--ratios '" + ratios + "': '" + ratio + "' is not a ratio",
                        "such as 70/15/15");
            }
        }
        List<String> used = !names.isEmpty()
                ? names
                : switch (numbers.size()) {
                    case 2 -> List.of("train", "test");
                    case 3 -> List.of("train", "val", "test");
                    default -> List.of();
                };
        if (numbers.size() < 2
                || used.size() != numbers.size()
                || used.stream().distinct().count() < used.size()) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    numbers.size() < 2
                            ? "a split needs at least two ratios"
                            : Count.of(numbers.size(), "ratio") + " need " + numbers.size() + " different names",
                    "such as --ratios 70/15/15, or --ratios 1/1/1/1/1 --names fold1,fold2,fold3,fold4,fold5");
        }
        return new SplitMaker(used, numbers, seed);
    }

    public List<String> names() {
        return names;
    }

    /** The part of all patients that a split should have, from 0 to 1. */
    public double wanted(String split) {
        return (double) ratios.get(names.indexOf(split)) / sum;
    }

    /**
     * The split of each patient, sorted by patient.
     *
     * @param labels the labels of each patient as one text; the same text for all if splits are not stratified
     * @throws Problem {@code USAGE} if there are fewer patients than splits
     */
    public Map<String, String> make(Map<String, String> labels) throws Problem {
        if (labels.size() < names.size()) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    Count.of(labels.size(), "patient") + " cannot be put into " + names.size() + " splits");
        }
        List<String> order = labels.keySet().stream()
                .sorted(Comparator.comparing((String patient) ->
                                Hasher.sha256(seed + "\n" + patient).hex())
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
        long[] all = new long[names.size()];
        Map<String, long[]> byLabel = new LinkedHashMap<>();
        Map<String, String> made = new TreeMap<>();
        for (String patient : order) {
            long[] same = byLabel.computeIfAbsent(String.valueOf(labels.get(patient)), l -> new long[names.size()]);
            int left = order.size() - made.size();
            boolean onlyEmpty = left <= empty(all);
            int best = -1;
            long most = Long.MIN_VALUE;
            for (int i = 0; i < names.size(); i++) {
                long score = lack(same, i) + lack(all, i);
                if (score > most && (!onlyEmpty || all[i] == 0)) {
                    best = i;
                    most = score;
                }
            }
            same[best]++;
            all[best]++;
            made.put(patient, names.get(best));
        }
        return made;
    }

    private static long empty(long[] counts) {
        long empty = 0;
        for (long count : counts) {
            empty += count == 0 ? 1 : 0;
        }
        return empty;
    }

    /** How far a split is below its share after one more patient, in units of the sum of ratios. */
    private long lack(long[] counts, int split) {
        long placed = 0;
        for (long count : counts) {
            placed += count;
        }
        return ratios.get(split) * (placed + 1) - sum * counts[split];
    }

    /** The most frequent of these values, the first in order of several; of no value, an empty text. */
    public static String mostFrequent(Collection<String> values) {
        Map<String, Long> counts = new TreeMap<>();
        values.forEach(value -> counts.merge(value, 1L, Long::sum));
        String best = "";
        long most = 0;
        for (Map.Entry<String, Long> count : counts.entrySet()) {
            if (count.getValue() > most) {
                best = count.getKey();
                most = count.getValue();
            }
        }
        return best;
    }
}
