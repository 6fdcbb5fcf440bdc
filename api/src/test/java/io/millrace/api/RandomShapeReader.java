package io.millrace.api;

import io.millrace.api.dynamodb.AttributeValue;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Reads shapes out of thin air: any shape, with values of a seed.
public final class RandomShapeReader implements ShapeReader {
    private static final int DEPTH_MAX = 8;
    private static final String[] PIECES = {
        "a", "Z", "0", " ", "\"", "\\", "<", "&", "é", "€", "😀", "\n", "\r", "\t", "/", "."
    };
    private static final String[] CONTROLS = {"\u0000", "\u0001", "\b", "\f", "\u007f", "\ud800"};

    private final RandomGenerator random;
    private final boolean full;
    private final Deque<int[]> frames = new ArrayDeque<>();

    private RandomShapeReader(long seed, boolean full) {
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        this.full = full;
    }

    /// Members present or absent, collections full or empty, every character.
    public static <T extends Shape> T sparse(long seed, Schema<T> schema) {
        return schema.read(new RandomShapeReader(seed, false));
    }

    /// Every member present and no collection empty: what XML can tell apart from absence.
    public static <T extends Shape> T full(long seed, Schema<T> schema) {
        return schema.read(new RandomShapeReader(seed, true));
    }

    @Override
    public void begin(Schema<?> schema) {
        int only = schema == AttributeValue.SCHEMA ? attributeType() : -1;
        frames.push(new int[] {0, only});
    }

    /// Of an attribute value one member only; no collections where it is deep.
    private int attributeType() {
        int[] scalars = {0, 1, 2, 8, 9};
        return deep() ? scalars[random.nextInt(scalars.length)] : random.nextInt(10);
    }

    @Override
    public void defer(InvalidMember refusal) {
        throw refusal;
    }

    @Override
    public int next(Schema<?> schema) {
        int[] frame = frames.element();
        if (frame[1] >= 0) {
            int only = frame[1];
            frame[1] = -1;
            frame[0] = schema.members().size();
            return only;
        }
        while (frame[0] < schema.members().size()) {
            int index = frame[0]++;
            if (full || random.nextInt(4) > 0) {
                return index;
            }
        }
        frames.pop();
        return -1;
    }

    @Override
    public String string(Member member) {
        int length = (full ? 1 : 0) + random.nextInt(12);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            String[] from = !full && random.nextInt(8) == 0 ? CONTROLS : PIECES;
            text.append(from[random.nextInt(from.length)]);
        }
        return text.toString();
    }

    @Override
    public Boolean bool(Member member) {
        return random.nextBoolean();
    }

    @Override
    public Integer integer(Member member) {
        return random.nextInt();
    }

    @Override
    public Long longInteger(Member member) {
        return random.nextLong();
    }

    @Override
    public Float floatNumber(Member member) {
        return random.nextFloat();
    }

    @Override
    public Double doubleNumber(Member member) {
        return random.nextGaussian() * 1e6;
    }

    @Override
    public byte[] blob(Member member) {
        byte[] bytes = new byte[(full ? 1 : 0) + random.nextInt(40)];
        random.nextBytes(bytes);
        return bytes;
    }

    @Override
    public Instant timestamp(Member member) {
        return Instant.ofEpochMilli(random.nextLong(4_000_000_000_000L));
    }

    @Override
    public <T> List<T> list(Member member, ElementReader<T> element) {
        int size = size();
        List<T> values = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            values.add(element.read(this, member.element()));
        }
        return values;
    }

    @Override
    public <T> Map<String, T> map(Member member, ElementReader<T> value) {
        int size = size();
        Map<String, T> values = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            // jackson refuses halves of pairs in names
            String key = "k" + i + string(member.key()).replace('\ud800', '-');
            values.put(key, value.read(this, member.element()));
        }
        return values;
    }

    private int size() {
        return full ? 1 + random.nextInt(3) : deep() ? 0 : random.nextInt(4);
    }

    private boolean deep() {
        return frames.size() > DEPTH_MAX;
    }
}
