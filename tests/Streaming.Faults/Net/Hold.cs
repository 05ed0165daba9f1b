namespace Streaming.Faults.Net;

/// <summary>A commit that is, or will be, held back.</summary>
internal sealed class Hold(TimeSpan time, bool cutsClient)
{
    private readonly TaskCompletionSource<EndTxnRequest> _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<HeldOutcome> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isRepeated;
    private HeldState _state;

    /// <summary>For how long.</summary>
    public TimeSpan Time => time;

    /// <summary>Whether the client's connection is cut meanwhile.</summary>
    public bool CutsClient => cutsClient;

    /// <summary>Whether the client sent another request to end a transaction of the same epoch meanwhile.</summary>
    public bool IsRepeated => _isRepeated;

    /// <summary>Ends when a commit is held.</summary>
    public Task<EndTxnRequest> Begun => _begun.Task;

    /// <summary>Ends when the broker has answered it, or no answer can come any more.</summary>
    public Task<HeldOutcome> Ended => _ended.Task;

    /// <summary>A commit is held.</summary>
    public void Begin(EndTxnRequest request) => _begun.TrySetResult(request);

    /// <summary>The client sent another one.</summary>
    public void Repeat() => _isRepeated = true;

    /// <summary>It is let go now.</summary>
    public void Release(HeldState state) => _state = state;

    /// <summary>The broker answered; null: it did not, and will not.</summary>
    public void End(short? answer) => _ended.TrySetResult(new HeldOutcome(_state, answer));
}
