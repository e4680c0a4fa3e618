package org.histods.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A catalogue of one dataset whose texts try to be markup. */
public final class HostileText {

    public static final String TITLE =
            "</script><script>window.broken=1</script><img src=x onerror=\"window.broken=2\">'\"&{{script}}$1";

    private HostileText() {}

    public static Path catalogue(Path folder) throws IOException {
        Path manifests = Files.createDirectories(folder.resolve("hostile"));
        Files.writeString(manifests.resolve("toy.yaml"), """
                # yaml-language-server: $schema=schema.json
                id: toy
                title: '%s'
                aliases: ['"><b id=broken>']
                description: '<!--<script> and javascript:window.broken=3'
                version: v1
                organs: [breast]
                license: { name: '<b id="broken">by name</b>' }
                access: { status: open, steps: ['</li><script>window.broken=4</script>'] }
                sources:
                  - kind: http
                    record: https://example.org/"><script>window.broken=5</script>/
                    official: true
                    note: '<svg onload="window.broken=6">'
                problems: ['</script >&lt;b&gt;']
                """.formatted(TITLE.replace("'", "''")));
        return manifests;
    }
}
