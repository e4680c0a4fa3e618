package org.histods.catalogue;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.histods.catalogue.LineageGraph.Link;
import org.histods.html.HtmlPage;
import org.histods.manifest.Lineage;
import org.jspecify.annotations.Nullable;

/**
 * Draws how datasets come from each other, as one SVG file that needs nothing else: origins on the left, what was made
 * of them on the right, the relation by the style of the line, what is shared by its colour and, for those who cannot
 * tell colours, in the line's tooltip. Datasets without any link are left out.
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
    private static final double LETTER = 6.7;
    private static final int LEGEND_WIDTH = 880;

    private static final Map<Lineage.Shared, String> COLOURS = Map.of(
            Lineage.Shared.FILES, "#b3261e", Lineage.Shared.SLIDES, "#b26a00", Lineage.Shared.PATIENTS, "#1f5fa8");
    private static final String UNKNOWN = "#6b7280";

    private final LineageGraph lineages;
    private final Map<String, String> addresses;
    private final Map<String, String> notes;
    private final int head;
    private final LineageLayout layout;
    private final int[] widths;
    private final int[] lefts;
    private final StringBuilder out = new StringBuilder();

    private LineageSvg(
            LineageGraph lineages, Map<String, String> addresses, Map<String, String> notes, boolean headed) {
        this.lineages = lineages;
        this.addresses = Map.copyOf(addresses);
        this.notes = Map.copyOf(notes);
        this.head = headed ? HEAD : NO_HEAD;
        this.layout = new LineageLayout(lineages);
        this.widths = new int[layout.columns()];
        for (LineageLayout.Place place : layout.places()) {
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

    /** The picture; the same lineages always give the same text. */
    public static String svg(LineageGraph lineages) {
        return svg(lineages, Map.of());
    }

    /**
     * The picture with links.
     *
     * @param addresses name of a dataset to where a click on it leads; one without an address is no link
     */
    public static String svg(LineageGraph lineages, Map<String, String> addresses) {
        return new LineageSvg(lineages, addresses, Map.of(), true).draw();
    }

    /**
     * The picture for a page that explains it, with some datasets marked by a thick frame.
     *
     * @param notes name of a marked dataset to what stands beside its name, such as a role
     */
    public static String marked(LineageGraph lineages, Map<String, String> addresses, Map<String, String> notes) {
        return new LineageSvg(lineages, addresses, notes, false).draw();
    }

    private String draw() {
        int graph = lefts[layout.columns()] - COLUMN_GAP - MARGIN;
        int width = Math.max(graph, LEGEND_WIDTH) + 2 * MARGIN;
        int legendTop = head + (int) Math.ceil(layout.rows() * ROW) + 12;
        int height = legendTop + LEGEND;
        out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
                .append(width + " " + height + "\" width=\"" + width + "\" height=\"" + height + "\"")
                .append(" role=\"img\" aria-labelledby=\"title\" font-size=\"12\"")
                .append(" font-family=\"'DejaVu Sans', Verdana, sans-serif\">\n");
        out.append("<title id=\"title\">How the datasets of the catalogue come from each other</title>\n");
        out.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        if (head == HEAD) {
            heading();
        }
        out.append("<g fill=\"none\">\n");
        layout.lines().forEach(this::line);
        out.append("</g>\n<g>\n");
        layout.places().forEach(this::box);
        out.append("</g>\n");
        legend(legendTop);
        return out.append("</svg>\n").toString();
    }

    private void heading() {
        text(MARGIN, 30, "Where images come from", "font-size=\"17\" font-weight=\"600\" fill=\"#111827\"");
        text(
                MARGIN,
                48,
                "Origins stand on the left; an arrow leads to each dataset that was made of their images.",
                "fill=\"#4b5563\"");
    }

    private void line(LineageLayout.Line line) {
        List<LineageLayout.Place> through = line.through();
        LineageLayout.Place first = through.get(0);
        double x = right(first);
        double y = middle(first);
        StringBuilder path = new StringBuilder("M" + n(x) + " " + n(y));
        for (LineageLayout.Place place : through.subList(1, through.size())) {
            double toX = left(place);
            double toY = middle(place);
            double bend = (toX - x) / 2;
            path.append(" C" + n(x + bend) + " " + n(y) + " " + n(toX - bend) + " " + n(toY))
                    .append(" " + n(toX) + " " + n(toY));
            if (place.name() == null) {
                path.append(" H" + n(right(place)));
            }
            x = right(place);
            y = toY;
        }
        Link link = line.link();
        boolean backwards = link.from().equals(first.name());
        stroke(path.toString(), link.relation(), colour(link.shares()), tip(link), backwards);
    }

    private static String tip(Link link) {
        String shares = link.shares() == null
                ? "what they share is not known"
                : "shares " + link.shares().word();
        String evidence = link.evidence() == null ? "" : " (" + link.evidence() + ")";
        return new LineageGraph.Step(link, true).words() + ": " + shares + evidence;
    }

    private void stroke(String path, Lineage.Relation relation, String colour, String tip, boolean backwards) {
        out.append("<g stroke=\"" + colour + "\" fill=\"none\" color=\"" + colour + "\"><title>" + escape(tip)
                + "</title>");
        String style = switch (relation) {
            case DERIVED_FROM -> "stroke-width=\"1.4\"";
            case PART_OF -> "stroke-width=\"3\"";
            case VARIANT_OF -> "stroke-width=\"1.6\" stroke-dasharray=\"8 4\"";
            case IDENTICAL_TO -> "stroke-width=\"4.5\"";
            case OVERLAPS -> "stroke-width=\"1.8\" stroke-dasharray=\"1.5 4\" stroke-linecap=\"round\"";
        };
        out.append("<path d=\"" + path + "\" " + style + "/>");
        if (relation == Lineage.Relation.IDENTICAL_TO) {
            out.append("<path d=\"" + path + "\" stroke=\"#ffffff\" stroke-width=\"1.8\"/>");
        }
        if (relation.fromOther()) {
            out.append(arrow(path, colour, backwards));
        }
        out.append("</g>\n");
    }

    /** The head lies at the end of the path, which always arrives level, from the left. */
    private static String arrow(String path, String colour, boolean backwards) {
        String[] numbers = path.substring(1).replaceAll("[A-Z]", " ").trim().split("\\s+");
        int at = backwards ? 0 : numbers.length - 2;
        double x = Double.parseDouble(numbers[at]);
        double y = Double.parseDouble(numbers[at + 1]);
        double back = backwards ? 8 : -8;
        return "<path d=\"M" + n(x) + " " + n(y) + " L" + n(x + back) + " " + n(y - 4) + " L" + n(x + back) + " "
                + n(y + 4) + " Z\" fill=\"" + colour + "\" stroke=\"none\"/>";
    }

    private void box(LineageLayout.Place place) {
        String name = place.name();
        if (name == null) {
            return;
        }
        boolean ours = lineages.inCatalogue(name);
        String address = addresses.get(name);
        out.append(address == null ? "" : "<a href=\"" + escape(address) + "\">\n");
        String frame = notes.containsKey(name)
                ? "fill=\"#ece6f7\" stroke=\"#553592\" stroke-width=\"2.4\""
                : ours
                        ? "fill=\"#f3f4f6\" stroke=\"#374151\""
                        : "fill=\"#ffffff\" stroke=\"#6b7280\" stroke-dasharray=\"4 3\"";
        out.append("<rect x=\"" + n(left(place)) + "\" y=\"" + n(middle(place) - BOX / 2.0) + "\" width=\""
                + widths[place.column()] + "\" height=\"" + BOX + "\" rx=\"5\" " + frame + "/>\n");
        String style = "text-anchor=\"middle\" fill=\"#111827\"" + (ours ? "" : " font-style=\"italic\"")
                + (notes.containsKey(name) ? " font-weight=\"600\"" : "");
        text(left(place) + widths[place.column()] / 2.0, middle(place) + 4, label(name), style);
        out.append(address == null ? "" : "</a>\n");
    }

    /** Ids are short; what somebody calls a dataset outside the catalogue may be a sentence. */
    private String shown(String name) {
        boolean fits = name.length() <= LONGEST_NAME || lineages.inCatalogue(name);
        return fits ? name : name.substring(0, LONGEST_NAME - 1).strip() + "…";
    }

    private String label(String name) {
        String note = notes.get(name);
        return shown(name) + (note == null ? "" : " · " + note);
    }

    private void legend(int top) {
        String head = "font-weight=\"600\" fill=\"#111827\"";
        String words = "fill=\"#374151\"";
        text(MARGIN, top + 14, "Relation", head);
        int x = MARGIN + 90;
        for (Lineage.Relation relation : Lineage.Relation.values()) {
            stroke(
                    "M" + x + " " + (top + 10) + " L" + (x + 44) + " " + (top + 10),
                    relation,
                    "#374151",
                    relation.word(),
                    false);
            text(x + 52, top + 14, relation.word(), words);
            x += 155;
        }
        text(MARGIN, top + 42, "Shared", head);
        x = MARGIN + 90;
        for (Lineage.Shared shared : Lineage.Shared.values()) {
            swatch(x, top + 38, colour(shared), shared.word());
            x += 155;
        }
        swatch(x, top + 38, UNKNOWN, "not known");
        text(MARGIN, top + 70, "Dataset", head);
        x = MARGIN + 90;
        out.append("<rect x=\"" + x + "\" y=\"" + (top + 58) + "\" width=\"44\" height=\"16\" rx=\"5\" fill=\"#f3f4f6\""
                + " stroke=\"#374151\"/>\n");
        text(x + 52, top + 70, "in the catalogue", words);
        x += 155 + 40;
        out.append("<rect x=\"" + x + "\" y=\"" + (top + 58) + "\" width=\"44\" height=\"16\" rx=\"5\" fill=\"#ffffff\""
                + " stroke=\"#6b7280\" stroke-dasharray=\"4 3\"/>\n");
        text(x + 52, top + 70, "outside it", words + " font-style=\"italic\"");
        if (!notes.isEmpty()) {
            x += 155;
            out.append("<rect x=\"" + x + "\" y=\"" + (top + 58) + "\" width=\"44\" height=\"16\" rx=\"5\""
                    + " fill=\"#ece6f7\" stroke=\"#553592\" stroke-width=\"2.4\"/>\n");
            text(x + 52, top + 70, "of the project, with its role", words + " font-weight=\"600\"");
        }
    }

    private void swatch(int x, int y, String colour, String words) {
        out.append("<path d=\"M" + x + " " + y + " h44\" stroke=\"" + colour + "\" stroke-width=\"3\"/>\n");
        text(x + 52, y + 4, words, "fill=\"#374151\"");
    }

    private void text(double x, double y, String words, String style) {
        out.append("<text x=\"" + n(x) + "\" y=\"" + n(y) + "\" " + style + ">" + escape(words) + "</text>\n");
    }

    private static String colour(Lineage.@Nullable Shared shares) {
        return shares == null ? UNKNOWN : COLOURS.getOrDefault(shares, UNKNOWN);
    }

    private double left(LineageLayout.Place place) {
        return lefts[place.column()];
    }

    private double right(LineageLayout.Place place) {
        return lefts[place.column()] + (double) widths[place.column()];
    }

    private double middle(LineageLayout.Place place) {
        return head + (place.row() + 0.5) * ROW;
    }

    private static String n(double number) {
        return number == Math.rint(number) ? String.valueOf((long) number) : String.format(Locale.ROOT, "%.1f", number);
    }

    private static String escape(String text) {
        return HtmlPage.plain(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
