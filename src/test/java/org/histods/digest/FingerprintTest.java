package org.histods.digest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FingerprintTest {

    private static final Checksum OF_A =
            Checksum.parse("sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb");
    private static final Checksum OF_B =
            Checksum.parse("sha256:3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d");
    private static final Map<FilePath, Checksum> FILES =
            Map.of(new FilePath("a%.txt"), OF_B, new FilePath("B.txt"), OF_A);

    @Test
    void manifest_isSortedByBytesAndWritesPercentAsBagItDoes() {
        assertEquals(
                List.of(OF_A.hex() + "  data/B.txt\n", OF_B.hex() + "  data/a%25.txt\n"),
                Fingerprint.manifest(FILES).toList());
    }

    /** The expected value is what sha256sum prints for that text. */
    @Test
    void fingerprint_isTheSha256OfTheManifest() {
        assertEquals(
                "364b6779d866655a2f132951a696118321990ae43cfb82e82aa9399f5a2aa227",
                Fingerprint.of(FILES).hex());
    }

    @Test
    void otherAlgorithms_areRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Fingerprint.of(
                        Map.of(new FilePath("a"), Checksum.parse("md5:d41d8cd98f00b204e9800998ecf8427e"))));
        assertThrows(IllegalArgumentException.class, () -> new Fingerprint("abc"));
        assertThrows(
                IllegalArgumentException.class, () -> new Fingerprint(OF_A.hex().toUpperCase(java.util.Locale.ROOT)));
    }
}
