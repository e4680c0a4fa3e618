package org.histods.unpack;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipException;
import org.apache.commons.compress.utils.MultiReadOnlySeekableByteChannel;
import org.histods.problem.Problem;
import org.histods.unpack.stream.WindowedChannel;

/** Problems with one part of a split archive: which files are missing, and how to join them. */
public final class SplitArchives {

    /** A volume of the rar format, which is no piece that can be joined. */
    private static final Pattern RAR_VOLUME = Pattern.compile("(?i).+\\.part\\d+\\.rar|.+\\.r\\d{2,}");

    /** Split as the zip format defines it: {@code x.z01}, {@code x.z02} …, {@code x.zip}. */
    private static final Pattern ZIP_PART = Pattern.compile("(.+)\\.(z\\d{2,}|zip)", Pattern.CASE_INSENSITIVE);

    private SplitArchives() {}

    /** The name of the archive that a file of that name is a part of; empty for any other name. */
    public static Optional<String> whole(String name) {
        Optional<PieceName> cut = PieceName.of(name);
        if (cut.isPresent()) {
            return cut.map(PieceName::whole);
        }
        Matcher zip = ZIP_PART.matcher(name);
        return zip.matches() && !isLast(name) ? Optional.of(zip.group(1) + ".zip") : Optional.empty();
    }

    /** The problem with a file whose name is that of a part; empty for any other name. */
    static Optional<Problem> named(String name) {
        return named(name, whole(name).orElse(name));
    }

    /**
     * The problem with a file whose name is that of a part; empty for any other name.
     *
     * @param joined the name that the joined archive should have
     */
    public static Optional<Problem> named(String name, String joined) {
        Optional<PieceName> cut = PieceName.of(name);
        if (cut.isPresent()) {
            PieceName piece = cut.get();
            return Optional.of(problem(
                    name,
                    "the other parts of " + piece.whole() + " (those with other "
                            + (piece.inDigits() ? "numbers)" : "letters)"),
                    "cat " + piece.globs() + " > " + joined));
        }
        if (RAR_VOLUME.matcher(name).matches()) {
            return Optional.of(new Problem(
                    Problem.Kind.PERSON,
                    name + " is one volume of a rar archive, which histods cannot unpack",
                    "unpack all volumes with another program into one folder (unrar x " + name
                            + "), and give the folder with --from"));
        }
        Matcher zip = ZIP_PART.matcher(name);
        if (zip.matches() && !isLast(name)) {
            return Optional.of(
                    ofZip(name, zip.group(1), joined, "the last part " + zip.group(1) + ".zip and all between"));
        }
        return Optional.empty();
    }

    /** The problem with the last part of a split zip, which has that many parts before it. */
    static Problem lastOfZip(String name, int before) {
        Matcher zip = ZIP_PART.matcher(name);
        String stem = zip.matches() ? zip.group(1) : name;
        String missing = before == 1
                ? "the part " + stem + ".z01"
                : String.format(Locale.ROOT, "the parts %s.z01 to %s.z%02d", stem, stem, before);
        return ofZip(name, stem, stem + ".zip", missing);
    }

    /**
     * Whether the file, or its pieces one after the other, end like a zip that is not split by the zip format.
     *
     * @throws Problem {@code USAGE} if one cannot be read
     */
    public static boolean isWholeZip(List<Path> pieces) throws Problem {
        try (WindowedChannel channel =
                new WindowedChannel(MultiReadOnlySeekableByteChannel.forPaths(pieces.toArray(new Path[0])))) {
            return ZipEndRecord.find(channel).filter(end -> end.disk() == 0).isPresent();
        } catch (ZipException e) {
            // It has an end, and is damaged before it.
            return true;
        } catch (IOException e) {
            throw new Problem(Problem.Kind.USAGE, Problem.because("cannot read " + pieces.get(pieces.size() - 1), e));
        }
    }

    private static boolean isLast(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(".zip");
    }

    private static Problem ofZip(String name, String stem, String joined, String missing) {
        return problem(name, missing, "mkdir joined && zip -s 0 " + stem + ".zip --out joined/" + joined);
    }

    private static Problem problem(String name, String missing, String join) {
        return new Problem(
                Problem.Kind.PERSON,
                name + " is one part of a split archive and cannot be unpacked without " + missing,
                "download all parts, join them with '" + join + "', and give the joined archive with --from");
    }
}
