using Streaming.Api.Ports;
using Streaming.Core.Events;
using Streaming.Host.Http;

namespace Streaming.Host.Ports;

/// <summary>Profiles from the shard that owns the user.</summary>
/// <param name="engine">The engine.</param>
internal sealed class ProfilePort(IEngineView engine) : IProfilePort
{
    /// <inheritdoc/>
    public async Task<PortResult<byte[]>> FindAsync(UserKey user, CancellationToken cancellation)
    {
        var found = await engine.FindUserAsync(user, cancellation);
        return new PortResult<byte[]>(PortOutcomes.Of(found.Outcome), found.Json.IsEmpty ? null : found.Json.ToArray());
    }
}
