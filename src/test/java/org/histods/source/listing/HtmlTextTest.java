package org.histods.source.listing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HtmlTextTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            plain text                                    | plain text
            <p>One.</p><p>Two <b>bold</b>, three.</p>     | One. Two bold, three.
            a &lt;b&gt; &amp; c&nbsp;&ndash; 5 &micro;m   | a <b> & c – 5 µm
            &#65;&#x42;&unknown;                          | AB&unknown;
            p < 0.05 and 3 > 2                            | p < 0.05 and 3 > 2
            one<br>two<br/>three                          | one two three
            x<script>var a = "<p>";</script>y             | x y
            x<STYLE>p { }</style><!-- hidden -->y         | x y
            <div><p>unclosed                              | unclosed
            bell&#7;rings                                 | bell rings
            """)
    void markup_becomesText(String html, String text) {
        assertEquals(text, HtmlText.text(html));
    }

    @Test
    void manyOpeningScripts_endQuickly() {
        assertEquals("A", HtmlText.text("A" + "<script".repeat(150_000)));
        assertEquals("A B", HtmlText.text("A" + "<b>".repeat(300_000) + "B"));
    }
}
