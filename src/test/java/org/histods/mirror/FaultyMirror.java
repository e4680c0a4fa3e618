package org.histods.mirror;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;

/** Mirrors whose disk fails, or whose process is killed, at a given moment of a pull. */
public final class FaultyMirror {

    private static final OwnerProcess SELF = OwnerProcess.self("test");

    private FaultyMirror() {}

    private static Mirror on(Path root, FileOperations disk) {
        return new Mirror(root, SELF, MirrorLocks.Mode.ON, Clock.systemUTC(), disk);
    }

    /** The process is killed just before it publishes a bag. */
    public static Mirror killedBeforePublishing(Path root) {
        return on(root, new FileOperations() {
            @Override
            void move(Path from, Path to) throws IOException {
                if (from.endsWith(Staging.BAG)) {
                    kill();
                }
                super.move(from, to);
            }
        });
    }

    /** The process is killed just after it published a bag. */
    public static Mirror killedAfterPublishing(Path root) {
        return on(root, new FileOperations() {
            @Override
            void move(Path from, Path to) throws IOException {
                super.move(from, to);
                if (from.endsWith(Staging.BAG)) {
                    kill();
                }
            }
        });
    }

    /** While the first bag or shard is published, another process does that. */
    public static Mirror whilePublishing(Path root, Runnable other) {
        AtomicBoolean done = new AtomicBoolean();
        return on(root, new FileOperations() {
            @Override
            void move(Path from, Path to) throws IOException {
                if (from.endsWith(Staging.BAG) && done.compareAndSet(false, true)) {
                    other.run();
                }
                super.move(from, to);
            }
        });
    }

    private static void kill() throws IOException {
        new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid())).start();
        while (true) {
            Thread.onSpinWait();
        }
    }

    /** The disk is full just before a bag is published. */
    public static Mirror fullBeforePublishing(Path root) {
        return on(root, new FileOperations() {
            @Override
            void forceTop(Path folder) throws IOException {
                throw new IOException("No space left on device");
            }
        });
    }

    /** The disk is too full for the smallest file. */
    public static Mirror full(Path root) {
        return on(root, new FileOperations() {
            @Override
            void writeUnsynced(Path file, String text) throws IOException {
                throw new IOException("No space left on device");
            }
        });
    }

    /** As {@link #fullBeforePublishing}, on a file system without hard links. */
    public static Mirror fullBeforePublishingAndWithoutHardLinks(Path root) {
        return on(root, new FileOperations() {
            @Override
            void link(Path from, Path to) {
                throw new UnsupportedOperationException();
            }

            @Override
            void forceTop(Path folder) throws IOException {
                throw new IOException("No space left on device");
            }
        });
    }

    /** The disk has that many bytes left. */
    public static Mirror withFree(Path root, long bytes) {
        return on(root, new FileOperations() {
            @Override
            long free(Path folder) {
                return bytes;
            }
        });
    }

    /** The file system has no hard links. */
    public static Mirror withoutHardLinks(Path root) {
        return on(root, new FileOperations() {
            @Override
            void link(Path from, Path to) {
                throw new UnsupportedOperationException();
            }
        });
    }

    /** The staging folder of a dead process of this host. */
    public static Path deadStaging(Path root) throws Exception {
        return staging(root, DeadProcess.HERE);
    }

    /** The staging folder of a process of another host. */
    public static Path stagingElsewhere(Path root) throws Exception {
        return staging(root, DeadProcess.ELSEWHERE);
    }

    private static Path staging(Path root, OwnerProcess owner) throws Exception {
        return new Mirror(root, owner, MirrorLocks.Mode.ON, Clock.systemUTC(), new FileOperations())
                .stage()
                .root()
                .resolveSibling("")
                .normalize();
    }
}
