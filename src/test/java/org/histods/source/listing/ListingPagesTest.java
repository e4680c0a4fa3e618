package org.histods.source.listing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.histods.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host whose listing never ends does not keep a pull for ever. */
final class ListingPagesTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000})
    void listingWithEverNewPages_ends(int entries) {
        ListingPages pages = new ListingPages("s3://bucket/");
        Problem p = assertThrows(Problem.class, () -> {
            for (int i = 0; i < 10_000; i++) {
                pages.add(entries, "token " + i);
            }
        });
        assertEquals(Problem.Kind.NETWORK, p.kind());
        assertTrue(p.message().startsWith("s3://bucket/: the listing does not end"), p.message());
    }

    @Test
    void twoPagesThatNameEachOther_areNoticed() throws Exception {
        ListingPages pages = new ListingPages("x");
        pages.add(10, "a");
        pages.add(10, "b");
        assertTrue(
                assertThrows(Problem.class, () -> pages.add(10, "a")).message().contains("repeats the same page"));
    }

    @Test
    void largeListing_isRead() throws Exception {
        ListingPages pages = new ListingPages("x");
        for (int i = 0; i < 2_900; i++) {
            pages.add(1000, "token " + i);
        }
    }
}
