package io.millrace.service.dynamodb;

/// Capacity units that flow in steadily and are kept up to a limit. Starts full; what a request
/// takes beyond what there is remains a debt that later units repay. Thread-safe.
final class TokenBucket {
    private static final double MILLIS = 1000;

    private double unitsPerSecond;
    private double units;
    private long filledMillis;

    TokenBucket(double unitsPerSecond, double unitsMax, long nowMillis) {
        this.unitsPerSecond = unitsPerSecond;
        this.units = unitsMax;
        this.filledMillis = nowMillis;
    }

    /// How many units there are, after what has flowed in until now. A new rate holds from now on;
    /// what has been kept stays, as far as the new limit allows.
    synchronized double units(double newUnitsPerSecond, double unitsMax, long nowMillis) {
        long passed = Math.max(0, nowMillis - filledMillis);
        units = Math.min(unitsMax, units + unitsPerSecond * passed / MILLIS);
        unitsPerSecond = newUnitsPerSecond;
        filledMillis = Math.max(filledMillis, nowMillis);
        return units;
    }

    synchronized void take(double taken) {
        units -= taken;
    }
}
