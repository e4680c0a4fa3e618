package org.histods.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.histods.image.ImageCheck.Outcome;
import org.histods.testing.TiffFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageCheckTest {

    @TempDir
    Path folder;

    private ImageCheck.Result check(String name, byte[] content) throws IOException {
        return ImageCheck.of(Files.write(folder.resolve(name), content));
    }

    private void broken(String name, byte[] content, String why) throws IOException {
        ImageCheck.Result result = check(name, content);
        assertEquals(Outcome.BROKEN, result.outcome(), result.toString());
        assertTrue(result.why().contains(why), result.why());
    }

    private void opens(String name, byte[] content) throws IOException {
        assertEquals(new ImageCheck.Result(Outcome.OPENS, ""), check(name, content));
    }

    private static byte[] picture(String format, int size) throws IOException {
        BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_3BYTE_BGR);
        Random random = new Random(7);
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                image.setRGB(x, y, random.nextInt(0x1000000));
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(image, format, out));
        return out.toByteArray();
    }

    @Test
    void tiff_opensInBothFormatsAndOrders() throws Exception {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            opens("a.svs", TiffFile.of(3, false, order));
            opens("b.tiff", TiffFile.of(3, true, order));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tiffThatIsCutOffAnywhere_isBroken(boolean big) throws Exception {
        byte[] whole = TiffFile.of(3, big, ByteOrder.LITTLE_ENDIAN);
        for (int length = 0; length < whole.length; length += 37) {
            ImageCheck.Result result = check("cut.svs", Arrays.copyOf(whole, length));
            assertEquals(Outcome.BROKEN, result.outcome(), length + ": " + result);
        }
    }

    @Test
    void tiff_saysWhatIsWrong() throws Exception {
        byte[] whole = TiffFile.of(1, false, ByteOrder.LITTLE_ENDIAN);
        broken("a.tif", "hello, I am no image".getBytes(StandardCharsets.UTF_8), "does not begin like a TIFF file");
        ByteBuffer looped = ByteBuffer.wrap(whole.clone()).order(ByteOrder.LITTLE_ENDIAN);
        looped.putInt(whole.length - 4, looped.getInt(4));
        broken("b.tif", looped.array(), "form a loop");
        ByteBuffer outside = ByteBuffer.wrap(whole.clone()).order(ByteOrder.LITTLE_ENDIAN);
        outside.putInt(whole.length - 4, 99_999);
        broken("c.tif", outside.array(), "the directory of image 2 at byte 99999 is cut off");
        ByteBuffer tile = ByteBuffer.wrap(whole.clone()).order(ByteOrder.LITTLE_ENDIAN);
        tile.putInt(8 + 4 * 256 + 8, 99_999);
        broken("d.tif", tile.array(), "tile 3 of image 1 is cut off: it should be bytes 99999 to 100254");
        ByteBuffer few = ByteBuffer.wrap(whole.clone()).order(ByteOrder.LITTLE_ENDIAN);
        few.putInt(8 + 4 * 256 + 32 + 2 + 8, 33);
        broken("e.tif", few.array(), "image 1 of 33 × 32 pixels lacks tiles: it has 4");
        broken("f.tif", new byte[0], "it is empty");
    }

    @Test
    void tiffThatStatesBillionsOfTiles_endsSoon() throws Exception {
        byte[] whole = TiffFile.of(1, true, ByteOrder.LITTLE_ENDIAN);
        ByteBuffer many = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
        int first = 16 + 4 * 256 + 32 + 8;
        many.putLong(first + 4 * 20 + 4, Long.MAX_VALUE / 8);
        many.putLong(first + 5 * 20 + 4, Long.MAX_VALUE / 8);
        assertNotEquals(Outcome.OPENS, check("a.tif", whole).outcome());
    }

    @Test
    void slideOverFourGigabytes_isReadAtItsEnd() throws Exception {
        byte[] whole = TiffFile.of(1, true, ByteOrder.LITTLE_ENDIAN);
        long far = 5L << 30;
        ByteBuffer moved = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
        moved.putLong(8, far);
        Path file = folder.resolve("large.svs");
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.write(whole);
            out.seek(far);
            int directory = 16 + 4 * 256 + 32;
            out.write(whole, directory, whole.length - directory);
        }
        assertEquals(Outcome.OPENS, ImageCheck.of(file).outcome());
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "gif", "bmp"})
    void picture_opens_andIsBrokenIfItIsCutOff(String format) throws Exception {
        byte[] whole = picture(format, 64);
        opens("a." + format, whole);
        broken("cut." + format, Arrays.copyOf(whole, whole.length / 2), "");
        broken("none." + format, "hello, hello".getBytes(StandardCharsets.UTF_8), "does not begin like");
    }

    @Test
    void jpegThatIsNamedPng_opensAsViewersOpenIt() throws Exception {
        opens("a.png", picture("jpg", 16));
    }

    @Test
    void pictureThatStatesTooManyPixels_isNotDecodedAndNotCalledGood() throws Exception {
        byte[] png = picture("png", 16);
        ByteBuffer.wrap(png).putInt(16, 900_000).putInt(20, 900_000);
        ImageCheck.Result result = check("bomb.png", png);
        assertEquals(Outcome.NOT_CHECKED, result.outcome(), result.toString());
        assertTrue(result.why().contains("900000 × 900000 pixels"), result.why());
    }

    /** A DICOM file with a sequence and two frames. */
    private static byte[] dicom(String syntax) {
        ByteBuffer out = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
        out.position(128);
        out.put("DICM".getBytes(StandardCharsets.US_ASCII));
        byte[] uid = (syntax + (syntax.length() % 2 == 0 ? "" : "\0")).getBytes(StandardCharsets.US_ASCII);
        tag(out, 2, 0x10, "UI").putShort((short) uid.length).put(uid);
        tag(out, 8, 0x60, "CS").putShort((short) 2).put(new byte[] {'S', 'M'});
        tag(out, 0x40, 0x512, "SQ").putShort((short) 0).putInt(-1);
        out.putShort((short) 0xfffe).putShort((short) 0xe000).putInt(-1);
        tag(out, 0x40, 0x551, "LO").putShort((short) 2).put(new byte[] {'x', ' '});
        out.putShort((short) 0xfffe).putShort((short) 0xe00d).putInt(0);
        out.putShort((short) 0xfffe).putShort((short) 0xe0dd).putInt(0);
        tag(out, 0x7fe0, 0x10, "OB").putShort((short) 0).putInt(-1);
        for (int size : new int[] {0, 100, 60}) {
            out.putShort((short) 0xfffe).putShort((short) 0xe000).putInt(size).put(new byte[size]);
        }
        out.putShort((short) 0xfffe).putShort((short) 0xe0dd).putInt(0);
        return Arrays.copyOf(out.array(), out.position());
    }

    private static ByteBuffer tag(ByteBuffer out, int group, int element, String kind) {
        return out.putShort((short) group).putShort((short) element).put(kind.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void dicom_opens_andIsBrokenIfItIsCutOffAnywhere() throws Exception {
        byte[] whole = dicom("1.2.840.10008.1.2.4.50");
        opens("a.dcm", whole);
        for (int length = 0; length < whole.length; length++) {
            ImageCheck.Result result = check("cut.dcm", Arrays.copyOf(whole, length));
            // Between two elements before the pixels, it may be a report.
            assertNotEquals(Outcome.OPENS, result.outcome(), length + ": " + result);
        }
        assertEquals(
                Outcome.NOT_CHECKED,
                check("b.dcm", dicom("1.2.840.10008.1.2.1.99")).outcome());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.svs", "a.dcm", "a.png", "a.jpg", "a.gif", "a.bmp"})
    void damagedFiles_neverEndTheCheck(String name) throws Exception {
        byte[] whole = name.endsWith("svs")
                ? TiffFile.of(2, false, ByteOrder.LITTLE_ENDIAN)
                : name.endsWith("dcm") ? dicom("1.2.840.10008.1.2.1") : picture(name.substring(2), 12);
        Random random = new Random(11);
        for (int i = 0; i < 150; i++) {
            byte[] damaged = whole.clone();
            for (int k = 0; k < 4; k++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            check(name, damaged);
        }
    }
}
