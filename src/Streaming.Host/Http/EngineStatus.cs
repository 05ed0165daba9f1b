using Streaming.Core.Shard;

namespace Streaming.Host.Http;

/// <summary>A running node, for /status and the terminal.</summary>
internal sealed record EngineStatus
{
    /// <summary>Program version.</summary>
    public required string Version { get; init; }
    /// <summary>When the node started, ms since 1970.</summary>
    public required long StartedAtMs { get; init; }
    /// <summary>Partitions of <c>events</c> in all.</summary>
    public required int Partitions { get; init; }
    /// <summary>Shards on this node.</summary>
    public required IReadOnlyList<ShardLine> Shards { get; init; }
    /// <summary>Members of the cluster.</summary>
    public required IReadOnlyList<MemberLine> Members { get; init; }
    /// <summary>Item index of this node.</summary>
    public required ItemIndexLine Items { get; init; }
    /// <summary>Ranker in force; null where none is loaded.</summary>
    public string? Model { get; init; }
    /// <summary>Snapshot store, without secrets.</summary>
    public required string Store { get; init; }
    /// <summary>The HTTP interface; null where it is off.</summary>
    public ApiLine? Api { get; init; }
}

/// <summary>A shard.</summary>
/// <param name="Partition">Partition number.</param>
/// <param name="Status">Where it stands.</param>
internal sealed record ShardLine(int Partition, ShardStatus Status);

/// <summary>A member of the cluster.</summary>
/// <param name="Address">host:port.</param>
/// <param name="Roles">Roles.</param>
/// <param name="Status">Up, Joining, Leaving, …</param>
/// <param name="Reachable">False where its heartbeats fail.</param>
/// <param name="IsSelf">True for this node.</param>
internal sealed record MemberLine(string Address, IReadOnlyList<string> Roles, string Status, bool Reachable, bool IsSelf);

/// <summary>The item index.</summary>
/// <param name="Items">Items known.</param>
/// <param name="CatalogItems">Items in the catalogue.</param>
/// <param name="Sessions">Sessions kept.</param>
/// <param name="IsCaughtUp">True once it was read to the end.</param>
internal sealed record ItemIndexLine(int Items, int CatalogItems, long Sessions, bool IsCaughtUp);

/// <summary>Where the HTTP interface answers.</summary>
/// <param name="Path">Its routes lie below.</param>
/// <param name="OpenApi">Its OpenAPI document.</param>
/// <param name="NeedsKey">False where this machine is answered without a key or token.</param>
internal sealed record ApiLine(string Path, string OpenApi, bool NeedsKey);

/// <summary>One condition of readiness.</summary>
/// <param name="Name">What is asked.</param>
/// <param name="IsReady">Whether it holds.</param>
/// <param name="Detail">Words for a person; no personal data.</param>
internal sealed record ReadinessCheck(string Name, bool IsReady, string Detail);

/// <summary>/health/ready.</summary>
/// <param name="IsReady">True where every check holds.</param>
/// <param name="Checks">The checks.</param>
internal sealed record ReadinessReport(bool IsReady, IReadOnlyList<ReadinessCheck> Checks);
