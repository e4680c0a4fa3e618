package org.histods.transport;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A process of its own that takes so many turns, one a second, as fast as it can, once its input ends. */
final class TurnTaker {

    private TurnTaker() {}

    public static void main(String[] args) throws IOException {
        SharedPace pace = new SharedPace(Path.of(args[0]), "127.0.0.1", 1);
        System.out.print('k');
        System.out.flush();
        System.in.read();
        StringBuilder turns = new StringBuilder("\n");
        for (int i = 0; i < Integer.parseInt(args[1]); i++) {
            turns.append(pace.takeTurn(FakeTime.START, FakeTime.START, Duration.ofMillis(1))
                            .toEpochMilli())
                    .append('\n');
        }
        System.out.print(turns);
        System.out.flush();
    }
}
