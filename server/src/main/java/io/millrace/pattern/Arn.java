package io.millrace.pattern;

import java.util.Optional;

/// An Amazon Resource Name: `arn:partition:service:region:account:resource`. Region and account may
/// be empty; the resource may contain colons and slashes. Source: [IAM
/// reference](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html).
public record Arn(
        String partition, String service, String region, String accountId, String resource) {

    private static final String START = "arn:";
    private static final String PARTITION = "aws";

    /// An ARN in the partition `aws`.
    public static Arn of(String service, String region, String accountId, String resource) {
        return new Arn(PARTITION, service, region, accountId, resource);
    }

    /// The text in the partition `aws`, which everything here is in, whatever partition it names;
    /// itself when it is not an ARN.
    public static String inPartition(String text) {
        return parse(text)
                .filter(arn -> !arn.partition.equals(PARTITION))
                .map(arn -> of(arn.service, arn.region, arn.accountId, arn.resource).toString())
                .orElse(text);
    }

    /// Empty when `text` is not an ARN.
    public static Optional<Arn> parse(String text) {
        if (!text.startsWith(START)) {
            return Optional.empty();
        }
        int partition = START.length();
        int service = text.indexOf(':', partition) + 1;
        int region = service == 0 ? 0 : text.indexOf(':', service) + 1;
        int account = region == 0 ? 0 : text.indexOf(':', region) + 1;
        int resource = account == 0 ? 0 : text.indexOf(':', account) + 1;
        if (resource == 0
                || resource == text.length()
                || service == partition + 1
                || region == service + 1) {
            return Optional.empty();
        }
        return Optional.of(
                new Arn(
                        text.substring(partition, service - 1),
                        text.substring(service, region - 1),
                        text.substring(region, account - 1),
                        text.substring(account, resource - 1),
                        text.substring(resource)));
    }

    @Override
    public String toString() {
        return "arn:" + partition + ":" + service + ":" + region + ":" + accountId + ":" + resource;
    }
}
