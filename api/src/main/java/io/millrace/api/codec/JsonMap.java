package io.millrace.api.codec;

/// A map that can write itself as JSON without being built: what [JsonShapeWriter] asks a map for
/// that is one of these.
@FunctionalInterface
public interface JsonMap {

    /// Writes the map as the writer of its shape would, braces and all.
    void write(JsonBytes out);
}
