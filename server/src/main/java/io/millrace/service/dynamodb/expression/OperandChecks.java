package io.millrace.service.dynamodb.expression;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.item.AttributeType;
import io.millrace.service.dynamodb.item.Values;
import io.millrace.wire.ServiceException;

import java.util.List;
import java.util.function.Predicate;

/// Checks of operands that need the request's names and values but no item.
public final class OperandChecks {

    private final ExpressionKind kind;

    public OperandChecks(ExpressionKind kind) {
        this.kind = kind;
    }

    void count(Syntax.Call call) {
        count(call.function(), call.operands().size());
    }

    /// Each function has a fixed number of operands.
    public void count(String function, int count) {
        Integer expected = SyntaxChecks.OPERAND_COUNTS.get(function);
        if (expected == null || count != expected) {
            throw kind.invalid(
                    "Incorrect number of operands for operator or function; operator or function: "
                            + function
                            + ", number of operands: "
                            + count);
        }
    }

    /// The candidates of `IN` are limited.
    public void candidates(int count) {
        if (count > ExpressionLimits.IN_OPERANDS_MAX) {
            throw kind.invalid(
                    "The IN operator is provided with too many operands; number of operands: "
                            + count);
        }
    }

    /// A document path must not be compared with itself.
    public void distinct(String operator, Operand first, List<Operand> others) {
        if (first instanceof Operand.Attribute(DocumentPath path) && others.contains(first)) {
            throw kind.invalid(
                    "The first operand must be distinct from the remaining operands for this"
                            + " operator or function; operator: "
                            + operator
                            + ", first operand: "
                            + path);
        }
    }

    /// Checks the types that are known.
    ///
    /// @throws ServiceException `ValidationException`, as all checks here
    public void types(String operator, Predicate<AttributeType> accepted, List<Operand> operands) {
        for (Operand operand : operands) {
            AttributeType type = operand.knownType();
            if (type != null && !accepted.test(type)) {
                throw wrongType(operator, type.name());
            }
        }
    }

    public DocumentPath path(String function, Operand operand) {
        if (operand instanceof Operand.Attribute(DocumentPath path)) {
            return path;
        }
        throw kind.invalid(
                "Operator or function requires a document path; operator or function: " + function);
    }

    /// The second operand of `attribute_type`.
    public AttributeType typeName(String function, Operand operand) {
        AttributeType type = operand.knownType();
        if (!(operand instanceof Operand.Constant(AttributeValue value))) {
            throw wrongType(
                    function, type == null ? "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}" : type.name());
        }
        if (!(value instanceof AttributeValue.S(String name))) {
            throw wrongType(function, AttributeType.of(value).name());
        }
        AttributeType named = AttributeType.named(name);
        if (named == null) {
            throw kind.invalid(
                    "Invalid attribute type name found; type: "
                            + name
                            + ", valid types: "
                            + validTypes());
        }
        return named;
    }

    /// In the order of AWS's hash set, which differs between its languages.
    private String validTypes() {
        return kind == ExpressionKind.STATEMENT
                ? "{N,BS,L,B,NULL,M,S,SS,NS,BOOL}"
                : "{B,NULL,SS,BOOL,L,BS,N,NS,S,M}";
    }

    /// Bounds that are both values of the request must be of one type, and in order.
    public void bounds(Operand low, Operand high) {
        if (!(low instanceof Operand.Constant(AttributeValue lower))
                || !(high instanceof Operand.Constant(AttributeValue upper))) {
            return;
        }
        Integer order = Values.compare(lower, upper);
        if (order == null || order > 0) {
            throw kind.invalid(
                    (order == null
                                    ? "The BETWEEN operator requires same data type for lower and"
                                            + " upper bounds"
                                    : "The BETWEEN operator requires upper bound to be greater than"
                                            + " or equal to lower bound")
                            + "; lower bound operand: "
                            + shown(lower)
                            + ", upper bound operand: "
                            + shown(upper));
        }
    }

    private ServiceException wrongType(String operator, String type) {
        return kind.invalid(
                "Incorrect operand type for operator or function; operator or function: "
                        + operator
                        + ", operand type: "
                        + type);
    }

    /// As AWS's toString shows it.
    private static String shown(AttributeValue value) {
        String content =
                switch (value) {
                    case AttributeValue.S(String text) -> text;
                    case AttributeValue.N(String text) -> text;
                    case AttributeValue.B(byte[] bytes) ->
                            "java.nio.HeapByteBuffer[pos=0 lim="
                                    + bytes.length
                                    + " cap="
                                    + bytes.length
                                    + "]";
                    default -> throw new IllegalArgumentException("no bound: " + value);
                };
        return "AttributeValue: {" + AttributeType.of(value) + ":" + content + "}";
    }
}
