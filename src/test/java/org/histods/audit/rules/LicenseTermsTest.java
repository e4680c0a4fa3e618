package org.histods.audit.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LicenseTermsTest {

    private final LicenseTerms licences = new LicenseTerms();

    private LicenseTerms.Licence of(String spdx) {
        return licences.of(spdx).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "CC-BY-SA-4.0,    CC-BY-NC-SA-4.0, true",
        "CC-BY-SA-4.0,    CC-BY-NC-4.0,    true",
        "CC-BY-NC-SA-4.0, GPL-3.0-only,    true",
        "CC-BY-SA-1.0,    CC-BY-SA-4.0,    true",
        "ODbL-1.0,        CC-BY-SA-4.0,    true",
        "CC-BY-NC-SA-2.0, CC-BY-NC-SA-4.0, false",
        "CC-BY-NC-SA-4.0, CC-BY-NC-4.0,    false",
        "CC-BY-SA-4.0,    GPL-3.0-only,    false",
        "CC-BY-SA-4.0,    CC-BY-4.0,       false",
        "CC-BY-4.0,       CC-BY-NC-4.0,    false",
        "CC0-1.0,         GPL-3.0-only,    false"
    })
    void twoLicences_clashInBothOrdersAlike(String a, String b, boolean clash) {
        assertEquals(clash, licences.clash(of(a), of(b)).isPresent());
        assertEquals(clash, licences.clash(of(b), of(a)).isPresent());
    }

    @ParameterizedTest
    @CsvSource({
        "CC-BY-NC-ND-4.0, false, false",
        "CC-BY-NC-SA-4.0, false, true",
        "CC-BY-ND-4.0,    true,  false",
        "CC-BY-4.0,       true,  true",
        "CC0-1.0,         true,  true"
    })
    void traits_areThoseOfTheLicencesName(String spdx, boolean commercial, boolean derivatives) {
        assertEquals(commercial, of(spdx).commercial());
        assertEquals(derivatives, of(spdx).derivatives());
        assertTrue(of(spdx).source().startsWith("https://"));
    }

    @Test
    void whatIsNotInTheTable_isNotJudged() {
        assertFalse(licences.of("AFL-3.0").isPresent());
        assertFalse(licences.of(null).isPresent());
    }
}
