namespace Streaming.Faults.Net;

/// <summary>How far the client had gone on when a commit that was held back was let go.</summary>
internal enum HeldState
{
    /// <summary>It had done nothing yet: the hold was too short to be one.</summary>
    Awaited,

    /// <summary>It had closed the connection by itself.</summary>
    Closed,

    /// <summary>It had ended the transaction with another request.</summary>
    Repeated,

    /// <summary>It had begun a newer epoch.</summary>
    NewerEpoch,
}
