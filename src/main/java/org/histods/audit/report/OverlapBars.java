package org.histods.audit.report;

import java.util.Locale;

/**
 * Two bars that lie over each other as far as two datasets have something in common: lengths are true to scale, so that
 * a glance tells how much of each it is.
 *
 * @param what such as {@code patient}
 * @param upper what stands above the upper bar
 * @param lower what stands below the lower bar
 * @param a how many the one has, at least {@code common}
 * @param b how many the other has, at least {@code common}
 * @param common how many are in both, at least 1
 */
record OverlapBars(String what, String upper, String lower, long a, long b, long common) {

    /** The least that can be seen, in percent. */
    private static final double LEAST = 0.6;

    String html() {
        double all = (double) a + b - common;
        double left = 100 * (a - common) / all;
        double width = Math.max(LEAST, 100 * common / all);
        left = Math.min(left, 100 - width);
        boolean roomy = width >= 30;
        boolean before = left > 50;
        double at = roomy ? left + width / 2 : before ? left - 1 : left + width + 1;
        String anchor = roomy ? "middle" : before ? "end" : "start";
        String words = ReportText.number(common) + " in both";
        return "<figure class=\"bars\"><p class=\"upper\">" + upper + "</p>\n<svg role=\"img\" aria-label=\""
                + ReportText.count(common, what) + " in both, of " + ReportText.number(a) + " and "
                + ReportText.number(b)
                + "\" width=\"100%\" height=\"86\">"
                + bar("a", 0, left + width, 0)
                + bar("b", left, 100 - left, 62)
                + "<rect class=\"both\" x=\"" + n(left) + "\" y=\"0\" width=\"" + n(width) + "\" height=\"86\"/>"
                + "<text class=\"both-words\" x=\"" + n(at) + "\" y=\"48\" text-anchor=\"" + anchor + "\">" + words
                + "</text>"
                + "</svg>\n<p class=\"lower\">" + lower + "</p>\n<figcaption>" + share(a) + " of the one, " + share(b)
                + " of the other. Bars are to scale.</figcaption></figure>\n";
    }

    private static String bar(String kind, double from, double width, int y) {
        return "<rect class=\"bar " + kind + "\" x=\"" + n(from) + "\" y=\"" + y + "\" width=\"" + n(width)
                + "\" height=\"24\" rx=\"3\"/>";
    }

    private String share(long of) {
        double percent = 100.0 * common / of;
        return percent >= 99.95 && common < of
                ? "more than 99.9 %"
                : percent < 0.1
                        ? "less than 0.1 %"
                        : String.format(Locale.ROOT, percent < 10 ? "%.1f %%" : "%.0f %%", percent);
    }

    private static String n(double percent) {
        return String.format(Locale.ROOT, "%.2f%%", percent);
    }
}
