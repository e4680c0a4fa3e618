package org.histods.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Foreign text cannot control the terminal. */
class TerminalTextTest {

    @ParameterizedTest
    @CsvSource({
        "27, \\u001b",
        "7, \\u0007",
        "8, \\u0008",
        "0, \\u0000",
        "127, \\u007f",
        "133, \\u0085",
        "155, \\u009b",
        "157, \\u009d",
        "13, \\u000d",
        "8238, \\u202e",
        "8234, \\u202a",
        "8294, \\u2066",
        "55296, \\ud800"
    })
    void characterThatActsOnATerminal_isWrittenOut(int character, String written) {
        assertEquals("a" + written + "b", TerminalText.safe("a" + (char) character + "b"));
        assertEquals("a" + written + "b", TerminalText.safeLine("a" + (char) character + "b"));
    }

    @Test
    void ordinaryTextOfAnyLanguage_staysAsItIs() {
        String text = "Drüse\tμm 病理 🔬 \u05d0\u05d1\r\nnext\n";
        assertEquals(text, TerminalText.safe(text));
    }

    @Test
    void lineBreaks_areWrittenOutInOneLine() {
        assertEquals("a\\u000d\\u000ab\\u0009c", TerminalText.safeLine("a\r\nb\tc"));
    }
}
