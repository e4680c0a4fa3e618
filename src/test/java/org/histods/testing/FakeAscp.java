package org.histods.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.histods.transport.AscpInstallation;

/**
 * A program that takes the place of IBM's {@code ascp}: it serves files from a folder, as a package's server would, with
 * the faults that a test scripts. It refuses a caller without the token in the environment, or with it on the command line.
 * It follows IBM's documentation; the real program was not tried.
 */
public final class FakeAscp {

    /** The token that it accepts. */
    public static final String TOKEN = "ATM3_fasp-token-of-the-test";

    private static final String SCRIPT = """
            #!/usr/bin/env bash
            here="$(cd "$(dirname "$0")" && pwd)"
            for arg in "$@"; do
              case "$arg" in *%TOKEN%*) echo "the token is on the command line" >&2; exit 99;; esac
            done
            printf '%s' "$(IFS='|'; echo "$*")" | tr '\\n' ' ' | sed 's/$/\\n/' >> "$here/calls"
            env | sed 's/=.*//' >> "$here/environment"
            from=0
            while [ $# -gt 2 ]; do
              if [ "$1" = "-@" ]; then from="${2%:}"; fi
              shift
            done
            source="$1"
            if [ "$2" != "stdio://" ]; then echo "unknown destination $2" >&2; exit 98; fi
            if [ "$ASPERA_SCP_TOKEN" != "%TOKEN%" ]; then
              printf 'ascp: failed to authenticate, exiting.\\n\\nSession Stop  (Error: failed to authenticate)\\n' >&2; exit 1
            fi
            file="$here/files$source"
            next="$here/next$source"
            step=""
            if [ -s "$next" ]; then step="$(head -n 1 "$next")"; sed -i 1d "$next"; fi
            set -- $step
            case "$1" in
              die) tail -c +$((from + 1)) "$file" | head -c "$2"
                   echo "Session Stop  (Error: Session data transfer timeout, token $ASPERA_SCP_TOKEN)" >&2; exit 1;;
              hang) echo $$ >> "$here/hanging"; tail -c +$((from + 1)) "$file" | head -c "$2"; sleep 600; exit 1;;
              deaf) cat "$file"; exit 0;;
              refuse) printf 'Session Stop  (Error: failed to authenticate)\\n' >&2; exit 1;;
            esac
            if [ ! -e "$file" ]; then echo "Session Stop  (Error: Server aborted session: No such file or directory)" >&2; exit 1; fi
            tail -c +$((from + 1)) "$file"
            """;

    private final Path folder;

    public FakeAscp(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder);
        Files.writeString(program(), SCRIPT.replace("%TOKEN%", TOKEN));
        if (!program().toFile().setExecutable(true)) {
            throw new IOException("cannot make " + program() + " executable");
        }
        Files.writeString(folder.resolve("aspera_bypass_rsa.pem"), "no real key");
    }

    public Path program() {
        return folder.resolve("ascp");
    }

    public AscpInstallation aspera() {
        return new AscpInstallation(program(), folder.resolve("aspera_bypass_rsa.pem"));
    }

    /** Serves these bytes at that path of the server, such as {@code /store/a.svs}. */
    public void put(String source, byte[] bytes) throws IOException {
        write(folder.resolve("files" + source), bytes);
    }

    /** What the next runs for that file do: {@code die N}, {@code hang N}, {@code deaf} to a range, {@code refuse}. */
    public void next(String source, String... steps) throws IOException {
        write(folder.resolve("next" + source), (String.join("\n", steps) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.write(
                file, bytes, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    }

    /** The arguments of each run, with {@code |} between them. */
    public List<String> calls() throws IOException {
        return lines("calls");
    }

    /** The names of all variables that any run could see. */
    public List<String> environment() throws IOException {
        return lines("environment");
    }

    /** The processes that a script made hang. */
    public List<Long> hanging() throws IOException {
        return lines("hanging").stream().map(Long::valueOf).toList();
    }

    private List<String> lines(String name) throws IOException {
        Path file = folder.resolve(name);
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    /** A transfer specification for that file, as a Faspex gives it. */
    public static String specification(String source) {
        Map<String, String> fields = new TreeMap<>();
        fields.put("remote_host", "\"144.30.0.1\"");
        fields.put("remote_user", "\"faspex\"");
        fields.put("ssh_port", "33001");
        fields.put("fasp_port", "33001");
        fields.put("direction", "\"receive\"");
        fields.put("token", "\"" + TOKEN + "\"");
        fields.put("cookie", "\"cookie-of-the-test\"");
        fields.put("paths", "[{\"source\": \"" + source + "\"}]");
        StringBuilder out = new StringBuilder("{");
        fields.forEach((name, value) -> out.append(out.length() > 1 ? ", " : "")
                .append("\"" + name + "\": ")
                .append(value));
        return out.append("}").toString();
    }
}
