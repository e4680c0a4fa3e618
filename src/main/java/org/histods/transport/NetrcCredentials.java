package org.histods.transport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Logins from a {@code .netrc} file, sent as HTTP Basic. The {@code default} entry is left out on purpose: it would
 * hand one login to every host that a redirect leads to.
 */
public final class NetrcCredentials implements Credentials {

    private final Map<String, Header> byHost;

    private NetrcCredentials(Map<String, Header> byHost) {
        this.byHost = Map.copyOf(byHost);
    }

    /**
     * Reads the file; one that does not exist holds no login.
     *
     * @throws Problem {@code DISK} if it exists and cannot be read
     */
    public static NetrcCredentials read(Path file) throws Problem {
        try {
            // Any byte is a character of ISO 8859-1, so an odd password elsewhere in the file never stops us.
            return new NetrcCredentials(parse(Files.readAllLines(file, StandardCharsets.ISO_8859_1)));
        } catch (NoSuchFileException e) {
            return new NetrcCredentials(Map.of());
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.DISK,
                    "could not read the logins in " + file + ": " + e.getMessage(),
                    "make the file readable for you alone: chmod 600 " + file,
                    List.of(),
                    e);
        }
    }

    @Override
    public Optional<Header> forHost(String host) {
        return Optional.ofNullable(byHost.get(host.toLowerCase(Locale.ROOT)));
    }

    private static Map<String, Header> parse(List<String> lines) {
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
                case "password" -> add(found, machine, login, words.poll());
                default -> {}
            }
        }
        return found;
    }

    private static void add(
            Map<String, Header> found, @Nullable String machine, @Nullable String login, @Nullable String password) {
        if (machine != null && login != null && password != null) {
            byte[] pair = (login + ":" + password).getBytes(StandardCharsets.ISO_8859_1);
            Header header =
                    new Header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
            found.putIfAbsent(machine.toLowerCase(Locale.ROOT), header);
        }
    }

    /** Without comment lines and without macros, which end at an empty line. */
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
