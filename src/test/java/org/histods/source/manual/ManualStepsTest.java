package org.histods.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.junit.jupiter.api.Test;

/** The two kinds whose host is a person. */
abstract class PersonSourceTest extends SourceContract {

    @Override
    SpecBuilder pinned() {
        return SpecBuilder.spec(kind(), "https://example.org/form")
                .file("a.zip")
                .file("b.zip");
    }

    @Override
    SpecBuilder misspelt() {
        return pinned();
    }

    @Override
    boolean asksHost() {
        return false;
    }

    @Override
    boolean lists() {
        return false;
    }

    @Test
    void pinnedFiles_areNamedToThePerson() {
        Problem problem = refused(pinned());

        assertEquals(Kind.PERSON, problem.kind());
        assertTrue(problem.message().contains("a.zip, b.zip"), problem.message());
        assertTrue(problem.message().contains("https://example.org/form"));
        assertTrue(HOST.getAllServeEvents().isEmpty());
    }

    @Test
    void nothingPinned_isForAPersonToo() {
        assertEquals(Kind.PERSON, refused(SpecBuilder.spec(kind(), "")).kind());
    }

    @Test
    void manyFiles_areCounted() {
        SpecBuilder spec = pinned();
        for (int i = 0; i < 30; i++) {
            spec.file("c" + i + ".zip");
        }

        assertTrue(refused(spec).message().contains("and 12 more"));
    }
}
