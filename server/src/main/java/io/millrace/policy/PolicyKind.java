package io.millrace.policy;

/// What a policy hangs on, which decides what its statements have to name. Source:
/// [grammar](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).
public enum PolicyKind {
    /// A resource: each statement names principals and resources.
    RESOURCE(true, true),

    /// A user, a group, a role, a session, or a boundary of one: no statement names a principal.
    IDENTITY(false, true),

    /// A role, as the policy that says who may assume it: no statement names a resource.
    TRUST(true, false);

    private final boolean principals;
    private final boolean resources;

    PolicyKind(boolean principals, boolean resources) {
        this.principals = principals;
        this.resources = resources;
    }

    boolean namesPrincipals() {
        return principals;
    }

    boolean namesResources() {
        return resources;
    }
}
