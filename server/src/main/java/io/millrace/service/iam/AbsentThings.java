package io.millrace.service.iam;

import io.millrace.api.Unit;
import io.millrace.api.iam.DeleteLoginProfileRequest;
import io.millrace.api.iam.GetLoginProfileRequest;
import io.millrace.api.iam.GetLoginProfileResponse;
import io.millrace.api.iam.ListSAMLProvidersRequest;
import io.millrace.api.iam.ListSAMLProvidersResponse;
import io.millrace.api.iam.ListSSHPublicKeysRequest;
import io.millrace.api.iam.ListSSHPublicKeysResponse;
import io.millrace.api.iam.ListServerCertificatesRequest;
import io.millrace.api.iam.ListServerCertificatesResponse;
import io.millrace.api.iam.ListServiceSpecificCredentialsRequest;
import io.millrace.api.iam.ListServiceSpecificCredentialsResponse;
import io.millrace.api.iam.ListSigningCertificatesRequest;
import io.millrace.api.iam.ListSigningCertificatesResponse;
import io.millrace.identity.Kind;
import io.millrace.wire.Caller;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/// What nobody has here, since it cannot be made: passwords, certificates, keys of other kinds and
/// providers. Tools look for it before they delete a user, and are told that there is none. Errors:
/// `NoSuchEntity`.
final class AbsentThings {
    private final Entities entities;

    AbsentThings(Entities entities) {
        this.entities = entities;
    }

    GetLoginProfileResponse loginProfile(Caller caller, GetLoginProfileRequest request) {
        return Optional.<GetLoginProfileResponse>empty()
                .orElseThrow(() -> noLoginProfile(caller, request.userName()));
    }

    Unit deleteLoginProfile(Caller caller, DeleteLoginProfileRequest request) {
        return Optional.<Unit>empty().orElseThrow(() -> noLoginProfile(caller, request.userName()));
    }

    private ServiceException noLoginProfile(Caller caller, @Nullable String requested) {
        String name = Entities.userName(caller, requested);
        checkUser(caller, name);
        return IamErrors.noSuchEntity("Login Profile for User " + name + " cannot be found.");
    }

    /// A user that is named must be there.
    private void checkUser(Caller caller, @Nullable String name) {
        if (name != null) {
            entities.require(caller, Kind.USER, name);
        }
    }

    ListSSHPublicKeysResponse sshKeys(Caller caller, ListSSHPublicKeysRequest request) {
        checkUser(caller, request.userName());
        return new ListSSHPublicKeysResponse(List.of(), false, null);
    }

    ListSigningCertificatesResponse signingCertificates(
            Caller caller, ListSigningCertificatesRequest request) {
        checkUser(caller, request.userName());
        return new ListSigningCertificatesResponse(List.of(), false, null);
    }

    ListServiceSpecificCredentialsResponse serviceCredentials(
            Caller caller, ListServiceSpecificCredentialsRequest request) {
        checkUser(caller, request.userName());
        return new ListServiceSpecificCredentialsResponse(List.of(), null, false);
    }

    ListServerCertificatesResponse serverCertificates(
            Caller caller, ListServerCertificatesRequest request) {
        return new ListServerCertificatesResponse(List.of(), false, null);
    }

    ListSAMLProvidersResponse samlProviders(Caller caller, ListSAMLProvidersRequest request) {
        return new ListSAMLProvidersResponse(List.of());
    }
}
