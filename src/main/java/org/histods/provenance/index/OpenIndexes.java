package org.histods.provenance.index;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.histods.mirror.BagRef;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;

/** The open indexes of all bags in the mirror. A missing, stale or damaged one is made again. */
final class OpenIndexes implements AutoCloseable {

    private final Mirror mirror;
    private final Consumer<String> messages;
    private final Map<String, Opened> opened = new TreeMap<>();
    private boolean fresh;

    /** @param messages receives messages about what takes long and what could not be written */
    OpenIndexes(Mirror mirror, Consumer<String> messages) {
        this.mirror = mirror;
        this.messages = messages;
    }

    /** The index of one bag. */
    record Opened(BagRef bag, IndexReader file) {}

    /** A look-up in the index of one bag. */
    interface Question<T> {
        T of(Opened one) throws IOException, Problem;
    }

    /**
     * Makes missing and stale indexes; cheap if nothing changed.
     *
     * @throws Problem if the record of a bag cannot be read or contradicts itself; all others are refreshed first, and
     *     later calls use those
     */
    synchronized void refresh() throws Problem {
        mirror.check();
        fresh = true;
        Problem first = null;
        Set<String> there = new HashSet<>();
        for (BagRef bag : mirror.bags()) {
            there.add(name(bag));
            try {
                refresh(bag);
            } catch (Problem p) {
                if (p.kind() == Problem.Kind.INTERRUPTED) {
                    throw p;
                }
                first = first == null ? p : first;
            }
        }
        for (String gone : List.copyOf(opened.keySet())) {
            if (!there.contains(gone)) {
                close(gone);
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /** Makes the index of that bag and replaces an existing one. */
    void make(BagRef bag) throws IOException, Problem {
        make(bag, mirror.index(bag));
    }

    private static String name(BagRef bag) {
        return bag.id() + "@" + bag.version();
    }

    private void close(String name) {
        Opened old = opened.remove(name);
        if (old != null) {
            try {
                old.file.close();
            } catch (IOException e) {
                // It was only read.
                return;
            }
        }
    }

    private void refresh(BagRef bag) throws Problem {
        close(name(bag));
        try {
            byte[] key = IndexWriter.key(bag.path());
            opened.put(name(bag), new Opened(bag, open(bag, key)));
        } catch (IOException e) {
            if (!Files.exists(bag.path())) {
                return;
            }
            throw unreadable(bag, e);
        }
    }

    static Problem unreadable(BagRef bag, IOException e) {
        if (e instanceof ClosedByInterruptException) {
            return Problem.interrupted();
        }
        return new Problem(
                Problem.Kind.DISK,
                Problem.because("cannot read the record of " + bag.id() + " " + bag.version(), e),
                "`histods verify " + bag.id() + "` checks the whole bag",
                e);
    }

    private IndexReader open(BagRef bag, byte[] key) throws IOException, Problem {
        Path file = mirror.index(bag);
        try {
            return IndexReader.open(file, key);
        } catch (IOException e) {
            messages.accept("indexing " + bag.id() + " " + bag.version());
        }
        try {
            make(bag, file);
            return IndexReader.open(file, key);
        } catch (IOException e) {
            return temporary(bag, key, e);
        }
    }

    /** Opens a temporary index, whose file is deleted at once, so that nothing is left behind. */
    private IndexReader temporary(BagRef bag, byte[] key, IOException cause) throws IOException, Problem {
        if (Thread.currentThread().isInterrupted() || cause instanceof ClosedByInterruptException) {
            throw Problem.interrupted();
        }
        messages.accept(Problem.because("the index of " + bag.id() + " cannot be written to the mirror", cause)
                + "; it is used for this run only");
        Path temporary = Files.createTempFile("histods-index", ".tmp");
        try {
            new IndexWriter(bag.path()).write(temporary);
            return IndexReader.open(temporary, key);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private void make(BagRef bag, Path file) throws IOException, Problem {
        mirror.makeFolder(file.resolveSibling(""));
        Path making = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            new IndexWriter(bag.path()).write(making);
            mirror.files().share(making);
            Files.move(making, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(making);
        }
    }

    /** Looks in every bag; a damaged index is made again. */
    synchronized <T> List<T> ask(Question<List<T>> question) throws Problem {
        if (!fresh) {
            refresh();
        }
        List<T> all = new ArrayList<>();
        for (String name : List.copyOf(opened.keySet())) {
            all.addAll(ask(name, question));
        }
        return all;
    }

    /** Looks in one bag; empty if it does not exist. */
    synchronized <T> List<T> ask(BagRef bag, Question<List<T>> question) throws Problem {
        return ask(name(bag), question);
    }

    private <T> List<T> ask(String name, Question<List<T>> question) throws Problem {
        Opened one = opened.get(name);
        try {
            return one == null ? List.of() : question.of(one);
        } catch (IOException e) {
            return again(one.bag, question, e);
        }
    }

    private <T> List<T> again(BagRef bag, Question<List<T>> question, IOException cause) throws Problem {
        if (!Files.exists(bag.path())) {
            close(name(bag));
            return List.of();
        }
        try {
            if (cause instanceof IndexReader.Damaged) {
                mirror.deleteIndex(bag);
            }
            refresh(bag);
            Opened now = opened.get(name(bag));
            return now == null ? List.of() : question.of(now);
        } catch (IOException e) {
            throw unreadable(bag, e);
        }
    }

    @Override
    public synchronized void close() {
        List.copyOf(opened.keySet()).forEach(this::close);
        fresh = false;
    }
}
