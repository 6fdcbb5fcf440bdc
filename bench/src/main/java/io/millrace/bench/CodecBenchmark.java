package io.millrace.bench;

import io.millrace.api.Constraints;
import io.millrace.api.codec.JsonShapeReader;
import io.millrace.api.codec.JsonShapeWriter;
import io.millrace.api.dynamodb.PutItemInput;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// The generated codec beside a hand-written one, on a PutItem of about 1.1 KB: parse, check, and
/// write back.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class CodecBenchmark {

    static final byte[] JSON =
            """
            {"TableName":"orders","Item":{"orderId":{"S":"5b2f4a0e-8a3b-4f3a-9c55-0d6c2a1f7e10"},\
            "customer":{"S":"customer-4711"},"placedAt":{"S":"2026-11-24T09:30:00.000Z"},\
            "amount":{"N":"1299.95"},"paid":{"BOOL":true},"note":{"S":"%s"},"lines":{"L":[\
            {"M":{"sku":{"S":"sku-0001"},"count":{"N":"2"},"price":{"N":"499.95"}}},\
            {"M":{"sku":{"S":"sku-0002"},"count":{"N":"1"},"price":{"N":"300.05"}}}]},\
            "address":{"M":{"street":{"S":"Mill Lane 1"},"city":{"S":"Cambridge"},\
            "zip":{"S":"CB1 2AB"}}}},"ConditionExpression":"attribute_not_exists(orderId)",\
            "ReturnValues":"NONE"}\
            """
                    .formatted("n".repeat(400))
                    .getBytes(StandardCharsets.UTF_8);

    @Benchmark
    public byte[] handWritten() {
        return HandWritten.write(HandWritten.read(JSON));
    }

    @Benchmark
    public byte[] generated() {
        return JsonShapeWriter.write(JsonShapeReader.read(JSON, PutItemInput.SCHEMA));
    }

    @Benchmark
    public byte[] generatedWithChecks() {
        PutItemInput request = JsonShapeReader.read(JSON, PutItemInput.SCHEMA);
        if (!Constraints.check(request).isEmpty()) {
            throw new IllegalStateException("the request of the benchmark is not valid");
        }
        return JsonShapeWriter.write(request);
    }
}
