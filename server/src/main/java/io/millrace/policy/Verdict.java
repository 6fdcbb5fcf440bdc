package io.millrace.policy;

import java.util.List;
import java.util.stream.Collectors;

/// What all policies together say of a request, and which of them decided.
///
/// @param layer whose statement decided, or, of an implicit denial, whose was missing
/// @param deciding the statements that decided; none when one was missing
/// @param matched all statements that are about the request
/// @param consulted the names of all policies that were asked
public record Verdict(
        Decision decision,
        Layer layer,
        List<Match> deciding,
        List<Match> matched,
        List<String> consulted) {

    public boolean allows() {
        return decision == Decision.ALLOW;
    }

    /// Why it is denied, in IAM's words, behind the sentence that it is. Source: [access denied
    /// messages](https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).
    public String denial(String action) {
        return decision == Decision.EXPLICIT_DENY
                ? " with an explicit deny in " + layer.withArticle()
                : " because no " + layer.words() + " allows the " + action + " action";
    }

    /// The statements that decided, for a log.
    public String decidingWords() {
        return deciding.stream().map(Match::words).collect(Collectors.joining("; "));
    }
}
