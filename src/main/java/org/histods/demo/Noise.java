package org.histods.demo;

/**
 * Smooth noise in the plane: random values at whole coordinates, interpolated between them. The same seed gives the same noise
 * on every machine.
 */
final class Noise {

    private final long seed;

    Noise(long seed) {
        this.seed = seed;
    }

    /** Between 0 and 1; features are about one unit wide. */
    double at(double x, double y) {
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        double across = slope(x - left);
        double down = slope(y - top);
        double above = mix(value(left, top), value(left + 1, top), across);
        double below = mix(value(left, top + 1), value(left + 1, top + 1), across);
        return mix(above, below, down);
    }

    /** Between 0 and 1; features of one unit with finer ones in them. */
    double rough(double x, double y) {
        return (4 * at(x, y) + 2 * at(2.03 * x + 17, 2.03 * y + 5) + at(4.1 * x + 3, 4.1 * y + 29)) / 7;
    }

    private static double slope(double t) {
        return t * t * (3 - 2 * t);
    }

    private static double mix(double a, double b, double t) {
        return a + (b - a) * t;
    }

    /** The finishing steps are those of SplittableRandom: every bit of the input moves every bit of the output. */
    private double value(int x, int y) {
        long z = seed + x * 0x9E3779B97F4A7C15L + y * 0xC2B2AE3D27D4EB4FL;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return ((z ^ (z >>> 31)) >>> 11) * 0x1.0p-53;
    }
}
