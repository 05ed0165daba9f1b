using Microsoft.Extensions.Logging;

namespace Streaming.Api;

/// <summary>Log messages of the HTTP interface: ids 8000 to 8099. No secret, no id of a visitor, nothing of a request's own words.</summary>
internal static partial class ApiLog
{
    [LoggerMessage(8000, LogLevel.Information, "API: {Count} keys read from {File}")]
    public static partial void KeysRead(ILogger logger, string file, int count);

    [LoggerMessage(8001, LogLevel.Error, "API: {File} is gone: no key is valid")]
    public static partial void KeysGone(ILogger logger, string file);

    [LoggerMessage(8002, LogLevel.Error, "API: {File} cannot be taken, the keys of before stay in force: {Reason}")]
    public static partial void KeysRefused(ILogger logger, string file, string reason);

    [LoggerMessage(8003, LogLevel.Warning, "API: neither keys nor tokens are set: nobody is answered")]
    public static partial void NobodyIsAnswered(ILogger logger);

    [LoggerMessage(8004, LogLevel.Warning, "API: whoever asks from this machine may do everything without a key")]
    public static partial void LoopbackIsEnough(ILogger logger);

    [LoggerMessage(8005, LogLevel.Error, "API: the keys of {Issuer} cannot be read: {Reason}")]
    public static partial void ProviderAway(ILogger logger, string issuer, string reason);

    [LoggerMessage(8006, LogLevel.Warning, "API: {What} by {Who} refused with {Status} {Reason} (request {RequestId})")]
    public static partial void Refused(ILogger logger, string what, string who, int status, string reason, string requestId);

    [LoggerMessage(8007, LogLevel.Error, "API: {What} failed (request {RequestId})")]
    public static partial void Failed(ILogger logger, string what, string requestId, Exception exception);

    [LoggerMessage(8008, LogLevel.Error, "API: the audit log did not take an entry of request {RequestId}")]
    public static partial void AuditFailed(ILogger logger, string requestId, Exception exception);

    [LoggerMessage(8010, LogLevel.Error, "API: {What} failed after it was given up (request {RequestId})")]
    public static partial void FailedLate(ILogger logger, string what, string requestId, Exception exception);

    [LoggerMessage(8009, LogLevel.Information, "API: {Count} routes served below /v1")]
    public static partial void Mapped(ILogger logger, int count);
}
