namespace Streaming.Core.Shard;

/// <summary>Wire names of facts (docs/fold.md §11).</summary>
public static class FactTypes
{
    /// <summary>Stream time moves without an event.</summary>
    public const string Tick = "tick";
    /// <summary>A table version comes into force.</summary>
    public const string Table = "table";
    /// <summary>Fold settings come into force.</summary>
    public const string Settings = "settings";
    /// <summary>An alert was sent.</summary>
    public const string Alert = "alert";
    /// <summary>History is being replayed.</summary>
    public const string Historical = "historical";
    /// <summary>Alerts of older episodes are silent.</summary>
    public const string OutputsFrom = "outputs_from";
    /// <summary>A topic is withheld.</summary>
    public const string Pause = "pause";
    /// <summary>A topic flows again.</summary>
    public const string Resume = "resume";
    /// <summary>A profile's row could not be read; its events are held back.</summary>
    public const string Park = "park";
    /// <summary>The held-back events of a profile were applied.</summary>
    public const string Unpark = "unpark";
    /// <summary>Due buckets could not be read for this batch: session ends of absent users wait.</summary>
    public const string DuesDeferred = "dues_deferred";
    /// <summary>In a batch with <see cref="DuesDeferred"/>, and for what a take-over still owed of one: a session record of the profile went out with the batch.</summary>
    public const string Ended = "ended";
    /// <summary>Value of a <see cref="Table"/> fact that begins a chain anew.</summary>
    public const string Base = "base";
    /// <summary>Value of a <see cref="Table"/> fact that adds items.</summary>
    public const string Additive = "additive";
}
