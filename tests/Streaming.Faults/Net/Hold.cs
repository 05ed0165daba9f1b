namespace Streaming.Faults.Net;

/// <summary>A commit that is, or will be, held back.</summary>
internal sealed class Hold(TimeSpan time, bool cutsClient)
{
    private readonly TaskCompletionSource<EndTxnRequest> _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>For how long.</summary>
    public TimeSpan Time => time;

    /// <summary>Whether the client's connection is cut meanwhile.</summary>
    public bool CutsClient => cutsClient;

    /// <summary>Ends when a commit is held.</summary>
    public Task<EndTxnRequest> Begun => _begun.Task;

    /// <summary>Ends when the broker has got it.</summary>
    public Task Released => _released.Task;

    /// <summary>A commit is held.</summary>
    public void Begin(EndTxnRequest request) => _begun.TrySetResult(request);

    /// <summary>The broker has got it.</summary>
    public void Release() => _released.TrySetResult();
}
