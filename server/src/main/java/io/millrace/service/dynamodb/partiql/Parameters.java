package io.millrace.service.dynamodb.partiql;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.item.ItemRules;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// The values of a request for the `?` of its statement, in normal form.
record Parameters(List<AttributeValue> values) {

    /// @throws io.millrace.wire.ServiceException when a value is not valid
    static Parameters of(@Nullable List<AttributeValue> values) {
        List<AttributeValue> normal = new ArrayList<>();
        if (values != null) {
            values.forEach(value -> normal.add(ItemRules.normal(value)));
        }
        return new Parameters(normal);
    }

    /// More values than `?` are accepted, as at AWS.
    void checkCount(int count) {
        if (count > values.size()) {
            throw PartiqlErrors.parameterCount();
        }
    }

    AttributeValue get(Term.Parameter parameter) {
        return values.get(parameter.index());
    }
}
