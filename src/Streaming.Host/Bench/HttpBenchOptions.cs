namespace Streaming.Host.Bench;

/// <summary>What <c>bench http</c> measures.</summary>
public sealed record HttpBenchOptions
{
    /// <summary>Queries of each kind: an empty answer, a user that is not loaded, the same user loaded.</summary>
    public required int Requests { get; init; }
    /// <summary>Connections that ask at the same time; each keeps one request under way.</summary>
    public int Connections { get; init; } = 1;
    /// <summary>Events of each user, written before.</summary>
    public int EventsPerUser { get; init; } = 20;
    /// <summary>Users that each connection asks for first, not counted.</summary>
    public int WarmUps { get; init; } = 100;
    /// <summary>Events of other users a second that come in meanwhile; 0: the shards are idle.</summary>
    public int Rate { get; init; }
}
