package org.histods.source.manual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.testing.SourceContract;
import org.histods.testing.SpecBuilder;
import org.junit.jupiter.api.Test;

/** The kinds {@code manual} and {@code credential}, whose files only a person can download. */
public abstract class ManualStepsTest extends SourceContract {

    @Override
    public SpecBuilder pinned() {
        return SpecBuilder.spec(kind(), "https://example.org/form")
                .file("a.zip")
                .file("b.zip");
    }

    @Override
    public SpecBuilder misspelt() {
        return pinned();
    }

    @Override
    public boolean asksHost() {
        return false;
    }

    @Override
    public boolean lists() {
        return false;
    }

    @Test
    void pinnedFiles_areNamedToTheUser() {
        Problem problem = refused(pinned());

        assertEquals(Kind.PERSON, problem.kind());
        assertTrue(problem.message().contains("a.zip, b.zip"), problem.message());
        assertTrue(problem.message().contains("https://example.org/form"));
        assertTrue(HOST.getAllServeEvents().isEmpty());
    }

    @Test
    void nothingPinned_needsManualActionToo() {
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
