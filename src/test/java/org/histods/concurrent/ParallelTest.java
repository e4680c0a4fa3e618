package org.histods.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.histods.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract of {@link Parallel#map}. */
@Timeout(60)
final class ParallelTest {

    private static final List<Integer> HUNDRED = IntStream.range(0, 100).boxed().toList();

    /** Blocks until its thread is interrupted, then takes its time to end. */
    private static Integer blockUntilInterrupted(CountDownLatch started, AtomicBoolean ended) throws Problem {
        try {
            started.countDown();
            new CountDownLatch(1).await();
            return 0;
        } catch (InterruptedException e) {
            for (int i = 0; i < 100; i++) {
                Thread.onSpinWait();
            }
            ended.set(true);
            throw Problem.interrupted();
        }
    }

    @Test
    void results_areInTheOrderOfTheItems() throws Problem {
        CountDownLatch secondDone = new CountDownLatch(1);
        List<String> results = Parallel.map(2, List.of(1, 2), item -> {
            if (item == 1) {
                await(secondDone);
            } else {
                secondDone.countDown();
            }
            return "result " + item;
        });
        assertEquals(List.of("result 1", "result 2"), results);
    }

    @Test
    void manyItems_areEachDoneOnce() throws Problem {
        AtomicInteger calls = new AtomicInteger();
        assertEquals(HUNDRED, Parallel.map(7, HUNDRED, item -> {
            calls.incrementAndGet();
            return item;
        }));
        assertEquals(100, calls.get());
    }

    @Test
    void noItems_giveNoResults() throws Problem {
        assertEquals(List.of(), Parallel.map(4, List.<Integer>of(), item -> item));
    }

    @Test
    void failure_isThrownAfterTheOtherWorkersWereInterruptedAndEnded() {
        Problem failure = new Problem(Problem.Kind.NETWORK, "no");
        CountDownLatch started = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        Problem thrown = assertThrows(
                Problem.class,
                () -> Parallel.map(2, List.of(1, 2), item -> {
                    if (item == 1) {
                        return blockUntilInterrupted(started, ended);
                    }
                    await(started);
                    throw failure;
                }));
        assertSame(failure, thrown);
        assertTrue(ended.get());
        assertFalse(Thread.currentThread().isInterrupted());
    }

    @Test
    void failure_keepsLaterItemsFromBeingStarted() {
        AtomicInteger calls = new AtomicInteger();
        assertThrows(
                Problem.class,
                () -> Parallel.map(1, HUNDRED, item -> {
                    calls.incrementAndGet();
                    throw new Problem(Problem.Kind.NETWORK, "no");
                }));
        assertEquals(1, calls.get());
    }

    @Test
    void checkedException_isThrownAsItIs() {
        IOException failure = new FileNotFoundException("gone");
        assertSame(
                failure,
                assertThrows(
                        IOException.class,
                        () -> Parallel.map(2, HUNDRED, item -> {
                            throw failure;
                        })));
    }

    @Test
    void bug_isThrownAsItIs() {
        assertThrows(ArithmeticException.class, () -> Parallel.map(2, List.of(0), item -> 1 / item));
        assertThrows(
                StackOverflowError.class,
                () -> Parallel.map(2, List.of(0), item -> {
                    throw new StackOverflowError();
                }));
    }

    @Test
    void interruptOfTheCaller_endsAllWorkersAndIsKept() {
        Thread caller = Thread.currentThread();
        AtomicBoolean ended = new AtomicBoolean();
        Problem thrown = assertThrows(
                Problem.class,
                () -> Parallel.map(2, List.of(1, 2), item -> {
                    if (item == 2) {
                        caller.interrupt();
                        return 2;
                    }
                    return blockUntilInterrupted(new CountDownLatch(1), ended);
                }));
        assertEquals(Problem.Kind.INTERRUPTED, thrown.kind());
        assertTrue(ended.get());
        assertTrue(Thread.interrupted());
    }

    @Test
    void nestedFailure_endsBothLevels() {
        Problem failure = new Problem(Problem.Kind.WRONG_BYTES, "inner");
        AtomicBoolean innerEnded = new AtomicBoolean();
        AtomicBoolean outerEnded = new AtomicBoolean();
        CountDownLatch started = new CountDownLatch(2);
        Problem thrown = assertThrows(
                Problem.class,
                () -> Parallel.map(2, List.of(1, 2), outer -> {
                    if (outer == 1) {
                        return blockUntilInterrupted(started, outerEnded);
                    }
                    return Parallel.map(2, List.of(1, 2), inner -> {
                                if (inner == 1) {
                                    return blockUntilInterrupted(started, innerEnded);
                                }
                                await(started);
                                throw failure;
                            })
                            .size();
                }));
        assertSame(failure, thrown);
        assertTrue(innerEnded.get());
        assertTrue(outerEnded.get());
    }

    @Test
    void failureOutside_endsNestedWork() {
        AtomicBoolean innerEnded = new AtomicBoolean();
        CountDownLatch started = new CountDownLatch(1);
        Problem failure = new Problem(Problem.Kind.NETWORK, "outer");
        Problem thrown = assertThrows(
                Problem.class,
                () -> Parallel.map(2, List.of(1, 2), outer -> {
                    if (outer == 1) {
                        return Parallel.map(1, List.of(1), inner -> blockUntilInterrupted(started, innerEnded))
                                .get(0);
                    }
                    await(started);
                    throw failure;
                }));
        assertSame(failure, thrown);
        assertTrue(innerEnded.get());
    }

    private static void await(CountDownLatch latch) throws Problem {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw Problem.interrupted();
        }
    }
}
