package io.millrace.identity;

/// The kinds of what has a name in an account. Names are unique within their kind, whatever the
/// case of their letters.
public enum Kind {
    USER(1, "user", "AIDA"),
    GROUP(2, "group", "AGPA"),
    ROLE(3, "role", "AROA"),
    POLICY(4, "policy", "ANPA"),
    INSTANCE_PROFILE(5, "instance-profile", "AIPA");

    private final int number;
    private final String word;
    private final String idPrefix;

    Kind(int number, String word, String idPrefix) {
        this.number = number;
        this.word = word;
        this.idPrefix = idPrefix;
    }

    /// As keys have it.
    int number() {
        return number;
    }

    /// As ARNs have it.
    public String word() {
        return word;
    }

    /// What unique ids of the kind begin with. Source:
    /// [identifiers](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html).
    public String idPrefix() {
        return idPrefix;
    }

    /// The ARN of one.
    ///
    /// @param path as `/` or `/team/`
    public String arn(String accountId, String path, String name) {
        return "arn:aws:iam::" + accountId + ":" + word + path + name;
    }
}
