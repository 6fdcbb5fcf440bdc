package io.millrace.policy;

/// Whose the resource is, and so which policies have to allow a request.
public enum Ownership {
    /// Of the account that asks: a policy of the identity or of the resource.
    OWN,

    /// Of the account that asks, and only what the resource's policy lets in: the identity itself,
    /// or the account, and then a policy of the identity too. So it is with keys of KMS and with
    /// roles that are assumed.
    OWN_BY_RESOURCE_POLICY,

    /// Of another account: a policy of the identity and one of the resource.
    OTHER,

    /// Of another account, and its policy is for others to ask: a policy of the identity.
    OTHER_UNSEEN
}
