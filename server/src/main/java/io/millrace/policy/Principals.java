package io.millrace.policy;

import io.millrace.pattern.Arn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Whom a statement is about.
///
/// @param byType the listed principals by their type: `AWS`, `Service`, `Federated`,
///   `CanonicalUser`; accounts stand as the ARN of their root
public record Principals(boolean everyone, Map<String, List<String>> byType) {

    /// How a principal that is listed stands to the one who asks.
    public enum Nearness {
        /// It is somebody else.
        NONE,

        /// It is the account, which may pass on what it gets to whom it likes.
        ACCOUNT,

        /// It is the role whose session asks.
        ROLE,

        /// It is who asks, or everyone.
        DIRECT
    }

    static final String AWS = "AWS";
    static final Principals EVERYONE = new Principals(true, Map.of(AWS, List.of("*")));

    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");
    private static final Pattern UNIQUE_ID = Pattern.compile("A[A-Z]{3}[A-Z0-9]{12,124}");
    private static final String ANYONE = "*";
    private static final String ROOT = "root";
    private static final String ROLE = "role/";
    private static final String SESSION = "assumed-role/";

    /// @throws PolicyException when one cannot be a principal
    static Principals of(Map<String, List<String>> listed) throws PolicyException {
        Map<String, List<String>> byType = new LinkedHashMap<>();
        for (Map.Entry<String, List<String>> entry : listed.entrySet()) {
            LinkedHashSet<String> principals = new LinkedHashSet<>();
            for (String principal : entry.getValue()) {
                principals.add(entry.getKey().equals(AWS) ? normal(principal) : principal);
            }
            byType.put(entry.getKey(), List.copyOf(principals));
        }
        boolean everyone = byType.getOrDefault(AWS, List.of()).contains(ANYONE);
        return new Principals(everyone, byType);
    }

    private static String normal(String principal) throws PolicyException {
        if (principal.equals(ANYONE) || UNIQUE_ID.matcher(principal).matches()) {
            return principal;
        }
        if (ACCOUNT.matcher(principal).matches()) {
            return "arn:aws:iam::" + principal + ":" + ROOT;
        }
        Optional<Arn> arn = Arn.parse(principal);
        if (arn.isEmpty()
                || !(arn.get().service().equals("iam") || arn.get().service().equals("sts"))
                || !ACCOUNT.matcher(arn.get().accountId()).matches()
                || principal.contains(ANYONE)) {
            throw new PolicyException(PolicyReader.INVALID_PRINCIPAL);
        }
        return principal;
    }

    int count() {
        return byType.values().stream().mapToInt(List::size).sum();
    }

    boolean include(Access access) {
        return nearness(access) != Nearness.NONE;
    }

    /// How the nearest of the listed principals stands to who asks.
    Nearness nearness(Access access) {
        if (everyone) {
            return Nearness.DIRECT;
        }
        Nearness nearest =
                names("Service", access) || names("Federated", access)
                        ? Nearness.DIRECT
                        : Nearness.NONE;
        for (String principal : byType.getOrDefault(AWS, List.of())) {
            Nearness one = nearness(principal, access);
            nearest = one.compareTo(nearest) > 0 ? one : nearest;
        }
        return nearest;
    }

    private boolean names(String type, Access access) {
        return byType.getOrDefault(type, List.of()).contains(access.principalArn());
    }

    /// Whether, behind `NotPrincipal`, they leave out who asks: they must list everyone that this
    /// one is, the account and, of a session, the role too. Source: [NotPrincipal with
    /// Deny](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html).
    boolean leaveOut(Access access) {
        if (everyone) {
            return true;
        }
        if (access.accountId().isEmpty()) {
            return include(access);
        }
        List<Nearness> listed = new ArrayList<>();
        for (String principal : byType.getOrDefault(AWS, List.of())) {
            listed.add(nearness(principal, access));
        }
        boolean root = access.principalArn().endsWith(":" + ROOT);
        boolean session = access.principalArn().contains(":" + SESSION);
        return listed.contains(Nearness.DIRECT)
                && (root || listed.contains(Nearness.ACCOUNT))
                && (!session || listed.contains(Nearness.ROLE));
    }

    /// An account stands for everyone in it, a role for its sessions.
    private static Nearness nearness(String principal, Access access) {
        if (principal.equals(access.principalArn())) {
            return Nearness.DIRECT;
        }
        if (UNIQUE_ID.matcher(principal).matches()) {
            return ofId(principal, access);
        }
        Optional<Arn> listed = Arn.parse(principal);
        if (listed.isEmpty() || !listed.get().accountId().equals(access.accountId())) {
            return Nearness.NONE;
        }
        String resource = listed.get().resource();
        if (resource.equals(ROOT)) {
            return Nearness.ACCOUNT;
        }
        Optional<Arn> asking = Arn.parse(access.principalArn());
        if (asking.isEmpty() || !resource.startsWith(ROLE)) {
            return Nearness.NONE;
        }
        String role = resource.substring(resource.lastIndexOf('/') + 1);
        return asking.get().resource().startsWith(SESSION + role + "/")
                ? Nearness.ROLE
                : Nearness.NONE;
    }

    /// A unique id stands for a user, or for the role before the colon of a session's id.
    private static Nearness ofId(String principal, Access access) {
        for (String id : access.values("aws:userid")) {
            if (id.equals(principal)) {
                return Nearness.DIRECT;
            }
            if (id.startsWith(principal + ":")) {
                return Nearness.ROLE;
            }
        }
        return Nearness.NONE;
    }
}
