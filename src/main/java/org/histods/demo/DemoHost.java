package org.histods.demo;

import java.util.Map;

/** A simulated host. Immutable, and safe to share between threads. */
interface DemoHost {

    /**
     * The host's response to a GET.
     *
     * @param path decoded, starts with a slash
     * @param query decoded; a name without a value has an empty one
     */
    DemoResponse respond(String path, Map<String, String> query);
}
