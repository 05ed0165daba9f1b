namespace Streaming.Api.Wire;

/// <summary>Models that the engine has.</summary>
public sealed record ModelsReply
{
    /// <summary>By name, then by version.</summary>
    public required IReadOnlyList<ModelLine> Models { get; init; }
}

/// <summary>A version of a model.</summary>
public sealed record ModelLine
{
    /// <summary>What it is for, e.g. ranker.</summary>
    public required string Name { get; init; }
    /// <summary>Version of its manifest.</summary>
    public required string Version { get; init; }
    /// <summary>True for the one that scores now.</summary>
    public required bool IsInForce { get; init; }
    /// <summary>When it was put in force, ms since 1970; absent where it never was.</summary>
    public long? InForceSince { get; init; }
}

/// <summary>Names the version to put in force.</summary>
public sealed record UseModelRequest
{
    /// <summary>Version of its manifest.</summary>
    public string? Version { get; init; }
}
