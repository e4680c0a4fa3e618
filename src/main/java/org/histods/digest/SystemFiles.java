package org.histods.digest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Files that operating systems create beside those of people: Finder, Spotlight and the Trash of macOS, Explorer of
 * Windows, the index of Synology's disk stations. They are never files of a dataset.
 */
public final class SystemFiles {

    private static final Pattern PATH =
            Pattern.compile("(?:^|/)(?:(?:__MACOSX|\\.Spotlight-V100|\\.fseventsd|\\.Trashes|@eaDir)(?:/|$)"
                    + "|(?:\\.DS_Store|Icon\r|(?i:Thumbs\\.db|desktop\\.ini))$)");

    private SystemFiles() {}

    /** Whether a file or folder of that path, with slashes, is the system's whatever it contains. */
    public static boolean isPath(String path) {
        return PATH.matcher(path).find();
    }

    /** Whether a file of that name is AppleDouble if its content begins as that does. */
    public static boolean mayBeAppleDouble(String name) {
        return name.startsWith("._");
    }

    /**
     * Whether content is AppleDouble (RFC 1740): what macOS knows of a file besides its content, packed beside it. An empty
     * file is not.
     *
     * @param first the first bytes
     * @param length how many of them are known
     */
    public static boolean isAppleDouble(byte[] first, int length) {
        return length >= 4 && first[0] == 0 && first[1] == 5 && first[2] == 0x16 && first[3] == 7;
    }

    /** Whether a file on this computer is the system's, by its path with slashes or its content. */
    public static boolean isFile(Path file, String path) throws IOException {
        if (isPath(path)) {
            return true;
        }
        if (!mayBeAppleDouble(path.substring(path.lastIndexOf('/') + 1))) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] first = in.readNBytes(4);
            return isAppleDouble(first, first.length);
        }
    }
}
