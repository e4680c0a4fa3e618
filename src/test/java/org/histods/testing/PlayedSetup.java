package org.histods.cli;

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
record Play(String kind, String address, Map<String, byte[]> files, Set<String> stated) {

    Play {
        files = new TreeMap<>(files);
        stated = new TreeSet<>(stated);
    }

    static Play of(String kind, String address) {
        return new Play(kind, address, Map.of(), Set.of());
    }

    /** With a file of which the host states a checksum. */
    Play verified(Seeded.Thing thing) {
        Play more = computed(thing);
        TreeSet<String> paths = new TreeSet<>(stated);
        paths.add(thing.name());
        return new Play(kind, address, more.files, paths);
    }

    /** With a file of which nobody states one. */
    Play computed(Seeded.Thing thing) {
        TreeMap<String, byte[]> more = new TreeMap<>(files);
        more.put(thing.name(), thing.bytes());
        return new Play(kind, address, more, stated);
    }

    /** Makes a record from a seed and serves it. */
    interface Host {
        Play play(Seeded seeded, PlayedHosts hosts) throws Exception;
    }

    @Override
    public String toString() {
        return kind + " " + address;
    }
}
