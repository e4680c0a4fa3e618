package org.histods.demo;

import java.util.SplittableRandom;

/** Draws pictures that look like tissue. The same seed gives the same picture. */
final class Tissue {

    /** What can be drawn. */
    enum Kind {
        GLAND,
        STROMA,
        TUMOUR,
        MARROW,
        NODE
    }

    private final Canvas canvas;
    private final SplittableRandom random;
    private final Noise noise;
    private final Shapes shapes;

    private Tissue(int width, int height, long seed) {
        canvas = new Canvas(width, height, seed);
        random = new SplittableRandom(seed);
        noise = new Noise(seed);
        shapes = new Shapes(canvas, random, noise);
    }

    static Canvas draw(Kind kind, int width, int height, long seed) {
        Tissue tissue = new Tissue(width, height, seed);
        switch (kind) {
            case GLAND -> tissue.glands();
            case STROMA -> tissue.stroma();
            case TUMOUR -> tissue.tumour();
            case MARROW -> tissue.marrow();
            case NODE -> tissue.node();
        }
        return tissue.canvas;
    }

    private void glands() {
        double lean = shapes.between(0, Shapes.TURN);
        shapes.fibres(lean, 0.3);
        shapes.spindles(lean, canvas.width * canvas.height / 900);
        int step = 78;
        for (int y = -step / 4; y < canvas.height + step / 2; y += step) {
            for (int x = -step / 4; x < canvas.width + step / 2; x += step) {
                double size = shapes.between(28, 36);
                shapes.gland(
                        x + shapes.between(-7, 7), y + shapes.between(-7, 7), size, size * shapes.between(0.72, 0.95));
            }
        }
    }

    private void stroma() {
        double lean = shapes.between(0, Shapes.TURN);
        shapes.fibres(lean, 0.42);
        shapes.spindles(lean, canvas.width * canvas.height / 700);
        shapes.scattered(canvas.width * canvas.height / 3500, 2.6, 3.2, 1.25);
        for (int i = 0; i < canvas.width / 60; i++) {
            shapes.vessel(shapes.anyX(), shapes.anyY(), shapes.between(8, 13));
        }
    }

    private void tumour() {
        shapes.fibres(shapes.between(0, Shapes.TURN), 0.34);
        double wide = 48;
        canvas.everywhere((i, x, y) -> {
            double nest = noise.rough(x / wide + 40, y / wide + 11);
            double cell = Math.min(1, Math.max(0, (nest - 0.36) * 9));
            canvas.pink[i] += (float) (cell * 0.06);
            canvas.blue[i] += (float) (cell * (0.13 + 0.12 * noise.at(x / 7.0, y / 7.0)));
        });
        for (int i = 0; i < canvas.width * canvas.height / 75; i++) {
            double x = shapes.between(-4, canvas.width + 4);
            double y = shapes.between(-4, canvas.height + 4);
            double nest = noise.rough(x / wide + 40, y / wide + 11);
            if (nest < 0.42 || shapes.crowded(x, y, 6)) {
                continue;
            }
            double a = shapes.between(4, 7.6);
            canvas.nucleus(
                    x,
                    y,
                    a,
                    a * shapes.between(0.62, 0.95),
                    shapes.between(0, Shapes.TURN),
                    shapes.between(0.62, 1.15));
            if (random.nextInt(3) == 0) {
                canvas.ellipse(
                        x + shapes.between(-1, 1),
                        y + shapes.between(-1, 1),
                        1.4,
                        1.4,
                        0,
                        1,
                        (p, cover, rho) -> canvas.blue[p] += (float) (0.7 * cover));
            }
        }
        for (int i = 0; i < canvas.width / 45; i++) {
            shapes.clearing(shapes.anyX(), shapes.anyY(), shapes.between(5, 12), shapes.between(3, 7));
        }
    }

    private void marrow() {
        shapes.fibres(shapes.between(0, Shapes.TURN), 0.36);
        for (int i = 0; i < canvas.width * canvas.height / 6500; i++) {
            shapes.fatCell(shapes.anyX(), shapes.anyY(), shapes.between(15, 25));
        }
        shapes.scattered(canvas.width * canvas.height / 120, 3, 5, 1.05);
        for (int i = 0; i < canvas.width * canvas.height / 500; i++) {
            shapes.redCell(shapes.anyX(), shapes.anyY());
        }
    }

    /** A small whole slide: a lymph node on glass, with follicles with pale centres in its cortex. */
    private void node() {
        float[] depth = new float[canvas.width * canvas.height];
        canvas.everywhere((i, x, y) -> depth[i] = inside(x, y));
        shapes.fibres(0.6, 0.22);
        canvas.everywhere((i, x, y) -> canvas.blue[i] += depth[i] > 0 ? (float) (0.12 * follicle(x, y, depth[i])) : 0);
        int count = canvas.width * canvas.height / 22;
        for (int i = 0; i < count; i++) {
            double x = shapes.anyX();
            double y = shapes.anyY();
            float deep = depth[canvas.pixel(x, y)];
            double crowd = deep < 0.05 ? 0 : follicle(x, y, deep);
            if (shapes.between(0, 0.75) > crowd || shapes.crowded(x, y, 2.2)) {
                continue;
            }
            boolean pale = crowd > 0.78;
            double a = pale ? shapes.between(3.2, 4.8) : shapes.between(2.2, 3);
            double strength = pale ? 0.68 : shapes.between(0.95, 1.4);
            canvas.nucleus(x, y, a, a * shapes.between(0.75, 1), shapes.between(0, Shapes.TURN), strength);
        }
        for (int i = 0; i < canvas.width / 40; i++) {
            shapes.vessel(shapes.anyX(), shapes.anyY(), shapes.between(7, 14));
        }
        canvas.everywhere((i, x, y) -> {
            double shape = depth[i];
            float there = (float) Math.min(1, Math.max(0, shape * 40));
            boolean capsule = shape > 0 && shape < 0.045;
            canvas.blue[i] *= there;
            canvas.pink[i] = there * (canvas.pink[i] + (capsule ? 0.3f : 0));
        });
    }

    /** How crowded the nuclei are: from 0 in the sinuses to 1 in the middle of a follicle. */
    private double follicle(double x, double y, double depth) {
        double crowd = (noise.rough(x / 120, y / 120) - 0.24) * 1.9;
        double rim = 0.25 - Math.abs(depth - 0.2);
        return Math.min(1, Math.max(0.04, crowd + Math.max(0, rim)));
    }

    /** The distance from the node's outline as a fraction of its radius; above 0 inside. */
    private float inside(double x, double y) {
        double u = (x / canvas.width - 0.5) * 2;
        double v = (y / canvas.height - 0.5) * 2;
        double bulge = 0.34 * (noise.rough(2 * u + 9, 2 * v + 4) - 0.5);
        double hilum = Math.max(0, 0.42 - Math.sqrt((u - 0.95) * (u - 0.95) + (v - 0.1) * (v - 0.1)));
        return (float) (0.93 - Math.sqrt(u * u * 1.05 + v * v * 1.25) + bulge - 1.5 * hilum);
    }
}
