package org.histods.mirror;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.histods.dataset.DatasetId;

/** What interrupted runs left, of use to a later run or to nobody. */
final class Leftovers {

    private static final Duration OLD_PARTIAL = Duration.ofDays(7);
    private static final Duration OLD_STAGING = Duration.ofHours(24);

    private final Layout layout;
    private final Disk disk;
    private final Bags bags;
    private final Claims claims;
    private final Clock clock;

    Leftovers(Layout layout, Disk disk, Bags bags, Claims claims, Clock clock) {
        this.layout = layout;
        this.disk = disk;
        this.bags = bags;
        this.claims = claims;
        this.clock = clock;
    }

    /** What no run will use. */
    List<Rubbish> rubbish() throws IOException {
        List<Rubbish> found = new ArrayList<>(deadStagings());
        found.addAll(oldTransfers());
        for (Path path : bags.replaced()) {
            found.add(rubbish(path, "an older form of a bag that was replaced"));
        }
        found.addAll(oldIndexes());
        return found;
    }

    private List<Rubbish> deadStagings() throws IOException {
        List<Rubbish> found = new ArrayList<>();
        for (String name : disk.names(layout.staging())) {
            Path path = layout.staging().resolve(name);
            if (claims.dead(path) || olderThan(path, OLD_STAGING)) {
                found.add(rubbish(path, "left by a pull that was interrupted"));
            }
        }
        return found;
    }

    private List<Rubbish> oldTransfers() throws IOException {
        List<Rubbish> found = new ArrayList<>();
        for (String key : disk.names(layout.partials())) {
            Path all = layout.partials().resolve(key);
            for (String name : disk.names(all)) {
                Path path = all.resolve(name);
                boolean idle = name.equals(Claims.IDLE) || claims.dead(path);
                if (idle && olderThan(path, OLD_PARTIAL)) {
                    found.add(rubbish(path, "a transfer that nobody took up for a week"));
                }
            }
        }
        return found;
    }

    private List<Rubbish> oldIndexes() throws IOException {
        List<Rubbish> found = new ArrayList<>();
        for (String folder : disk.names(layout.indexes())) {
            DatasetId id = DatasetId.of(folder).orElse(null);
            if (id == null) {
                continue;
            }
            for (String name : disk.names(layout.indexes().resolve(folder))) {
                Path path = layout.indexes().resolve(folder).resolve(name);
                boolean old = name.endsWith(".tmp")
                        ? olderThan(path, OLD_STAGING)
                        : bags.of(id).stream().noneMatch(bag -> path.equals(layout.index(id, bag.version())));
                if (old) {
                    found.add(rubbish(path, "an index of a dataset that is gone, or half of one"));
                }
            }
        }
        return found;
    }

    /** Transfers that a later run can go on with, by name with their bytes. */
    List<Rubbish> partials() throws IOException {
        List<Rubbish> list = new ArrayList<>();
        for (String name : disk.names(layout.partials())) {
            list.add(rubbish(layout.partials().resolve(name), "a transfer that can go on"));
        }
        return list;
    }

    private Rubbish rubbish(Path path, String reason) throws IOException {
        return new Rubbish(path, disk.size(path), reason);
    }

    private boolean olderThan(Path path, Duration age) throws IOException {
        return disk.newest(path).plus(age).isBefore(clock.instant());
    }
}
