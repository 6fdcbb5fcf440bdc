package io.millrace.policy;

import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Identity;
import io.millrace.wire.PrincipalType;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Who wants to do what to which resource, and what is known around it.
///
/// @param principalArn as `arn:aws:iam::000000000000:root`, or a service as `events.amazonaws.com`
/// @param accountId of the principal; empty for a service
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
                    "aws:ec2instancesourceprivateipv4",
                    "aws:ec2instancesourcevpc",
                    "aws:principalservicenameslist",
                    "aws:resourceorgpaths",
                    "aws:resourceorgid",
                    "aws:sourceorgpaths",
                    "aws:sourceorgid",
                    "aws:calledvialast",
                    "aws:calledviafirst",
                    "aws:calledvia",
                    "aws:federatedprovider",
                    "aws:sourceidentity",
                    "aws:tokenissuetime",
                    "aws:multifactorauthage",
                    "aws:multifactorauthpresent",
                    "aws:principalarn",
                    "aws:principalisawsservice",
                    "aws:principalorgid",
                    "aws:principalorgpaths",
                    "aws:principalservicename",
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

    private static final String SESSION = ":assumed-role/";

    /// A request as the gateway knows it.
    public static Access of(Caller caller, String action, Arn resource) {
        return of(caller, action, resource.toString(), resource);
    }

    /// A request for a part of a resource.
    ///
    /// @param part of the resource, such as an index, which is what is accessed
    public static Access of(Caller caller, String action, String part, Arn resource) {
        Map<String, List<String>> context = new HashMap<>();
        context.put("aws:principalarn", List.of(roleArn(caller.principalArn())));
        context.put("aws:principalaccount", List.of(caller.accountId()));
        context.put("aws:principaltype", List.of(PrincipalType.ACCOUNT.text()));
        context.put("aws:principalisawsservice", List.of("false"));
        context.put("aws:viaawsservice", List.of("false"));
        context.put("aws:userid", List.of(caller.userId()));
        context.put("aws:requestedregion", List.of(resource.region()));
        context.put("aws:resourceaccount", List.of(resource.accountId()));
        context.put("aws:securetransport", List.of(String.valueOf(isSecure(caller))));
        if (caller.sourceAddress() != null) {
            context.put("aws:sourceip", List.of(caller.sourceAddress()));
        }
        Identity identity = caller.identity();
        if (identity != null) {
            context.put("aws:principaltype", List.of(identity.type().text()));
            context.putAll(identity.context());
        }
        context.putAll(caller.conditions());
        return new Access(caller.principalArn(), caller.accountId(), action, part, context);
    }

    /// What a service does on behalf of a resource.
    ///
    /// @param service the principal, as `events.amazonaws.com`
    /// @param sourceArn the resource; null when nobody says
    public static Access ofService(
            String service, @Nullable String sourceArn, String action, Arn resource) {
        Map<String, List<String>> context = new HashMap<>();
        context.put("aws:principalisawsservice", List.of("true"));
        context.put("aws:principalservicename", List.of(service));
        context.put("aws:viaawsservice", List.of("false"));
        context.put("aws:requestedregion", List.of(resource.region()));
        context.put("aws:resourceaccount", List.of(resource.accountId()));
        context.put("aws:securetransport", List.of("true"));
        if (sourceArn != null) {
            context.put("aws:sourcearn", List.of(sourceArn));
            Arn.parse(sourceArn)
                    .map(Arn::accountId)
                    .filter(account -> !account.isEmpty())
                    .ifPresent(account -> context.put("aws:sourceaccount", List.of(account)));
        }
        return new Access(service, "", action, resource.toString(), context);
    }

    /// What somebody asks for whom an identity provider vouches. Who signed the request, if anybody
    /// did, does not matter: nothing that is known of the signer is told.
    ///
    /// @param providerArn the principal
    public static Access ofFederated(
            Caller caller, String providerArn, String action, Arn resource) {
        Access asked = of(caller, action, resource);
        Map<String, List<String>> context = new HashMap<>(asked.context());
        context.keySet()
                .removeAll(
                        Set.of(
                                "aws:principalarn",
                                "aws:principalaccount",
                                "aws:principaltype",
                                "aws:userid",
                                "aws:multifactorauthage"));
        Identity signer = caller.identity();
        if (signer != null) {
            context.keySet().removeAll(signer.context().keySet());
        }
        return new Access(providerArn, "", action, asked.resource(), context);
    }

    /// The same with one more condition key.
    ///
    /// @param key in lower case
    public Access with(String key, String value) {
        Map<String, List<String>> more = new HashMap<>(context);
        more.put(key, List.of(value));
        return new Access(principalArn, accountId, action, resource, more);
    }

    /// The same with more condition keys.
    ///
    /// @param keys with names in lower case
    public Access with(Map<String, List<String>> keys) {
        if (keys.isEmpty()) {
            return this;
        }
        Map<String, List<String>> more = new HashMap<>(context);
        more.putAll(keys);
        return new Access(principalArn, accountId, action, resource, more);
    }

    /// Of a session the role's ARN, which conditions see; of others their own. A role's path is not
    /// in the ARN of its sessions.
    private static String roleArn(String principalArn) {
        int begin = principalArn.indexOf(SESSION);
        if (begin < 0) {
            return principalArn;
        }
        String rest = principalArn.substring(begin + SESSION.length());
        int slash = rest.indexOf('/');
        return "arn:aws:iam::"
                + principalArn.substring("arn:aws:sts::".length(), begin)
                + ":role/"
                + (slash < 0 ? rest : rest.substring(0, slash));
    }

    /// What does not leave the machine needs no encryption, nor can it: TLS ends in front of us.
    /// Whoever has no address is a service of this server.
    private static boolean isSecure(Caller caller) {
        String address = caller.sourceAddress();
        boolean local =
                address == null
                        || address.startsWith("127.")
                        || address.equals("::1")
                        || address.equals("0:0:0:0:0:0:0:1");
        return local || caller.endpoint().startsWith("https:");
    }

    /// Whether the values of a condition key can be told for a request, wherever a resource's
    /// policy is evaluated. Times, tags and the like are told to the policies of identities alone.
    public static boolean knows(String key) {
        String lower = key.toLowerCase(Locale.ROOT);
        return KNOWN.contains(lower) || lower.startsWith("aws:principaltag/");
    }

    /// The values of a condition key; empty when the key is absent.
    public List<String> values(String key) {
        return context.getOrDefault(key.toLowerCase(Locale.ROOT), List.of());
    }
}
