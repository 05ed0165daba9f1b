using Microsoft.Extensions.Logging;
using Streaming.Api.Ports;

namespace Streaming.Api.Http;

/// <summary>Asks a port within a hard limit: the caller gets its answer in time also where the port does not look at its token.</summary>
internal static class PortCalls
{
    /// <summary>What the port answers, or that it did not in time.</summary>
    public static async Task<PortResult<T>> AskAsync<T>(this ApiCall call, TimeSpan limit, Func<CancellationToken, Task<PortResult<T>>> ask)
        where T : class
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(call.Aborted);
        using var clock = new CancellationTokenSource(limit, call.Environment.Time);
        using var link = clock.Token.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limited);
        Task<PortResult<T>>? work = null;
        try
        {
            work = ask(limited.Token);
            return await work.WaitAsync(limited.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            work?.GiveUp(call.Environment.Logger, call.Route.What, call.RequestId);
            if (call.Aborted.IsCancellationRequested) throw;
            return PortResult<T>.Not(PortOutcome.TimedOut);
        }
    }

    /// <summary>Waits no longer for work; an exception that it ends with is logged.</summary>
    public static void GiveUp(this Task work, ILogger logger, string what, string requestId) =>
        _ = work.ContinueWith(task => ApiLog.FailedLate(logger, what, requestId, task.Exception!.GetBaseException()), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
