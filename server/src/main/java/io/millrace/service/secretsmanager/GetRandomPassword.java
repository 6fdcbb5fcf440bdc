package io.millrace.service.secretsmanager;

import io.millrace.api.secretsmanager.GetRandomPasswordRequest;
import io.millrace.api.secretsmanager.GetRandomPasswordResponse;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// `GetRandomPassword`: each password that fits the request is as likely as any other, since whole
/// ones are drawn until one fits. Nothing is kept. Errors: `InvalidParameterException`. Source:
/// [API
/// reference](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html).
final class GetRandomPassword
        implements Operation<GetRandomPasswordRequest, GetRandomPasswordResponse> {
    private static final String UPPERCASE = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String LOWERCASE = "abcdefghijklmnopqrstuvwxyz";
    private static final String NUMBERS = "0123456789";
    private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    private final RandomGenerator random;

    /// @param random must not be guessed
    GetRandomPassword(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public GetRandomPasswordResponse handle(Caller caller, GetRandomPasswordRequest request) {
        Long asked = request.passwordLength();
        int length = asked == null ? SecretsManagerLimits.PASSWORD_LENGTH : Math.toIntExact(asked);
        List<String> types = types(request);
        String alphabet = String.join("", types);
        if (Boolean.TRUE.equals(request.includeSpace())) {
            alphabet += without(" ", request.excludeCharacters());
        }
        if (alphabet.isEmpty()) {
            throw SecretsManagerErrors.invalidParameter(
                    "All characters that a password can have are excluded.");
        }
        if (Boolean.FALSE.equals(request.requireEachIncludedType())) {
            return new GetRandomPasswordResponse(draw(alphabet, length));
        }
        if (length < types.size()) {
            throw SecretsManagerErrors.invalidParameter(
                    "Password length is too short based on the required types.");
        }
        for (int i = 0; i < SecretsManagerLimits.PASSWORD_DRAWS_MAX; i++) {
            String password = draw(alphabet, length);
            if (types.stream().allMatch(type -> hasOneOf(password, type))) {
                return new GetRandomPasswordResponse(password);
            }
        }
        throw SecretsManagerErrors.invalidParameter(
                "Too few passwords of this length have each of the required types.");
    }

    /// The characters of each type that is not excluded.
    private static List<String> types(GetRandomPasswordRequest request) {
        List<String> types = new ArrayList<>();
        add(types, UPPERCASE, request.excludeUppercase(), request.excludeCharacters());
        add(types, LOWERCASE, request.excludeLowercase(), request.excludeCharacters());
        add(types, NUMBERS, request.excludeNumbers(), request.excludeCharacters());
        add(types, PUNCTUATION, request.excludePunctuation(), request.excludeCharacters());
        return types;
    }

    private static void add(
            List<String> types,
            String type,
            @Nullable Boolean excluded,
            @Nullable String characters) {
        String left = Boolean.TRUE.equals(excluded) ? "" : without(type, characters);
        if (!left.isEmpty()) {
            types.add(left);
        }
    }

    private static String without(String type, @Nullable String characters) {
        StringBuilder left = new StringBuilder();
        for (int i = 0; i < type.length(); i++) {
            char c = type.charAt(i);
            if (characters == null || characters.indexOf(c) < 0) {
                left.append(c);
            }
        }
        return left.toString();
    }

    private String draw(String alphabet, int length) {
        StringBuilder password = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            password.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return password.toString();
    }

    private static boolean hasOneOf(String password, String type) {
        return password.chars().anyMatch(c -> type.indexOf(c) >= 0);
    }
}
