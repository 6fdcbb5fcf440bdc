package io.millrace.bench;

import java.util.List;

/// The straight line that fits a series of samples best (least squares).
///
/// @param first its value at the first sample
/// @param last its value at the last sample
/// @param error the standard error of `last - first`: how far noise alone could have tilted it
record Trend(double first, double last, double error) {
    static final int SAMPLES_MIN = 5;
    private static final double ERRORS_MIN = 3;

    /// @param hours when each sample was taken
    static Trend of(List<Double> hours, List<Double> values) {
        int count = values.size();
        double meanHours = mean(hours);
        double mean = mean(values);
        double squares = 0;
        double products = 0;
        for (int i = 0; i < count; i++) {
            double x = hours.get(i) - meanHours;
            squares += x * x;
            products += x * (values.get(i) - mean);
        }
        double slope = squares == 0 ? 0 : products / squares;
        double residuals = 0;
        for (int i = 0; i < count; i++) {
            double fitted = mean + slope * (hours.get(i) - meanHours);
            residuals += Math.pow(values.get(i) - fitted, 2);
        }
        double span = hours.getLast() - hours.getFirst();
        double slopeError =
                count > 2 && squares > 0
                        ? Math.sqrt(residuals / (count - 2) / squares)
                        : Double.POSITIVE_INFINITY;
        return new Trend(
                mean + slope * (hours.getFirst() - meanHours),
                mean + slope * (hours.getLast() - meanHours),
                slopeError * span);
    }

    /// Whether it grew by more than what is tolerated, and than what noise explains.
    boolean grows(double tolerated) {
        return last - first > tolerated && last - first > ERRORS_MIN * error;
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }
}
