package io.millrace.service.secretsmanager;

import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a request calls a secret: its name, its ARN, or its ARN without the random end. Source:
/// [partial
/// ARNs](https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen).
///
/// @param whole the name, or what may be one: all that an ARN has
/// @param cut the name when the ARN ends with a suffix; null when it cannot
/// @param suffix what an ARN ends with; null with `cut`
record SecretId(
        SecretName whole, @Nullable SecretName cut, @Nullable String suffix, boolean byArn) {
    private static final Pattern SUFFIXED = Pattern.compile("(.+)-([A-Za-z0-9]{6})");

    /// @throws io.millrace.wire.ServiceException `ValidationException` when it can be neither,
    ///   `ResourceNotFoundException` when it is in another region
    static SecretId of(Caller caller, String text) {
        Optional<Arn> parsed = Arn.parse(text);
        if (parsed.isEmpty()) {
            return new SecretId(SecretName.of(caller, text), null, null, false);
        }
        Arn arn = parsed.get();
        if (!arn.service().equals(SecretName.SERVICE)
                || !arn.resource().startsWith(SecretName.RESOURCE)
                || arn.resource().length() == SecretName.RESOURCE.length()) {
            throw SecretsManagerErrors.invalidName();
        }
        if (!arn.region().equals(caller.region())) {
            throw SecretsManagerErrors.notFound();
        }
        String rest = arn.resource().substring(SecretName.RESOURCE.length());
        SecretName whole = new SecretName(arn.accountId(), arn.region(), rest);
        Matcher matcher = SUFFIXED.matcher(rest);
        return matcher.matches()
                ? new SecretId(
                        whole,
                        new SecretName(arn.accountId(), arn.region(), matcher.group(1)),
                        matcher.group(2),
                        true)
                : new SecretId(whole, null, null, true);
    }
}
