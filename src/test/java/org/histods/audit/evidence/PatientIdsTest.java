package org.histods.audit.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.histods.manifest.PathPattern;
import org.histods.manifest.PatientRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatientIdsTest {

    private static PatientIds rule(String pattern, String level) {
        return new PatientIds(new PatientRule(PathPattern.of(pattern), level, List.of(), null));
    }

    @ParameterizedTest
    @CsvSource({
        "a/TCGA-A7-A13E-01Z-00-DX1.tif, TCGA-A7-A13E",
        "TCGA-G9-6356, TCGA-G9-6356",
        "GTEX-1117F-0226.svs, GTEX-1117F",
        "x/C3L-00001-21.svs, C3L-00001",
        "UPENN-GBM-00012_1.ndpi, UPENN-GBM-00012"
    })
    void barcode_isReadWithoutARule(String path, String id) {
        assertEquals(
                new PatientIds.Id(id, true, false),
                new PatientIds(null).of(path).orElseThrow());
    }

    @Test
    void barcodeThatARuleReads_meansTheSameEverywhere() {
        PatientIds cases = rule("(?<id>TCGA-[A-Z0-9]{2}-[A-Z0-9]{4}|Her2_Case_[0-9]+)", "case");
        assertEquals(
                new PatientIds.Id("TCGA-A7-A13E", true, false),
                cases.of("TCGA-A7-A13E-01Z.svs").orElseThrow());
        assertEquals(
                new PatientIds.Id("Her2_Case_7", false, false),
                cases.of("Her2_Case_7.svs").orElseThrow());
    }

    @Test
    void numberThatARuleReads_meansSomethingInItsDatasetOnly() {
        assertEquals(
                new PatientIds.Id("0012", false, true),
                rule("p(?<id>[0-9]{4})", "slide").of("p0012_1.png").orElseThrow());
    }
}
