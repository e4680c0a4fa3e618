package org.histods.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BytesTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0 bytes",
        "1, 1 byte",
        "999, 999 bytes",
        "1000, 1.00 kB",
        "9994999, 9.99 MB",
        "9995000, 10.0 MB",
        "99949999999, 99.9 GB",
        "999499999999, 999 GB",
        "999500000000, 1.00 TB",
        "12949031283023, 12.9 TB",
    })
    void bytes_areShownWithThreeDigits(long bytes, String text) {
        assertEquals(text, Bytes.text(bytes));
    }

    @ParameterizedTest
    @CsvSource({
        "512, 512",
        "512 bytes, 512",
        "1 byte, 1",
        "13.4 GB, 13400000000",
        "50GB, 50000000000",
        "50gb, 50000000000",
        "500k, 500000",
        "20M, 20000000",
        "200 GiB, 214748364800",
        "1.5 KiB, 1536",
        "2 TB, 2000000000000",
    })
    void text_namesANumberOfBytes(String text, long bytes) {
        assertEquals(bytes, Bytes.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GB", "-1 GB", "1,5 GB", "1 GBit", "1 XB", "1  GB", "1e9", "about 1 GB"})
    void otherText_isRefusedAndQuoted(String text) {
        Exception refused = assertThrows(IllegalArgumentException.class, () -> Bytes.parse(text));
        assertTrue(String.valueOf(refused.getMessage()).contains("'" + text + "' is not a size"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775808", "10000 PB"})
    void moreThanALong_isRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Bytes.parse(text));
    }
}
