using System.Globalization;

namespace Streaming.Faults.Engine;

/// <summary>The engine's time-outs as the harness sets them; a case may set its own beside them.</summary>
internal static class EngineTimeouts
{
    private const string Transaction = "Kafka:TransactionTimeoutMs", Message = "Kafka:MessageTimeoutMs", Request = "Kafka:RequestTimeoutMs", Socket = "Kafka:ClientProperties:socket.timeout.ms", Fence = "Driver:FenceBackOff";

    /// <summary>Shorter than the product's, so that many faults fit into little time and time-outs strike where an outage would otherwise be over before.</summary>
    public static IReadOnlyDictionary<string, string> Short { get; } = new Dictionary<string, string> { [Transaction] = "3000", [Message] = "2500", [Request] = "10000", [Socket] = "2000", [Fence] = "10s" };

    /// <summary>The product's own, for cases whose subject is a slow or busy machine, a slow broker, or a level of memory: shorter ones would strike by themselves there.</summary>
    public static IReadOnlyDictionary<string, string> Product { get; } = new Dictionary<string, string> { [Transaction] = "10000", [Message] = "8000", [Request] = "10000", [Fence] = "10s" };

    /// <summary>One line that says what is in force.</summary>
    /// <param name="settings">Settings that the engine is started with.</param>
    public static string Tell(IReadOnlyDictionary<string, string> settings)
    {
        var (transaction, request) = (Number(settings[Transaction]), settings[Request]);
        // librdkafka gives a transactional producer that is not told otherwise a little less than its transaction.
        var socket = settings.TryGetValue(Socket, out var set) ? $"{set} ms" : string.Create(CultureInfo.InvariantCulture, $"not set: {Math.Max(900, transaction - 100)} ms of a shard's producer, {request} ms of a consumer");
        return $"time-outs: TransactionTimeoutMs {settings[Transaction]}, MessageTimeoutMs {settings[Message]}, RequestTimeoutMs {request}, SocketTimeoutMs (socket.timeout.ms) {socket}, FenceBackOff {settings[Fence]}";
    }

    /// <summary>The broker's limit of a transaction that is in force, ms.</summary>
    public static int TransactionMs(IReadOnlyDictionary<string, string> settings) => Number(settings[Transaction]);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
