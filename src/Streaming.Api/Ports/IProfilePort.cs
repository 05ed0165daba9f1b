using Streaming.Core.Events;

namespace Streaming.Api.Ports;

/// <summary>Reads what the engine knows of a person: counters, interests, consent, risk, segment.</summary>
public interface IProfilePort
{
    /// <summary>The profile as one JSON object, UTF-8. One with <c>"degraded": true</c> is answered as unavailable: an incomplete profile must not pass for that of somebody new.</summary>
    Task<PortResult<byte[]>> FindAsync(UserKey user, CancellationToken cancellation);
}
