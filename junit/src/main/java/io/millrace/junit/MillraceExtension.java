package io.millrace.junit;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives a [MillraceServer] to every test constructor or method that has a parameter of that type.
/// One server serves all test classes of a run and is closed at its end.
///
/// ```java
/// @ExtendWith(MillraceExtension.class)
/// final class OrdersTest {
///     @Test
///     void storesAnOrder(MillraceServer server) { … }
/// }
/// ```
public final class MillraceExtension implements ParameterResolver {

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(MillraceExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == MillraceServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(
                        MillraceServer.class, _ -> MillraceServer.start(), MillraceServer.class);
    }
}
