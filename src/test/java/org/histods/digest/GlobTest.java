package org.histods.digest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GlobTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            *.png              | a.png
            images/*           | images/a.png
            images/*.png       | images/.png
            **/*.png           | a.png
            **/*.png           | x/y/a.png
            **/**/a            | a
            images/**          | images/x/y.png
            images/            | images/x/y.png
            train/**/mask.png  | train/mask.png
            train/**/mask.png  | train/a/b/mask.png
            **                 | a/b
            a?.txt             | ab.txt
            *.{png,jpg}        | x.jpg
            {train,test}/**    | test/a
            a,b                | a,b
            [1].(x)+$          | [1].(x)+$
            x**y               | xa/by
            """)
    void pattern_matchesPath(String glob, String path) {
        assertTrue(Glob.of(glob).matches(path));
        assertTrue(Glob.of(glob).matches(new FilePath(path)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            *.png              | x/a.png
            *.png              | a.PNG
            images/*           | images/x/a.png
            images/**          | images
            images/            | images
            images/**          | other/images/a
            **/*.png           | a.jpg
            a?.txt             | a/.txt
            *.{png,jpg}        | x.gif
            a.b                | axb
            """)
    void pattern_doesNotMatchPath(String glob, String path) {
        assertFalse(Glob.of(glob).matches(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{a", "a}", "{a,{b}}"})
    void malformedPattern_isRefused(String glob) {
        assertThrows(IllegalArgumentException.class, () -> Glob.of(glob));
    }

    @Test
    void manyStarsOnALongPath_areQuick() {
        assertFalse(Glob.of("**/**/**/**/**/**/x").matches("a/".repeat(2000) + "y"));
    }

    @Test
    void text_isKept() {
        assertEquals("images/", Glob.of("images/").toString());
        assertEquals(Glob.of("a*"), Glob.of("a*"));
    }
}
