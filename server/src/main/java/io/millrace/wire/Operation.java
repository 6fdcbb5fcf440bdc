package io.millrace.wire;

import io.millrace.api.Shape;

/// One API action. The request has passed the constraints of its model; what it refuses beyond them
/// it refuses by a [ServiceException], having changed nothing. Thread-safe.
@FunctionalInterface
public interface Operation<I extends Shape, O extends Shape> {

    O handle(Caller caller, I request);
}
