package org.histods.image;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.histods.image.ImageCheck.Stopped;
import org.jspecify.annotations.Nullable;

/**
 * Checks a TIFF or BigTIFF file: every directory of its chain, and every tile or strip, must be inside the file. Numbers of
 * tags and formats are those of TIFF 6.0 and of its BigTIFF extension.
 */
final class TiffStructure {

    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int STRIP_OFFSETS = 273;
    private static final int SAMPLES = 277;
    private static final int ROWS_PER_STRIP = 278;
    private static final int STRIP_SIZES = 279;
    private static final int PLANAR = 284;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_HEIGHT = 323;
    private static final int TILE_OFFSETS = 324;
    private static final int TILE_SIZES = 325;
    private static final int SUB_DIRECTORIES = 330;

    /** The tag that marks Hamamatsu's NDPI files. Those over 4 GB store the upper halves of 64-bit offsets separately. */
    private static final int NDPI_MARK = 65420;

    private static final long FOUR_GIGABYTES = 1L << 32;

    /** Real slides have fewer than 100 directories and 10 million tiles. */
    private static final int MOST_DIRECTORIES = 10_000;

    private static final long MOST_VALUES = 100_000_000;
    private static final int MOST_ENTRIES = 4096;

    private final FileWindow in;
    private final Deque<Long> waiting = new ArrayDeque<>();
    private final Set<Long> seen = new HashSet<>();
    private boolean big;
    private long values;
    private int images;

    /** A tag: where its values are, and how many there are of what size. */
    private record Tag(long position, int size, long count) {}

    TiffStructure(FileWindow in) {
        this.in = in;
    }

    void check() throws IOException {
        String head = "the TIFF header";
        int order = in.u16(0, head);
        if (order == 0x4949) {
            in.order(ByteOrder.LITTLE_ENDIAN);
        } else if (order != 0x4d4d) {
            throw Stopped.broken("it does not begin like a TIFF file");
        }
        int magic = in.u16(2, head);
        big = magic == 43;
        boolean wrongBig = big && (in.u16(4, head) != 8 || in.u16(6, head) != 0);
        if ((magic != 42 && !big) || wrongBig) {
            throw Stopped.broken("it does not begin like a TIFF file");
        }
        chain(offset(big ? 8 : 4, head));
        while (!waiting.isEmpty()) {
            chain(waiting.remove());
        }
        if (images == 0) {
            throw Stopped.broken("it has no image");
        }
    }

    private long offset(long position, String what) throws IOException {
        return big ? in.s64(position, what) : in.u32(position, what);
    }

    /** Checks the directory at that offset and those that follow it; 0 for none. */
    private void chain(long first) throws IOException {
        for (long at = first; at != 0; ) {
            if (!seen.add(at)) {
                throw Stopped.broken("its directories form a loop at byte " + at);
            }
            if (seen.size() > MOST_DIRECTORIES) {
                throw Stopped.notChecked("it has more than " + MOST_DIRECTORIES + " directories");
            }
            at = directory(at);
        }
    }

    /** Checks a directory, and returns the offset of the next one; 0 if it is the last. */
    private long directory(long at) throws IOException {
        String what = "the directory of image " + seen.size();
        long count = big ? in.s64(at, what) : in.u16(at, what);
        if (count < 1 || count > MOST_ENTRIES) {
            throw Stopped.broken(what + " at byte " + at + " is damaged: it has " + count + " entries");
        }
        long entry = at + (big ? 8 : 2);
        int length = big ? 20 : 12;
        Map<Integer, Tag> tags = new HashMap<>();
        for (int i = 0; i < count; i++) {
            int tag = in.u16(entry, what);
            int size = size(in.u16(entry + 2, what));
            long number = big ? in.s64(entry + 4, what) : in.u32(entry + 4, what);
            long value = entry + (big ? 12 : 8);
            boolean inline = number >= 0 && number <= (big ? 8 : 4) / Math.max(1, size);
            if (size > 0) {
                tags.putIfAbsent(tag, new Tag(inline ? value : offset(value, what), size, number));
            }
            entry += length;
        }
        long next = offset(entry, what);
        if (tags.containsKey(NDPI_MARK) && in.length() >= FOUR_GIGABYTES && !big) {
            throw Stopped.notChecked("NDPI files over 4 GB have offsets that this check does not know");
        }
        subdirectories(tags.get(SUB_DIRECTORIES), what);
        image(tags, what);
        return next;
    }

    /** The bytes of a value of that type; 0 for types whose values are not needed. */
    private static int size(int type) {
        return switch (type) {
            case 1 -> 1;
            case 3 -> 2;
            case 4, 13 -> 4;
            case 16, 18 -> 8;
            default -> 0;
        };
    }

    private void subdirectories(@Nullable Tag tag, String what) throws IOException {
        for (long i = 0; tag != null && i < tag.count(); i++) {
            if (i > MOST_DIRECTORIES) {
                throw Stopped.notChecked("it has more than " + MOST_DIRECTORIES + " directories");
            }
            waiting.add(value(tag, i, what));
        }
    }

    private long value(Tag tag, long index, String what) throws IOException {
        if (++values > MOST_VALUES) {
            throw Stopped.notChecked("it states more than " + MOST_VALUES + " tiles");
        }
        long at = tag.position() + index * tag.size();
        return switch (tag.size()) {
            case 1 -> in.u8(at, what);
            case 2 -> in.u16(at, what);
            case 4 -> in.u32(at, what);
            default -> in.s64(at, what);
        };
    }

    private long single(Map<Integer, Tag> tags, int tag, long absent, String what) throws IOException {
        Tag found = tags.get(tag);
        return found == null || found.count() < 1 ? absent : value(found, 0, what);
    }

    private void image(Map<Integer, Tag> tags, String what) throws IOException {
        boolean tiled = tags.containsKey(TILE_OFFSETS);
        Tag offsets = tags.get(tiled ? TILE_OFFSETS : STRIP_OFFSETS);
        if (offsets == null) {
            // Directories of metadata have no pixels.
            return;
        }
        images++;
        String piece = tiled ? "tile" : "strip";
        long width = single(tags, WIDTH, 0, what);
        long height = single(tags, HEIGHT, 0, what);
        if (width < 1 || height < 1) {
            throw Stopped.broken(what + " states no size in pixels");
        }
        Tag sizes = tags.get(tiled ? TILE_SIZES : STRIP_SIZES);
        if (sizes != null && sizes.count() != offsets.count()) {
            throw Stopped.broken(what + " has " + offsets.count() + " offsets of " + piece + "s and " + sizes.count()
                    + " sizes of them");
        }
        long across = tiled ? pieces(width, single(tags, TILE_WIDTH, 0, what)) : 1;
        long down = pieces(height, single(tags, tiled ? TILE_HEIGHT : ROWS_PER_STRIP, height, what));
        long planes = single(tags, PLANAR, 1, what) == 2 ? single(tags, SAMPLES, 1, what) : 1;
        if (across < 1 || down < 1 || offsets.count() < 1 || offsets.count() / across / planes < down) {
            throw Stopped.broken(
                    what + " of " + width + " × " + height + " pixels lacks " + piece + "s: it has " + offsets.count());
        }
        for (long i = 0; i < offsets.count(); i++) {
            inside(value(offsets, i, what), sizes == null ? 1 : value(sizes, i, what), piece + " " + (i + 1), what);
        }
    }

    /** The number of pieces of that length in a whole; 0 if the length is none. */
    private static long pieces(long whole, long length) {
        return length < 1 ? 0 : (whole + Math.min(length, whole) - 1) / Math.min(length, whole);
    }

    /** A tile without bytes is one that the writer left empty. */
    private void inside(long offset, long bytes, String piece, String what) throws IOException {
        if (bytes != 0 && offset != 0 && (offset < 0 || bytes < 0 || offset > in.length() - bytes)) {
            throw Stopped.broken(
                    piece + " of " + what.replaceFirst("^the directory of ", "") + " is cut off: it should be bytes "
                            + offset + " to " + (offset + bytes - 1) + ", and the file ends at byte " + in.length());
        }
    }
}
