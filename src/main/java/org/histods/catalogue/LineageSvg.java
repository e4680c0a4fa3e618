package org.histods.catalogue;

import static org.histods.html.Html.element;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.histods.catalogue.LineageGraph.Link;
import org.histods.html.Html;
import org.histods.manifest.Lineage;
import org.jspecify.annotations.Nullable;

/**
 * Draws a lineage graph as one SVG file: origins on the left, the datasets made from them on the right. The style of a line
 * is the relation and its colour what is shared; its tooltip has both as text. Datasets without links are left out.
 */
public final class LineageSvg {

    private static final int ROW = 30;
    private static final int BOX = 22;
    private static final int COLUMN_GAP = 90;
    private static final int MARGIN = 24;
    private static final int HEAD = 62;
    private static final int NO_HEAD = 16;
    private static final int LEGEND = 118;
    private static final int LONGEST_NAME = 34;

    /** The mean width of a letter in pixels. */
    private static final double LETTER = 6.7;

    private static final int LEGEND_WIDTH = 880;
    private static final int LEGEND_STEP = 155;
    private static final String BOLD = "600";
    private static final String BLACK = "#111827";
    private static final String GREY = "#374151";
    private static final Map<Lineage.Shared, String> COLOURS = Map.of(
            Lineage.Shared.FILES, "#b3261e", Lineage.Shared.SLIDES, "#b26a00", Lineage.Shared.PATIENTS, "#1f5fa8");
    private static final String UNKNOWN = "#6b7280";

    private final LineageGraph lineages;
    private final Map<String, String> urls;
    private final Map<String, String> notes;
    private final int head;
    private final LineageLayout layout;
    private final int[] widths;
    private final int[] lefts;

    private LineageSvg(LineageGraph lineages, Map<String, String> urls, Map<String, String> notes, boolean headed) {
        this.lineages = lineages;
        this.urls = Map.copyOf(urls);
        this.notes = Map.copyOf(notes);
        this.head = headed ? HEAD : NO_HEAD;
        this.layout = new LineageLayout(lineages);
        this.widths = new int[layout.columns()];
        for (LineageLayout.Position place : layout.places()) {
            int letters = place.name() == null ? 0 : label(place.name()).length();
            int width = (int) Math.ceil(letters * LETTER) + 24;
            widths[place.column()] = Math.max(widths[place.column()], width);
        }
        this.lefts = new int[layout.columns() + 1];
        lefts[0] = MARGIN;
        for (int i = 0; i < widths.length; i++) {
            lefts[i + 1] = lefts[i] + widths[i] + COLUMN_GAP;
        }
    }

    /** The text of an SVG file; the same graph always gives the same text. */
    public static String file(LineageGraph lineages) {
        return svg(lineages, Map.of()) + "\n";
    }

    /**
     * The picture for a page.
     *
     * @param urls from a dataset's name to the link on its box; without one, the box has no link
     */
    public static Html svg(LineageGraph lineages, Map<String, String> urls) {
        return new LineageSvg(lineages, urls, Map.of(), true).draw();
    }

    /**
     * The picture for a page, without a title, with some datasets marked by a thick frame.
     *
     * @param urls as for {@link #svg}
     * @param notes from the name of a marked dataset to the text beside its name, such as a role
     */
    public static Html marked(LineageGraph lineages, Map<String, String> urls, Map<String, String> notes) {
        return new LineageSvg(lineages, urls, notes, false).draw();
    }

    private Html draw() {
        int graph = lefts[layout.columns()] - COLUMN_GAP - MARGIN;
        int width = Math.max(graph, LEGEND_WIDTH) + 2 * MARGIN;
        int legendTop = head + (int) Math.ceil(layout.rows() * ROW) + 12;
        int height = legendTop + LEGEND;
        Html svg = element("svg")
                .attribute("xmlns", "http://www.w3.org/2000/svg")
                .attribute("viewBox", "0 0 " + width + " " + height)
                .attribute("width", width)
                .attribute("height", height)
                .attribute("role", "img")
                .attribute("aria-labelledby", "title")
                .attribute("font-size", 12)
                .attribute("font-family", "'DejaVu Sans', Verdana, sans-serif");
        lines(
                svg,
                element("title")
                        .attribute("id", "title")
                        .text("How the datasets of the catalogue come from each other"),
                element("rect")
                        .attribute("width", "100%")
                        .attribute("height", "100%")
                        .attribute("fill", "#ffffff"));
        if (head == HEAD) {
            lines(
                    svg,
                    text(MARGIN, 30, "Where images come from", BLACK)
                            .attribute("font-size", 17)
                            .attribute("font-weight", BOLD),
                    text(
                            MARGIN,
                            48,
                            "Origins are on the left; arrows lead to the datasets that were made from their images.",
                            "#4b5563"));
        }
        Html lines = element("g").attribute("fill", "none").text("\n");
        layout.lines().forEach(line -> lines(lines, line(line)));
        Html boxes = element("g").text("\n");
        layout.places().stream()
                .filter(place -> place.name() != null)
                .forEach(place -> lines(boxes, box(place, String.valueOf(place.name()))));
        lines(svg, lines, boxes);
        legend(svg, legendTop);
        return svg;
    }

    /** Adds elements, each on a line of its own. */
    private static void lines(Html to, Html... parts) {
        for (Html part : parts) {
            to.add(part).text("\n");
        }
    }

    private Html line(LineageLayout.Line line) {
        List<LineageLayout.Position> through = line.through();
        LineageLayout.Position first = through.get(0);
        double startX = right(first);
        double startY = middle(first);
        double x = startX;
        double y = startY;
        StringBuilder path = new StringBuilder("M" + n(x) + " " + n(y));
        for (LineageLayout.Position place : through.subList(1, through.size())) {
            double toX = left(place);
            double toY = middle(place);
            double bend = (toX - x) / 2;
            path.append(" C" + n(x + bend) + " " + n(y) + " " + n(toX - bend) + " " + n(toY))
                    .append(" " + n(toX) + " " + n(toY));
            if (place.name() == null) {
                path.append(" H" + n(right(place)));
            }
            x = place.name() == null ? right(place) : toX;
            y = toY;
        }
        Link link = line.link();
        Html stroke = stroke(path.toString(), link.relation(), colour(link.shares()), tooltip(link));
        if (link.relation().fromOther()) {
            boolean backwards = link.from().equals(first.name());
            String colour = colour(link.shares());
            stroke.add(backwards ? arrow(startX, startY, 8, colour) : arrow(x, y, -8, colour));
        }
        return stroke;
    }

    private static String tooltip(Link link) {
        String shares = link.shares() == null
                ? "what they share is not known"
                : "shares " + link.shares().word();
        String evidence = link.evidence() == null ? "" : " (" + link.evidence() + ")";
        return new LineageGraph.Step(link, true).words() + ": " + shares + evidence;
    }

    private static Html stroke(String path, Lineage.Relation relation, String colour, String tooltip) {
        Html line = element("path").attribute("d", path);
        switch (relation) {
            case DERIVED_FROM -> line.attribute("stroke-width", "1.4");
            case PART_OF -> line.attribute("stroke-width", "3");
            case VARIANT_OF -> line.attribute("stroke-width", "1.6").attribute("stroke-dasharray", "8 4");
            case IDENTICAL_TO -> line.attribute("stroke-width", "4.5");
            case OVERLAPS ->
                line.attribute("stroke-width", "1.8")
                        .attribute("stroke-dasharray", "1.5 4")
                        .attribute("stroke-linecap", "round");
        }
        Html stroke = element("g")
                .attribute("stroke", colour)
                .attribute("fill", "none")
                .add(element("title").text(tooltip), line);
        if (relation == Lineage.Relation.IDENTICAL_TO) {
            stroke.add(element("path")
                    .attribute("d", path)
                    .attribute("stroke", "#ffffff")
                    .attribute("stroke-width", "1.8"));
        }
        return stroke;
    }

    /** The head of an arrow; lines always arrive horizontally. */
    private static Html arrow(double x, double y, int back, String colour) {
        return element("path")
                .attribute(
                        "d",
                        "M" + n(x) + " " + n(y) + " L" + n(x + back) + " " + n(y - 4) + " L" + n(x + back) + " "
                                + n(y + 4) + " Z")
                .attribute("fill", colour)
                .attribute("stroke", "none");
    }

    private Html box(LineageLayout.Position place, String name) {
        boolean ours = lineages.inCatalogue(name);
        boolean marked = notes.containsKey(name);
        Html frame =
                frame(rectangle(left(place), middle(place) - BOX / 2.0, widths[place.column()], BOX), marked, ours);
        Html label = text(left(place) + widths[place.column()] / 2.0, middle(place) + 4, label(name), BLACK)
                .attribute("text-anchor", "middle")
                .attribute("font-style", ours ? null : "italic")
                .attribute("font-weight", marked ? BOLD : null);
        String url = urls.get(name);
        return url == null
                ? Html.sequence(frame, label)
                : element("a").attribute("href", url).add(frame, label);
    }

    private static Html frame(Html rectangle, boolean marked, boolean ours) {
        rectangle.attribute("rx", 5);
        if (marked) {
            return rectangle
                    .attribute("fill", "#ece6f7")
                    .attribute("stroke", "#553592")
                    .attribute("stroke-width", "2.4");
        }
        return ours
                ? rectangle.attribute("fill", "#f3f4f6").attribute("stroke", GREY)
                : rectangle
                        .attribute("fill", "#ffffff")
                        .attribute("stroke", UNKNOWN)
                        .attribute("stroke-dasharray", "4 3");
    }

    /** The name of a dataset. Ids are short; a name outside the catalogue may be a sentence and is cut. */
    private String shown(String name) {
        boolean fits = name.length() <= LONGEST_NAME || lineages.inCatalogue(name);
        return fits ? name : name.substring(0, LONGEST_NAME - 1).strip() + "…";
    }

    private String label(String name) {
        String note = notes.get(name);
        return shown(name) + (note == null ? "" : " · " + note);
    }

    private void legend(Html svg, int top) {
        int start = MARGIN + 90;
        lines(svg, title(top + 14, "Relation"));
        int x = start;
        for (Lineage.Relation relation : Lineage.Relation.values()) {
            String path = "M" + x + " " + (top + 10) + " L" + (x + 44) + " " + (top + 10);
            Html line = stroke(path, relation, GREY, relation.word());
            if (relation.fromOther()) {
                line.add(arrow(x + 44.0, top + 10.0, -8, GREY));
            }
            lines(svg, line, text(x + 52, top + 14, relation.word(), GREY));
            x += LEGEND_STEP;
        }
        lines(svg, title(top + 42, "Shared"));
        x = start;
        for (Lineage.Shared shared : Lineage.Shared.values()) {
            lines(svg, swatch(x, top + 38, colour(shared)), text(x + 52, top + 42, shared.word(), GREY));
            x += LEGEND_STEP;
        }
        lines(svg, swatch(x, top + 38, UNKNOWN), text(x + 52, top + 42, "not known", GREY));
        lines(svg, title(top + 70, "Dataset"));
        x = start;
        lines(
                svg,
                frame(rectangle(x, top + 58, 44, 16), false, true),
                text(x + 52, top + 70, "in the catalogue", GREY));
        x += LEGEND_STEP + 40;
        lines(
                svg,
                frame(rectangle(x, top + 58, 44, 16), false, false),
                text(x + 52, top + 70, "outside it", GREY).attribute("font-style", "italic"));
        if (!notes.isEmpty()) {
            x += LEGEND_STEP;
            lines(
                    svg,
                    frame(rectangle(x, top + 58, 44, 16), true, true),
                    text(x + 52, top + 70, "of the project, with its role", GREY)
                            .attribute("font-weight", BOLD));
        }
    }

    private static Html title(int y, String title) {
        return text(MARGIN, y, title, BLACK).attribute("font-weight", BOLD);
    }

    private static Html swatch(int x, int y, String colour) {
        return element("path")
                .attribute("d", "M" + x + " " + y + " h44")
                .attribute("stroke", colour)
                .attribute("stroke-width", 3);
    }

    private static Html rectangle(double x, double y, int width, int height) {
        return element("rect")
                .attribute("x", n(x))
                .attribute("y", n(y))
                .attribute("width", width)
                .attribute("height", height);
    }

    private static Html text(double x, double y, String text, String fill) {
        return element("text")
                .attribute("x", n(x))
                .attribute("y", n(y))
                .attribute("fill", fill)
                .text(text);
    }

    private static String colour(Lineage.@Nullable Shared shares) {
        return shares == null ? UNKNOWN : COLOURS.getOrDefault(shares, UNKNOWN);
    }

    private double left(LineageLayout.Position place) {
        return lefts[place.column()];
    }

    private double right(LineageLayout.Position place) {
        return lefts[place.column()] + (double) widths[place.column()];
    }

    private double middle(LineageLayout.Position place) {
        return head + (place.row() + 0.5) * ROW;
    }

    private static String n(double number) {
        return number == Math.rint(number) ? String.valueOf((long) number) : String.format(Locale.ROOT, "%.1f", number);
    }
}
