package io.millrace.wire;

/// What kind of principal an identity is, as `aws:PrincipalType` tells it.
public enum PrincipalType {
    /// The account itself, whom only resource policies bind.
    ACCOUNT("Account"),
    USER("User"),
    ASSUMED_ROLE("AssumedRole"),
    FEDERATED_USER("FederatedUser");

    private final String text;

    PrincipalType(String text) {
        this.text = text;
    }

    /// As condition keys have it.
    public String text() {
        return text;
    }
}
