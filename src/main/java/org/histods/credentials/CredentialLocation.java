package org.histods.credentials;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.histods.problem.Problem;
import org.histods.yaml.YamlText;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A place where a host's own tools look for credentials. A damaged place is a problem that names it, not its content. */
public sealed interface CredentialLocation {

    /** The name in the documentation, such as {@code ~/.kaggle/kaggle.json}. */
    String name();

    /** The credentials there; empty if the place does not exist. */
    Optional<Found> read(UserEnvironment environment) throws Problem;

    /**
     * A secret and its place.
     *
     * @param from the place, for messages
     */
    record Found(Secret secret, String from) {}

    /** A token in a variable or, if {@code orFile}, in the file that the variable names. */
    record Variable(String name, boolean orFile) implements CredentialLocation {
        @Override
        public Optional<Found> read(UserEnvironment environment) throws Problem {
            Optional<Path> file = orFile ? environment.path("$" + name).filter(Files::isRegularFile) : Optional.empty();
            if (file.isPresent()) {
                return new Token("$" + name).read(environment);
            }
            String value = environment.variable(name).orElse(null);
            return value == null ? Optional.empty() : Optional.of(new Found(token(name, value), name));
        }
    }

    /** A user and a key in two variables, which must both be set. */
    record Variables(String user, String key) implements CredentialLocation {
        @Override
        public String name() {
            return user + " and " + key;
        }

        @Override
        public Optional<Found> read(UserEnvironment environment) throws Problem {
            Optional<String> who = environment.variable(user);
            Optional<String> what = environment.variable(key);
            return who.isEmpty() || what.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Found(pair(name(), who.get(), what.get()), name()));
        }
    }

    /** A file that holds only a token. */
    record Token(String name) implements CredentialLocation {
        @Override
        public Optional<Found> read(UserEnvironment environment) throws Problem {
            Path file = environment.path(name).orElse(null);
            String text = file == null ? null : text(file, environment);
            return file == null || text == null
                    ? Optional.empty()
                    : Optional.of(new Found(token(environment.shown(file), text), environment.shown(file)));
        }
    }

    /**
     * A JSON or YAML file with credentials in these fields.
     *
     * @param user path of the field with the user; empty for a token
     * @param key path of the field with the token or the key
     */
    record Fields(String name, List<String> user, List<String> key) implements CredentialLocation {
        @Override
        public Optional<Found> read(UserEnvironment environment) throws Problem {
            Path file = environment.path(name).orElse(null);
            String text = file == null ? null : text(file, environment);
            if (file == null || text == null) {
                return Optional.empty();
            }
            String shown = environment.shown(file);
            JsonNode node = parse(shown, text);
            String what = at(node, key);
            String who = at(node, user);
            if (user.isEmpty()) {
                // A tool that keeps its token in the system's keyring leaves it out of the file.
                return what.isEmpty() ? Optional.empty() : Optional.of(new Found(token(shown, what), shown));
            }
            return Optional.of(new Found(pair(shown, who, what), shown));
        }

        /** The user and the key in the text of such a file; empty if they are not there. */
        Optional<Secret> parse(String text) {
            try {
                JsonNode node = new JsonMapper().readTree(text);
                return Optional.of(new Secret(at(node, user), at(node, key)));
            } catch (JacksonException | IllegalArgumentException ignored) {
                // Its message may contain the secret.
                return Optional.empty();
            }
        }

        private JsonNode parse(String shown, String text) throws Problem {
            try {
                JsonNode node = name.endsWith(".json") ? new JsonMapper().readTree(text) : YamlText.tree(text);
                if (node != null && node.isObject()) {
                    return node;
                }
            } catch (JacksonException ignored) {
                // Its message may hold the file's content.
            }
            throw damaged(shown, name.endsWith(".json") ? "is not JSON" : "is not YAML");
        }

        private static String at(JsonNode node, List<String> fields) {
            JsonNode at = node;
            for (String field : fields) {
                at = at.path(field);
            }
            return at.isString() ? at.asString() : "";
        }
    }

    /** The text of a file; null if it does not exist. */
    private static @Nullable String text(Path file, UserEnvironment environment) throws Problem {
        try {
            // Bytes that are not UTF-8 become a character that no token has.
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw unreadable(environment.shown(file), e);
        }
    }

    private static Secret token(String shown, String text) throws Problem {
        try {
            return Secret.token(text);
        } catch (IllegalArgumentException e) {
            throw damaged(shown, "does not contain a token: it " + e.getMessage());
        }
    }

    private static Secret pair(String shown, String user, String key) throws Problem {
        try {
            return new Secret(user.strip(), key.strip());
        } catch (IllegalArgumentException e) {
            throw damaged(
                    shown,
                    "does not contain a user and a key: one of them is missing, empty or has an invalid"
                            + " character");
        }
    }

    /** The file cannot be read. */
    static Problem unreadable(String shown, IOException e) {
        return damaged(shown, "cannot be read (" + Problem.why(e) + ")");
    }

    /** {@code USAGE}: the file is the user's. */
    static Problem damaged(String shown, String what) {
        return new Problem(
                Problem.Kind.USAGE,
                shown + " " + what + "; its credentials are not used",
                "fix or remove it; `histods login` lists the known credentials");
    }
}
