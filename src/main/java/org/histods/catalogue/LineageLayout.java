package org.histods.catalogue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.histods.catalogue.LineageGraph.Link;
import org.jspecify.annotations.Nullable;

/**
 * Places the datasets of a lineage graph in columns from left to right: origins first, and each dataset in the first
 * column that is to the right of all that it comes from. Groups that hang together lie below each other, the largest
 * first. A link that crosses columns goes over empty places in them, so that no line runs through a name. The same
 * lineages always give the same places.
 */
final class LineageLayout {

    private static final int SWEEPS = 12;

    /** A dataset, or an empty place that a line goes through ({@code name} is null). */
    record Place(@Nullable String name, int column, double row) {}

    /** A link and the places that its line goes through, from left to right. */
    record Line(Link link, List<Place> through) {}

    private final List<Place> places = new ArrayList<>();
    private final List<Line> lines = new ArrayList<>();
    private int columns;
    private double rows;

    LineageLayout(LineageGraph lineages) {
        for (Set<String> group : groups(lineages)) {
            place(
                    group,
                    laid(lineages.links().stream()
                            .filter(link -> group.contains(link.from()))
                            .toList()));
        }
    }

    List<Place> places() {
        return List.copyOf(places);
    }

    List<Line> lines() {
        return List.copyOf(lines);
    }

    int columns() {
        return columns;
    }

    double rows() {
        return rows;
    }

    private static List<Set<String>> groups(LineageGraph lineages) {
        List<Set<String>> groups = new ArrayList<>();
        Set<String> seen = new TreeSet<>();
        for (String name : lineages.connected()) {
            Set<String> group = new TreeSet<>();
            collect(name, lineages, group);
            if (seen.addAll(group)) {
                groups.add(group);
            }
        }
        groups.sort(Comparator.<Set<String>>comparingInt(Set::size)
                .reversed()
                .thenComparing(group -> group.iterator().next()));
        return groups;
    }

    private static void collect(String name, LineageGraph lineages, Set<String> group) {
        if (group.add(name)) {
            lineages.stepsFrom(name).forEach(step -> collect(step.to(), lineages, group));
        }
    }

    /** A link as it lies in the picture: from left to right, which is from the older to the newer but in a circle. */
    private record Laid(Link link, String left, String right) {}

    /** Lays links between the same two datasets once, and those that would close a circle the other way round. */
    private static List<Laid> laid(List<Link> links) {
        List<Laid> laid = new ArrayList<>();
        Set<String> pairs = new TreeSet<>();
        List<Link> origins =
                links.stream().filter(l -> l.relation().fromOther()).toList();
        List<Link> even = links.stream().filter(l -> !l.relation().fromOther()).toList();
        Stream.concat(origins.stream(), even.stream()).forEach(link -> {
            boolean swapped = link.from().compareTo(link.to()) < 0;
            String pair = swapped ? link.from() + "\0" + link.to() : link.to() + "\0" + link.from();
            if (pairs.add(pair)) {
                boolean circle = leads(link.from(), link.to(), laid);
                laid.add(circle ? new Laid(link, link.from(), link.to()) : new Laid(link, link.to(), link.from()));
            }
        });
        return laid;
    }

    private static boolean leads(String start, String end, List<Laid> laid) {
        return start.equals(end) || laid.stream().anyMatch(l -> l.left().equals(start) && leads(l.right(), end, laid));
    }

    private void place(Set<String> group, List<Laid> links) {
        Map<String, Integer> column = columns(group, links);
        List<List<String>> grid = new ArrayList<>();
        int last = Collections.max(column.values());
        for (int i = 0; i <= last; i++) {
            grid.add(new ArrayList<>());
        }
        group.forEach(name -> grid.get(column.getOrDefault(name, 0)).add(name));
        Map<Laid, List<String>> ways = ways(links, column, grid);
        Map<String, Set<String>> beside = neighbours(ways);
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            order(grid, beside, sweep % 2 == 0);
        }
        settle(grid, beside, ways, group);
        columns = Math.max(columns, last + 1);
    }

    /** The longest way from an origin. */
    private static Map<String, Integer> columns(Set<String> group, List<Laid> links) {
        Map<String, Integer> column = new TreeMap<>();
        group.forEach(name -> column.put(name, 0));
        boolean moved = true;
        while (moved) {
            moved = false;
            for (Laid link : links) {
                int least = column.getOrDefault(link.left(), 0) + 1;
                if (column.getOrDefault(link.right(), 0) < least) {
                    column.put(link.right(), least);
                    moved = true;
                }
            }
        }
        pull(column, links);
        return column;
    }

    /** Moves an origin next to the first dataset that comes from it, to keep lines short. */
    private static void pull(Map<String, Integer> column, List<Laid> links) {
        for (Map.Entry<String, Integer> entry : column.entrySet()) {
            String name = entry.getKey();
            boolean origin = links.stream().noneMatch(link -> link.right().equals(name));
            if (origin) {
                links.stream()
                        .filter(link -> link.left().equals(name))
                        .mapToInt(link -> column.getOrDefault(link.right(), 1) - 1)
                        .min()
                        .ifPresent(nearest -> entry.setValue(Math.max(0, nearest)));
            }
        }
    }

    /** What each link goes through, with a new empty place in each column between its ends. */
    private static Map<Laid, List<String>> ways(
            List<Laid> links, Map<String, Integer> column, List<List<String>> grid) {
        Map<Laid, List<String>> ways = new LinkedHashMap<>();
        int empty = 0;
        for (Laid link : links) {
            List<String> way = new ArrayList<>(List.of(link.left()));
            int end = column.getOrDefault(link.right(), 0);
            for (int i = column.getOrDefault(link.left(), 0) + 1; i < end; i++) {
                String place = "\0" + empty++;
                grid.get(i).add(place);
                way.add(place);
            }
            way.add(link.right());
            ways.put(link, way);
        }
        return ways;
    }

    private static Map<String, Set<String>> neighbours(Map<Laid, List<String>> ways) {
        Map<String, Set<String>> beside = new HashMap<>();
        for (List<String> way : ways.values()) {
            for (int i = 1; i < way.size(); i++) {
                beside.computeIfAbsent(way.get(i), k -> new LinkedHashSet<>()).add(way.get(i - 1));
                beside.computeIfAbsent(way.get(i - 1), k -> new LinkedHashSet<>())
                        .add(way.get(i));
            }
        }
        return beside;
    }

    /** Sorts each column by the mean place of what its members hang on in the column before. */
    private static void order(List<List<String>> grid, Map<String, Set<String>> beside, boolean fromLeft) {
        for (int i = 1; i < grid.size(); i++) {
            int at = fromLeft ? i : grid.size() - 1 - i;
            List<String> reference = grid.get(fromLeft ? at - 1 : at + 1);
            List<String> own = grid.get(at);
            Map<String, Double> wish = new HashMap<>();
            for (int k = 0; k < own.size(); k++) {
                double here = (k + 0.5) / own.size() * reference.size();
                wish.put(own.get(k), mean(beside.getOrDefault(own.get(k), Set.of()), reference, here));
            }
            own.sort(Comparator.comparingDouble(name -> wish.getOrDefault(name, 0.0)));
        }
    }

    private static double mean(Set<String> names, List<String> reference, double otherwise) {
        return names.stream()
                .mapToInt(reference::indexOf)
                .filter(i -> i >= 0)
                .average()
                .orElse(otherwise);
    }

    /** Gives rows: the fullest column is filled from the top, the others settle beside what they hang on. */
    private void settle(
            List<List<String>> grid, Map<String, Set<String>> beside, Map<Laid, List<String>> ways, Set<String> group) {
        Map<String, Double> row = new HashMap<>();
        int full = 0;
        for (int i = 0; i < grid.size(); i++) {
            full = grid.get(i).size() > grid.get(full).size() ? i : full;
        }
        stack(grid.get(full), row, name -> 0.0);
        for (int i = full - 1; i >= 0; i--) {
            stack(grid.get(i), row, name -> wish(name, beside, row));
        }
        for (int i = full + 1; i < grid.size(); i++) {
            stack(grid.get(i), row, name -> wish(name, beside, row));
        }
        double top = Collections.min(row.values());
        double start = rows;
        Map<String, Place> placed = new HashMap<>();
        for (int i = 0; i < grid.size(); i++) {
            for (String name : grid.get(i)) {
                double at = start + row.getOrDefault(name, 0.0) - top;
                Place place = new Place(group.contains(name) ? name : null, i, at);
                placed.put(name, place);
                places.add(place);
                rows = Math.max(rows, at + 1.6);
            }
        }
        ways.forEach((link, way) ->
                lines.add(new Line(link.link(), way.stream().map(placed::get).toList())));
    }

    private static double wish(String name, Map<String, Set<String>> beside, Map<String, Double> row) {
        return beside.getOrDefault(name, Set.of()).stream()
                .filter(row::containsKey)
                .mapToDouble(other -> row.getOrDefault(other, 0.0))
                .average()
                .orElse(0);
    }

    /** A run of neighbours in a column that touch each other: they stand where the mean of their wishes is. */
    private record Run(List<String> names, double sum, double height) {
        double top() {
            return sum / names.size();
        }

        Run with(Run below) {
            List<String> all = new ArrayList<>(names);
            all.addAll(below.names);
            // The wishes of the lower run, as wishes for the top of the joint one.
            return new Run(all, sum + below.sum - height * below.names.size(), height + below.height);
        }
    }

    /** Puts each as near to its wish as its neighbours allow, by least squares (pooling of adjacent violators). */
    private static void stack(List<String> column, Map<String, Double> row, ToDoubleFunction<String> wish) {
        Deque<Run> runs = new ArrayDeque<>();
        for (String name : column) {
            Run run = new Run(List.of(name), wish.applyAsDouble(name), room(name));
            while (!runs.isEmpty() && runs.getLast().top() + runs.getLast().height() > run.top()) {
                run = runs.removeLast().with(run);
            }
            runs.add(run);
        }
        for (Run run : runs) {
            double at = run.top();
            for (String name : run.names()) {
                row.put(name, at);
                at += room(name);
            }
        }
    }

    /** In rows; an empty place needs less than a name. */
    private static double room(String name) {
        return name.startsWith("\0") ? 0.7 : 1;
    }
}
