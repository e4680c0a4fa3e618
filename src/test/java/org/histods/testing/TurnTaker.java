package org.histods.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.histods.transport.CrossProcessThrottle;

/** A separate process that takes a number of turns, one per second, as fast as it can, once its input ends. */
public final class TurnTaker {

    private TurnTaker() {}

    public static void main(String[] args) throws IOException {
        CrossProcessThrottle pace = new CrossProcessThrottle(Path.of(args[0]), "127.0.0.1", 1);
        System.out.print('k');
        System.out.flush();
        System.in.read();
        StringBuilder turns = new StringBuilder("\n");
        for (int i = 0; i < Integer.parseInt(args[1]); i++) {
            turns.append(pace.takeTurn(FakeSleeper.START, FakeSleeper.START, Duration.ofMillis(1))
                            .toEpochMilli())
                    .append('\n');
        }
        System.out.print(turns);
        System.out.flush();
    }
}
