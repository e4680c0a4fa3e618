package org.histods.testing;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A record that a played host has, and what must come of it.
 *
 * @param address as it stands in a browser's address bar
 * @param files the bytes by the paths that they must have
 * @param stated the paths of which the host states a checksum
 */
public record PlayedSetup(String kind, String address, Map<String, byte[]> files, Set<String> stated) {

    public PlayedSetup {
        files = new TreeMap<>(files);
        stated = new TreeSet<>(stated);
    }

    static PlayedSetup of(String kind, String address) {
        return new PlayedSetup(kind, address, Map.of(), Set.of());
    }

    /** With a file of which the host states a checksum. */
    PlayedSetup verified(SeededMirror.Thing thing) {
        PlayedSetup more = computed(thing);
        TreeSet<String> paths = new TreeSet<>(stated);
        paths.add(thing.name());
        return new PlayedSetup(kind, address, more.files, paths);
    }

    /** With a file of which nobody states one. */
    PlayedSetup computed(SeededMirror.Thing thing) {
        TreeMap<String, byte[]> more = new TreeMap<>(files);
        more.put(thing.name(), thing.bytes());
        return new PlayedSetup(kind, address, more, stated);
    }

    /** Makes a record from a seed and serves it. */
    public interface Host {
        PlayedSetup play(SeededMirror seeded, PlayedHosts hosts) throws Exception;
    }

    @Override
    public String toString() {
        return kind + " " + address;
    }
}
