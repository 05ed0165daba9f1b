namespace Streaming.Api.Ports;

/// <summary>What the host lets the interface reach. A route whose port is null is not mapped and not in the OpenAPI document.</summary>
public sealed record ApiPorts
{
    /// <summary>Audit log; there is no interface without one.</summary>
    public required IAuditLog Audit { get; init; }
    /// <summary>Lists.</summary>
    public IRecommendPort? Recommend { get; init; }
    /// <summary>Orders for search.</summary>
    public IRerankPort? Rerank { get; init; }
    /// <summary>Profiles.</summary>
    public IProfilePort? Profile { get; init; }
    /// <summary>Events in.</summary>
    public IEventIntake? Events { get; init; }
    /// <summary>Erasure.</summary>
    public IErasePort? Erase { get; init; }
    /// <summary>Export.</summary>
    public IExportPort? Export { get; init; }
    /// <summary>Dead letters.</summary>
    public IDeadLetterPort? DeadLetters { get; init; }
    /// <summary>Models.</summary>
    public IModelPort? Models { get; init; }
    /// <summary>Pause switch.</summary>
    public IPausePort? Pause { get; init; }
}
