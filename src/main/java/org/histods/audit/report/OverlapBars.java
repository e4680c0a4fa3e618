package org.histods.audit.report;

import static org.histods.html.Html.element;

import java.util.Locale;
import org.histods.html.Html;

/**
 * Two overlapping bars that show to scale how much two datasets have in common.
 *
 * @param what such as {@code patient}
 * @param upper the label above the upper bar
 * @param lower the label below the lower bar
 * @param a how many the one has, at least {@code common}
 * @param b how many the other has, at least {@code common}
 * @param common how many are in both, at least 1
 */
record OverlapBars(String what, Html upper, Html lower, long a, long b, long common) {

    /** The smallest visible width, in percent. */
    private static final double LEAST = 0.6;

    Html html() {
        double all = (double) a + b - common;
        double width = Math.max(LEAST, 100 * common / all);
        double left = Math.min(100 * (a - common) / all, 100 - width);
        boolean inside = width >= 30;
        boolean before = left > 50;
        double at = inside ? left + width / 2 : before ? left - 1 : left + width + 1;
        Html svg = element("svg")
                .attribute("role", "img")
                .attribute(
                        "aria-label",
                        ReportText.count(common, what) + " in both, of " + ReportText.number(a) + " and "
                                + ReportText.number(b))
                .attribute("width", "100%")
                .attribute("height", 86)
                .add(
                        bar("a", 0, left + width, 0),
                        bar("b", left, 100 - left, 62),
                        element("rect", "both")
                                .attribute("x", percent(left))
                                .attribute("y", 0)
                                .attribute("width", percent(width))
                                .attribute("height", 86),
                        element("text", "both-words")
                                .attribute("x", percent(at))
                                .attribute("y", 48)
                                .attribute("text-anchor", inside ? "middle" : before ? "end" : "start")
                                .text(ReportText.number(common) + " in both"));
        return element("figure", "bars")
                .add(
                        element("p", "upper").add(upper),
                        svg,
                        element("p", "lower").add(lower),
                        element("figcaption")
                                .text(share(a) + " of the one, " + share(b) + " of the other. Bars are to scale."));
    }

    private static Html bar(String kind, double from, double width, int y) {
        return element("rect", "bar " + kind)
                .attribute("x", percent(from))
                .attribute("y", y)
                .attribute("width", percent(width))
                .attribute("height", 24)
                .attribute("rx", 3);
    }

    private String share(long of) {
        double percent = 100.0 * common / of;
        return percent >= 99.95 && common < of
                ? "more than 99.9 %"
                : percent < 0.1
                        ? "less than 0.1 %"
                        : String.format(Locale.ROOT, percent < 10 ? "%.1f %%" : "%.0f %%", percent);
    }

    private static String percent(double percent) {
        return String.format(Locale.ROOT, "%.2f%%", percent);
    }
}
