package io.millrace.service.sts;

import io.millrace.api.sts.StsApi;
import io.millrace.federation.ProviderKeys;
import io.millrace.identity.IdentityStore;
import io.millrace.identity.MfaDevices;
import io.millrace.identity.NewKeys;
import io.millrace.identity.Sessions;
import io.millrace.wire.Identities;
import io.millrace.wire.Service;

import java.time.InstantSource;

/// AWS Security Token Service: its operation table.
public final class Sts {
    private final Service service;

    /// Puts the service together.
    ///
    /// @param holders who holds which access key
    /// @param devices of users, for codes that come with requests
    public Sts(
            IdentityStore identities,
            InstantSource clock,
            Sessions sessions,
            NewKeys newKeys,
            Identities holders,
            MfaDevices devices) {
        NewSessions newSessions = new NewSessions(newKeys, sessions, clock);
        Codes codes = new Codes(devices);
        UserSessions users = new UserSessions(identities, newSessions, codes, clock);
        Trust trust = new Trust(!holders.believesEveryone());
        this.service =
                Service.of(StsApi.MODEL, StsLimits.BODY_BYTES_MAX, StsErrors::constraints)
                        .handle(StsApi.GET_CALLER_IDENTITY, new GetCallerIdentity())
                        .handle(
                                StsApi.ASSUME_ROLE,
                                new AssumeRole(identities, sessions, newSessions, trust, codes))
                        .handle(
                                StsApi.ASSUME_ROLE_WITH_WEB_IDENTITY,
                                new AssumeRoleWithWebIdentity(
                                        identities,
                                        newSessions,
                                        trust,
                                        new ProviderKeys(clock),
                                        clock))
                        .allowAnonymous(
                                StsApi.ASSUME_ROLE_WITH_WEB_IDENTITY, StsApi.ASSUME_ROLE_WITH_SAML)
                        .handle(StsApi.GET_SESSION_TOKEN, users::session)
                        .handle(StsApi.GET_FEDERATION_TOKEN, users::federation)
                        .handle(StsApi.GET_ACCESS_KEY_INFO, new GetAccessKeyInfo(holders))
                        .build();
    }

    public Service service() {
        return service;
    }
}
