namespace Streaming.Faults.Net;

/// <summary>What becomes of a request to the store.</summary>
internal enum CqlFate
{
    /// <summary>Forwarded, and its reply too.</summary>
    Pass,
    /// <summary>Forwarded; the node's reply is replaced by a write timeout.</summary>
    AppliedTimedOut,
    /// <summary>Forwarded; the reply is dropped.</summary>
    AppliedUnanswered,
    /// <summary>Dropped, and answered with a write timeout.</summary>
    LostTimedOut,
    /// <summary>Dropped, never answered.</summary>
    LostUnanswered,
    /// <summary>Dropped, and answered with a failure of the replicas.</summary>
    Refused,
    /// <summary>Dropped, and answered with an error of the server.</summary>
    ServerError,
    /// <summary>Dropped, and answered that the node has too much to do.</summary>
    Overloaded,
    /// <summary>Dropped, and answered that it is larger than the node takes.</summary>
    TooLarge,
    /// <summary>Forwarded; an earlier reply to the same question may be given instead.</summary>
    Older,
}
