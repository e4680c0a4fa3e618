package org.histods.text;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads and writes durations. */
public final class Durations {

    /** What {@link #parse} reads, for messages. */
    public static final String EXAMPLES = "7d, 12h, 30m, 45s or 0";

    private static final Pattern FORM = Pattern.compile("([0-9]{1,6})([smhdw])|0");

    private Durations() {}

    /** Such as {@code 45 s}, {@code 3 min 20 s}, {@code 10 min}, {@code 2 h 5 min} or {@code 3 d 4 h}; rounded down. */
    public static String text(Duration duration) {
        if (duration.toDays() > 1) {
            return duration.toDays() + " d" + part(duration.toHoursPart(), " h");
        }
        if (duration.toHours() > 0) {
            return duration.toHours() + " h" + part(duration.toMinutesPart(), " min");
        }
        return duration.toMinutes() > 0
                ? duration.toMinutes() + " min" + part(duration.toSecondsPart(), " s")
                : duration.toSeconds() + " s";
    }

    /** As {@link #text}, but rounded up to a second: for times to wait. */
    public static String roundedUp(Duration duration) {
        return text(duration.plusMillis(999));
    }

    private static String part(int number, String unit) {
        return number == 0 ? "" : " " + number + unit;
    }

    /** Such as {@code 7d}: a whole number of seconds, minutes, hours, days or weeks, or {@code 0}; empty for all else. */
    public static Optional<Duration> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        if (matcher.group(1) == null) {
            return Optional.of(Duration.ZERO);
        }
        long number = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    case "d" -> Duration.ofDays(number);
                    default -> Duration.ofDays(7 * number);
                });
    }
}
