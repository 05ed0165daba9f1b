namespace Streaming.Contracts;

/// <summary>
/// A record of the internal topic <c>control</c> with <c>kind</c> "batch": what one transaction applied. Restore replays batch by batch from these.
/// Key = partition number.
/// </summary>
public sealed record ControlBatch
{
    /// <summary>"batch".</summary>
    public string Kind { get; init; } = "batch";
    /// <summary>1, 2, 3 … without gaps, per shard.</summary>
    public required long Sequence { get; init; }
    /// <summary>Events [from, to).</summary>
    public required long EventsFrom { get; init; }
    /// <summary>See <see cref="EventsFrom"/>.</summary>
    public required long EventsTo { get; init; }
    /// <summary>Links [from, to), applied before the events.</summary>
    public required long LinksFrom { get; init; }
    /// <summary>See <see cref="LinksFrom"/>.</summary>
    public required long LinksTo { get; init; }
    /// <summary>Control requests applied up to this offset.</summary>
    public required long ControlTo { get; init; }
    /// <summary>Facts that no event carries, in order.</summary>
    public IReadOnlyList<ControlFact>? Facts { get; init; }
}

/// <summary>A fact that depends on a score, a clock or a person, and is therefore a record before it is state (design rule 4.3).</summary>
public sealed record ControlFact
{
    /// <summary>tick, table, settings, alert, historical, outputs_from, pause, resume, park, unpark, dues_deferred, ended.</summary>
    public required string Type { get; init; }
    /// <summary>Holds before the event at this offset is folded; the batch's end where equal to <see cref="ControlBatch.EventsTo"/>.</summary>
    public required long Before { get; init; }
    /// <summary>alert, park, unpark, ended: profile key.</summary>
    public string? User { get; init; }
    /// <summary>alert: episode.</summary>
    public long? Episode { get; init; }
    /// <summary>tick: new stream time; historical: outputs.from; alert: when it went out, where a cool-down counts from it; ms since 1970.</summary>
    public long? TimeMs { get; init; }
    /// <summary>table: sha256 of the version added.</summary>
    public string? Sha256 { get; init; }
    /// <summary>settings: the fold settings as JSON; table: additive or base; pause and resume: the topic; alert: the local day from 1970-01-01 whose budget it was taken from, where there is one.</summary>
    public string? Value { get; init; }
    /// <summary>The request that the fact answers, where one does.</summary>
    public string? RequestId { get; init; }
}

/// <summary>
/// A record of <c>control</c> with <c>kind</c> "table": an additive version of the item-vector table, in the transaction of the batch whose <c>table</c> fact puts it in force. The store holds it
/// too; a store that was put back from a backup gets it from here.
/// </summary>
public sealed record ControlTable
{
    /// <summary>"table".</summary>
    public string Kind { get; init; } = "table";
    /// <summary>Hash of <see cref="Bytes"/>, lower-case hex; the name that the fact gives.</summary>
    public required string Sha256 { get; init; }
    /// <summary>The version as it stands in the store: base64 on the wire.</summary>
    public required byte[] Bytes { get; init; }
}

/// <summary>
/// A record of <c>control</c> with <c>kind</c> "repair": records of a committed transaction were left open by the broker in some partitions, are aborted there and written once more; or, with <see cref="IsDone"/>, they
/// are.
/// </summary>
public sealed record ControlRepair
{
    /// <summary>"repair".</summary>
    public string Kind { get; init; } = "repair";
    /// <summary>Number of the transaction, as the header of its records says.</summary>
    public required long Transaction { get; init; }
    /// <summary>Where its records are missing.</summary>
    public IReadOnlyList<ControlPlace>? Places { get; init; }
    /// <summary>True once they are there.</summary>
    public bool IsDone { get; init; }
}

/// <summary>A stretch of a partition.</summary>
public sealed record ControlPlace
{
    /// <summary>Topic, by the engine's own name of it.</summary>
    public required string Topic { get; init; }
    /// <summary>Partition.</summary>
    public required int Partition { get; init; }
    /// <summary>Offsets [from, to).</summary>
    public required long From { get; init; }
    /// <summary>See <see cref="From"/>.</summary>
    public required long To { get; init; }
    /// <summary>The broker's append time of the first record, ms since 1970.</summary>
    public required long TimeMs { get; init; }
}

/// <summary>A record of <c>control</c> with <c>kind</c> "request": what a person or command asks of every shard. Applied as a fact of the shard's next batch.</summary>
public sealed record ControlRequest
{
    /// <summary>"request".</summary>
    public string Kind { get; init; } = "request";
    /// <summary>Unique; a repeated id is applied once.</summary>
    public required string RequestId { get; init; }
    /// <summary>historical, pause or resume.</summary>
    public required string Type { get; init; }
    /// <summary>historical: outputs.from, ms since 1970.</summary>
    public long? TimeMs { get; init; }
    /// <summary>pause and resume: the topic.</summary>
    public string? Value { get; init; }
}
