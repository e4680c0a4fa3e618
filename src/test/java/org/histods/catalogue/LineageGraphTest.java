package org.histods.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.histods.catalogue.LineageGraph.Certainty;
import org.histods.catalogue.LineageGraph.Chain;
import org.histods.dataset.DatasetId;
import org.histods.manifest.Lineage.Relation;
import org.histods.manifest.Lineage.Shared;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestReader;
import org.histods.problem.Problem;
import org.junit.jupiter.api.Test;

final class LineageGraphTest {

    /** Manifests with nothing but a lineage. */
    static final class Toys {
        private final Map<String, List<String>> lineage = new LinkedHashMap<>();

        Toys say(String from, Relation relation, String to, Shared... shares) {
            lineage.computeIfAbsent(
                    to.equals(to.toLowerCase(java.util.Locale.ROOT)) ? to : from, k -> new ArrayList<>());
            String other = to.equals(to.toLowerCase(java.util.Locale.ROOT)) ? "dataset" : "outside";
            String words =
                    String.join(", ", List.of(shares).stream().map(Shared::word).toList());
            lineage.computeIfAbsent(from, k -> new ArrayList<>())
                    .add("  - { " + other + ": " + to + ", relation: " + relation.word() + ", shares: [" + words
                            + "], evidence: a paper }\n");
            return this;
        }

        LineageGraph lineages() throws Problem {
            List<Manifest> all = new ArrayList<>();
            for (Map.Entry<String, List<String>> entry : lineage.entrySet()) {
                String text = "id: " + entry.getKey()
                        + "\ntitle: Toy\nversion: \"1\"\nlicense: {}\naccess: { status: open }\nsources: []\n"
                        + (entry.getValue().isEmpty() ? "" : "lineage:\n" + String.join("", entry.getValue()));
                all.add(new ManifestReader()
                        .read(text, entry.getKey(), id(entry.getKey()))
                        .manifest());
            }
            return new LineageGraph(all);
        }
    }

    private static LineageGraph nuclei() throws Problem {
        return new Toys()
                .say("kumar", Relation.DERIVED_FROM, "tcga", Shared.PATIENTS, Shared.SLIDES)
                .say("monuseg", Relation.DERIVED_FROM, "kumar", Shared.FILES)
                .say("monuseg", Relation.DERIVED_FROM, "tcga", Shared.SLIDES)
                .say("lizard", Relation.DERIVED_FROM, "consep", Shared.SLIDES)
                .say("lizard", Relation.DERIVED_FROM, "glas", Shared.SLIDES)
                .say("lizard", Relation.DERIVED_FROM, "tcga", Shared.SLIDES)
                .say("conic", Relation.DERIVED_FROM, "lizard", Shared.FILES)
                .say("kather", Relation.DERIVED_FROM, "tcga", Shared.PATIENTS)
                .lineages();
    }

    private static String result(List<Chain> chains) {
        return String.join(
                "\n",
                chains.stream()
                        .map(c -> c.certainty().word() + " "
                                + (c.shares() == null ? "?" : c.shares().word()) + ": " + c)
                        .toList());
    }

    private static DatasetId id(String text) {
        return new DatasetId(text);
    }

    @Test
    void ancestors_areNearestFirstWithTheWayAndTheWeakestShare() throws Problem {
        assertEquals("""
                proven files: conic is derived from lizard
                likely slides: conic is derived from lizard, lizard is derived from consep
                likely slides: conic is derived from lizard, lizard is derived from glas
                likely slides: conic is derived from lizard, lizard is derived from tcga""", result(nuclei().ancestors(id("conic"))));
    }

    @Test
    void descendants_areTheOtherWayRound() throws Problem {
        assertEquals("""
                proven slides: consep is an origin of lizard
                likely slides: consep is an origin of lizard, lizard is an origin of conic""", result(nuclei().descendants(id("consep"))));
    }

    @Test
    void directLink_provesSharing_andTheWayAboutOverTheOriginIsLeftOut() throws Problem {
        assertEquals(
                "proven files: monuseg is derived from kumar", result(nuclei().overlaps(id("monuseg"), id("kumar"))));
        assertEquals(
                "proven files: kumar is an origin of monuseg", result(nuclei().overlaps(id("kumar"), id("monuseg"))));
    }

    @Test
    void commonOrigin_makesSharingPossibleOnly() throws Problem {
        assertEquals(
                "possible patients: kumar is derived from tcga, tcga is an origin of kather",
                result(nuclei().overlaps(id("kumar"), id("kather"))));
    }

    @Test
    void originsOfOneDataset_doNotOverlapForThat() throws Problem {
        assertEquals(List.of(), nuclei().overlaps(id("consep"), id("glas")));
    }

    @Test
    void strangers_shareNothing() throws Problem {
        assertEquals(List.of(), nuclei().overlaps(id("consep"), id("kather")));
        assertEquals(List.of(), nuclei().overlaps(id("consep"), id("unheard-of")));
        assertEquals(List.of(), nuclei().ancestors(id("unheard-of")));
        assertEquals(List.of(), nuclei().overlaps(id("kumar"), id("kumar")));
    }

    @Test
    void chainOfSoleOrigins_isProvenWithTheWeakestShare() throws Problem {
        LineageGraph lineages = new Toys()
                .say("c", Relation.DERIVED_FROM, "b", Shared.FILES)
                .say("b", Relation.DERIVED_FROM, "a", Shared.PATIENTS)
                .lineages();
        assertEquals(
                "proven patients: c is derived from b, b is derived from a",
                result(lineages.overlaps(id("c"), id("a"))));
    }

    @Test
    void filesInCommon_implySlidesAndPatients() throws Problem {
        LineageGraph lineages =
                new Toys().say("b", Relation.IDENTICAL_TO, "a", Shared.FILES).lineages();
        assertEquals(
                List.of(Shared.FILES, Shared.SLIDES, Shared.PATIENTS),
                lineages.overlaps(id("a"), id("b")).get(0).sharedLevels());
        LineageGraph weak =
                new Toys().say("b", Relation.OVERLAPS, "a", Shared.PATIENTS).lineages();
        assertEquals(
                List.of(Shared.PATIENTS), weak.overlaps(id("b"), id("a")).get(0).sharedLevels());
    }

    @Test
    void variantsIdenticalsAndOverlaps_holdInBothDirections() throws Problem {
        for (Relation relation : List.of(Relation.VARIANT_OF, Relation.IDENTICAL_TO, Relation.OVERLAPS)) {
            LineageGraph lineages =
                    new Toys().say("a", relation, "b", Shared.SLIDES).lineages();
            assertEquals(
                    Certainty.PROVEN, lineages.overlaps(id("a"), id("b")).get(0).certainty());
            assertEquals(
                    Certainty.PROVEN, lineages.overlaps(id("b"), id("a")).get(0).certainty());
            assertEquals(List.of(), lineages.ancestors(id("a")));
            assertEquals(List.of(), lineages.descendants(id("a")));
        }
    }

    @Test
    void variantsOrigin_isAnAncestor() throws Problem {
        LineageGraph lineages = new Toys()
                .say("normalised", Relation.VARIANT_OF, "raw", Shared.SLIDES)
                .say("raw", Relation.PART_OF, "tcga", Shared.FILES)
                .lineages();
        assertEquals(
                "proven slides: normalised is a variant of raw, raw is part of tcga",
                result(lineages.ancestors(id("normalised"))));
    }

    @Test
    void overlap_isNotTransitive() throws Problem {
        LineageGraph lineages = new Toys()
                .say("a", Relation.OVERLAPS, "b", Shared.PATIENTS)
                .say("b", Relation.OVERLAPS, "c", Shared.PATIENTS)
                .lineages();
        assertEquals(List.of(), lineages.overlaps(id("a"), id("c")));
    }

    @Test
    void partOfTwoDatasets_provesThatTheyShareIt() throws Problem {
        LineageGraph lineages = new Toys()
                .say("part", Relation.PART_OF, "a", Shared.SLIDES)
                .say("part", Relation.PART_OF, "b", Shared.FILES)
                .lineages();
        assertEquals("proven slides: a contains part, part is part of b", result(lineages.overlaps(id("a"), id("b"))));
    }

    @Test
    void partsOfOneWhole_mayBeDifferentParts() throws Problem {
        LineageGraph lineages = new Toys()
                .say("x16", Relation.PART_OF, "x", Shared.FILES)
                .say("x17", Relation.PART_OF, "x", Shared.FILES)
                .lineages();
        assertEquals(
                Certainty.POSSIBLE,
                lineages.overlaps(id("x16"), id("x17")).get(0).certainty());
    }

    @Test
    void linkThatDoesNotSayWhatIsShared_leavesItOpen() throws Problem {
        LineageGraph lineages = new Toys()
                .say("breastpathq", Relation.DERIVED_FROM, "post-nat-brca")
                .lineages();
        Chain chain = lineages.overlaps(id("breastpathq"), id("post-nat-brca")).get(0);
        assertEquals(Certainty.POSSIBLE, chain.certainty());
        assertEquals(List.of(), chain.sharedLevels());
    }

    @Test
    void severalReasons_areAllGivenStrongestFirst() throws Problem {
        LineageGraph lineages = new Toys()
                .say("a", Relation.DERIVED_FROM, "tcga", Shared.PATIENTS)
                .say("b", Relation.DERIVED_FROM, "tcga", Shared.PATIENTS)
                .say("a", Relation.DERIVED_FROM, "CPTAC", Shared.SLIDES)
                .say("b", Relation.DERIVED_FROM, "CPTAC", Shared.SLIDES)
                .lineages();
        assertEquals("""
                possible slides: a is derived from CPTAC, CPTAC is an origin of b
                possible patients: a is derived from tcga, tcga is an origin of b""", result(lineages.overlaps(id("a"), id("b"))));
        assertFalse(lineages.inCatalogue("CPTAC"));
        assertTrue(lineages.inCatalogue("tcga"));
        assertEquals(Set.of("a", "b", "tcga", "CPTAC"), lineages.connected());
    }

    @Test
    void evidence_staysWithItsStep() throws Problem {
        Chain chain = nuclei().overlaps(id("conic"), id("consep")).get(0);
        assertEquals("a paper", chain.steps().get(1).link().evidence());
        assertEquals(List.of("conic", "lizard", "consep"), chain.nodes());
    }

    @Test
    void related_givesTheStrongestReasonForEach() throws Problem {
        List<Chain> related = nuclei().related(id("monuseg"));
        assertEquals("kumar", related.get(0).to());
        assertEquals(
                Set.of("kumar", "tcga", "lizard", "conic", "kather"),
                Set.copyOf(related.stream().map(Chain::to).toList()));
    }

    @Test
    void circle_doesNotLoopForEver() throws Problem {
        LineageGraph lineages = new Toys()
                .say("a", Relation.DERIVED_FROM, "b", Shared.SLIDES)
                .say("b", Relation.DERIVED_FROM, "a", Shared.SLIDES)
                .lineages();
        assertEquals(1, lineages.ancestors(id("a")).size());
    }
}
