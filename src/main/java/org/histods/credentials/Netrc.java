package org.histods.credentials;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.histods.problem.Problem;
import org.histods.transport.Credentials.Header;
import org.jspecify.annotations.Nullable;

/**
 * Reads credentials from a {@code .netrc} file, for HTTP Basic. Ignores the {@code default} entry: it would send one
 * password to every host that a redirect leads to.
 */
final class Netrc {

    private Netrc() {}

    /**
     * The headers by host; empty if the file does not exist.
     *
     * @param shown the file's name for messages
     * @throws Problem {@code USAGE} if it exists and cannot be read
     */
    static Map<String, Header> read(Path file, String shown) throws Problem {
        try {
            // Every byte is a character of ISO 8859-1, so that no other entry makes the file unreadable.
            return parse(Files.readAllLines(file, StandardCharsets.ISO_8859_1), shown);
        } catch (NoSuchFileException e) {
            return Map.of();
        } catch (IOException e) {
            throw CredentialLocation.unreadable(shown, e);
        }
    }

    private static Map<String, Header> parse(List<String> lines, String shown) {
        Map<String, Header> found = new HashMap<>();
        Deque<String> words = words(lines);
        String machine = null;
        String login = null;
        while (!words.isEmpty()) {
            String word = words.remove();
            switch (word) {
                case "machine" -> {
                    machine = words.poll();
                    login = null;
                }
                case "default" -> {
                    machine = null;
                    login = null;
                }
                case "login" -> login = words.poll();
                case "account" -> words.poll();
                case "password" -> add(found, machine, login, words.poll(), shown);
                default -> {}
            }
        }
        return found;
    }

    private static void add(
            Map<String, Header> found,
            @Nullable String machine,
            @Nullable String login,
            @Nullable String password,
            String shown) {
        if (machine != null && login != null && password != null) {
            Header header = Header.basic(login, password, StandardCharsets.ISO_8859_1, shown);
            found.putIfAbsent(machine.toLowerCase(Locale.ROOT), header);
        }
    }

    /** The words outside comment lines and macros, which end at an empty line. */
    private static Deque<String> words(List<String> lines) {
        Deque<String> words = new ArrayDeque<>();
        boolean macro = false;
        for (String line : lines) {
            String text = line.strip();
            macro = !text.isEmpty() && (macro || text.startsWith("macdef"));
            if (!macro && !text.isEmpty() && !text.startsWith("#")) {
                words.addAll(List.of(text.split("\\s+")));
            }
        }
        return words;
    }
}
