package io.millrace.service.dynamodb.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.SplittableRandom;

final class DistanceFunctionTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 255, 256, 4096})
    void countsEveryNumberOfVectorsOfEveryLength(int dimensions) {
        SplittableRandom random = new SplittableRandom(dimensions);
        float[] left = vector(random, dimensions);
        float[] right = vector(random, dimensions);
        double dot = 0;
        double leftSquared = 0;
        double rightSquared = 0;
        double difference = 0;
        for (int i = 0; i < dimensions; i++) {
            dot += (double) left[i] * right[i];
            leftSquared += (double) left[i] * left[i];
            rightSquared += (double) right[i] * right[i];
            difference += Math.pow((double) left[i] - right[i], 2);
        }

        assertThat((double) score(DistanceFunction.DOT_PRODUCT, left, right))
                .isCloseTo(dot, within(1e-4));
        assertThat((double) score(DistanceFunction.EUCLIDEAN, left, right))
                .isCloseTo(Math.sqrt(difference), within(1e-4));
        assertThat((double) score(DistanceFunction.COSINE, left, right))
                .isCloseTo(1 - dot / Math.sqrt(leftSquared * rightSquared), within(1e-6));
    }

    private static float score(DistanceFunction distance, float[] left, float[] right) {
        return distance.score(
                left, DistanceFunction.dot(left, left), right, DistanceFunction.dot(right, right));
    }

    private static float[] vector(SplittableRandom random, int dimensions) {
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) random.nextDouble(-1, 1);
        }
        return vector;
    }

    @Test
    void cosineGoesByDirectionOnly() {
        float[] vector = {0.1f, -0.7f, 3};
        float[] longer = {0.2f, -1.4f, 6};
        float[] opposite = {-0.1f, 0.7f, -3};

        assertThat(score(DistanceFunction.COSINE, vector, vector)).isEqualTo(0);
        assertThat(score(DistanceFunction.COSINE, vector, longer)).isEqualTo(0);
        assertThat(score(DistanceFunction.COSINE, vector, opposite)).isEqualTo(2);
        assertThat(score(DistanceFunction.COSINE, vector, new float[3])).isEqualTo(1);
    }

    @Test
    void scoresOfTheLargestAndTheSmallestNumbersAreNumbers() {
        float[] huge = {Float.MAX_VALUE, -Float.MAX_VALUE};
        float[] tiny = {Float.MIN_VALUE, 0};

        for (DistanceFunction distance : DistanceFunction.values()) {
            assertThat(score(distance, huge, new float[] {-Float.MAX_VALUE, Float.MAX_VALUE}))
                    .isFinite();
        }
        assertThat(score(DistanceFunction.COSINE, huge, huge)).isEqualTo(0);
        assertThat(score(DistanceFunction.COSINE, tiny, tiny)).isEqualTo(0);
    }
}
