package org.histods.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.histods.manifest.Lineage.Relation;
import org.histods.manifest.Lineage.Shared;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

final class LineageSvgTest {

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static List<Element> elements(Document document, String name) {
        List<Element> found = new ArrayList<>();
        NodeList nodes = document.getElementsByTagName(name);
        for (int i = 0; i < nodes.getLength(); i++) {
            found.add((Element) nodes.item(i));
        }
        return found;
    }

    private static List<String> names(Document document) {
        return elements(document, "text").stream()
                .filter(text -> text.getAttribute("text-anchor").equals("middle"))
                .map(Element::getTextContent)
                .sorted()
                .toList();
    }

    private static double x(Document document, String name) {
        return elements(document, "text").stream()
                .filter(text -> text.getTextContent().equals(name))
                .mapToDouble(text -> Double.parseDouble(text.getAttribute("x")))
                .findFirst()
                .orElseThrow();
    }

    private static LineageGraphTest.Toys toys() {
        return new LineageGraphTest.Toys()
                .say("kumar", Relation.DERIVED_FROM, "tcga", Shared.SLIDES)
                .say("monuseg", Relation.DERIVED_FROM, "kumar", Shared.FILES)
                .say("monuseg", Relation.DERIVED_FROM, "tcga", Shared.SLIDES)
                .say("monusac", Relation.OVERLAPS, "monuseg", Shared.PATIENTS)
                .say("monuseg", Relation.OVERLAPS, "monusac", Shared.PATIENTS)
                .say("x16", Relation.PART_OF, "x")
                .say("y", Relation.VARIANT_OF, "\"A & <B>\"", Shared.FILES)
                .say("z", Relation.IDENTICAL_TO, "y", Shared.FILES);
    }

    @Test
    void everyConnectedDataset_isDrawnOnce() throws Exception {
        LineageGraph lineages = toys().lineages();
        Document picture = parsed(LineageSvg.file(lineages));
        assertEquals(List.copyOf(lineages.connected()), names(picture));
        assertEquals(List.of("A & <B>", "kumar", "monusac", "monuseg", "tcga", "x", "x16", "y", "z"), names(picture));
    }

    @Test
    void datasets_areRightOfWhatTheyComeFrom() throws Exception {
        Document picture = parsed(LineageSvg.file(toys().lineages()));
        assertTrue(x(picture, "tcga") < x(picture, "kumar"));
        assertTrue(x(picture, "kumar") < x(picture, "monuseg"));
        assertTrue(x(picture, "x") < x(picture, "x16"));
    }

    @Test
    void everyLink_hasALineThatSaysItInWords() throws Exception {
        List<String> titles = elements(parsed(LineageSvg.file(toys().lineages())), "title").stream()
                .map(Element::getTextContent)
                .toList();
        assertTrue(titles.contains("monuseg is derived from kumar: shares files (a paper)"), titles::toString);
        assertTrue(titles.contains("x16 is part of x: what they share is not known (a paper)"), titles::toString);
    }

    @Test
    void boxes_doNotOverlap() throws Exception {
        List<double[]> boxes = elements(parsed(LineageSvg.file(toys().lineages())), "rect").stream()
                .filter(rect -> rect.hasAttribute("x"))
                .map(rect -> new double[] {
                    Double.parseDouble(rect.getAttribute("x")),
                    Double.parseDouble(rect.getAttribute("y")),
                    Double.parseDouble(rect.getAttribute("width")),
                    Double.parseDouble(rect.getAttribute("height"))
                })
                .toList();
        for (int i = 0; i < boxes.size(); i++) {
            for (double[] b : boxes.subList(i + 1, boxes.size())) {
                double[] a = boxes.get(i);
                boolean apart =
                        a[0] + a[2] <= b[0] || b[0] + b[2] <= a[0] || a[1] + a[3] <= b[1] || b[1] + b[3] <= a[1];
                assertTrue(apart);
            }
        }
    }

    @Test
    void sameLineages_giveTheSamePicture() throws Exception {
        assertEquals(LineageSvg.file(toys().lineages()), LineageSvg.file(toys().lineages()));
    }

    @Test
    void nothingLinkedOrACircle_isDrawnAllTheSame() throws Exception {
        assertEquals(List.of(), names(parsed(LineageSvg.file(new LineageGraph(List.of())))));
        LineageGraph circle = new LineageGraphTest.Toys()
                .say("a", Relation.DERIVED_FROM, "b")
                .say("b", Relation.DERIVED_FROM, "c")
                .say("c", Relation.DERIVED_FROM, "a")
                .lineages();
        assertEquals(List.of("a", "b", "c"), names(parsed(LineageSvg.file(circle))));
    }

    @Test
    void longNameFromOutside_isShortenedInItsBox() throws Exception {
        LineageGraph lineages = new LineageGraphTest.Toys()
                .say("a", Relation.DERIVED_FROM, "A digital library and two textbooks of pathology")
                .lineages();
        assertEquals(List.of("A digital library and two textboo…", "a"), names(parsed(LineageSvg.file(lineages))));
    }
}
