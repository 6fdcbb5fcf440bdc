package io.millrace.service.logs;

import io.millrace.engine.Snapshot.Direction;

/// Events from one position to another, which is not in it, and which way they are read.
record EventRange(Position from, Position to, Direction direction) {

    boolean isEmpty() {
        return from.compareTo(to) >= 0;
    }

    /// What is left of it behind an event, in the direction of reading.
    EventRange behind(Position event) {
        if (direction == Direction.FORWARD) {
            Position next = event.next();
            return new EventRange(from.compareTo(next) >= 0 ? from : next, to, direction);
        }
        return new EventRange(from, to.compareTo(event) <= 0 ? to : event, direction);
    }
}
