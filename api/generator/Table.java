import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One service's interface table, with accessors for what the emitters ask of it.
@SuppressWarnings("unchecked") // the tables' form is known: extract.py wrote them
record Table(
        String id,
        Map<String, Object> metadata,
        Map<String, Object> operations,
        Map<String, Object> shapes) {

    /// A use of a shape: by a member, or as the part of a list or map.
    record Ref(String shape, Map<String, Object> traits) {
        boolean has(String trait) {
            return Boolean.TRUE.equals(traits.get(trait));
        }

        String text(String trait) {
            return (String) traits.get(trait);
        }
    }

    static Table read(Path file) {
        Map<String, Object> json = Json.read(file);
        return new Table(
                file.getFileName().toString().replace(".json", ""),
                (Map<String, Object>) json.get("metadata"),
                (Map<String, Object>) json.get("operations"),
                (Map<String, Object>) json.get("shapes"));
    }

    static Ref ref(Object source) {
        if (source instanceof String name) {
            return new Ref(name, Map.of());
        }
        Map<String, Object> traits = (Map<String, Object>) source;
        return new Ref((String) traits.get("shape"), traits);
    }

    Map<String, Object> shape(String name) {
        Object shape = shapes.get(name);
        if (shape == null) {
            throw new IllegalStateException(id + " has no shape " + name);
        }
        return (Map<String, Object>) shape;
    }

    Map<String, Object> operation(String name) {
        return (Map<String, Object>) operations.get(name);
    }

    Map<String, Object> members(String structure) {
        return (Map<String, Object>) shape(structure).get("members");
    }

    List<String> strings(Map<String, Object> of, String key) {
        return (List<String>) of.getOrDefault(key, List.of());
    }

    String type(String name) {
        return (String) shape(name).get("type");
    }

    Ref part(String collection, String part) {
        return ref(shape(collection).get(part));
    }

    boolean isException(String name) {
        return shape(name).containsKey("exception");
    }

    boolean queryCompatible() {
        return metadata.containsKey("awsQueryCompatible");
    }

    /// Whether there is anything to check in this shape, or below it.
    boolean checked(String name) {
        return checked(name, new HashSet<>());
    }

    private boolean checked(String name, Set<String> seen) {
        if (!seen.add(name) || Names.isAttributeValue(name)) {
            return false;
        }
        Map<String, Object> shape = shape(name);
        return switch (type(name)) {
            case "structure" ->
                    !strings(shape, "required").isEmpty()
                            || members(name).values().stream()
                                    .anyMatch(m -> checked(ref(m).shape(), seen));
            case "list", "map" -> true; // their elements must not be null
            default ->
                    shape.containsKey("min")
                            || shape.containsKey("max")
                            || shape.containsKey("pattern")
                            || shape.containsKey("enum");
        };
    }
}
