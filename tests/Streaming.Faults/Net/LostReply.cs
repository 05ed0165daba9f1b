namespace Streaming.Faults.Net;

/// <summary>A commit whose answer is, or will be, swallowed: the broker judges it, and the client that lives on never hears how.</summary>
/// <param name="cutsClient">Whether the client's connection is cut in place of the answer; otherwise it stays, and nothing comes.</param>
internal sealed class LostReply(bool cutsClient)
{
    private readonly TaskCompletionSource<EndTxnRequest> _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<short?> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the client's connection is cut.</summary>
    public bool CutsClient => cutsClient;

    /// <summary>Ends when the commit goes to the broker.</summary>
    public Task<EndTxnRequest> Begun => _begun.Task;

    /// <summary>Ends when the answer was swallowed, with its error code; null where the broker gave none.</summary>
    public Task<short?> Lost => _lost.Task;

    /// <summary>The commit goes to the broker.</summary>
    public void Begin(EndTxnRequest request) => _begun.TrySetResult(request);

    /// <summary>The answer was swallowed; null: none came, and none will.</summary>
    public void End(short? answer) => _lost.TrySetResult(answer);
}
