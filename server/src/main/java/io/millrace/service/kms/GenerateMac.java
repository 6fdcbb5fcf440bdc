package io.millrace.service.kms;

import io.millrace.api.kms.GenerateMacRequest;
import io.millrace.api.kms.GenerateMacResponse;
import io.millrace.api.kms.VerifyMacRequest;
import io.millrace.api.kms.VerifyMacResponse;
import io.millrace.wire.Caller;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;

import javax.crypto.Mac;

/// `GenerateMac` and `VerifyMac`: HMAC of a message of up to 4 KiB. Errors: see [KeyUses], and
/// `KMSInvalidMacException`. Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html).
final class GenerateMac {
    private final KeyUses uses;

    GenerateMac(KeyUses uses) {
        this.uses = uses;
    }

    GenerateMacResponse generate(Caller caller, GenerateMacRequest request) {
        KeyAction action =
                KeyAction.of("GenerateMac", request.grantTokens())
                        .with("kms:macalgorithm", request.macAlgorithm());
        Usable usable = use(caller, request.keyId(), action, request.macAlgorithm());
        DryRun.end(request.dryRun());
        return GenerateMacResponse.builder()
                .keyId(usable.key().arn())
                .mac(mac(usable, request.message()))
                .macAlgorithm(request.macAlgorithm())
                .build();
    }

    VerifyMacResponse verify(Caller caller, VerifyMacRequest request) {
        KeyAction action =
                KeyAction.of("VerifyMac", request.grantTokens())
                        .with("kms:macalgorithm", request.macAlgorithm());
        Usable usable = use(caller, request.keyId(), action, request.macAlgorithm());
        DryRun.end(request.dryRun());
        if (!MessageDigest.isEqual(mac(usable, request.message()), request.mac())) {
            throw KmsErrors.invalidMac();
        }
        return VerifyMacResponse.builder()
                .keyId(usable.key().arn())
                .macValid(true)
                .macAlgorithm(request.macAlgorithm())
                .build();
    }

    private Usable use(Caller caller, String keyId, KeyAction action, String algorithm) {
        Usable usable =
                uses.use(caller, keyId, action, KeyUsage.GENERATE_VERIFY_MAC, action.name());
        if (!usable.key().spec().macAlgorithms().contains(algorithm)) {
            throw KmsErrors.algorithm(algorithm, usable.key().spec());
        }
        return usable;
    }

    private static byte[] mac(Usable usable, byte[] message) {
        try {
            Mac mac = Mac.getInstance(usable.key().spec().algorithm());
            mac.init(usable.secret().key());
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has them
        }
    }
}
