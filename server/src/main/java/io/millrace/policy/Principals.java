package io.millrace.policy;

import io.millrace.pattern.Arn;

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
record Principals(boolean everyone, Map<String, List<String>> byType) {
    static final String AWS = "AWS";

    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");
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
        if (principal.equals(ANYONE)) {
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
        if (everyone) {
            return true;
        }
        for (String principal : byType.getOrDefault(AWS, List.of())) {
            if (includes(principal, access)) {
                return true;
            }
        }
        return byType.getOrDefault("Service", List.of()).contains(access.principalArn());
    }

    /// An account stands for everyone in it, a role for its sessions.
    private static boolean includes(String principal, Access access) {
        if (principal.equals(access.principalArn())) {
            return true;
        }
        Optional<Arn> listed = Arn.parse(principal);
        if (listed.isEmpty() || !listed.get().accountId().equals(access.accountId())) {
            return false;
        }
        String resource = listed.get().resource();
        if (resource.equals(ROOT)) {
            return true;
        }
        Optional<Arn> asking = Arn.parse(access.principalArn());
        if (asking.isEmpty() || !resource.startsWith(ROLE)) {
            return false;
        }
        String role = resource.substring(resource.lastIndexOf('/') + 1);
        return asking.get().resource().startsWith(SESSION + role + "/");
    }
}
