package io.millrace.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A chart of lines as an SVG text: powers of ten along the bottom, a linear scale from zero up.
///
/// Written by hand, since chart libraries ask the JDK for fonts, which servers and containers often
/// have none of.
final class Chart {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 340;
    private static final int LEFT = 60;
    private static final int RIGHT = 220;
    private static final int TOP = 40;
    private static final int BOTTOM = 50;
    private static final int TICKS_MAX = 8;

    /// Colours that are told apart by those who see no red, too (Okabe and Ito).
    private static final List<String> COLOURS =
            List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9");

    private record Point(double x, double y) {}

    private final String title;
    private final String below;
    private final String beside;
    private final Map<String, List<Point>> lines = new LinkedHashMap<>();

    /// @param below what the bottom scale tells
    /// @param beside what the left scale tells
    Chart(String title, String below, String beside) {
        this.title = title;
        this.below = below;
        this.beside = beside;
    }

    /// @param x above zero
    void add(String line, double x, double y) {
        lines.computeIfAbsent(line, _ -> new ArrayList<>()).add(new Point(x, y));
    }

    String svg() {
        double least = Math.floor(Math.log10(all(Comparator.comparingDouble(Point::x)).x));
        double most =
                Math.ceil(
                        Math.log10(all(Comparator.comparingDouble(Point::x).reversed()).x) - 1e-9);
        double decades = Math.max(1, most - least);
        double step = step(all(Comparator.comparingDouble(Point::y).reversed()).y);
        double top =
                step * Math.ceil(all(Comparator.comparingDouble(Point::y).reversed()).y / step);
        StringBuilder svg = new StringBuilder();
        add(
                svg,
                ("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
                                + " font-family=\"sans-serif\" font-size=\"12\">")
                        .formatted(WIDTH, HEIGHT));
        add(svg, "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>".formatted(WIDTH, HEIGHT));
        text(svg, LEFT, 22, "start", title);
        text(svg, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, "middle", below);
        add(
                svg,
                "<text transform=\"translate(16,%d) rotate(-90)\" text-anchor=\"middle\">%s</text>"
                        .formatted((TOP + HEIGHT - BOTTOM) / 2, beside));
        for (int decade = 0; decade <= decades; decade++) {
            int x = x(decade / decades);
            grid(svg, x, y(0), x, y(1));
            text(svg, x, HEIGHT - BOTTOM + 18, "middle", power((int) least + decade));
        }
        for (double value = 0; value <= top + step / 2; value += step) {
            int y = y(value / top);
            grid(svg, x(0), y, x(1), y);
            text(svg, LEFT - 6, y + 4, "end", number(value));
        }
        int line = 0;
        for (Map.Entry<String, List<Point>> entry : lines.entrySet()) {
            String colour = COLOURS.get(line % COLOURS.size());
            StringBuilder path = new StringBuilder();
            for (Point point : entry.getValue()) {
                int x = x((Math.log10(point.x) - least) / decades);
                int y = y(point.y / top);
                path.append(path.isEmpty() ? "M" : "L").append(x).append(' ').append(y);
                add(
                        svg,
                        "<circle cx=\"%d\" cy=\"%d\" r=\"3\" fill=\"%s\"/>"
                                .formatted(x, y, colour));
            }
            add(svg, "<path d=\"%s\" fill=\"none\" stroke=\"%s\"/>".formatted(path, colour));
            int y = TOP + 8 + 20 * line;
            int x = WIDTH - RIGHT + 16;
            add(
                    svg,
                    "<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"4\" fill=\"%s\"/>"
                            .formatted(x, y - 5, colour));
            text(svg, x + 20, y, "start", entry.getKey());
            line++;
        }
        return svg.append("</svg>\n").toString();
    }

    private Point all(Comparator<Point> order) {
        return lines.values().stream().flatMap(List::stream).min(order).orElseThrow();
    }

    private static int x(double part) {
        return (int) Math.round(LEFT + part * (WIDTH - RIGHT - LEFT));
    }

    private static int y(double part) {
        return (int) Math.round(HEIGHT - BOTTOM - part * (HEIGHT - BOTTOM - TOP));
    }

    /// 1, 2 or 5 times a power of ten, so that a few of them reach the most.
    private static double step(double most) {
        double step = 1e-6;
        double[] factors = {2, 2.5, 2};
        for (int i = 0; most / step > TICKS_MAX; i++) { // ends since the step grows
            step *= factors[i % factors.length];
        }
        return step;
    }

    private static String power(int exponent) {
        return String.format(Locale.ROOT, "%,d", (long) Math.pow(10, exponent));
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.3f", value);
        return text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }

    private static void grid(StringBuilder svg, int fromX, int fromY, int toX, int toY) {
        add(
                svg,
                "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#dddddd\"/>"
                        .formatted(fromX, fromY, toX, toY));
    }

    private static void text(StringBuilder svg, int x, int y, String anchor, String text) {
        add(
                svg,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>"
                        .formatted(x, y, anchor, text));
    }

    private static void add(StringBuilder svg, String element) {
        svg.append(element).append('\n');
    }
}
