package org.histods.digest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GlobTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            *.png                  | a.png                  | true
            *.png                  | x/a.png                | false
            *.png                  | a.PNG                  | false
            images/*               | images/a.png           | true
            images/*               | images/x/a.png         | false
            images/*.png           | images/.png            | true
            **/*.png               | a.png                  | true
            **/*.png               | x/y/a.png              | true
            **/*.png               | a.jpg                  | false
            **/**/a                | a                      | true
            images/**              | images/x/y.png         | true
            images/**              | images                 | false
            images/**              | other/images/a         | false
            images/                | images/x/y.png         | true
            images/                | images                 | false
            train/**/mask.png      | train/mask.png         | true
            train/**/mask.png      | train/a/b/mask.png     | true
            **                     | a/b                    | true
            x**y                   | xa/by                  | true
            a?.txt                 | ab.txt                 | true
            a?.txt                 | a/.txt                 | false
            *.{png,jpg}            | x.jpg                  | true
            *.{png,jpg}            | x.gif                  | false
            {train,test}/**        | test/a                 | true
            tumor_{001,002}.tif    | tumor_002.tif          | true
            {a/b,c}/d              | a/b/d                  | true
            a{,b}.txt              | a.txt                  | true
            a,b                    | a,b                    | true
            slide_[12].svs         | slide_2.svs            | true
            slide_[12].svs         | slide_3.svs            | false
            slide_[0-9][a-f].svs   | slide_3c.svs           | true
            slide_[!0-9].svs       | slide_x.svs            | true
            slide_[!0-9].svs       | slide_3.svs            | false
            a[!b]c                 | a/c                    | false
            [a-]                   | -                      | true
            [^a]                   | ^                      | true
            [^a]                   | b                      | false
            [[]1[]].(x)+$          | [1].(x)+$              | true
            [{]a[,]b[}]            | {a,b}                  | true
            [*][?]                 | *?                     | true
            [*][?]                 | ab                     | false
            [&&a]                  | &                      | true
            a.b                    | axb                    | false
            a\\b                    | a\\b                    | true
            """)
    void pattern_matchesPath(String glob, String path, boolean matches) {
        assertEquals(matches, Glob.of(glob).matches(path));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''        | is empty
            {a        | a { without its }
            a}        | a } without its {
            {a,{b}}   | braces within braces
            [a        | a [ without its ]
            []        | a [ without its ]
            [!]       | a [ without its ]
            a]        | a ] without its [
            [a/b]     | a / in brackets
            [z-a]     | a range that ends before it starts
            """)
    void malformedPattern_isRefusedAndQuoted(String glob, String reason) {
        String message = String.valueOf(assertThrows(IllegalArgumentException.class, () -> Glob.of(glob))
                .getMessage());

        assertTrue(message.contains(reason) && message.contains(glob), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a                             | a
            a,b                           | a b
            images/tumor_{001,002}.tif    | images/tumor_{001,002}.tif
            {a,b},c                       | {a,b} c
            x[,]y,z                       | x[,]y z
            x[],]y,z                      | x[],]y z
            {a,b                          | {a,b
            [a,b                          | [a b
            """)
    void list_isSplitOutsideOfBracketsAndBraces(String list, String globs) {
        assertEquals(List.of(globs.split(" ")), Glob.splitList(list));
    }

    @Test
    void emptyItems_areKept() {
        assertEquals(List.of(""), Glob.splitList(""));
        assertEquals(List.of("a", "", ""), Glob.splitList("a,,"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            train/*.png     | train/      | true
            train/*.png     | test/       | false
            train/*.png     | train/a/    | false
            train/          | train/a/    | true
            **/a.png        | x/y/        | true
            *.png           | x/          | false
            t[er]*/x        | test/       | true
            {train,test}/x  | other/      | true
            """)
    void folder_isSkippedIfNothingBelowItCanMatch(String glob, String folder, boolean may) {
        assertEquals(may, Glob.of(glob).mayMatchBelow(folder));
    }

    @ParameterizedTest
    @CsvSource({"a.png", "'a*?b'", "'[x]{y}]'", "'a,b'", "'!^-\\'"})
    void literal_matchesThatPathOnly(String path) {
        Glob glob = Glob.of(Glob.literal(path));

        assertTrue(glob.matches(path));
        assertFalse(glob.matches(path + "x"));
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

    @ParameterizedTest
    @CsvSource({
        "Gewebe/Dr\u00fcse_1*,Gewebe/Dru\u0308se_10.svs",
        "Gewebe/Dru\u0308se_1*,Gewebe/Dr\u00fcse_10.svs",
        "Dr?se,Dru\u0308se",
        "[\u00fc]ber,u\u0308ber",
        "\uD83D\uDE00*.tif,\uD83D\uDE00_1.tif"
    })
    void unicodeForms_areTheSame(String glob, String path) {
        assertTrue(Glob.of(glob).matches(path));
    }
}
