package org.histods.image;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Set;
import org.histods.image.ImageCheck.Stopped;

/**
 * Checks a DICOM file (PS3.10): the marks at its start, and that its elements follow each other to the end of the file. Values
 * are not read. Lengths, tags and representations are those of PS3.5.
 */
final class DicomStructure {

    private static final int PREAMBLE = 128;
    private static final long UNDEFINED = 0xffffffffL;
    private static final long PIXELS = 0x7fe00010L;
    private static final long FLOATS = 0x7fe00008L;
    private static final long DOUBLES = 0x7fe00009L;
    private static final long TRANSFER_SYNTAX = 0x00020010L;
    private static final long ITEM = 0xfffee000L;
    private static final long ITEM_END = 0xfffee00dL;
    private static final long SEQUENCE_END = 0xfffee0ddL;

    /** The most elements that are checked. A slide has one item for each frame, a million at most. */
    private static final int MOST_ELEMENTS = 20_000_000;

    /** The value representations whose length has 32 bits, in explicit encoding. */
    private static final Set<String> LONG =
            Set.of("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV");

    private final FileWindow in;
    private int depth;
    private boolean pixels;
    private int elements;

    DicomStructure(FileWindow in) {
        this.in = in;
        in.order(ByteOrder.LITTLE_ENDIAN);
    }

    void check() throws IOException {
        if (in.length() < PREAMBLE + 4 || in.u32(PREAMBLE, "the DICOM mark") != 0x4d434944L) {
            throw Stopped.broken("it does not begin like a DICOM file");
        }
        long at = PREAMBLE + 4;
        String syntax = "";
        while (at < in.length() && in.u16(at, "an element") == 2) {
            long next = element(at, true);
            if (tag(at) == TRANSFER_SYNTAX) {
                syntax = text(at + 8, next);
            }
            at = next;
        }
        switch (syntax) {
            case "" -> throw Stopped.broken("it does not state its transfer syntax");
            case "1.2.840.10008.1.2" -> elements(at, false);
            case "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2" ->
                throw Stopped.notChecked("its transfer syntax " + syntax + " is one that this check does not know");
            default -> elements(at, true);
        }
    }

    private void elements(long first, boolean explicit) throws IOException {
        if (first >= in.length()) {
            throw Stopped.broken("it ends after its header");
        }
        for (long at = first; at < in.length(); ) {
            if (++elements > MOST_ELEMENTS) {
                throw Stopped.notChecked("it has more than " + MOST_ELEMENTS + " elements");
            }
            at = element(at, explicit);
        }
        if (depth != 0) {
            throw Stopped.broken("it is cut off: a sequence or its pixel data does not end");
        }
        if (!pixels) {
            throw Stopped.notChecked("it has no pixel data: it is a report or an annotation, or it was cut off");
        }
    }

    private long tag(long at) throws IOException {
        return (long) in.u16(at, "an element") << 16 | in.u16(at + 2, "an element");
    }

    private String text(long from, long to) throws IOException {
        StringBuilder text = new StringBuilder();
        for (long at = from; at < to && at < from + 64; at++) {
            char c = (char) in.u8(at, "the transfer syntax");
            if (c > ' ') {
                text.append(c);
            }
        }
        return text.toString();
    }

    /** Returns where the next element starts: after the value, or inside it if its length is undefined. */
    private long element(long at, boolean explicit) throws IOException {
        long tag = tag(at);
        String what = String.format(Locale.ROOT, "the element (%04x,%04x)", tag >> 16, tag & 0xffff);
        if (tag == ITEM || tag == ITEM_END || tag == SEQUENCE_END) {
            long length = in.u32(at + 4, what);
            if (tag == SEQUENCE_END) {
                depth--;
            }
            if (depth < 0) {
                throw Stopped.broken(what + " at byte " + at + " ends a sequence that did not begin");
            }
            return tag == ITEM && length != UNDEFINED ? value(at, at + 8, length, what) : at + 8;
        }
        pixels |= depth == 0 && (tag == PIXELS || tag == FLOATS || tag == DOUBLES);
        if (!explicit) {
            return value(at, at + 8, in.u32(at + 4, what), what);
        }
        String kind = "" + (char) in.u8(at + 4, what) + (char) in.u8(at + 5, what);
        if (!kind.matches("[A-Z]{2}")) {
            throw Stopped.broken(what + " at byte " + at + " is damaged: it has no value representation");
        }
        if (!LONG.contains(kind)) {
            return value(at, at + 8, in.u16(at + 6, what), what);
        }
        long length = in.u32(at + 8, what);
        if (length == UNDEFINED && !kind.equals("SQ") && tag != PIXELS) {
            throw Stopped.notChecked(what + " has no length, in a form that this check does not know");
        }
        return value(at, at + 12, length, what);
    }

    private long value(long at, long start, long length, String what) throws IOException {
        if (length == UNDEFINED) {
            depth++;
            return start;
        }
        if (length > in.length() - start) {
            throw Stopped.broken(what + " at byte " + at + " is cut off: it should end at byte " + (start + length)
                    + ", and the file ends at byte " + in.length());
        }
        return start + length;
    }
}
