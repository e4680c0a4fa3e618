package org.histods.objectstore;

import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.histods.source.listing.XmlResponse;

/** An element of an XML response of S3. A field that is missing is an empty text. */
final class XmlElement {

    /** A listing has four levels. */
    private static final int MAX_DEPTH = 20;

    /** A page of a listing has at most 1,000 objects of about ten fields. */
    private static final int MAX_ELEMENTS = 200_000;

    private final String name;
    private final StringBuilder text = new StringBuilder();
    private final List<XmlElement> fields = new ArrayList<>();

    private XmlElement(String name) {
        this.name = name;
    }

    /**
     * Parses a response. White space before it is allowed: servers send it while they assemble a large object.
     *
     * @throws IllegalArgumentException if it is not XML, or not of the size and depth of a response
     */
    static XmlElement parse(byte[] body) {
        int start = 0;
        while (start < body.length && body[start] <= ' ' && body[start] >= 0) {
            start++;
        }
        try {
            XMLStreamReader reader = XmlResponse.reader(new ByteArrayInputStream(body, start, body.length - start));
            try {
                return read(reader);
            } finally {
                reader.close();
            }
        } catch (XMLStreamException e) {
            throw new IllegalArgumentException("it is not XML: " + e.getMessage(), e);
        }
    }

    private static XmlElement read(XMLStreamReader reader) throws XMLStreamException {
        XmlElement outside = new XmlElement("");
        Deque<XmlElement> open = new ArrayDeque<>(List.of(outside));
        int elements = 0;
        while (reader.hasNext()) {
            int event = reader.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                XmlElement element = new XmlElement(reader.getLocalName());
                open.getLast().fields.add(element);
                open.addLast(element);
                if (open.size() > MAX_DEPTH || ++elements > MAX_ELEMENTS) {
                    throw new IllegalArgumentException("it is nested too deeply or has too many elements");
                }
            } else if (event == XMLStreamConstants.END_ELEMENT) {
                open.removeLast();
            } else if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA) {
                open.getLast().text.append(reader.getText());
            } else if (event == XMLStreamConstants.DTD) {
                throw new IllegalArgumentException("it has a document type");
            }
        }
        return outside.fields.get(0);
    }

    String name() {
        return name;
    }

    /** The text of the first field of that name. */
    String text(String field) {
        List<XmlElement> all = all(field);
        return all.isEmpty() ? "" : all.get(0).text.toString().strip();
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
        return fields.stream().filter(child -> child.name.equals(field)).toList();
    }
}
