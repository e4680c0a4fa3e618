package org.histods.credentials;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.histods.problem.Problem;
import org.histods.yaml.YamlText;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Where a host's own tools look for a login. A place that is damaged is a problem that names it and not its content. */
public sealed interface CredentialLocation {

    /** As the documentation has it. */
    String name();

    /** What is there; empty where the place does not exist. */
    Optional<At> look(UserEnvironment around) throws Problem;

    /**
     * A secret and where it was.
     *
     * @param from for people
     */
    record At(Secret secret, String from) {}

    /** A token in a variable, or, where {@code orFile}, in the file that the variable names. */
    record Variable(String name, boolean orFile) implements CredentialLocation {
        @Override
        public Optional<At> look(UserEnvironment around) throws Problem {
            Optional<Path> file = orFile ? around.path("$" + name).filter(Files::isRegularFile) : Optional.empty();
            if (file.isPresent()) {
                return new Token("$" + name).look(around);
            }
            String value = around.variable(name).orElse(null);
            return value == null ? Optional.empty() : Optional.of(new At(token(name, value), name));
        }
    }

    /** A name and a key in two variables, of which both must be set. */
    record Variables(String user, String key) implements CredentialLocation {
        @Override
        public String name() {
            return user + " and " + key;
        }

        @Override
        public Optional<At> look(UserEnvironment around) throws Problem {
            Optional<String> who = around.variable(user);
            Optional<String> what = around.variable(key);
            return who.isEmpty() || what.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new At(pair(name(), who.get(), what.get()), name()));
        }
    }

    /** A file that holds a token and nothing else. */
    record Token(String name) implements CredentialLocation {
        @Override
        public Optional<At> look(UserEnvironment around) throws Problem {
            Path file = around.path(name).orElse(null);
            String text = file == null ? null : read(file, around);
            return file == null || text == null
                    ? Optional.empty()
                    : Optional.of(new At(token(around.shown(file), text), around.shown(file)));
        }
    }

    /**
     * A file of JSON or YAML that holds a login in these fields.
     *
     * @param user where the name is; empty for a token alone
     * @param key where the token or the key is
     */
    record Fields(String name, List<String> user, List<String> key) implements CredentialLocation {
        @Override
        public Optional<At> look(UserEnvironment around) throws Problem {
            Path file = around.path(name).orElse(null);
            String text = file == null ? null : read(file, around);
            if (file == null || text == null) {
                return Optional.empty();
            }
            String shown = around.shown(file);
            JsonNode node = parse(shown, text);
            String what = at(node, key);
            String who = at(node, user);
            if (user.isEmpty()) {
                // Where the tool keeps its token in the system's keyring, the file lacks it.
                return what.isEmpty() ? Optional.empty() : Optional.of(new At(token(shown, what), shown));
            }
            return Optional.of(new At(pair(shown, who, what), shown));
        }

        private JsonNode parse(String shown, String text) throws Problem {
            try {
                JsonNode node = name.endsWith(".json") ? new JsonMapper().readTree(text) : YamlText.tree(text);
                if (node != null && node.isObject()) {
                    return node;
                }
            } catch (JacksonException ignored) {
                // Its message may hold what stands in the file.
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

    private static @org.jspecify.annotations.Nullable String read(Path file, UserEnvironment around) throws Problem {
        try {
            // What is no text has a character that no token has.
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw unreadable(around.shown(file), e);
        }
    }

    private static Secret token(String shown, String text) throws Problem {
        try {
            return Secret.token(text);
        } catch (IllegalArgumentException e) {
            throw damaged(shown, "holds no token: it " + e.getMessage());
        }
    }

    private static Secret pair(String shown, String user, String key) throws Problem {
        try {
            return new Secret(user.strip(), key.strip());
        } catch (IllegalArgumentException e) {
            throw damaged(shown, "holds no name and key: one of them is missing, empty or has an odd character");
        }
    }

    /** Says why without the content. */
    static Problem unreadable(String shown, IOException e) {
        String why = e instanceof AccessDeniedException
                ? "permission denied"
                : e.getClass().getSimpleName();
        return damaged(shown, "cannot be read (" + why + ")");
    }

    /** {@code USAGE}: the file is the user's. */
    static Problem damaged(String shown, String what) {
        return new Problem(
                Problem.Kind.USAGE,
                "the login in " + shown + " is not used: it " + what,
                "mend or remove it; `histods login` shows what is known");
    }
}
