package org.histods.demo;

import java.util.List;
import java.util.Map;

/** Placeholder. */
public final class StandIns {
    static final String ZENODO = "the demo's own Zenodo stand-in";

    private final Map<String, Host> hosts;
    private final List<Mishap> mishaps;

    StandIns(Map<String, Host> hosts, List<Mishap> mishaps) {
        this.hosts = Map.copyOf(hosts);
        this.mishaps = List.copyOf(mishaps);
    }

    Map<String, Host> hosts() {
        return hosts;
    }

    List<Mishap> mishaps() {
        return mishaps;
    }
}
