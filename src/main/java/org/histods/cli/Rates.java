package org.histods.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.problem.Problem;

/** Reads rates such as {@code 20M}. */
final class Rates {

    private static final Pattern FORM = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)([kKmMgG]?)[bB]?(?:/s)?");

    private Rates() {}

    /** Bytes a second; k, M and G are powers of a thousand. */
    static long bytesPerSecond(String text) throws Problem {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new Problem(Problem.Kind.USAGE, "'" + text + "' is no rate", "such as 20M, 500k or 1000000");
        }
        double number = Double.parseDouble(matcher.group(1));
        double unit = switch (matcher.group(2).toLowerCase(java.util.Locale.ROOT)) {
            case "k" -> 1e3;
            case "m" -> 1e6;
            case "g" -> 1e9;
            default -> 1;
        };
        long rate = (long) (number * unit);
        if (rate < 1) {
            throw new Problem(Problem.Kind.USAGE, "--limit-rate " + text + " would never end");
        }
        return rate;
    }
}
