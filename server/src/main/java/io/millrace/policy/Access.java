package io.millrace.policy;

import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Who wants to do what to which resource, and what is known around it.
///
/// @param principalArn as `arn:aws:iam::000000000000:root`
/// @param accountId of the principal
/// @param action as `dynamodb:GetItem`
/// @param resource the resource's ARN
/// @param context the values of condition keys, by their names in lower case
public record Access(
        String principalArn,
        String accountId,
        String action,
        String resource,
        Map<String, List<String>> context) {

    /// The condition keys that are known of every request. Keys of what does not exist here (such
    /// as organizations and private networks) are known to be absent.
    private static final Set<String> KNOWN =
            Set.of(
                    "aws:principalaccount",
                    "aws:principalarn",
                    "aws:principalisawsservice",
                    "aws:principalorgid",
                    "aws:principalorgpaths",
                    "aws:principaltype",
                    "aws:requestedregion",
                    "aws:resourceaccount",
                    "aws:securetransport",
                    "aws:sourceaccount",
                    "aws:sourcearn",
                    "aws:sourceip",
                    "aws:sourcevpc",
                    "aws:sourcevpce",
                    "aws:userid",
                    "aws:username",
                    "aws:viaawsservice",
                    "aws:vpcsourceip");

    /// A request as the gateway knows it.
    public static Access of(Caller caller, String action, Arn resource) {
        return of(caller, action, resource.toString(), resource);
    }

    /// A request for a part of a resource.
    ///
    /// @param part of the resource, such as an index, which is what is accessed
    public static Access of(Caller caller, String action, String part, Arn resource) {
        Map<String, List<String>> context = new HashMap<>();
        context.put("aws:principalarn", List.of(caller.principalArn()));
        context.put("aws:principalaccount", List.of(caller.accountId()));
        context.put("aws:principaltype", List.of("Account"));
        context.put("aws:principalisawsservice", List.of("false"));
        context.put("aws:viaawsservice", List.of("false"));
        context.put("aws:userid", List.of(caller.userId()));
        context.put("aws:requestedregion", List.of(resource.region()));
        context.put("aws:resourceaccount", List.of(resource.accountId()));
        String secure = String.valueOf(caller.endpoint().startsWith("https:"));
        context.put("aws:securetransport", List.of(secure));
        if (caller.sourceAddress() != null) {
            context.put("aws:sourceip", List.of(caller.sourceAddress()));
        }
        return new Access(caller.principalArn(), caller.accountId(), action, part, context);
    }

    /// Whether the values of a condition key can be told for a request.
    public static boolean knows(String key) {
        return KNOWN.contains(key.toLowerCase(Locale.ROOT));
    }

    /// The values of a condition key; empty when the key is absent.
    List<String> values(String key) {
        return context.getOrDefault(key.toLowerCase(Locale.ROOT), List.of());
    }
}
