using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Streaming.Api.Ports;

namespace Streaming.Api.Http;

/// <summary>Writes the audit log: privileged acts before and after, refusals. Refusals for the rate, and of one too many, are written one a second with the number of the others, so that a flood is none of the log too.</summary>
internal sealed class Auditor(IAuditLog log, TimeProvider time, ILogger logger)
{
    /// <summary>Reason of one too many at work.</summary>
    public const string Busy = "busy";

    private static readonly TimeSpan LimitedEvery = TimeSpan.FromSeconds(1), WriteTime = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private long? _limitedAt;
    private long _leftOut;

    /// <summary>An act is about to be done.</summary>
    /// <returns>False where the log does not take it.</returns>
    public Task<bool> BeginAsync(ApiCall call) =>
        TryWriteAsync(Entry(call.Context, call.Route.What, call.Caller.Who, call.RequestId, AuditOutcome.Begun, 0, null) with { Subject = call.Subject });

    /// <summary>An act was done, or was tried.</summary>
    public Task EndAsync(ApiCall call, int status, string? reason) =>
        TryWriteAsync(Entry(call.Context, call.Route.What, call.Caller.Who, call.RequestId, status < StatusCodes.Status400BadRequest ? AuditOutcome.Done : AuditOutcome.Failed, status, reason) with { Subject = call.Subject });

    /// <summary>A request was refused.</summary>
    public async Task RefusedAsync(HttpContext context, string what, string who, string requestId, int status, string reason)
    {
        var isFlood = status == StatusCodes.Status429TooManyRequests || reason == Busy;
        long leftOut;
        lock (_gate)
        {
            if (isFlood && _limitedAt is { } at && time.GetElapsedTime(at) < LimitedEvery)
            {
                _leftOut++;
                return;
            }

            if (isFlood) _limitedAt = time.GetTimestamp();
            (leftOut, _leftOut) = (_leftOut, 0);
        }

        ApiLog.Refused(logger, what, who, status, reason, requestId);
        await TryWriteAsync(Entry(context, what, who, requestId, AuditOutcome.Refused, status, reason) with { LeftOut = leftOut }).ConfigureAwait(false);
    }

    private AuditEntry Entry(HttpContext context, string what, string who, string requestId, AuditOutcome outcome, int status, string? reason) => new()
    {
        AtMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
        RequestId = requestId,
        Who = who,
        From = context.Connection.RemoteIpAddress?.ToString() ?? "",
        What = what,
        Outcome = outcome,
        Status = status,
        Reason = reason,
    };

    // An act that is under way is written whether its caller still waits or not, and a log that hangs holds no request for longer than its time.
    private async Task<bool> TryWriteAsync(AuditEntry entry)
    {
        Task? work = null;
        try
        {
            using var clock = new CancellationTokenSource(WriteTime, time);
            work = log.WriteAsync(entry, clock.Token);
            await work.WaitAsync(clock.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            if (e is OperationCanceledException) work?.GiveUp(logger, "audit log", entry.RequestId);
            ApiLog.AuditFailed(logger, entry.RequestId, e);
            return false;
        }
    }
}
