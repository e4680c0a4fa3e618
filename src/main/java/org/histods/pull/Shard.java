package org.histods.pull;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.problem.Problem;

/**
 * The part of a dataset that one of several nodes fetches.
 *
 * @param number of the shard, from 1 to {@code count}
 * @param count how many nodes share the dataset
 */
public record Shard(int number, int count) {

    /** Maximum number of nodes: more than any cluster uses for one download, and short enough for folder names. */
    private static final int MOST = 9999;

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,4})/([0-9]{1,4})");

    public Shard {
        if (number < 1 || count < number || count > MOST) {
            throw new IllegalArgumentException("no shard: " + number + "/" + count);
        }
    }

    /**
     * Reads {@code I/N}.
     *
     * @throws Problem {@code USAGE} if it is something else, or I is not from 1 to N
     */
    public static Shard parse(String text) throws Problem {
        Matcher matcher = TEXT.matcher(text.strip());
        if (matcher.matches()) {
            int number = Integer.parseInt(matcher.group(1));
            int count = Integer.parseInt(matcher.group(2));
            if (number >= 1 && number <= count) {
                return new Shard(number, count);
            }
        }
        throw new Problem(
                Problem.Kind.USAGE,
                "--shard '" + text + "' is not I/N with I from 1 to N",
                "the first of four nodes runs with --shard 1/4, the last with --shard 4/4");
    }

    @Override
    public String toString() {
        return number + "/" + count;
    }
}
