package io.millrace.api;

import tools.jackson.core.sym.BinaryNameMatcher;
import tools.jackson.core.sym.PropertyNameMatcher;
import tools.jackson.core.util.Named;

import java.util.ArrayList;
import java.util.List;

/// Builds the table that finds a member by the bytes of a JSON property's name.
final class JsonNames {
    /// Keeps a name that does not stand in the body from being found there.
    private static final String ELSEWHERE = "\0";

    private JsonNames() {}

    static PropertyNameMatcher matcher(List<Member> members) {
        List<Named> names = new ArrayList<>(members.size());
        for (Member member : members) {
            boolean inBody = member.location() == Location.BODY;
            names.add(Named.fromString(inBody ? member.name() : ELSEWHERE + member.name()));
        }
        return BinaryNameMatcher.constructFrom(names, false);
    }
}
