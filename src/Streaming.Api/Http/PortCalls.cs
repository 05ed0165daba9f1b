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
        try
        {
            return await ask(limited.Token).WaitAsync(limited.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!call.Aborted.IsCancellationRequested)
        {
            return PortResult<T>.Not(PortOutcome.TimedOut);
        }
    }
}
