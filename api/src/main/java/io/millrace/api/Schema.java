package io.millrace.api;

import tools.jackson.core.sym.PropertyNameMatcher;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// The description of one structure: its name, its members in the model's order, and how to read
/// it. Immutable.
public final class Schema<T extends Shape> {
    private final String name;
    private final String qualifiedName;
    private final Function<ShapeReader, T> reader;
    private final List<Member> members;
    private final Member[] byIndex;
    private final PropertyNameMatcher jsonNames;

    private Schema(String qualifiedName, Function<ShapeReader, T> reader, List<Member> members) {
        this.name = qualifiedName.substring(qualifiedName.lastIndexOf('.') + 1);
        this.qualifiedName = qualifiedName;
        this.reader = reader;
        this.members = List.copyOf(members);
        this.byIndex = members.toArray(Member[]::new);
        this.jsonNames = JsonNames.matcher(members);
    }

    /// Describes a structure.
    ///
    /// @param qualifiedName the shape's name, behind the service's namespace where that is known
    /// @param members in the order of their indexes
    public static <T extends Shape> Schema<T> of(
            String qualifiedName, Function<ShapeReader, T> reader, Member.Builder... members) {
        List<Member> built = new ArrayList<>(members.length);
        for (Member.Builder member : members) {
            built.add(member.build(built.size()));
        }
        return new Schema<>(qualifiedName, reader, built);
    }

    public String name() {
        return name;
    }

    /// The name of AWS's own class, which appears in some messages.
    public String qualifiedName() {
        return qualifiedName;
    }

    public T read(ShapeReader from) {
        return reader.apply(from);
    }

    public List<Member> members() {
        return members;
    }

    public Member member(int index) {
        return byIndex[index];
    }

    /// From a JSON property's name to a member's index. Public for the JSON reader only: it matches
    /// on bytes, before any string exists.
    public PropertyNameMatcher jsonNames() {
        return jsonNames;
    }

    @Override
    public String toString() {
        return name;
    }
}
