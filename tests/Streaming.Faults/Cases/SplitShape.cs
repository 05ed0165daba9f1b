namespace Streaming.Faults.Cases;

/// <summary>Which members no longer hear which.</summary>
internal enum SplitShape
{
    /// <summary>One worker and all others, in both directions.</summary>
    Isolated,

    /// <summary>What one worker sends to the others does not arrive; what they send to it does.</summary>
    OneWay,

    /// <summary>The two workers do not hear each other; the witness hears both and is heard by both.</summary>
    Partial,

    /// <summary>Two halves, a worker and a witness each.</summary>
    Half,

    /// <summary>Nobody hears anybody.</summary>
    Everybody,
}
