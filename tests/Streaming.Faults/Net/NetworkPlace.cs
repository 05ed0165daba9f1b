namespace Streaming.Faults.Net;

/// <summary>Where a process of the engine is at home in the network.</summary>
/// <param name="Host">Its address.</param>
/// <param name="Namespace">The network namespace that it runs in; null: this machine's own.</param>
internal sealed record NetworkPlace(string Host, string? Namespace)
{
    /// <summary>This machine, reached by nobody else.</summary>
    public static NetworkPlace Loopback { get; } = new("127.0.0.1", null);
}
