package org.histods.demo;

import java.util.SplittableRandom;

/** The shapes that generated tissue is drawn from: fibres, nuclei, glands, fat cells, vessels. */
final class Shapes {

    static final double TURN = 2 * Math.PI;

    private final Canvas canvas;
    private final SplittableRandom random;
    private final Noise noise;

    Shapes(Canvas canvas, SplittableRandom random, Noise noise) {
        this.canvas = canvas;
        this.random = random;
        this.noise = noise;
    }

    double between(double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    /** Somewhere from the left edge to the right one. */
    double anyX() {
        return random.nextDouble() * canvas.width;
    }

    double anyY() {
        return random.nextDouble() * canvas.height;
    }

    /** Wavy bundles of collagen with clefts between them. */
    void fibres(double lean, double amount) {
        double cos = StrictMath.cos(lean);
        double sin = StrictMath.sin(lean);
        for (int y = 0; y < canvas.height; y++) {
            for (int x = 0; x < canvas.width; x++) {
                double bend = 14 * noise.at(x / 45.0, y / 45.0);
                double along = x * cos + y * sin;
                double across = y * cos - x * sin + bend;
                double strand = noise.rough(along / 30, across / 5);
                double cleft = noise.at(along / 40 + 70, across / 9 + 70);
                double pink = amount * (0.55 + 0.95 * strand);
                double gap = Math.max(0, (cleft - 0.72) * 4);
                int i = y * canvas.width + x;
                canvas.pink[i] = (float) (pink * Math.max(0.08, 1 - gap));
                canvas.blue[i] = (float) (0.05 + 0.05 * strand);
            }
        }
    }

    void spindles(double lean, int count) {
        for (int i = 0; i < count; i++) {
            double x = anyX();
            double y = anyY();
            if (!crowded(x, y, 4)) {
                canvas.nucleus(
                        x, y, between(4.5, 7.5), between(1.3, 2), lean + between(-0.35, 0.35), between(0.8, 1.2));
            }
        }
    }

    void scattered(int count, double small, double large, double strength) {
        for (int i = 0; i < count; i++) {
            double x = anyX();
            double y = anyY();
            int pixel = canvas.pixel(x, y);
            if (canvas.pink[pixel] > 0.1 && !crowded(x, y, small)) {
                double a = between(small, large);
                canvas.ellipse(x, y, a + 2.5, a + 2, 0, 3, (p, cover, rho) -> canvas.blue[p] += (float) (0.1 * cover));
                canvas.nucleus(x, y, a, a * between(0.75, 1), between(0, TURN), strength * between(0.75, 1.2));
            }
        }
    }

    boolean crowded(double x, double y, double room) {
        return canvas.taken(x, y)
                || canvas.taken(x - room, y)
                || canvas.taken(x + room, y)
                || canvas.taken(x, y - room)
                || canvas.taken(x, y + room);
    }

    /** Columnar cells around a lumen, their nuclei at the base, with pale goblets between. */
    void gland(double x, double y, double a, double b) {
        double angle = between(0, TURN);
        canvas.ellipse(x, y, a + 3, b + 3, angle, 2, (p, cover, rho) -> {
            canvas.pink[p] *= (float) (1 - 0.75 * cover);
            canvas.blue[p] *= (float) (1 - cover);
        });
        canvas.ellipse(x, y, a, b, angle, 2, (p, cover, rho) -> {
            canvas.pink[p] += (float) (cover * (0.3 - canvas.pink[p]));
            canvas.blue[p] += (float) (cover * 0.17);
        });
        int cells = (int) (TURN * (a + b) / 2 * 0.84 / 6.1);
        double cos = StrictMath.cos(angle);
        double sin = StrictMath.sin(angle);
        for (int i = 0; i < cells; i++) {
            double turn = TURN * (i + between(-0.22, 0.22)) / cells;
            double depth = between(0.78, 0.88);
            double u = a * StrictMath.cos(turn);
            double v = b * StrictMath.sin(turn);
            double radial = angle + StrictMath.atan2(v, u);
            if (random.nextInt(3) == 0) {
                clearing(x + 0.58 * (u * cos - v * sin), y + 0.58 * (u * sin + v * cos), 4.6, 3.2);
            }
            double nx = x + depth * (u * cos - v * sin);
            double ny = y + depth * (u * sin + v * cos);
            canvas.nucleus(nx, ny, between(3.8, 5), between(2, 2.7), radial, between(0.85, 1.2));
        }
        canvas.ellipse(x, y, a * 0.36, b * 0.34, angle, 2.5, (p, cover, rho) -> {
            canvas.pink[p] *= (float) (1 - 0.97 * cover);
            canvas.blue[p] *= (float) (1 - 0.97 * cover);
        });
    }

    void clearing(double x, double y, double a, double b) {
        canvas.ellipse(x, y, a, b, between(0, TURN), 1.8, (p, cover, rho) -> {
            canvas.pink[p] *= (float) (1 - 0.85 * cover);
            canvas.blue[p] *= (float) (1 - 0.85 * cover);
        });
    }

    void fatCell(double x, double y, double size) {
        double angle = between(0, TURN);
        canvas.ellipse(
                x,
                y,
                size + 1.6,
                size * 0.86 + 1.6,
                angle,
                1.5,
                (p, cover, rho) -> canvas.pink[p] += (float) (cover * (0.5 - canvas.pink[p])));
        canvas.ellipse(x, y, size, size * 0.86, angle, 1.2, (p, cover, rho) -> {
            canvas.pink[p] *= (float) (1 - 0.98 * cover);
            canvas.blue[p] *= (float) (1 - cover);
        });
    }

    void redCell(double x, double y) {
        int pixel = canvas.pixel(x, y);
        if (canvas.pink[pixel] > 0.1 && !crowded(x, y, 3)) {
            canvas.ellipse(x, y, 3.2, 2.9, 0, 1.2, (p, cover, rho) -> {
                canvas.pink[p] += (float) (cover * ((rho < 0.4 ? 0.7 : 0.95) - canvas.pink[p]));
                canvas.blue[p] *= (float) (1 - 0.8 * cover);
            });
        }
    }

    void vessel(double x, double y, double size) {
        clearing(x, y, size, size * 0.7);
        for (int i = 0; i < 9; i++) {
            double turn = TURN * i / 9;
            double nx = x + size * StrictMath.cos(turn);
            double ny = y + size * 0.8 * StrictMath.sin(turn);
            if (i % 2 == 0) {
                canvas.nucleus(nx, ny, 4, 1.5, turn + TURN / 4, 1.05);
            }
            redCell(x + 0.5 * (nx - x) + between(-1, 1), y + 0.5 * (ny - y) + between(-1, 1));
        }
    }
}
