package org.histods.cli.project;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.problem.Problem;

/**
 * Records which files a command and its children open, with {@code strace}. Its output is read from a named pipe while
 * the command runs, so that a long run does not fill the disk. Listing a folder or asking for a file's size does not
 * count as opening.
 */
final class StraceRecorder implements AutoCloseable {

    /** For a probe of strace, and for reading the rest of its output. */
    private static final long TIMEOUT_MILLIS = 10_000;

    /** Such as {@code openat(AT_FDCWD, "a", O_RDONLY) = 3</home/ada/a>}; -y adds the path with all links resolved. */
    private static final Pattern OPENED = Pattern.compile("^.*\\) += \\d+<(.*)>$");

    private static final String CALLS = "trace=?open,openat,?openat2,?creat";

    /** Options to try in order; with --seccomp-bpf (strace 5.3) the kernel filters the calls, which costs almost nothing. */
    private static final List<List<String>> OPTIONS = List.of(
            List.of("-f", "-qq", "-y", "-z", "--seccomp-bpf", "-e", "signal=none", "-e", CALLS),
            List.of("-f", "-qq", "-y", "-e", "signal=none", "-e", CALLS));

    private final List<String> strace;
    private final Path folder;
    private final Path pipe;
    private final Set<String> below;
    private final Set<String> opened = new HashSet<>();
    private final Thread reader = new Thread(this::read, "histods-trace");

    private StraceRecorder(List<String> strace, Path folder, Path pipe, Set<String> below) {
        this.strace = strace;
        this.folder = folder;
        this.pipe = pipe;
        this.below = below;
    }

    /**
     * Starts reading from a new pipe.
     *
     * @param path folders with programs, as in {@code PATH}
     * @param below folders, with all links resolved; only files in them are recorded
     * @throws Problem {@code USAGE} if strace is not installed or not permitted
     */
    static StraceRecorder of(String path, Set<Path> below) throws Problem {
        List<String> strace = strace(path);
        Set<String> prefixes = new HashSet<>();
        below.forEach(top -> prefixes.add(top + "/"));
        try {
            Path folder = Files.createTempDirectory(folderPrefix());
            Path pipe = folder.resolve("pipe");
            if (exitCode(List.of("mkfifo", pipe.toString())) != 0) {
                throw new IOException("mkfifo failed");
            }
            StraceRecorder recorder = new StraceRecorder(strace, folder, pipe, prefixes);
            recorder.reader.setDaemon(true);
            recorder.reader.start();
            return recorder;
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot create a pipe for the trace", e));
        }
    }

    /** The first part of the name of this process's temporary folder. */
    static String folderPrefix() {
        return "histods-trace-" + ProcessHandle.current().pid() + "-";
    }

    /** The strace command with the first options that work here. */
    private static List<String> strace(String path) throws Problem {
        Path program = program("strace", path, Path.of("/"))
                .orElseThrow(() -> new Problem(
                        Problem.Kind.USAGE,
                        "--trace requires strace, which is not on the PATH; the command was not run",
                        "install strace (Linux only), or run without --trace"));
        try {
            for (List<String> options : OPTIONS) {
                List<String> strace = new ArrayList<>(List.of(program.toString()));
                strace.addAll(options);
                List<String> probe = new ArrayList<>(strace);
                probe.addAll(List.of("-o", "/dev/null", "true"));
                if (exitCode(probe) == 0) {
                    return strace;
                }
            }
        } catch (IOException e) {
            throw new Problem(Problem.Kind.USAGE, Problem.because("cannot run " + program, e));
        }
        throw new Problem(
                Problem.Kind.USAGE,
                "strace is not permitted here (ptrace); the command was not run",
                "give a container the capability SYS_PTRACE, set kernel.yama.ptrace_scope below 3 on a host, or run"
                        + " without --trace");
    }

    /** The path of a program; a name with a slash is resolved against {@code here}. */
    static Optional<Path> program(String name, String path, Path here) {
        List<Path> candidates = new ArrayList<>();
        if (name.contains("/")) {
            candidates.add(here.resolve(name));
        } else {
            for (String folder : path.split(File.pathSeparator)) {
                candidates.add(here.resolve(folder).resolve(name));
            }
        }
        return candidates.stream()
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    private static int exitCode(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!process.waitFor(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                return -1;
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** The command line that runs the command under strace. */
    List<String> wrap(List<String> command) {
        List<String> all = new ArrayList<>(strace);
        all.addAll(List.of("-o", pipe.toString(), "--"));
        all.addAll(command);
        return all;
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(Files.newInputStream(pipe), StandardCharsets.ISO_8859_1))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher matcher = OPENED.matcher(line);
                if (matcher.matches()) {
                    String path = unescape(matcher.group(1));
                    if (below.stream().anyMatch(path::startsWith)) {
                        synchronized (opened) {
                            opened.add(path);
                        }
                    }
                }
            }
        } catch (IOException e) {
            // The pipe was deleted before anything was written to it.
            return;
        }
    }

    /** Reverses how strace escapes characters other than printable ASCII. */
    static String unescape(String written) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            if (c != '\\' || i + 1 == written.length()) {
                bytes.write(c);
                continue;
            }
            char next = written.charAt(++i);
            int letter = "abtnvfr".indexOf(next);
            if (next >= '0' && next <= '7') {
                int value = 0;
                int end = Math.min(i + 3, written.length());
                while (i < end && written.charAt(i) >= '0' && written.charAt(i) <= '7') {
                    value = value * 8 + written.charAt(i++) - '0';
                }
                i--;
                bytes.write(value);
            } else {
                bytes.write(letter < 0 ? next : 7 + letter);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** The paths of opened files, after the command has ended. */
    Set<String> opened() throws InterruptedException, IOException {
        // If strace ended before it opened the pipe, the reader still waits for a writer.
        new RandomAccessFile(pipe.toFile(), "rw").close();
        reader.join(TIMEOUT_MILLIS);
        synchronized (opened) {
            return Set.copyOf(opened);
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(pipe);
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // An empty folder among temporary files does no harm.
            return;
        }
    }
}
