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
 * Places the datasets of a lineage graph in columns: origins on the left, and each dataset in the first column to the right of
 * all its origins. Connected groups are placed below each other, the largest first. A link that crosses columns goes through
 * empty places in them, so that no line crosses a name. The same graph always gives the same places.
 */
final class LineageLayout {

    private static final int SWEEPS = 12;

    /** The place of a dataset, or an empty place for a line ({@code name} is null). */
    record Position(@Nullable String name, int column, double row) {}

    /** A link and the places of its line, from left to right. */
    record Line(Link link, List<Position> through) {}

    private final List<Position> places = new ArrayList<>();
    private final List<Line> lines = new ArrayList<>();
    private int columns;
    private double rows;

    LineageLayout(LineageGraph lineages) {
        for (Set<String> group : groups(lineages)) {
            place(
                    group,
                    edges(lineages.links().stream()
                            .filter(link -> group.contains(link.from()))
                            .toList()));
        }
    }

    List<Position> places() {
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

    /** A link in the picture from left to right, which is from the origin except in a cycle. */
    private record Edge(Link link, String left, String right) {}

    /** One edge for each pair of linked datasets; edges that would close a cycle are reversed. */
    private static List<Edge> edges(List<Link> links) {
        List<Edge> edges = new ArrayList<>();
        Set<String> pairs = new TreeSet<>();
        List<Link> origins =
                links.stream().filter(l -> l.relation().fromOther()).toList();
        List<Link> even = links.stream().filter(l -> !l.relation().fromOther()).toList();
        Stream.concat(origins.stream(), even.stream()).forEach(link -> {
            boolean swapped = link.from().compareTo(link.to()) < 0;
            String pair = swapped ? link.from() + "\0" + link.to() : link.to() + "\0" + link.from();
            if (pairs.add(pair)) {
                boolean cycle = connects(link.from(), link.to(), edges);
                edges.add(cycle ? new Edge(link, link.from(), link.to()) : new Edge(link, link.to(), link.from()));
            }
        });
        return edges;
    }

    private static boolean connects(String start, String end, List<Edge> edges) {
        return start.equals(end)
                || edges.stream().anyMatch(l -> l.left().equals(start) && connects(l.right(), end, edges));
    }

    private void place(Set<String> group, List<Edge> links) {
        Map<String, Integer> column = columns(group, links);
        List<List<String>> grid = new ArrayList<>();
        int last = Collections.max(column.values());
        for (int i = 0; i <= last; i++) {
            grid.add(new ArrayList<>());
        }
        group.forEach(name -> grid.get(column.getOrDefault(name, 0)).add(name));
        Map<Edge, List<String>> paths = paths(links, column, grid);
        Map<String, Set<String>> neighbours = neighbours(paths);
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            order(grid, neighbours, sweep % 2 == 0);
        }
        assignRows(grid, neighbours, paths, group);
        columns = Math.max(columns, last + 1);
    }

    /** The column of each dataset: the length of the longest path from an origin. */
    private static Map<String, Integer> columns(Set<String> group, List<Edge> links) {
        Map<String, Integer> column = new TreeMap<>();
        group.forEach(name -> column.put(name, 0));
        boolean moved = true;
        while (moved) {
            moved = false;
            for (Edge link : links) {
                int least = column.getOrDefault(link.left(), 0) + 1;
                if (column.getOrDefault(link.right(), 0) < least) {
                    column.put(link.right(), least);
                    moved = true;
                }
            }
        }
        shortenLines(column, links);
        return column;
    }

    /** Moves an origin next to the first dataset that comes from it, to keep lines short. */
    private static void shortenLines(Map<String, Integer> column, List<Edge> links) {
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

    /** The names and new empty places along each edge, one per column. */
    private static Map<Edge, List<String>> paths(
            List<Edge> links, Map<String, Integer> column, List<List<String>> grid) {
        Map<Edge, List<String>> paths = new LinkedHashMap<>();
        int empty = 0;
        for (Edge link : links) {
            List<String> path = new ArrayList<>(List.of(link.left()));
            int end = column.getOrDefault(link.right(), 0);
            for (int i = column.getOrDefault(link.left(), 0) + 1; i < end; i++) {
                String place = "\0" + empty++;
                grid.get(i).add(place);
                path.add(place);
            }
            path.add(link.right());
            paths.put(link, path);
        }
        return paths;
    }

    private static Map<String, Set<String>> neighbours(Map<Edge, List<String>> paths) {
        Map<String, Set<String>> neighbours = new HashMap<>();
        for (List<String> path : paths.values()) {
            for (int i = 1; i < path.size(); i++) {
                neighbours
                        .computeIfAbsent(path.get(i), k -> new LinkedHashSet<>())
                        .add(path.get(i - 1));
                neighbours
                        .computeIfAbsent(path.get(i - 1), k -> new LinkedHashSet<>())
                        .add(path.get(i));
            }
        }
        return neighbours;
    }

    /** Sorts each column by the mean position of its members' neighbours in the previous column. */
    private static void order(List<List<String>> grid, Map<String, Set<String>> neighbours, boolean fromLeft) {
        for (int i = 1; i < grid.size(); i++) {
            int at = fromLeft ? i : grid.size() - 1 - i;
            List<String> reference = grid.get(fromLeft ? at - 1 : at + 1);
            List<String> own = grid.get(at);
            Map<String, Double> preferred = new HashMap<>();
            for (int k = 0; k < own.size(); k++) {
                double here = (k + 0.5) / own.size() * reference.size();
                preferred.put(own.get(k), mean(neighbours.getOrDefault(own.get(k), Set.of()), reference, here));
            }
            own.sort(Comparator.comparingDouble(name -> preferred.getOrDefault(name, 0.0)));
        }
    }

    private static double mean(Set<String> names, List<String> reference, double fallback) {
        return names.stream()
                .mapToInt(reference::indexOf)
                .filter(i -> i >= 0)
                .average()
                .orElse(fallback);
    }

    /** Assigns rows: the longest column is filled from the top, the others are placed next to their neighbours. */
    private void assignRows(
            List<List<String>> grid,
            Map<String, Set<String>> neighbours,
            Map<Edge, List<String>> paths,
            Set<String> group) {
        Map<String, Double> row = new HashMap<>();
        int full = 0;
        for (int i = 0; i < grid.size(); i++) {
            full = grid.get(i).size() > grid.get(full).size() ? i : full;
        }
        stack(grid.get(full), row, name -> 0.0);
        for (int i = full - 1; i >= 0; i--) {
            stack(grid.get(i), row, name -> preferred(name, neighbours, row));
        }
        for (int i = full + 1; i < grid.size(); i++) {
            stack(grid.get(i), row, name -> preferred(name, neighbours, row));
        }
        double top = Collections.min(row.values());
        double start = rows;
        Map<String, Position> placed = new HashMap<>();
        for (int i = 0; i < grid.size(); i++) {
            for (String name : grid.get(i)) {
                double at = start + row.getOrDefault(name, 0.0) - top;
                Position place = new Position(group.contains(name) ? name : null, i, at);
                placed.put(name, place);
                places.add(place);
                rows = Math.max(rows, at + 1.6);
            }
        }
        paths.forEach((link, path) ->
                lines.add(new Line(link.link(), path.stream().map(placed::get).toList())));
    }

    private static double preferred(String name, Map<String, Set<String>> neighbours, Map<String, Double> row) {
        return neighbours.getOrDefault(name, Set.of()).stream()
                .filter(row::containsKey)
                .mapToDouble(other -> row.getOrDefault(other, 0.0))
                .average()
                .orElse(0);
    }

    /** A run of adjacent members of a column, placed at the mean of their preferred rows. */
    private record Run(List<String> names, double sum, double height) {
        double top() {
            return sum / names.size();
        }

        Run with(Run below) {
            List<String> all = new ArrayList<>(names);
            all.addAll(below.names);
            // The preferred rows of the lower run, relative to the top of the joined one.
            return new Run(all, sum + below.sum - height * below.names.size(), height + below.height);
        }
    }

    /** Places each as close to its preferred row as possible, by least squares (pooling of adjacent violators). */
    private static void stack(List<String> column, Map<String, Double> row, ToDoubleFunction<String> preferred) {
        Deque<Run> runs = new ArrayDeque<>();
        for (String name : column) {
            Run run = new Run(List.of(name), preferred.applyAsDouble(name), height(name));
            while (!runs.isEmpty() && runs.getLast().top() + runs.getLast().height() > run.top()) {
                run = runs.removeLast().with(run);
            }
            runs.add(run);
        }
        for (Run run : runs) {
            double at = run.top();
            for (String name : run.names()) {
                row.put(name, at);
                at += height(name);
            }
        }
    }

    /** The height in rows; an empty place needs less than a name. */
    private static double height(String name) {
        return name.startsWith("\0") ? 0.7 : 1;
    }
}
