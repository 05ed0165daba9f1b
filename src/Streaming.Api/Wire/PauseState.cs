namespace Streaming.Api.Wire;

/// <summary>How the pause switch stands.</summary>
public sealed record PauseState
{
    /// <summary>True: events are folded, nothing goes out to people.</summary>
    public required bool IsPaused { get; init; }
    /// <summary>Why, in the words of who set it.</summary>
    public string? Reason { get; init; }
    /// <summary>Since when, ms since 1970.</summary>
    public long? Since { get; init; }
}

/// <summary>Sets the pause switch.</summary>
public sealed record PauseRequest
{
    /// <summary>True: pause; false: go on.</summary>
    public bool? IsPaused { get; init; }
    /// <summary>Why.</summary>
    public string? Reason { get; init; }
}
