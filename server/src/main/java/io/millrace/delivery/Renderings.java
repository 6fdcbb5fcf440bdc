package io.millrace.delivery;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Finds the renderer of a kind. Immutable.
public final class Renderings {
    private final Map<String, Renderer> byKind;

    public Renderings(Map<String, Renderer> byKind) {
        this.byKind = Map.copyOf(byKind);
    }

    /// The text of a rendering. Outside of any transaction.
    public String text(String kind, byte[] own, byte[] shared) {
        if (kind.equals(Rendering.TEXT)) {
            return new String(shared, StandardCharsets.UTF_8);
        }
        Renderer renderer = byKind.get(kind);
        if (renderer == null) {
            throw new IllegalStateException("no renderer of kind " + kind);
        }
        return renderer.render(own, shared);
    }
}
