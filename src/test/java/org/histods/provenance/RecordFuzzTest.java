package org.histods.provenance;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Records of others, with any bytes, are read or refused. */
final class RecordFuzzTest {

    @FuzzTest(maxDuration = "2m")
    void receipt_isReadOrRefused(byte[] bytes) {
        try {
            for (FetchRecord fetch : FetchRecord.in(bytes)) {
                fetch.blocks().ifPresent(blocks -> blocks.hex());
                fetch.checkText();
                fetch.skipped();
            }
        } catch (IllegalArgumentException e) {
            return;
        }
    }

    @FuzzTest(maxDuration = "2m")
    void listingOfAServedMirror_isReadOrRefused(byte[] bytes) {
        try {
            MirrorListing.read(bytes);
        } catch (IllegalArgumentException e) {
            return;
        }
    }
}
