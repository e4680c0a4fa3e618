package org.histods.image;

import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import org.histods.image.ImageCheck.Stopped;

/** Decodes PNG, JPEG and GIF with the decoders of the Java platform, one row at a time, and checks the size of BMP files. */
final class PlatformDecoder {

    /** The widest image that is decoded, in pixels. A row takes 8 MB at most. */
    private static final int WIDEST = 1_000_000;

    /** The largest image that is decoded, in pixels: about ten seconds. A file of a few kilobytes can claim to have more. */
    private static final long MOST_PIXELS = 500_000_000;

    /** The largest JPEG that is decoded, in pixels. A progressive one needs 6 bytes of memory for each pixel. */
    private static final long MOST_PIXELS_OF_A_JPEG = 100_000_000;

    private PlatformDecoder() {}

    /** The decoders go by content, as viewers do: a JPEG that is named .png opens. */
    private static String format(FileWindow in) throws IOException {
        if (in.length() >= 8 && in.s64(0, "the start") == 0x89504e470d0a1a0aL) {
            return "png";
        }
        int start = in.length() < 2 ? 0 : in.u16(0, "the start");
        return switch (start) {
            case 0xffd8 -> "jpeg";
            case 0x4749 -> "gif";
            case 0x424d -> "bmp";
            default -> throw Stopped.broken("it does not begin like a PNG, JPEG, GIF or BMP file");
        };
    }

    static void check(Path file, FileWindow window) throws IOException {
        String format = format(window);
        if (format.equals("bmp")) {
            bitmap(window);
            return;
        }
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
        if (!readers.hasNext()) {
            throw Stopped.notChecked("this Java has no decoder of " + format);
        }
        ImageReader reader = readers.next();
        List<String> warnings = new ArrayList<>();
        try (ImageInputStream in = new FileImageInputStream(file.toFile())) {
            reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
            reader.setInput(in, true, true);
            decode(reader, format);
        } catch (IIOException e) {
            String why = reason(e);
            // Valid but rare, such as arithmetic coding.
            throw why.contains("Unsupported") || why.startsWith("Sorry")
                    ? Stopped.notChecked("the decoder does not know its form: " + why)
                    : Stopped.broken("it cannot be decoded: " + why);
        } catch (EOFException e) {
            throw Stopped.broken("it is cut off");
        } catch (RuntimeException e) {
            throw Stopped.broken("it cannot be decoded: " + reason(e));
        } finally {
            reader.dispose();
        }
        for (String warning : warnings) {
            if (warning.toLowerCase(Locale.ROOT).contains("premature")) {
                throw Stopped.broken("it is cut off: " + warning);
            }
        }
    }

    /** Java's decoder of BMP takes missing rows for black ones. */
    private static void bitmap(FileWindow in) throws IOException {
        String what = "the header";
        in.order(ByteOrder.LITTLE_ENDIAN);
        long pixels = in.u32(10, what);
        long width = (int) in.u32(18, what);
        long height = Math.abs((int) in.u32(22, what));
        long row = (width * in.u16(28, what) + 31) / 32 * 4;
        if (in.u32(14, what) < 40 || in.u32(30, what) != 0) {
            throw Stopped.notChecked("it is a BMP file of an unusual kind");
        }
        if (width < 1 || height < 1 || pixels + row * height > in.length()) {
            throw Stopped.broken(
                    "it is cut off: " + width + " × " + height + " pixels do not fit into " + in.length() + " bytes");
        }
    }

    private static String reason(Exception e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static void decode(ImageReader reader, String format) throws IOException {
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        long most = format.equals("jpeg") ? MOST_PIXELS_OF_A_JPEG : MOST_PIXELS;
        if (width > WIDEST || (long) width * height > most) {
            throw Stopped.notChecked("it has " + width + " × " + height + " pixels, which are not decoded");
        }
        ImageReadParam param = reader.getDefaultReadParam();
        // Every row is decoded, and one pixel is kept.
        param.setSourceSubsampling(width, height, 0, 0);
        if (reader.canReadRaster()) {
            reader.readRaster(0, param);
        } else {
            BufferedImage ignored = reader.read(0, param);
            ignored.flush();
        }
    }
}
