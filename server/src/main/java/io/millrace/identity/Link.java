package io.millrace.identity;

/// What leads from one thing to those that refer to it.
public enum Link {
    /// From a managed policy's ARN to whom it is attached.
    ATTACHED(1),
    /// From a managed policy's ARN to whose boundary it is.
    BOUNDARY(2),
    /// From a group's name to its users.
    MEMBER(3),
    /// From a role's name to the instance profiles that it is in.
    PROFILE(4);

    private final int number;

    Link(int number) {
        this.number = number;
    }

    /// As keys have it.
    int number() {
        return number;
    }
}
