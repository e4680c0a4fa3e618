package org.histods.mirror;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A process that owns something in the mirror.
 *
 * @param host the machine's name
 * @param pid the process id, which is unique only within its {@code space}
 * @param started when it started, which distinguishes it from a later process with the same id
 * @param command its command, for messages
 * @param space where the process id is unique: the boot and the pid namespace, because containers may share a host
 *     name; {@link #UNKNOWN} if unknown
 */
public record OwnerProcess(String host, long pid, String started, String command, String space) {

    static final String UNKNOWN = "unknown";

    private static final Path PROC = Path.of("/proc");

    /** This process. */
    public static OwnerProcess self(String command) {
        ProcessHandle handle = ProcessHandle.current();
        return new OwnerProcess(hostName(), handle.pid(), start(handle), command, ownSpace());
    }

    /** The machine's name, from the kernel if possible: Java would ask the name server for the address of the name. */
    private static String hostName() {
        try {
            Path name = PROC.resolve("sys/kernel/hostname");
            if (Files.exists(name)) {
                return Files.readString(name).strip();
            }
        } catch (IOException e) {
            // Asked below.
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return Optional.ofNullable(System.getenv("HOSTNAME")).orElse(UNKNOWN);
        }
    }

    /** The space of this process. Systems without {@code /proc}, such as macOS, have no pid namespaces either. */
    private static String ownSpace() {
        if (!Files.isDirectory(PROC.resolve("self"))) {
            return "one";
        }
        try {
            return Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip() + " "
                    + Files.readSymbolicLink(PROC.resolve("self/ns/pid"));
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    /**
     * When a process started, in ticks since boot if the system provides them: the time of day that Java derives from them
     * changes with the clock, so that the same process would look like another one.
     */
    private static String start(ProcessHandle handle) {
        try {
            String stat = Files.readString(PROC.resolve(handle.pid() + "/stat"));
            // After the name, which may contain anything: the state is field 3, the start field 22 (proc_pid_stat(5)).
            return "tick " + stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19];
        } catch (IOException | IndexOutOfBoundsException e) {
            return handle.info().startInstant().map(Instant::toString).orElse(UNKNOWN);
        }
    }

    /** Whether this process could see it; if not, it is unknown whether it runs. */
    boolean visible() {
        return host.equals(hostName()) && !space.equals(UNKNOWN) && space.equals(ownSpace());
    }

    /** Whether exactly this process runs, if it is {@link #visible}. */
    boolean runs() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .map(handle -> started.equals(UNKNOWN) || started.equals(start(handle)))
                .orElse(false);
    }

    String text() {
        return String.join("\n", host, Long.toString(pid), started, command.replace('\n', ' '), space) + "\n";
    }

    /** Reads {@link #text}; an older histods wrote no space. */
    static OwnerProcess parse(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length < 5) {
            throw new IllegalArgumentException("torn");
        }
        return new OwnerProcess(
                lines[0], Long.parseLong(lines[1]), lines[2], lines[3], lines[4].isEmpty() ? UNKNOWN : lines[4]);
    }

    /** The command, host and process id, for messages. */
    @Override
    public String toString() {
        return "`" + command + "` on " + host + ", process " + pid;
    }
}
