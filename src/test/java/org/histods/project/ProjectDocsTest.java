package org.histods.project;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProjectDocsTest {

    @Test
    void declarationInTheDocs_isOneThatIsRead() throws Exception {
        String docs = Files.readString(Path.of("docs/projects.md"));
        int from = docs.indexOf("```yaml\n") + "```yaml\n".length();
        Declaration read = DeclarationFormat.read(docs.substring(from, docs.indexOf("```", from)), "docs");
        assertEquals(2, read.datasets().size());
        assertEquals("kather-test", read.datasets().get(1).name());
        assertEquals(1, read.accepted().size());
    }
}
