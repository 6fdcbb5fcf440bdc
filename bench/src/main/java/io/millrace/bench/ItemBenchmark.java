package io.millrace.bench;

import io.millrace.api.Constraints;
import io.millrace.api.codec.JsonBytes;
import io.millrace.api.codec.JsonMap;
import io.millrace.api.codec.JsonShapeReader;
import io.millrace.api.codec.JsonShapeWriter;
import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodb.GetItemOutput;
import io.millrace.api.dynamodb.PutItemInput;
import io.millrace.service.dynamodb.item.ItemCodec;
import io.millrace.service.dynamodb.item.ItemJson;
import io.millrace.service.dynamodb.item.ItemRules;
import io.millrace.service.dynamodb.item.ItemSize;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// An item of about 1.1 KB between the wire and the store: from stored bytes to the answer of a
/// GetItem, through its attributes and straight; and from the request of a PutItem to stored bytes.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ItemBenchmark {
    private static final byte[] STORED =
            ItemCodec.encode(
                    ItemRules.normal(
                            JsonShapeReader.read(CodecBenchmark.JSON, PutItemInput.SCHEMA).item()));

    /// An item that writes itself.
    private static final class Straight extends AbstractMap<String, AttributeValue>
            implements JsonMap {
        @Override
        public void write(JsonBytes out) {
            ItemJson.write(STORED, 0, out);
        }

        @Override
        public Set<Map.Entry<String, AttributeValue>> entrySet() {
            throw new UnsupportedOperationException();
        }
    }

    @Benchmark
    public byte[] answerThroughAttributes() {
        return JsonShapeWriter.write(new GetItemOutput(ItemCodec.decode(STORED), null));
    }

    @Benchmark
    public byte[] answerStraight() {
        return JsonShapeWriter.write(new GetItemOutput(new Straight(), null));
    }

    @Benchmark
    public PutItemInput put1Read() {
        return JsonShapeReader.read(CodecBenchmark.JSON, PutItemInput.SCHEMA);
    }

    @Benchmark
    public PutItemInput put2Checked() {
        PutItemInput request = put1Read();
        if (!Constraints.check(request).isEmpty()) {
            throw new IllegalStateException("the request of the benchmark is not valid");
        }
        return request;
    }

    @Benchmark
    public int put3Measured() {
        return ItemSize.bytes(ItemRules.normal(put2Checked().item()));
    }

    @Benchmark
    public byte[] put4Stored() {
        Map<String, AttributeValue> item = ItemRules.normal(put2Checked().item());
        int sizeBytes = ItemSize.bytes(item);
        return ItemCodec.encode(item, Integer.BYTES, sizeBytes + sizeBytes / 8 + 32);
    }
}
