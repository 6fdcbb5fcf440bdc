package io.millrace.service.iam;

import io.millrace.api.Unit;
import io.millrace.api.iam.GetAccountSummaryResponse;
import io.millrace.engine.Snapshot;
import io.millrace.identity.IdentityStore;
import io.millrace.identity.Kind;
import io.millrace.identity.MfaDevice;
import io.millrace.identity.MfaDevices;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// `GetAccountSummary`: how much of what an account has, and may have. Source: [API
/// reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html).
final class GetAccountSummary implements Operation<Unit, GetAccountSummaryResponse> {
    private final IdentityStore identities;
    private final MfaDevices devices;

    GetAccountSummary(IdentityStore identities, MfaDevices devices) {
        this.identities = identities;
        this.devices = devices;
    }

    @Override
    public GetAccountSummaryResponse handle(Caller caller, Unit request) {
        return new GetAccountSummaryResponse(
                identities.read(snapshot -> summary(snapshot, caller.accountId())));
    }

    private Map<String, Integer> summary(Snapshot snapshot, String account) {
        Map<String, Integer> summary = new TreeMap<>();
        summary.put("Users", identities.count(snapshot, account, Kind.USER));
        summary.put("UsersQuota", IamLimits.USERS_MAX);
        summary.put("Groups", identities.count(snapshot, account, Kind.GROUP));
        summary.put("GroupsQuota", IamLimits.GROUPS_MAX);
        summary.put("Roles", identities.count(snapshot, account, Kind.ROLE));
        summary.put("RolesQuota", IamLimits.ROLES_MAX);
        summary.put("Policies", identities.count(snapshot, account, Kind.POLICY));
        summary.put("PoliciesQuota", IamLimits.POLICIES_MAX);
        summary.put("InstanceProfiles", identities.count(snapshot, account, Kind.INSTANCE_PROFILE));
        summary.put("InstanceProfilesQuota", IamLimits.INSTANCE_PROFILES_MAX);
        summary.put("AccessKeysPerUserQuota", IamLimits.ACCESS_KEYS_PER_USER_MAX);
        summary.put("GroupsPerUserQuota", IamLimits.GROUPS_PER_USER_MAX);
        summary.put("AttachedPoliciesPerUserQuota", IamLimits.POLICIES_ATTACHED_MAX);
        summary.put("AttachedPoliciesPerGroupQuota", IamLimits.POLICIES_ATTACHED_MAX);
        summary.put("AttachedPoliciesPerRoleQuota", IamLimits.POLICIES_ATTACHED_MAX);
        summary.put("UserPolicySizeQuota", IamLimits.USER_POLICY_CHARACTERS_MAX);
        summary.put("GroupPolicySizeQuota", IamLimits.GROUP_POLICY_CHARACTERS_MAX);
        summary.put("RolePolicySizeQuota", IamLimits.ROLE_POLICY_CHARACTERS_MAX);
        summary.put("AssumeRolePolicySizeQuota", IamLimits.TRUST_POLICY_CHARACTERS_MAX);
        summary.put("PolicySizeQuota", IamLimits.MANAGED_POLICY_CHARACTERS_MAX);
        summary.put("VersionsPerPolicyQuota", IamLimits.VERSIONS_PER_POLICY_MAX);
        List<MfaDevice> mfa = devices.all(snapshot, account);
        summary.put("MFADevices", mfa.size());
        summary.put("MFADevicesInUse", (int) mfa.stream().filter(MfaDevice::isEnabled).count());
        for (String absent :
                new String[] {
                    "AccountAccessKeysPresent",
                    "AccountMFAEnabled",
                    "AccountPasswordPresent",
                    "AccountSigningCertificatesPresent",
                    "Providers",
                    "ServerCertificates"
                }) {
            summary.put(absent, 0);
        }
        return summary;
    }
}
