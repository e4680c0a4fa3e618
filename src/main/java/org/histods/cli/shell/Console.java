package org.histods.cli.shell;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.histods.problem.Problem;
import org.histods.text.Count;
import org.histods.text.TerminalText;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Output of the program: data on standard output, messages on standard error. With {@code --json} the data are one JSON
 * object per line. Colour repeats what the words say and never carries meaning alone.
 */
public final class Console {

    /** How progress is shown. */
    public enum ProgressMode {
        AUTO,
        PLAIN,
        NONE
    }

    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;
    private final boolean colour;
    private final int width;
    private final int tableWidth;
    private @Nullable String mark;
    private @Nullable JsonMapper mapper;
    private boolean json;
    private boolean quiet;
    private ProgressMode progress = ProgressMode.AUTO;
    private String statusLine = "";

    /**
     * @param terminal whether standard error is a terminal
     * @param colour whether to use colours
     * @param width columns of the terminal
     * @param tableWidth columns for tables; very large if standard output is not a terminal, so that tables are not cut
     */
    public Console(PrintStream out, PrintStream err, boolean terminal, boolean colour, int width, int tableWidth) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
        this.colour = colour;
        this.width = width;
        this.tableWidth = tableWidth;
    }

    /** Applies the global options. */
    public synchronized void configure(boolean json, boolean quiet, ProgressMode progress) {
        this.json = json;
        this.quiet = quiet;
        this.progress = progress;
    }

    /** Whether text may have colours. */
    public boolean colour() {
        return colour;
    }

    /** Whether data are printed as JSON. */
    public boolean json() {
        return json;
    }

    /** Columns for tables. */
    public int tableWidth() {
        return tableWidth;
    }

    /** The text as lines of at most 110 columns that fit the terminal, each with that indent; at least one line. */
    public List<String> wrap(String text, String indent) {
        int room = Math.min(110, width) - indent.length();
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.strip().split("\\s+")) {
            if (line.length() > 0 && line.length() + 1 + word.length() > room) {
                lines.add(indent + line);
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        lines.add(indent + line);
        return lines;
    }

    /** Whether progress is one line that is redrawn. */
    boolean liveProgress() {
        return terminal && progress == ProgressMode.AUTO && !quiet;
    }

    /** Whether progress is a line from time to time. */
    boolean plainProgress() {
        return !quiet && progress != ProgressMode.NONE && !liveProgress();
    }

    /** Prints a line of requested data; nothing with {@code --json}. */
    public synchronized void data(String line) {
        if (!json) {
            clearStatus();
            out.println(safe(line));
            out.flush();
        }
    }

    /** Prints what a command did or found, as a line on standard output; nothing with {@code --quiet} or {@code --json}. */
    public void result(String line) {
        if (!quiet) {
            data(line);
        }
    }

    /** Prints a line about a failed check: as a result, or with {@code --quiet} on standard error. */
    public synchronized void failure(String line) {
        if (quiet) {
            clearStatus();
            err.println(safe(line));
        } else {
            data(line);
        }
    }

    /** Prints an object of data, with {@code --json} only. */
    public synchronized void object(Map<String, ?> object) {
        if (json) {
            clearStatus();
            if (mapper == null) {
                mapper = new JsonMapper();
            }
            // In JSON, the escapes mean the same characters.
            out.println(TerminalText.safe(mapper.writeValueAsString(object)));
            out.flush();
        }
    }

    /** Prints data that are the same with and without {@code --json}, such as the text of a manifest. */
    public synchronized void raw(String text) {
        clearStatus();
        out.print(safe(text));
        out.flush();
    }

    /** Prints a message about what happens; nothing with {@code --quiet}. */
    public synchronized void say(String line) {
        if (!quiet) {
            clearStatus();
            err.println(safe(line));
            drawStatus();
        }
    }

    /** Prints a message that the user must see even with {@code --quiet}. */
    public synchronized void warn(String line) {
        clearStatus();
        err.println(safe(paint("33", "histods: ") + line));
        drawStatus();
    }

    /** Replaces the progress line; nothing if there is no terminal. */
    public synchronized void status(String line) {
        if (liveProgress()) {
            clearStatus();
            String text = safe(line);
            statusLine = text.length() >= width ? text.substring(0, Math.max(0, width - 1)) : text;
            drawStatus();
        }
    }

    /** Removes the progress line. */
    public synchronized void endStatus() {
        clearStatus();
        statusLine = "";
    }

    private void clearStatus() {
        if (!statusLine.isEmpty()) {
            err.print("\r\u001b[2K");
            err.flush();
        }
    }

    private void drawStatus() {
        if (!statusLine.isEmpty()) {
            // Without wrapping, because the terminal may be narrower now than at the start.
            err.print("\r\u001b[?7l" + statusLine + "\u001b[?7h");
            err.flush();
        }
    }

    /**
     * Prints an error: message, attempts and hint; with {@code --json} also as an object.
     *
     * @param dataset the dataset it is about; empty if none
     */
    public synchronized void problem(String dataset, Problem problem) {
        endStatus();
        err.println(safe(paint("31", "histods: ") + (dataset.isEmpty() ? "" : dataset + ": ") + problem.message()));
        Map<String, Integer> attempts = new LinkedHashMap<>();
        problem.attempts().forEach(attempt -> attempts.merge(attempt(attempt), 1, Integer::sum));
        attempts.forEach((attempt, times) ->
                err.println(safe("  tried " + attempt + (times == 1 ? "" : " (" + times + " times)"))));
        if (problem.hint() != null) {
            err.println(safe("hint: " + problem.hint()));
        }
        object(json(dataset, problem));
    }

    private static String attempt(Problem.Attempt a) {
        StringBuilder line = new StringBuilder(a.source());
        if (a.url() != null) {
            line.append(' ').append(a.url());
        }
        if (a.status() != null) {
            line.append(": status ").append(a.status());
        }
        if (a.bytes() != null) {
            line.append(", ").append(Count.of(a.bytes(), "byte"));
        }
        return line.append(": ").append(a.cause()).toString();
    }

    private static Map<String, Object> json(String dataset, Problem problem) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("event", "problem");
        object.put("dataset", dataset.isEmpty() ? null : dataset);
        object.put("class", problem.kind().word());
        object.put("exit", problem.kind().exit());
        object.put("message", problem.message());
        object.put("hint", problem.hint());
        List<Map<String, Object>> attempts = new ArrayList<>();
        for (Problem.Attempt attempt : problem.attempts()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("source", attempt.source());
            one.put("url", attempt.url());
            one.put("status", attempt.status());
            one.put("bytes", attempt.bytes());
            one.put("cause", attempt.cause());
            attempts.add(one);
        }
        object.put("attempts", attempts);
        return object;
    }

    /**
     * The text in a colour. It is enclosed in marks that no other text can contain; {@link #safe} replaces them by escape
     * sequences.
     */
    synchronized String paint(String code, String text) {
        if (!colour) {
            return text;
        }
        if (mark == null) {
            mark = "\uf8ff" + UUID.randomUUID() + "\uf8ff";
        }
        return mark + code + "m" + text + mark + "0m";
    }

    /** Makes text safe for the terminal; all text passes through this method. */
    private synchronized String safe(String text) {
        String safe = TerminalText.safe(text);
        return mark == null ? safe : safe.replace(mark, "\u001b[");
    }

    /** The text in bold, if colours are used. */
    public String bold(String text) {
        return paint("1", text);
    }
}
