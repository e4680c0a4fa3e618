package org.histods.demo;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The stain in a section of tissue: the amount of haematoxylin ({@code blue}) and of eosin ({@code pink}) at each pixel.
 * The colours are those under a microscope, by the Beer–Lambert law.
 */
final class Canvas {

    /** How much red, green and blue light one unit of the stain absorbs; the reference stains of Macenko et al. 2009. */
    private static final double[] HAEMATOXYLIN = {0.5626, 0.7201, 0.4062};

    private static final double[] EOSIN = {0.2159, 0.8012, 0.5581};
    private static final int STEPS = 1024;
    private static final double DARKEST = 4;
    private static final double[] LIGHT = light();

    /** A nucleus that was painted; the centre in pixels. */
    record Nucleus(double x, double y) {}

    /** Changes a pixel of a shape: {@code cover} runs from 0 outside to 1 inside, {@code rho} from 0 in the middle to 1. */
    interface Brush {
        void paint(int pixel, double cover, double rho);
    }

    /** Changes the pixel at {@code x}, {@code y}. */
    interface Wash {
        void paint(int pixel, int x, int y);
    }

    final int width;
    final int height;
    final float[] blue;
    final float[] pink;
    private final boolean[] nuclear;
    private final List<Nucleus> nuclei = new ArrayList<>();
    private final Noise edges;

    Canvas(int width, int height, long seed) {
        this.width = width;
        this.height = height;
        blue = new float[width * height];
        pink = new float[width * height];
        nuclear = new boolean[width * height];
        edges = new Noise(seed ^ 0x5EED);
    }

    /** Paints an ellipse with an uneven rim; {@code a} and {@code b} are half its axes, {@code soft} the rim's width. */
    void ellipse(double x, double y, double a, double b, double angle, double soft, Brush brush) {
        double cos = StrictMath.cos(angle);
        double sin = StrictMath.sin(angle);
        double uneven = 2.2 / Math.max(4, Math.max(a, b));
        double reach = Math.max(a, b) * 1.25 + soft;
        for (int py = Math.max(0, (int) (y - reach)); py <= Math.min(height - 1, (int) (y + reach)); py++) {
            for (int px = Math.max(0, (int) (x - reach)); px <= Math.min(width - 1, (int) (x + reach)); px++) {
                double u = ((px - x) * cos + (py - y) * sin) / a;
                double v = ((py - y) * cos - (px - x) * sin) / b;
                double rho = Math.sqrt(u * u + v * v);
                if (rho > 1.3 + soft / b) {
                    continue;
                }
                if (rho > 0.6) {
                    rho *= 1 + 0.36 * (edges.at(px * uneven + x, py * uneven + y) - 0.5);
                }
                double cover = Math.min(1, Math.max(0, (1 - rho) * b / soft + 0.5));
                if (cover > 0) {
                    brush.paint(py * width + px, cover, Math.min(1, rho));
                }
            }
        }
    }

    /** Paints a nucleus: a darker membrane, uneven chromatin. Its pixels and centre are kept for the annotations. */
    void nucleus(double x, double y, double a, double b, double angle, double strength) {
        if (x > 1 && y > 1 && x < width - 2 && y < height - 2) {
            nuclei.add(new Nucleus(x, y));
        }
        ellipse(x, y, a, b, angle, 1.3, (pixel, cover, rho) -> {
            int px = pixel % width;
            int py = pixel / width;
            double chromatin = 0.62 + 0.75 * edges.at(px * 0.55 + 91, py * 0.55 + 7);
            double membrane = rho > 0.72 ? 0.2 : 0;
            double stain = strength * (chromatin + membrane);
            blue[pixel] += (float) (cover * (stain - blue[pixel]));
            pink[pixel] *= (float) (1 - 0.45 * cover);
            nuclear[pixel] |= cover > 0.5;
        });
    }

    /** Changes every pixel. */
    void everywhere(Wash wash) {
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                wash.paint(y * width + x, x, y);
            }
        }
    }

    /** The index of the pixel at that position, or of the nearest one if the position is off the canvas. */
    int pixel(double x, double y) {
        int column = (int) Math.min(width - 1, Math.max(0, x));
        int row = (int) Math.min(height - 1, Math.max(0, y));
        return row * width + column;
    }

    /** Whether a nucleus painted here would lie over another one, or nearly. */
    boolean taken(double x, double y) {
        int px = (int) x;
        int py = (int) y;
        return px >= 0 && py >= 0 && px < width && py < height && nuclear[py * width + px];
    }

    /** The tissue under the microscope. */
    BufferedImage image(long seed) {
        Noise thickness = new Noise(seed ^ 0x711C);
        SplittableRandom grain = new SplittableRandom(seed);
        float[] h = blurred(blue);
        float[] e = blurred(pink);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] colours = new int[width * height];
        everywhere((i, x, y) -> {
            double thick = 0.88 + 0.24 * thickness.at(x / 90.0, y / 90.0);
            colours[i] = colour(h[i] * thick, e[i] * thick, grain.nextInt());
        });
        image.setRGB(0, 0, width, height, colours, 0, width);
        return image;
    }

    private static int colour(double h, double e, int grain) {
        int rgb = 0;
        for (int channel = 0; channel < 3; channel++) {
            double density = h * HAEMATOXYLIN[channel] + e * EOSIN[channel];
            double light = LIGHT[(int) Math.min(STEPS - 1, density * STEPS / DARKEST)];
            int level = (int) (244 * light) + ((grain >>> (8 * channel)) & 3) + ((grain >>> (8 * channel + 4)) & 3);
            rgb = rgb << 8 | Math.min(255, level);
        }
        return rgb;
    }

    private static double[] light() {
        double[] light = new double[STEPS];
        for (int i = 0; i < STEPS; i++) {
            light[i] = StrictMath.exp(-i * DARKEST / STEPS);
        }
        return light;
    }

    /** Blurs the picture a little, as a lens does. */
    private float[] blurred(float[] stain) {
        float[] soft = new float[stain.length];
        for (int y = 0; y < height; y++) {
            int up = y == 0 ? 0 : -width;
            int down = y == height - 1 ? 0 : width;
            for (int x = 0; x < width; x++) {
                int i = y * width + x;
                int left = x == 0 ? 0 : -1;
                int right = x == width - 1 ? 0 : 1;
                float sides = stain[i + up] + stain[i + down] + stain[i + left] + stain[i + right];
                soft[i] = 0.52f * stain[i] + 0.12f * sides;
            }
        }
        return soft;
    }

    /** White where a nucleus is, black elsewhere. */
    BufferedImage mask() {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < nuclear.length; i++) {
            image.getRaster().setSample(i % width, i / width, 0, nuclear[i] ? 255 : 0);
        }
        return image;
    }

    /** One white pixel in the middle of each nucleus, black elsewhere. */
    BufferedImage dots() {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        for (Nucleus nucleus : nuclei) {
            image.getRaster().setSample((int) nucleus.x(), (int) nucleus.y(), 0, 255);
        }
        return image;
    }
}
