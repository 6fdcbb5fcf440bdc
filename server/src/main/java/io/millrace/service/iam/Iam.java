package io.millrace.service.iam;

import io.millrace.api.iam.IamApi;
import io.millrace.identity.Grants;
import io.millrace.identity.IdentityStore;
import io.millrace.identity.LastUses;
import io.millrace.identity.MfaDevices;
import io.millrace.identity.NewKeys;
import io.millrace.wire.Ids;
import io.millrace.wire.Service;
import io.millrace.wire.ServicePage;

import java.time.InstantSource;
import java.util.List;

/// AWS Identity and Access Management: its operation table.
public final class Iam {
    private final Entities entities;
    private final InstantSource clock;
    private final LastUses lastUses;
    private final Service service;

    /// Puts the service together.
    ///
    /// @param pages what is answered beside the operations
    public Iam(
            IdentityStore identities,
            InstantSource clock,
            Ids ids,
            NewKeys newKeys,
            LastUses lastUses,
            MfaDevices devices,
            List<ServicePage> pages) {
        this.entities = new Entities(identities);
        this.clock = clock;
        this.lastUses = lastUses;
        Service.Builder builder =
                Service.of(IamApi.MODEL, IamLimits.BODY_BYTES_MAX, IamErrors::constraints)
                        .resources(new EntityResources(identities, devices));
        pages.forEach(builder::page);
        users(builder, devices);
        mfaDevices(builder, new MfaOperations(entities, devices));
        accessKeys(builder, newKeys);
        groups(builder);
        roles(builder, ids);
        instanceProfiles(builder);
        inlinePolicies(builder);
        attachedPolicies(builder);
        managedPolicies(builder);
        tags(builder);
        simulations(builder, new PrincipalSources(identities, new Grants(identities)));
        account(builder, devices);
        openIdProviders(builder, new OpenIdProviders(identities, clock));
        absentThings(builder);
        this.service = builder.build();
    }

    public Service service() {
        return service;
    }

    private void users(Service.Builder builder, MfaDevices devices) {
        PermissionsBoundaries boundaries = new PermissionsBoundaries(entities);
        builder.handle(IamApi.CREATE_USER, new CreateUser(entities, clock))
                .handle(IamApi.GET_USER, new GetUser(entities))
                .handle(IamApi.LIST_USERS, new ListUsers(entities))
                .handle(IamApi.UPDATE_USER, new UpdateUser(entities))
                .handle(IamApi.DELETE_USER, new DeleteUser(entities, devices))
                .handle(IamApi.PUT_USER_PERMISSIONS_BOUNDARY, boundaries::putUser)
                .handle(IamApi.DELETE_USER_PERMISSIONS_BOUNDARY, boundaries::deleteUser);
    }

    private static void mfaDevices(Service.Builder builder, MfaOperations mfa) {
        builder.handle(IamApi.CREATE_VIRTUAL_MFA_DEVICE, mfa::create)
                .handle(IamApi.ENABLE_MFA_DEVICE, mfa::enable)
                .handle(IamApi.RESYNC_MFA_DEVICE, mfa::resync)
                .handle(IamApi.DEACTIVATE_MFA_DEVICE, mfa::deactivate)
                .handle(IamApi.DELETE_VIRTUAL_MFA_DEVICE, mfa::delete)
                .handle(IamApi.GET_MFA_DEVICE, mfa::get)
                .handle(IamApi.LIST_MFA_DEVICES, mfa::list)
                .handle(IamApi.LIST_VIRTUAL_MFA_DEVICES, mfa::listVirtual)
                .handle(IamApi.TAG_MFA_DEVICE, mfa::tag)
                .handle(IamApi.UNTAG_MFA_DEVICE, mfa::untag)
                .handle(IamApi.LIST_MFA_DEVICE_TAGS, mfa::listTags);
    }

    private void accessKeys(Service.Builder builder, NewKeys newKeys) {
        AccessKeys keys = new AccessKeys(entities, clock, newKeys, lastUses);
        builder.handle(IamApi.CREATE_ACCESS_KEY, keys::create)
                .handle(IamApi.LIST_ACCESS_KEYS, keys::list)
                .handle(IamApi.UPDATE_ACCESS_KEY, keys::update)
                .handle(IamApi.DELETE_ACCESS_KEY, keys::delete)
                .handle(IamApi.GET_ACCESS_KEY_LAST_USED, keys::lastUsed);
    }

    private void groups(Service.Builder builder) {
        Groups groups = new Groups(entities, clock);
        builder.handle(IamApi.CREATE_GROUP, groups::create)
                .handle(IamApi.GET_GROUP, groups::get)
                .handle(IamApi.LIST_GROUPS, groups::list)
                .handle(IamApi.UPDATE_GROUP, groups::update)
                .handle(IamApi.DELETE_GROUP, groups::delete)
                .handle(IamApi.ADD_USER_TO_GROUP, groups::add)
                .handle(IamApi.REMOVE_USER_FROM_GROUP, groups::remove)
                .handle(IamApi.LIST_GROUPS_FOR_USER, groups::ofUser);
    }

    private void roles(Service.Builder builder, Ids ids) {
        Roles roles = new Roles(entities, lastUses);
        PermissionsBoundaries boundaries = new PermissionsBoundaries(entities);
        ServiceLinkedRoles linked = new ServiceLinkedRoles(entities, clock, ids);
        builder.handle(IamApi.CREATE_ROLE, new CreateRole(entities, clock))
                .handle(IamApi.GET_ROLE, roles::get)
                .handle(IamApi.LIST_ROLES, roles::list)
                .handle(IamApi.UPDATE_ROLE, roles::update)
                .handle(IamApi.UPDATE_ROLE_DESCRIPTION, roles::describe)
                .handle(IamApi.UPDATE_ASSUME_ROLE_POLICY, roles::trust)
                .handle(IamApi.DELETE_ROLE, roles::delete)
                .handle(IamApi.PUT_ROLE_PERMISSIONS_BOUNDARY, boundaries::putRole)
                .handle(IamApi.DELETE_ROLE_PERMISSIONS_BOUNDARY, boundaries::deleteRole)
                .handle(IamApi.CREATE_SERVICE_LINKED_ROLE, linked::create)
                .handle(IamApi.DELETE_SERVICE_LINKED_ROLE, linked::delete)
                .handle(IamApi.GET_SERVICE_LINKED_ROLE_DELETION_STATUS, linked::status);
    }

    private void instanceProfiles(Service.Builder builder) {
        InstanceProfiles profiles = new InstanceProfiles(entities, clock);
        builder.handle(IamApi.CREATE_INSTANCE_PROFILE, profiles::create)
                .handle(IamApi.GET_INSTANCE_PROFILE, profiles::get)
                .handle(IamApi.LIST_INSTANCE_PROFILES, profiles::list)
                .handle(IamApi.LIST_INSTANCE_PROFILES_FOR_ROLE, profiles::ofRole)
                .handle(IamApi.ADD_ROLE_TO_INSTANCE_PROFILE, profiles::add)
                .handle(IamApi.REMOVE_ROLE_FROM_INSTANCE_PROFILE, profiles::remove)
                .handle(IamApi.DELETE_INSTANCE_PROFILE, profiles::delete);
    }

    private void inlinePolicies(Service.Builder builder) {
        InlinePolicies inline = new InlinePolicies(entities);
        builder.handle(IamApi.PUT_USER_POLICY, inline::putUserPolicy)
                .handle(IamApi.GET_USER_POLICY, inline::getUserPolicy)
                .handle(IamApi.LIST_USER_POLICIES, inline::listUserPolicies)
                .handle(IamApi.DELETE_USER_POLICY, inline::deleteUserPolicy)
                .handle(IamApi.PUT_GROUP_POLICY, inline::putGroupPolicy)
                .handle(IamApi.GET_GROUP_POLICY, inline::getGroupPolicy)
                .handle(IamApi.LIST_GROUP_POLICIES, inline::listGroupPolicies)
                .handle(IamApi.DELETE_GROUP_POLICY, inline::deleteGroupPolicy)
                .handle(IamApi.PUT_ROLE_POLICY, inline::putRolePolicy)
                .handle(IamApi.GET_ROLE_POLICY, inline::getRolePolicy)
                .handle(IamApi.LIST_ROLE_POLICIES, inline::listRolePolicies)
                .handle(IamApi.DELETE_ROLE_POLICY, inline::deleteRolePolicy);
    }

    private void attachedPolicies(Service.Builder builder) {
        AttachedPolicies attached = new AttachedPolicies(entities);
        builder.handle(IamApi.ATTACH_USER_POLICY, attached::attachUserPolicy)
                .handle(IamApi.DETACH_USER_POLICY, attached::detachUserPolicy)
                .handle(IamApi.LIST_ATTACHED_USER_POLICIES, attached::listAttachedUserPolicies)
                .handle(IamApi.ATTACH_GROUP_POLICY, attached::attachGroupPolicy)
                .handle(IamApi.DETACH_GROUP_POLICY, attached::detachGroupPolicy)
                .handle(IamApi.LIST_ATTACHED_GROUP_POLICIES, attached::listAttachedGroupPolicies)
                .handle(IamApi.ATTACH_ROLE_POLICY, attached::attachRolePolicy)
                .handle(IamApi.DETACH_ROLE_POLICY, attached::detachRolePolicy)
                .handle(IamApi.LIST_ATTACHED_ROLE_POLICIES, attached::listAttachedRolePolicies);
    }

    private void managedPolicies(Service.Builder builder) {
        ManagedPolicies policies = new ManagedPolicies(entities);
        PolicyVersions versions = new PolicyVersions(entities, clock);
        builder.handle(IamApi.CREATE_POLICY, new CreatePolicy(entities, clock))
                .handle(IamApi.GET_POLICY, policies::get)
                .handle(IamApi.LIST_POLICIES, new ListPolicies(entities))
                .handle(IamApi.DELETE_POLICY, policies::delete)
                .handle(IamApi.CREATE_POLICY_VERSION, versions::create)
                .handle(IamApi.GET_POLICY_VERSION, versions::get)
                .handle(IamApi.LIST_POLICY_VERSIONS, versions::list)
                .handle(IamApi.SET_DEFAULT_POLICY_VERSION, versions::setDefault)
                .handle(IamApi.DELETE_POLICY_VERSION, versions::delete)
                .handle(IamApi.LIST_ENTITIES_FOR_POLICY, new ListEntitiesForPolicy(entities));
    }

    private static void simulations(Service.Builder builder, PrincipalSources principals) {
        ContextKeys keys = new ContextKeys(principals);
        builder.handle(IamApi.SIMULATE_CUSTOM_POLICY, new SimulateCustomPolicy())
                .handle(IamApi.SIMULATE_PRINCIPAL_POLICY, new SimulatePrincipalPolicy(principals))
                .handle(IamApi.GET_CONTEXT_KEYS_FOR_CUSTOM_POLICY, keys::custom)
                .handle(IamApi.GET_CONTEXT_KEYS_FOR_PRINCIPAL_POLICY, keys::ofPrincipal);
    }

    private void account(Service.Builder builder, MfaDevices devices) {
        IdentityStore identities = entities.identities();
        AccountAliases aliases = new AccountAliases(identities);
        PasswordPolicies passwords = new PasswordPolicies(identities);
        CredentialReports reports = new CredentialReports(identities, clock, lastUses, devices);
        builder.handle(IamApi.CREATE_ACCOUNT_ALIAS, aliases::create)
                .handle(IamApi.LIST_ACCOUNT_ALIASES, aliases::list)
                .handle(IamApi.DELETE_ACCOUNT_ALIAS, aliases::delete)
                .handle(IamApi.UPDATE_ACCOUNT_PASSWORD_POLICY, passwords::update)
                .handle(IamApi.GET_ACCOUNT_PASSWORD_POLICY, passwords::get)
                .handle(IamApi.DELETE_ACCOUNT_PASSWORD_POLICY, passwords::delete)
                .handle(IamApi.GET_ACCOUNT_SUMMARY, new GetAccountSummary(identities, devices))
                .handle(
                        IamApi.GET_ACCOUNT_AUTHORIZATION_DETAILS,
                        new GetAccountAuthorizationDetails(entities))
                .handle(IamApi.GENERATE_CREDENTIAL_REPORT, reports::generate)
                .handle(IamApi.GET_CREDENTIAL_REPORT, reports::get);
    }

    private static void openIdProviders(Service.Builder builder, OpenIdProviders providers) {
        builder.handle(IamApi.CREATE_OPEN_ID_CONNECT_PROVIDER, providers::create)
                .handle(IamApi.GET_OPEN_ID_CONNECT_PROVIDER, providers::get)
                .handle(IamApi.LIST_OPEN_ID_CONNECT_PROVIDERS, providers::list)
                .handle(IamApi.DELETE_OPEN_ID_CONNECT_PROVIDER, providers::delete)
                .handle(IamApi.ADD_CLIENT_ID_TO_OPEN_ID_CONNECT_PROVIDER, providers::addClientId)
                .handle(
                        IamApi.REMOVE_CLIENT_ID_FROM_OPEN_ID_CONNECT_PROVIDER,
                        providers::removeClientId)
                .handle(
                        IamApi.UPDATE_OPEN_ID_CONNECT_PROVIDER_THUMBPRINT,
                        providers::updateThumbprints)
                .handle(IamApi.TAG_OPEN_ID_CONNECT_PROVIDER, providers::tag)
                .handle(IamApi.UNTAG_OPEN_ID_CONNECT_PROVIDER, providers::untag)
                .handle(IamApi.LIST_OPEN_ID_CONNECT_PROVIDER_TAGS, providers::listTags);
    }

    private void absentThings(Service.Builder builder) {
        AbsentThings absent = new AbsentThings(entities);
        builder.handle(IamApi.GET_LOGIN_PROFILE, absent::loginProfile)
                .handle(IamApi.DELETE_LOGIN_PROFILE, absent::deleteLoginProfile)
                .handle(IamApi.LIST_SSH_PUBLIC_KEYS, absent::sshKeys)
                .handle(IamApi.LIST_SIGNING_CERTIFICATES, absent::signingCertificates)
                .handle(IamApi.LIST_SERVICE_SPECIFIC_CREDENTIALS, absent::serviceCredentials)
                .handle(IamApi.LIST_SERVER_CERTIFICATES, absent::serverCertificates)
                .handle(IamApi.LIST_SAML_PROVIDERS, absent::samlProviders);
    }

    private void tags(Service.Builder builder) {
        TagOperations tags = new TagOperations(entities);
        builder.handle(IamApi.TAG_USER, tags::tagUser)
                .handle(IamApi.UNTAG_USER, tags::untagUser)
                .handle(IamApi.LIST_USER_TAGS, tags::listUserTags)
                .handle(IamApi.TAG_ROLE, tags::tagRole)
                .handle(IamApi.UNTAG_ROLE, tags::untagRole)
                .handle(IamApi.LIST_ROLE_TAGS, tags::listRoleTags)
                .handle(IamApi.TAG_INSTANCE_PROFILE, tags::tagInstanceProfile)
                .handle(IamApi.UNTAG_INSTANCE_PROFILE, tags::untagInstanceProfile)
                .handle(IamApi.LIST_INSTANCE_PROFILE_TAGS, tags::listInstanceProfileTags)
                .handle(IamApi.TAG_POLICY, tags::tagPolicy)
                .handle(IamApi.UNTAG_POLICY, tags::untagPolicy)
                .handle(IamApi.LIST_POLICY_TAGS, tags::listPolicyTags);
    }
}
