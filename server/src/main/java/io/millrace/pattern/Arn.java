package io.millrace.pattern;

import java.util.Optional;

/// An Amazon Resource Name: `arn:partition:service:region:account:resource`. Region and account may
/// be empty; the resource may contain colons and slashes. Source: [IAM
/// reference](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html).
public record Arn(
        String partition, String service, String region, String accountId, String resource) {

    private static final int PARTS = 6;

    /// An ARN in the partition `aws`.
    public static Arn of(String service, String region, String accountId, String resource) {
        return new Arn("aws", service, region, accountId, resource);
    }

    /// Empty when `text` is not an ARN.
    public static Optional<Arn> parse(String text) {
        String[] parts = text.split(":", PARTS);
        if (parts.length != PARTS
                || !parts[0].equals("arn")
                || parts[1].isEmpty()
                || parts[2].isEmpty()
                || parts[5].isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Arn(parts[1], parts[2], parts[3], parts[4], parts[5]));
    }

    @Override
    public String toString() {
        return "arn:" + partition + ":" + service + ":" + region + ":" + accountId + ":" + resource;
    }
}
