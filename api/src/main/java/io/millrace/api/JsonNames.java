package io.millrace.api;

import tools.jackson.core.sym.BinaryNameMatcher;
import tools.jackson.core.sym.PropertyNameMatcher;
import tools.jackson.core.util.Named;

import java.util.ArrayList;
import java.util.List;

/// Builds the table that finds a member by the bytes of a JSON property's name.
final class JsonNames {
    private JsonNames() {}

    static PropertyNameMatcher matcher(List<Member> members) {
        List<Named> names = new ArrayList<>(members.size());
        for (Member member : members) {
            names.add(Named.fromString(member.name()));
        }
        return BinaryNameMatcher.constructFrom(names, false);
    }
}
