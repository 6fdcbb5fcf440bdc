package io.millrace.policy;

/// What a policy says of a request.
public enum Decision {
    /// A statement denies it, which nothing else can undo.
    EXPLICIT_DENY,

    /// A statement allows it, and none denies it.
    ALLOW,

    /// No statement is about it.
    IMPLICIT_DENY
}
