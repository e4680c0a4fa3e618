package org.histods.objectstore;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** An element of an XML response of S3. A field that is missing is an empty text. */
final class XmlElement {

    private final Element element;

    private XmlElement(Element element) {
        this.element = element;
    }

    /**
     * Parses a response. White space before it is allowed: servers send it while they assemble a large object.
     *
     * @throws IllegalArgumentException if it is not XML
     */
    static XmlElement parse(byte[] body) {
        int start = 0;
        while (start < body.length && body[start] <= ' ' && body[start] >= 0) {
            start++;
        }
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            return new XmlElement(builder.parse(new ByteArrayInputStream(body, start, body.length - start))
                    .getDocumentElement());
        } catch (SAXException | IOException e) {
            throw new IllegalArgumentException("it is not XML: " + e.getMessage(), e);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    String name() {
        return element.getTagName();
    }

    /** The text of the first field of that name. */
    String text(String field) {
        List<XmlElement> fields = all(field);
        return fields.isEmpty() ? "" : fields.get(0).element.getTextContent().strip();
    }

    /** @throws IllegalArgumentException if the field is not a whole number of at least 0 */
    long number(String field) {
        String text = text(field);
        if (!text.matches("[0-9]{1,18}")) {
            throw new IllegalArgumentException(field + " is '" + text + "'");
        }
        return Long.parseLong(text);
    }

    /** The fields of that name. */
    List<XmlElement> all(String field) {
        List<XmlElement> all = new ArrayList<>();
        for (Node at = element.getFirstChild(); at != null; at = at.getNextSibling()) {
            if (at instanceof Element child && child.getTagName().equals(field)) {
                all.add(new XmlElement(child));
            }
        }
        return all;
    }
}
