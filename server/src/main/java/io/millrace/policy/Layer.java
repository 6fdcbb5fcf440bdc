package io.millrace.policy;

/// The kinds of policies that take part in a decision, in the order in which a denial names them.
public enum Layer {
    IDENTITY("identity-based policy", "an identity-based policy"),
    RESOURCE("resource-based policy", "a resource-based policy"),
    BOUNDARY("permissions boundary", "a permissions boundary"),
    SESSION("session policy", "a session policy");

    private final String words;
    private final String withArticle;

    Layer(String words, String withArticle) {
        this.words = words;
        this.withArticle = withArticle;
    }

    /// As `identity-based policy`.
    public String words() {
        return words;
    }

    /// As `an identity-based policy`.
    public String withArticle() {
        return withArticle;
    }
}
