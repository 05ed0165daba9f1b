namespace Streaming.Api.Wire;

/// <summary>Names a person. Exactly one of userId and anonymousId.</summary>
public sealed record PersonQuery
{
    /// <summary>Known user.</summary>
    public string? UserId { get; init; }
    /// <summary>Guest.</summary>
    public string? AnonymousId { get; init; }
}
