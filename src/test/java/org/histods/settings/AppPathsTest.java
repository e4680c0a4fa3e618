package org.histods.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.histods.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Locations of settings, mirror and state, also for users without a home folder, as in a container. */
final class AppPathsTest {

    private static final Path WORK = Path.of("/here/now");

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"?", "", ".", "relative"})
    void userWithoutAHome_getsNoFolderInTheWorkingDirectory(String userHome) throws Problem {
        AppPaths paths = new AppPaths(Map.of(), userHome, WORK);
        assertEquals(Optional.empty(), paths.home());
        assertEquals(Optional.empty(), paths.settings());
        assertEquals(Optional.empty(), paths.logins());
        assertEquals(Optional.empty(), paths.hostState());
        Problem problem = assertThrows(Problem.class, paths::mirror);
        assertEquals(Problem.Kind.USAGE, problem.kind());
        assertTrue(problem.message().contains("no home folder"), problem::message);
        assertTrue(String.valueOf(problem.hint()).contains("HISTODS_MIRROR"), problem::hint);
    }

    @Test
    void tildeInTheSettingsWithoutAHome_isNamed() {
        AppPaths paths = new AppPaths(Map.of("HISTODS_CONFIG", "/etc/histods.yaml"), "?", WORK);
        Problem problem = assertThrows(Problem.class, () -> paths.configured("~/store"));
        assertTrue(problem.message().contains("~/store"), problem::message);
    }

    @ParameterizedTest
    @CsvSource({"'',/var/me", "relative,/var/me", "/home/me,/home/me"})
    void homeOfTheEnvironment_countsIfItIsAbsolute(String home, String expected) {
        AppPaths paths = new AppPaths(Map.of("HOME", home), "/var/me", WORK);
        assertEquals(Optional.of(Path.of(expected)), paths.home());
    }

    @Test
    void xdgFolderThatIsRelative_isIgnored() throws Problem {
        AppPaths paths =
                new AppPaths(Map.of("HOME", "/home/me", "XDG_CACHE_HOME", "c", "XDG_STATE_HOME", "/s"), "?", WORK);
        assertEquals(Path.of("/home/me/.cache/histods"), paths.mirror());
        assertEquals(Optional.of(Path.of("/s/histods/hosts")), paths.hostState());
    }
}
