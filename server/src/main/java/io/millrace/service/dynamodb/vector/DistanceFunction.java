package io.millrace.service.dynamodb.vector;

/// How near two vectors are, and what their score is. Calculated in 64 bits, told in 32. Source:
/// [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SearchVectors.html).
public enum DistanceFunction {
    /// One less the cosine of the angle: 0 for the same direction, 2 for the opposite. A vector
    /// without length has no direction: it is at 1, as if at a right angle, from all.
    COSINE {
        @Override
        float score(float[] left, double leftSquared, float[] right, double rightSquared) {
            double lengths = Math.sqrt(leftSquared * rightSquared);
            return lengths == 0 ? 1 : (float) Math.clamp(1 - dot(left, right) / lengths, 0.0, 2.0);
        }
    },
    /// The length of the difference.
    EUCLIDEAN {
        @Override
        float score(float[] left, double leftSquared, float[] right, double rightSquared) {
            return finite(Math.sqrt(squaredDifference(left, right)));
        }
    },
    /// The inner product; the higher, the nearer.
    DOT_PRODUCT {
        @Override
        float score(float[] left, double leftSquared, float[] right, double rightSquared) {
            return finite(dot(left, right));
        }

        @Override
        public boolean isNearer(float score, float other) {
            return score > other;
        }
    };

    /// @param leftSquared the product of `left` with itself, as [#dot] calculates it
    /// @param right as long as `left`
    /// @param rightSquared the same of `right`
    abstract float score(float[] left, double leftSquared, float[] right, double rightSquared);

    /// Whether one score means nearer than the other.
    public boolean isNearer(float score, float other) {
        return score < other;
    }

    /// The largest number there is for what is larger.
    private static float finite(double score) {
        return (float) Math.clamp(score, -Float.MAX_VALUE, Float.MAX_VALUE);
    }

    // Four sums at once: each addition waits for the one before it in its own sum only.

    static double dot(float[] left, float[] right) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int i = 0;
        for (; i < left.length - 3; i += 4) {
            sum0 += (double) left[i] * right[i];
            sum1 += (double) left[i + 1] * right[i + 1];
            sum2 += (double) left[i + 2] * right[i + 2];
            sum3 += (double) left[i + 3] * right[i + 3];
        }
        for (; i < left.length; i++) {
            sum0 += (double) left[i] * right[i];
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }

    private static double squaredDifference(float[] left, float[] right) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int i = 0;
        for (; i < left.length - 3; i += 4) {
            sum0 += square((double) left[i] - right[i]);
            sum1 += square((double) left[i + 1] - right[i + 1]);
            sum2 += square((double) left[i + 2] - right[i + 2]);
            sum3 += square((double) left[i + 3] - right[i + 3]);
        }
        for (; i < left.length; i++) {
            sum0 += square((double) left[i] - right[i]);
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }

    private static double square(double value) {
        return value * value;
    }
}
