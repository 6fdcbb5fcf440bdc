package io.millrace.engine;

/// Values as they are.
final class ClearValues implements StoredValues {
    static final StoredValues CLEAR = new ClearValues();

    private ClearValues() {}

    @Override
    public int overheadBytesMax() {
        return 0;
    }

    @Override
    public byte[] seal(byte[] key, byte[] value) {
        return value;
    }

    @Override
    public Stamped sealStamped(byte[] key, int keyStampOffset, byte[] value, int valueStampOffset) {
        return new Stamped(value, valueStampOffset, -1);
    }

    @Override
    public void stamped(long sealNumber, long stamp, byte[] bytes, int end) {}

    @Override
    public byte[] open(byte[] key, byte[] stored) {
        return stored;
    }
}
