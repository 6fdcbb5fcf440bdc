package io.millrace.service.sts;

import io.millrace.api.sts.AssumeRoleWithWebIdentityRequest;
import io.millrace.api.sts.AssumeRoleWithWebIdentityResponse;
import io.millrace.engine.Snapshot;
import io.millrace.federation.FederationException;
import io.millrace.federation.ProviderKeys;
import io.millrace.federation.WebToken;
import io.millrace.identity.Grants;
import io.millrace.identity.IdentityStore;
import io.millrace.identity.OidcProvider;
import io.millrace.identity.OidcProviders;
import io.millrace.identity.StoredPrincipal;
import io.millrace.identity.StoredSession;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.InstantSource;

/// `AssumeRoleWithWebIdentity`: a session of a role for whom an identity provider vouches, with a
/// token that it signed. Needs no access key. Errors: `AccessDenied`, `ExpiredTokenException`,
/// `InvalidIdentityToken`, `MalformedPolicyDocument`, `PackedPolicyTooLarge`, `ValidationError`.
/// Source: [API
/// reference](https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html).
final class AssumeRoleWithWebIdentity
        implements Operation<AssumeRoleWithWebIdentityRequest, AssumeRoleWithWebIdentityResponse> {
    static final String ACTION = "sts:AssumeRoleWithWebIdentity";

    private final IdentityStore identities;
    private final Grants grants;
    private final NewSessions newSessions;
    private final Trust trust;
    private final ProviderKeys keys;
    private final InstantSource clock;

    AssumeRoleWithWebIdentity(
            IdentityStore identities,
            NewSessions newSessions,
            Trust trust,
            ProviderKeys keys,
            InstantSource clock) {
        this.identities = identities;
        this.grants = new Grants(identities);
        this.newSessions = newSessions;
        this.trust = trust;
        this.keys = keys;
        this.clock = clock;
    }

    @Override
    public AssumeRoleWithWebIdentityResponse handle(
            Caller caller, AssumeRoleWithWebIdentityRequest request) {
        if (request.providerId() != null) {
            throw StsErrors.validation(
                    "ProviderId is for OAuth 2.0 access tokens, which Millrace does not take.");
        }
        Arn arn = AssumedRole.arn(request.roleArn());
        Restriction restriction = Restriction.of(request.policy(), request.policyArns());
        WebIdentity identity = identity(arn, request.webIdentityToken());
        Integer packed = restriction.packedPercent(identity.tags());
        int seconds =
                request.durationSeconds() == null
                        ? StsLimits.ROLE_SECONDS
                        : request.durationSeconds();
        StoredSession session =
                identities.read(snapshot ->
                        begin(snapshot, caller, request, identity, restriction, seconds));
        NewSessions.Made made = newSessions.make(session, seconds);
        return AssumeRoleWithWebIdentityResponse.builder()
                .credentials(made.credentials())
                .subjectFromWebIdentityToken(identity.subject())
                .assumedRoleUser(AssumedRole.user(session))
                .packedPolicySize(packed)
                .provider(identity.providerArn())
                .audience(identity.audience())
                .sourceIdentity(session.sourceIdentity())
                .build();
    }

    /// Who the token is of, all of it verified.
    private WebIdentity identity(Arn roleArn, String text) {
        WebToken token = WebToken.parse(text).orElseThrow(StsErrors::notAToken);
        for (String claim : WebIdentity.REQUIRED) {
            if (!token.claims().has(claim)) {
                throw StsErrors.invalidToken("Missing a required claim: " + claim);
            }
        }
        String issuer = token.text("iss").orElseThrow(StsErrors::notAToken);
        String account = roleArn.accountId();
        OidcProvider provider =
                identities
                        .read(snapshot ->
                                OidcProviders.find(snapshot, account, OidcProvider.name(issuer)))
                        .filter(each -> isIssuer(each, issuer))
                        .orElseThrow(() ->
                                StsErrors.invalidToken(
                                        "No OpenIDConnect provider found in your account for "
                                                + issuer));
        WebIdentity identity = WebIdentity.of(provider, account, token);
        checkSignature(provider, token);
        checkTimes(token);
        return identity;
    }

    /// Issuers may leave out their scheme.
    private static boolean isIssuer(OidcProvider provider, String issuer) {
        return issuer.equals(provider.url()) || issuer.equals(provider.name());
    }

    private void checkSignature(OidcProvider provider, WebToken token) {
        try {
            if (!keys.verify(provider.url(), provider.thumbprints(), token)) {
                throw StsErrors.invalidToken("The signature of the token is not valid.");
            }
        } catch (FederationException e) {
            throw StsErrors.invalidToken(
                    switch (e.reason()) {
                        case NO_KEYS ->
                                "Couldn't retrieve verification key from your identity provider, "
                                        + " please reference AssumeRoleWithWebIdentity"
                                        + " documentation for requirements";
                        case UNTRUSTED ->
                                "OpenIDConnect provider's HTTPS certificate doesn't match"
                                        + " configured thumbprint";
                    });
        }
    }

    private void checkTimes(WebToken token) {
        long now = clock.instant().getEpochSecond();
        long expires = token.seconds("exp").orElseThrow(StsErrors::notAToken);
        if (now >= expires) {
            throw StsErrors.expiredToken(
                    "Token expired: current date/time "
                            + now
                            + " must be before the expiration date/time"
                            + expires);
        }
        if (token.claims().has("nbf") && token.seconds("nbf").isEmpty()) {
            throw StsErrors.notAToken();
        }
        if (token.seconds("nbf").orElse(now) > now + StsLimits.TOKEN_SKEW_SECONDS) {
            throw StsErrors.invalidToken("The token is not valid yet.");
        }
    }

    private StoredSession begin(
            Snapshot snapshot,
            Caller caller,
            AssumeRoleWithWebIdentityRequest request,
            WebIdentity identity,
            Restriction restriction,
            int seconds) {
        Arn arn = AssumedRole.arn(request.roleArn());
        StoredPrincipal role =
                identities.role(snapshot, arn).orElseThrow(StsErrors::webIdentityNotAuthorized);
        trust.check(caller, arn, role, identity, request.roleSessionName());
        AssumedRole.checkDuration(role, seconds);
        return AssumedRole.session(
                        arn,
                        role,
                        request.roleSessionName(),
                        restriction.documentsOrNull(snapshot, arn.accountId(), grants))
                .carrying(
                        identity.tags(),
                        identity.transitiveTags(),
                        identity.sourceIdentity(),
                        false,
                        identity.conditions());
    }
}
