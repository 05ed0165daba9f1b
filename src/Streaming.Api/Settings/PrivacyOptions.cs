namespace Streaming.Api.Settings;

/// <summary>What receipts and the audit log say of a person.</summary>
public sealed record PrivacyOptions
{
    /// <summary>Secret with which ids are hashed in receipts and in the audit log, 32 to 256 characters; needed where there is a route for erasure or export, otherwise one of the process's own is drawn. Give it as an environment variable, and keep it: without it no receipt can be matched with a person.</summary>
    public string HashSalt { get; init; } = "";
    /// <summary>Retention of events, links, control and sessions: <c>Kafka:RetentionHours</c>. 1 to 876,000.</summary>
    public int RetentionHours { get; init; } = 2160;
    /// <summary>Retention of the outputs: <c>Kafka:OutputRetentionHours</c>. 1 to 876,000.</summary>
    public int OutputRetentionHours { get; init; } = 168;

    /// <summary>Every error.</summary>
    public IEnumerable<string> Validate()
    {
        if (HashSalt.Length is not 0 and (< 32 or > 256)) yield return $"{nameof(HashSalt)} must have 32 to 256 characters, not {HashSalt.Length}";
        if (RetentionHours is < 1 or > 876_000) yield return $"{nameof(RetentionHours)} must be 1 to 876000, not {RetentionHours}";
        if (OutputRetentionHours is < 1 or > 876_000) yield return $"{nameof(OutputRetentionHours)} must be 1 to 876000, not {OutputRetentionHours}";
    }

    /// <summary>Without the salt: a record would print it.</summary>
    public override string ToString() => $"retention={RetentionHours}h outputs={OutputRetentionHours}h salt={(HashSalt.Length == 0 ? "-" : "***")}";
}
