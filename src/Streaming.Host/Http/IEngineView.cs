using Streaming.Core.Events;

namespace Streaming.Host.Http;

/// <summary>The running engine as HTTP and the terminal see it.</summary>
internal interface IEngineView
{
    /// <summary>Where everything stands.</summary>
    EngineStatus Status();

    /// <summary>What keeps the node from being ready; all done where it is.</summary>
    IReadOnlyList<ReadinessCheck> Readiness();

    /// <summary>Asks the shard that owns a user, wherever it runs.</summary>
    Task<UserLookup> FindUserAsync(UserKey user, CancellationToken cancellation);
}
