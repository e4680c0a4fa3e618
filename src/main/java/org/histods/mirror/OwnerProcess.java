package org.histods.mirror;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Optional;

/**
 * The process that holds something.
 *
 * @param host the host name; a process id is valid only there
 * @param pid the process id
 * @param started when it started, which distinguishes it from a later process with the same id
 * @param command what it does, for messages
 */
public record OwnerProcess(String host, long pid, String started, String command) {

    /** This process. */
    public static OwnerProcess self(String command) {
        ProcessHandle handle = ProcessHandle.current();
        return new OwnerProcess(hostName(), handle.pid(), start(handle), command);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return Optional.ofNullable(System.getenv("HOSTNAME")).orElse("unknown");
        }
    }

    private static String start(ProcessHandle handle) {
        return handle.info().startInstant().map(Instant::toString).orElse("unknown");
    }

    boolean onThisHost() {
        return host.equals(hostName());
    }

    /** Whether the same process still runs on this host. */
    boolean runs() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .map(handle -> started.equals("unknown") || started.equals(start(handle)))
                .orElse(false);
    }

    String text() {
        return String.join("\n", host, Long.toString(pid), started, command.replace('\n', ' ')) + "\n";
    }

    static OwnerProcess parse(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length < 4) {
            throw new IllegalArgumentException("incomplete");
        }
        return new OwnerProcess(lines[0], Long.parseLong(lines[1]), lines[2], lines[3]);
    }

    /** For messages. */
    @Override
    public String toString() {
        return "`" + command + "` on " + host + ", process " + pid + ", since " + started;
    }
}
