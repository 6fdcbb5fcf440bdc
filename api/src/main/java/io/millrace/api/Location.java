package io.millrace.api;

/// Where a member of an input or output stands in HTTP. All but the body is of REST protocols only.
public enum Location {
    BODY,
    /// A label in the path.
    PATH,
    QUERY,
    HEADER,
    /// The member is the whole body.
    PAYLOAD
}
