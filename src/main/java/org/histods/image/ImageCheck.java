package org.histods.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.histods.concurrent.Parallel;
import org.histods.problem.Problem;

/**
 * Checks whether an image file can be opened. TIFF and its relatives (SVS, NDPI) and DICOM are checked by their structure:
 * whether every directory, tile and element is inside the file. PNG, JPEG and GIF are decoded, one row at a time; BMP
 * is checked by its size. Memory is bounded, whatever a file claims. A file that opens may still have damaged pixels in
 * its tiles.
 */
public final class ImageCheck {

    private static final Set<String> TIFF = Set.of("tif", "tiff", "svs", "ndpi", "scn", "bif", "btf", "tf8", "qptiff");
    private static final Set<String> DICOM = Set.of("dcm", "dicom");
    private static final Set<String> DECODED = Set.of("png", "jpg", "jpeg", "jpe", "gif", "bmp");

    /** The outcome for one file. */
    public enum Outcome {
        /** Nothing is wrong with its structure. */
        OPENS,
        /** It cannot be opened, or not completely. */
        BROKEN,
        /** It was not checked, because it is of a form that this check does not know. */
        NOT_CHECKED
    }

    /**
     * A result.
     *
     * @param why what is wrong, or why it was not checked; empty if it opens
     */
    public record Result(Outcome outcome, String why) {
        static final Result OPENS = new Result(Outcome.OPENS, "");
    }

    /** A file is broken, or has a form that cannot be checked. */
    static final class Stopped extends IOException {
        private static final long serialVersionUID = 1L;

        private final Outcome outcome;

        private Stopped(Outcome outcome, String why) {
            super(why);
            this.outcome = outcome;
        }

        static Stopped broken(String why) {
            return new Stopped(Outcome.BROKEN, why);
        }

        static Stopped notChecked(String why) {
            return new Stopped(Outcome.NOT_CHECKED, why);
        }

        Result result() {
            return new Result(outcome, String.valueOf(getMessage()));
        }
    }

    private ImageCheck() {}

    private static String ending(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /** Whether a file of that name is one that this check is for. */
    public static boolean isImage(String name) {
        String ending = ending(name);
        return TIFF.contains(ending) || DICOM.contains(ending) || DECODED.contains(ending);
    }

    /**
     * Checks files, several at a time; the results have the same order.
     *
     * @throws IOException if one cannot be read from the disk
     */
    public static List<Result> of(List<Path> files) throws Problem, IOException {
        return Parallel.map(Runtime.getRuntime().availableProcessors(), files, (Path file) -> of(file));
    }

    /**
     * Checks a file.
     *
     * @throws IOException if it cannot be read from the disk
     */
    public static Result of(Path file) throws IOException {
        String ending = ending(String.valueOf(file.getFileName()));
        try (FileWindow in = new FileWindow(file)) {
            if (in.length() == 0) {
                throw Stopped.broken("it is empty");
            }
            if (TIFF.contains(ending)) {
                new TiffStructure(in).check();
            } else if (DICOM.contains(ending)) {
                new DicomStructure(in).check();
            } else {
                PlatformDecoder.check(file, in);
            }
            return Result.OPENS;
        } catch (Stopped e) {
            return e.result();
        }
    }
}
