package org.histods.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.histods.problem.Problem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Paths of a mirror, and which of them are inside it when links are resolved. */
final class MirrorLayoutTest {

    @TempDir
    Path folder;

    private Path outside;
    private MirrorLayout layout;

    @BeforeEach
    void mirror() throws Exception {
        outside = Files.createDirectories(folder.resolve("home"));
        layout = new MirrorLayout(Files.createDirectories(folder.resolve("mirror")));
    }

    private void refused(Path place, Path link) {
        Problem problem = assertThrows(Problem.class, () -> layout.inside(place));
        assertEquals(Problem.Kind.DISK, problem.kind());
        assertTrue(problem.message().startsWith(link + " is a link"), problem.message());
        assertFalse(layout.holds(place));
    }

    @Test
    void pathInTheMirror_isAcceptedWhetherItExistsOrNot() throws Exception {
        Path place = layout.datasets().resolve("x").resolve("1");
        assertEquals(place, layout.inside(place));
        Files.createDirectories(place);
        assertEquals(place, layout.inside(place));
    }

    @Test
    void linkOnTheWay_isRefused() throws Exception {
        Files.createDirectories(layout.datasets());
        Path link = Files.createSymbolicLink(layout.datasets().resolve("x"), outside);
        refused(link.resolve("1"), link);
    }

    @Test
    void linkAtThePath_isRefused() throws Exception {
        Files.createDirectories(layout.datasets().resolve("x"));
        for (Path target : new Path[] {outside, layout.datasets(), outside.resolve("nowhere")}) {
            Path link = Files.createSymbolicLink(layout.datasets().resolve("x").resolve("1"), target);
            refused(link, link);
            Files.delete(link);
        }
    }

    @Test
    void mirrorThatIsALink_isAccepted() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), layout.root());
        MirrorLayout linked = new MirrorLayout(link);
        Path place = linked.datasets().resolve("x");
        assertEquals(place, linked.inside(place));
    }

    @Test
    void pathOutsideTheMirror_isAnInternalError() {
        assertThrows(IllegalArgumentException.class, () -> layout.inside(outside));
        assertThrows(IllegalArgumentException.class, () -> layout.inside(layout.root()));
        assertThrows(
                IllegalArgumentException.class,
                () -> layout.inside(layout.datasets().resolve("../../home")));
    }
}
