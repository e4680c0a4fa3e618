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
import tools.jackson.databind.json.JsonMapper;

/**
 * Everything the program says. Data goes to standard output, talk to standard error; with {@code --json} the data are
 * one JSON object a line. Colour only underlines what the words already say.
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
    private final String mark = "\uf8ff" + UUID.randomUUID() + "\uf8ff";
    private final JsonMapper mapper = new JsonMapper();
    private boolean json;
    private boolean quiet;
    private ProgressMode progress = ProgressMode.AUTO;
    private String statusLine = "";

    /**
     * @param terminal whether standard error is a terminal
     * @param colour whether colours are welcome
     * @param width columns of the terminal
     */
    public Console(PrintStream out, PrintStream err, boolean terminal, boolean colour, int width) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
        this.colour = colour;
        this.width = width;
    }

    public synchronized void configure(boolean json, boolean quiet, ProgressMode progress) {
        this.json = json;
        this.quiet = quiet;
        this.progress = progress;
    }

    public boolean json() {
        return json;
    }

    public boolean quiet() {
        return quiet;
    }

    public int width() {
        return width;
    }

    /** The text as lines that fit the terminal and are not too long to read, each with that indent; at least one. */
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

    /** Whether a line may be drawn over and over. */
    boolean livePlace() {
        return terminal && progress == ProgressMode.AUTO && !quiet;
    }

    /** Whether progress goes out as lines now and then. */
    boolean plainProgress() {
        return !quiet && progress != ProgressMode.NONE && !livePlace();
    }

    /** A line of data. Nothing with {@code --json}: data are objects then. */
    public synchronized void data(String line) {
        if (!json) {
            clearStatus();
            out.println(safe(line));
            out.flush();
        }
    }

    /** An object of data, with {@code --json} only. */
    public synchronized void object(Map<String, ?> object) {
        if (json) {
            clearStatus();
            // In JSON, the escapes mean the same characters.
            out.println(TerminalText.safe(mapper.writeValueAsString(object)));
            out.flush();
        }
    }

    /** Data that are the same with and without {@code --json}, such as a manifest's text. */
    public synchronized void raw(String text) {
        clearStatus();
        out.print(safe(text));
        out.flush();
    }

    /** Talk: what goes on. Not with {@code --quiet}. */
    public synchronized void say(String line) {
        if (!quiet) {
            clearStatus();
            err.println(safe(line));
            drawStatus();
        }
    }

    /** Talk that a person must see even with {@code --quiet}. */
    public synchronized void warn(String line) {
        clearStatus();
        err.println(safe(paint("33", "histods: ") + line));
        drawStatus();
    }

    /** Replaces the line at the foot of the terminal; nothing elsewhere. */
    public synchronized void status(String line) {
        if (livePlace()) {
            clearStatus();
            String text = safe(line);
            statusLine = text.length() >= width ? text.substring(0, Math.max(0, width - 1)) : text;
            drawStatus();
        }
    }

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
            err.print("\r" + statusLine);
            err.flush();
        }
    }

    /** Says what stopped the work: message, what was tried, hint; as an object too with {@code --json}. */
    public synchronized void problem(String dataset, Problem problem) {
        endStatus();
        err.println(safe(paint("31", "histods: ") + (dataset.isEmpty() ? "" : dataset + ": ") + problem.message()));
        for (Problem.Attempt attempt : problem.attempts()) {
            err.println(safe("  tried " + attempt(attempt)));
        }
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

    /** The text in a colour: in marks that no foreign text can hold, which {@link #safe} turns into escape sequences. */
    String paint(String code, String text) {
        return colour ? mark + code + "m" + text + mark + "0m" : text;
    }

    /** All text goes through here on its way to the terminal. */
    private String safe(String text) {
        return TerminalText.safe(text).replace(mark, "\u001b[");
    }

    public String bold(String text) {
        return paint("1", text);
    }
}
