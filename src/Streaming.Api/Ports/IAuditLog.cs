namespace Streaming.Api.Ports;

/// <summary>Keeps who did what: every privileged act, before it and after it, and every refusal.</summary>
public interface IAuditLog
{
    /// <summary>Keeps an entry; throws where it cannot. A privileged act that cannot be kept, within 5 s, is not done.</summary>
    Task WriteAsync(AuditEntry entry, CancellationToken cancellation);
}

/// <summary>One line of the audit log. It holds no secret, no content of a request and no id of a visitor.</summary>
public sealed record AuditEntry
{
    /// <summary>When, ms since 1970.</summary>
    public required long AtMs { get; init; }
    /// <summary>The request, as in header X-Request-Id.</summary>
    public required string RequestId { get; init; }
    /// <summary><c>key:ID</c>, <c>token:SUBJECT</c>, <c>loopback</c>, or <c>nobody</c> where none was proved.</summary>
    public required string Who { get; init; }
    /// <summary>Address of the connection; empty where there is none.</summary>
    public required string From { get; init; }
    /// <summary>What was asked for: method and route pattern, never the path as sent.</summary>
    public required string What { get; init; }
    /// <summary>How it stands.</summary>
    public required AuditOutcome Outcome { get; init; }
    /// <summary>HTTP status; 0: not answered yet.</summary>
    public required int Status { get; init; }
    /// <summary>Code of the reason; null: none.</summary>
    public string? Reason { get; init; }
    /// <summary>Salted hash of the visitor that it is about; null: none, or not known yet.</summary>
    public string? Subject { get; init; }
    /// <summary>Refusals for the rate, and of one too many, since the entry before that were not written one by one.</summary>
    public long LeftOut { get; init; }
}

/// <summary>How an act that is audited stands.</summary>
public enum AuditOutcome
{
    /// <summary>It is about to be done.</summary>
    Begun,
    /// <summary>It is done.</summary>
    Done,
    /// <summary>It was tried, and is not done or not known to be.</summary>
    Failed,
    /// <summary>It was not tried.</summary>
    Refused,
}
