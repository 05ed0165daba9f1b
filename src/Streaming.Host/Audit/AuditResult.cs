namespace Streaming.Host.Audit;

/// <summary>An audit's verdict.</summary>
public sealed record AuditResult
{
    /// <summary>Positions of <c>events</c> audited.</summary>
    public required long Events { get; init; }
    /// <summary>Those of them that the engine wrote: erasures of guests that belonged to an erased user.</summary>
    public required long OwnErases { get; init; }
    /// <summary>Profiles that the log makes.</summary>
    public required long Users { get; init; }
    /// <summary>Input positions without effect, and outputs that should be there and are not.</summary>
    public required long Lost { get; init; }
    /// <summary>Effects or output ids that are there twice.</summary>
    public required long Duplicated { get; init; }
    /// <summary>Outputs without a cause.</summary>
    public required long Phantom { get; init; }
    /// <summary>Stored profiles that are not what the log makes.</summary>
    public required long StateMismatches { get; init; }
    /// <summary>Positions that went to <c>dead-letters</c>.</summary>
    public required long DeadLetters { get; init; }
    /// <summary>Why nothing could be audited; null where it could.</summary>
    public string? NotAuditable { get; init; }
    /// <summary>The first problems, each with its place.</summary>
    public required IReadOnlyList<string> Problems { get; init; }
    /// <summary>What a person should look at, though nothing is lost or doubled by it.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>True where nothing is lost, doubled, invented or different.</summary>
    public bool Consistent => NotAuditable is null && Lost == 0 && Duplicated == 0 && Phantom == 0 && StateMismatches == 0;
}
