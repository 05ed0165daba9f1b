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

    /// <summary>Asks it what it would recommend now.</summary>
    /// <param name="user">User. For one who is unknown there is a list too.</param>
    /// <param name="length">Most items; 0: as many as in the topic.</param>
    /// <param name="cancellation">Cancels.</param>
    Task<UserLookup> RecommendAsync(UserKey user, int length, CancellationToken cancellation);
}
