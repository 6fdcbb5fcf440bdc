package io.millrace.service.logs;

/// The log groups that services make themselves when they first write there, as at AWS.
final class ServiceGroups {
    private static final String SNS = "sns/";
    private static final String VENDED = "/aws/vendedlogs/";

    private ServiceGroups() {}

    static boolean makes(String senderId, String group) {
        return switch (senderId) {
            case "sns.amazonaws.com" -> group.startsWith(SNS);
            case "delivery.logs.amazonaws.com" -> group.startsWith(VENDED);
            default -> false;
        };
    }
}
