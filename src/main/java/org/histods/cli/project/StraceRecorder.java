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
 * Watches which files a command and its children open, with {@code strace}. What it reports comes through a named pipe
 * and is read as it comes, so that a long run fills no disk. Only opening counts: a name that was listed or a size that
 * was asked for does not.
 */
final class StraceRecorder implements AutoCloseable {

    private static final long PATIENCE_MILLIS = 10_000;

    /** {@code openat(AT_FDCWD, "a", O_RDONLY) = 3</home/ada/a>}: with -y the path stands there with all links resolved. */
    private static final Pattern OPENED = Pattern.compile("^.*\\) += \\d+<(.*)>$");

    private static final String CALLS = "trace=?open,openat,?openat2,?creat";

    /** The newer options let the kernel pick the calls, which costs the command almost nothing. */
    private static final List<List<String>> WAYS = List.of(
            List.of("-f", "-qq", "-y", "-z", "--seccomp-bpf", "-e", "signal=none", "-e", CALLS),
            List.of("-f", "-qq", "-y", "-e", "signal=none", "-e", CALLS));

    private final List<String> way;
    private final Path folder;
    private final Path pipe;
    private final Set<String> below;
    private final Set<String> opened = new HashSet<>();
    private final Thread reader = new Thread(this::read, "histods-trace");

    private StraceRecorder(List<String> way, Path folder, Path pipe, Set<String> below) {
        this.way = way;
        this.folder = folder;
        this.pipe = pipe;
        this.below = below;
    }

    /**
     * Makes ready to trace.
     *
     * @param path the folders with programs, as in {@code PATH}
     * @param below folders, with all links resolved; only files in them are remembered
     * @throws Problem {@code USAGE} if strace is not there or may not trace here
     */
    static StraceRecorder of(String path, Set<Path> below) throws Problem {
        List<String> way = way(path);
        Set<String> texts = new HashSet<>();
        below.forEach(one -> texts.add(one + "/"));
        try {
            Path folder = Files.createTempDirectory(folderStart());
            Path pipe = folder.resolve("pipe");
            if (ran(List.of("mkfifo", pipe.toString())) != 0) {
                throw new IOException("mkfifo failed");
            }
            StraceRecorder trace = new StraceRecorder(way, folder, pipe, texts);
            trace.reader.setDaemon(true);
            trace.reader.start();
            return trace;
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot make a pipe for the trace", e));
        }
    }

    /** Tells whose folder it is, where several run at once. */
    static String folderStart() {
        return "histods-trace-" + ProcessHandle.current().pid() + "-";
    }

    private static List<String> way(String path) throws Problem {
        Path strace = program("strace", path, Path.of("/"))
                .orElseThrow(() -> new Problem(
                        Problem.Kind.USAGE,
                        "--trace needs strace, and it is not on the PATH; the command was not run",
                        "install strace (Linux only), or run without --trace"));
        try {
            for (List<String> options : WAYS) {
                List<String> way = new ArrayList<>(List.of(strace.toString()));
                way.addAll(options);
                List<String> probe = new ArrayList<>(way);
                probe.addAll(List.of("-o", "/dev/null", "true"));
                if (ran(probe) == 0) {
                    return way;
                }
            }
        } catch (IOException e) {
            throw new Problem(Problem.Kind.USAGE, Problem.because("cannot run " + strace, e));
        }
        throw new Problem(
                Problem.Kind.USAGE,
                "strace may not trace here (ptrace is not permitted); the command was not run",
                "a container needs the capability SYS_PTRACE, a host kernel.yama.ptrace_scope below 3; or run without"
                        + " --trace");
    }

    /** Where that program is; a name with a slash is meant from {@code here}. */
    static Optional<Path> program(String name, String path, Path here) {
        List<Path> places = new ArrayList<>();
        if (name.contains("/")) {
            places.add(here.resolve(name));
        } else {
            for (String folder : path.split(File.pathSeparator)) {
                places.add(here.resolve(folder).resolve(name));
            }
        }
        return places.stream()
                .filter(place -> Files.isRegularFile(place) && Files.isExecutable(place))
                .findFirst();
    }

    private static int ran(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!process.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
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

    /** The command as it is to be run. */
    List<String> around(List<String> command) {
        List<String> all = new ArrayList<>(way);
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
                    String path = plain(matcher.group(1));
                    if (below.stream().anyMatch(path::startsWith)) {
                        synchronized (opened) {
                            opened.add(path);
                        }
                    }
                }
            }
        } catch (IOException e) {
            // The pipe was taken away before anything came through it.
            return;
        }
    }

    /** Takes back how strace writes what is no printable ASCII. */
    static String plain(String written) {
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

    /** What was opened, once the command has ended. */
    Set<String> opened() throws InterruptedException, IOException {
        // Should strace have ended before it opened the pipe, the reader waits for somebody who does.
        new RandomAccessFile(pipe.toFile(), "rw").close();
        reader.join(PATIENCE_MILLIS);
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
            // An empty folder in the place for temporary files harms nobody.
            return;
        }
    }
}
