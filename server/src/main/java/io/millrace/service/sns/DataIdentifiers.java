package io.millrace.service.sns;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// AWS's managed data identifiers that are a pattern and a check; those that need a dictionary or a
/// trained model (`Name`, `Address`, licences, passports and others) are not here. Where AWS looks
/// for a keyword nearby, ours mostly does not, and so finds more. Source: [developer
/// guide](https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-managed-data-identifiers.html).
final class DataIdentifiers {
    static final String ARN_PREFIX = "arn:aws:dataprotection::aws:data-identifier/";

    /// A pattern whose first group, else the whole match, is the data.
    ///
    /// @param check what a match must satisfy besides
    record Managed(Pattern pattern, Predicate<String> check) {}

    private static final Map<String, Managed> BY_NAME =
            Map.ofEntries(
                    of(
                            "EmailAddress",
                            "(?<![\\w.%+-])[\\w.%+-]{1,64}+@[A-Za-z0-9-]{1,63}+"
                                    + "(?:\\.[A-Za-z0-9-]{1,63}+){1,8}"),
                    of(
                            "CreditCardNumber",
                            "(?<![\\d.-])\\d(?:[ -]?\\d){12,18}(?![\\d-])",
                            DataIdentifiers::isCard),
                    of(
                            "CreditCardExpiration",
                            "(?i)(?:exp(?:iry|iration|ires)?|valid thru)(?:[ _-]?date)?\\W{0,5}"
                                    + "((?:0[1-9]|1[0-2])[/-](?:20)?\\d{2})(?!\\d)"),
                    of(
                            "CreditCardSecurityCode",
                            "(?i)(?:cvv2?|cvc2?|cid|security[ _-]?code|verification[ _-]?code)"
                                    + "\\W{0,5}(\\d{3,4})(?!\\d)"),
                    of("IpAddress", "(?<![\\w.:])[0-9A-Fa-f:.]{2,45}+(?!\\w)", IpText::isAddress),
                    of(
                            "Ssn-US",
                            "(?<![\\d-])(?!000|666|9)\\d{3}-(?!00)\\d{2}-(?!0000)\\d{4}(?![\\d-])"),
                    of(
                            "PhoneNumber-US",
                            "(?<![\\w+])(?:\\+?1[ .-]?)?(?:\\([2-9]\\d{2}\\) ?|[2-9]\\d{2}[ .-]?)"
                                    + "[2-9]\\d{2}[ .-]?\\d{4}(?!\\d)"),
                    of("PhoneNumber-GB", phone("44", "[1-37-8]\\d{1,4}[ -]?\\d{3}[ -]?\\d{3,4}")),
                    of("PhoneNumber-DE", phone("49", "[1-9]\\d{1,4}[ /-]?\\d{3,8}")),
                    of("PhoneNumber-FR", phone("33", "[1-9](?:[ .-]?\\d{2}){4}")),
                    of("PhoneNumber-ES", phone("34", "[6-9]\\d{2}[ -]?\\d{3}[ -]?\\d{3}")),
                    of("PhoneNumber-IT", phone("39", "[03]\\d{1,3}[ -]?\\d{5,8}")),
                    of("PhoneNumber-BR", phone("55", "\\(?[1-9]{2}\\)?[ -]?9?\\d{4}[ -]?\\d{4}")),
                    iban("DE", 18),
                    iban("FR", 23),
                    iban("ES", 20),
                    iban("IT", 23),
                    iban("GB", 18),
                    of(
                            "VehicleIdentificationNumber",
                            "(?<![A-Za-z0-9])[A-HJ-NPR-Z0-9]{17}(?![A-Za-z0-9])",
                            DataIdentifiers::isVehicle),
                    of(
                            "AwsSecretKey",
                            "(?i)(?:secret[ _-]?(?:access[ _-]?)?key|credentials|set-awscredential)"
                                    + "[^\\r\\n]{0,30}?(?<![A-Za-z0-9/+=])"
                                    + "([A-Za-z0-9/+=]{40})(?![A-Za-z0-9/+=])"),
                    of("OpenSshPrivateKey", block("OPENSSH PRIVATE KEY")),
                    of("PgpPrivateKey", block("PGP PRIVATE KEY BLOCK")),
                    of("PkcsPrivateKey", block("(?:RSA |EC |DSA |ENCRYPTED )?PRIVATE KEY")),
                    of("PuttyPrivateKey", "PuTTY-User-Key-File-[123]:[^\\r\\n]{1,200}+"));

    private DataIdentifiers() {}

    static @Nullable Managed find(String name) {
        return BY_NAME.get(name);
    }

    private static Map.Entry<String, Managed> of(String name, String pattern) {
        return of(name, pattern, _ -> true);
    }

    private static Map.Entry<String, Managed> of(
            String name, String pattern, Predicate<String> check) {
        return Map.entry(name, new Managed(Pattern.compile(pattern), check));
    }

    private static String phone(String country, String national) {
        return "(?<![\\w+])(?:(?:\\+|00)" + country + "[ -]?(?:\\(0\\))?|0)" + national + "(?!\\d)";
    }

    /// @param digits those behind the check digits
    private static Map.Entry<String, Managed> iban(String country, int digits) {
        return of(
                "BankAccountNumber-" + country,
                "(?<!\\w)" + country + "\\d{2}(?: ?[A-Z0-9]){" + digits + "}(?!\\w)",
                DataIdentifiers::isIban);
    }

    /// From the armour's first line to its last one, or as far as the text goes.
    private static String block(String name) {
        return "-----BEGIN "
                + name
                + "-----[\\w+/=:.,\\s\\\\-]{0,20000}?(?:-----END [A-Z ]+-----|$)";
    }

    private static boolean isCard(String text) {
        String digits = text.replaceAll("[ -]", "");
        boolean hasIssuer = "23456".indexOf(digits.charAt(0)) >= 0;
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int doubled = i % 2 == 0 ? digit : digit * 2;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        return hasIssuer && sum % 10 == 0;
    }

    private static boolean isIban(String text) {
        String compact = text.replace(" ", "");
        String turned = compact.substring(4) + compact.substring(0, 4);
        int rest = 0;
        for (int i = 0; i < turned.length(); i++) {
            int value = Character.digit(turned.charAt(i), 36);
            rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
        }
        return rest == 1;
    }

    private static boolean isVehicle(String text) {
        String values = "0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ"; // a letter's place mod 10
        int[] weights = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
        int sum = 0;
        for (int i = 0; i < text.length(); i++) {
            sum += values.indexOf(text.charAt(i)) % 10 * weights[i];
        }
        char check = sum % 11 == 10 ? 'X' : (char) ('0' + sum % 11);
        return text.charAt(8) == check;
    }
}
