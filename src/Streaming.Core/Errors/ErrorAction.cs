namespace Streaming.Core.Errors;

/// <summary>The answer an error gives to its caller.</summary>
public enum ErrorAction
{
    /// <summary>Nothing happened; the same call may succeed later.</summary>
    Retry,
    /// <summary>The outcome is unknown: discard in-memory progress, take over anew, read the committed offset.</summary>
    TakeOverAgain,
    /// <summary>Another owner exists: stop, back off, never retry at once.</summary>
    StopAndBackOff,
    /// <summary>A person must act; going on would lose or double something.</summary>
    Fatal,
}
