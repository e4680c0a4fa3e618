package org.histods.objectstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** XML responses of object stores are read within bounds. */
final class XmlElementTest {

    private static XmlElement parse(String xml) {
        return XmlElement.parse(xml.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void response_isReadWithItsFields() {
        XmlElement response = parse("""
                \n <?xml version="1.0"?><R xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
                <Contents><Key>a&amp;<![CDATA[<b>]]></Key><Size> 5 </Size></Contents>
                <Contents><Key>c</Key></Contents><!-- end --></R>""");
        assertEquals("R", response.name());
        assertEquals(2, response.all("Contents").size());
        assertEquals("a&<b>", response.all("Contents").get(0).text("Key"));
        assertEquals(5, response.all("Contents").get(0).number("Size"));
        assertEquals("", response.all("Contents").get(1).text("Size"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<R>", "<R><Contents><Key>"})
    void xmlNested200000Deep_isRefused(String before) {
        String deep = before + "<a>".repeat(200_000);
        assertThrows(IllegalArgumentException.class, () -> parse(deep));
    }

    @Test
    void xmlNestedDeepAndClosed_isRefused() {
        String deep = "<R><Key>" + "<a>".repeat(200_000) + "</a>".repeat(200_000) + "</Key></R>";
        assertThrows(IllegalArgumentException.class, () -> parse(deep));
    }

    @Test
    void sixtyMegabytesOfEmptyElements_areRefused() {
        String many = "<R>" + "<a/>".repeat(15_000_000) + "</R>";
        assertThrows(IllegalArgumentException.class, () -> parse(many));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE R [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]><R><Key>&b;</Key></R>",
                "<!DOCTYPE R SYSTEM \"file:///etc/passwd\"><R/>",
                "<R><Key>&a;</Key></R>",
                "<R>",
                "",
                "{}"
            })
    void responseWithEntities_orThatIsNoXml_isRefused(String xml) {
        assertThrows(IllegalArgumentException.class, () -> parse(xml));
    }
}
