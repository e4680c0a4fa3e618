package org.histods.html;

import static org.histods.html.Html.element;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class HtmlTest {

    @Test
    void textAndAttributes_areEscaped() {
        assertEquals(
                "<a href=\"&quot;&gt;&lt;script&gt;\">&lt;b&gt; &amp; &#39;</a>",
                element("a").attribute("href", "\"><script>").text("<b> & '").toString());
    }

    @Test
    void controlAndDirectionCharacters_areWrittenAsEscapes() {
        assertEquals(
                "a\\u0007b\\u202ec\\ud800\n\td",
                Html.of("a\u0007b\u202ec\ud800\n\td").toString());
    }

    @Test
    void elements_nest_andEmptyOnesAreClosed() {
        Html list = element("ul", "x")
                .flag("hidden", true)
                .flag("open", false)
                .attribute("id", null)
                .add(List.of(element("li").text("a"), element("li")), ", ")
                .add(element("br"), element("td"));
        assertEquals("<ul class=\"x\" hidden><li>a</li>, <li></li><br/><td></td></ul>", list.toString());
        assertEquals("ab", Html.sequence(Html.of("a"), Html.of("b")).toString());
    }

    @Test
    void elementAddedTwice_isThereTwice() {
        Html item = element("i").text("x");
        assertEquals("<i>x</i><i>x</i>", Html.sequence(item, item).toString());
    }
}
