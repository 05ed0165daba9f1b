using System.Net.Sockets;
using Cassandra;
using Streaming.Core.Errors;

namespace Streaming.Snapshots.Cassandra;

/// <summary>Translates what the driver raises into the engine's errors.</summary>
internal static class CassandraErrors
{
    /// <summary>True for the errors of a request: anything else is a defect and goes through untouched.</summary>
    public static bool IsStoreError(Exception error) => error is DriverException or SocketException or TimeoutException;

    /// <summary>
    /// True where the same request may succeed a moment later. Every request of this store may be repeated: its write time is explicit, so
    /// a write that did arrive is the same write again.
    /// </summary>
    public static bool IsPassing(Exception error) => error is NoHostAvailableException or OperationTimedOutException or ReadTimeoutException or WriteTimeoutException
        or UnavailableException or OverloadedException or IsBootstrappingException or BusyPoolException or SocketException or TimeoutException;

    /// <summary>The engine's error (the driver lists a node that it holds for down without an error of its own); the message names the nodes' own answers, never the settings.</summary>
    public static StoreUnavailableException Translate(Exception error) => error switch
    {
        NoHostAvailableException { Errors.Count: > 0 } e => new StoreUnavailableException(
            "no Cassandra node answered: " + string.Join("; ", e.Errors.Select(node => $"{node.Key}: {node.Value?.Message ?? "no connection"}")), e),
        AuthenticationException or UnauthorizedException => new StoreUnavailableException($"Cassandra refused the user: {error.Message}", error),
        _ => new StoreUnavailableException($"Cassandra: {error.Message}", error),
    };
}
