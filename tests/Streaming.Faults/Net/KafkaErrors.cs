using System.Globalization;

namespace Streaming.Faults.Net;

/// <summary>Error codes of Kafka's protocol that a coordinator answers EndTxn with.</summary>
internal static class KafkaErrors
{
    /// <summary>No error.</summary>
    public const short None = 0;

    /// <summary>The protocol's name of a code; its number where it has no name here.</summary>
    public static string NameOf(short code) => code switch
    {
        None => "NONE",
        14 => "COORDINATOR_LOAD_IN_PROGRESS",
        15 => "COORDINATOR_NOT_AVAILABLE",
        16 => "NOT_COORDINATOR",
        47 => "INVALID_PRODUCER_EPOCH",
        48 => "INVALID_TXN_STATE",
        49 => "INVALID_PRODUCER_ID_MAPPING",
        51 => "CONCURRENT_TRANSACTIONS",
        53 => "TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
        90 => "PRODUCER_FENCED",
        120 => "TRANSACTION_ABORTABLE",
        _ => code.ToString(CultureInfo.InvariantCulture),
    };
}
