using Streaming.Contracts;
using Streaming.Core.Shard;

namespace Streaming.Core.Decode;

/// <summary>
/// Stage Decode: records of <c>events</c> to events or dead letters (docs/dead-letters.md). The way of a record:
/// 1. size; 2. syntax, by the fast parser where the record has the common form and by the strict one otherwise; 3. meaning (<see cref="EventRules"/>); 4. key and partition;
/// 5. the event time's bound. Allocates nothing for common records. Not thread-safe: one a shard.
/// </summary>
public sealed class EventDecoder : IEventDecoder
{
    private readonly DecodeOptions _options;
    private readonly int _partitions;
    private readonly FastEventParser _fast;
    private readonly StrictEventParser _strict;
    private long _futureAllowanceMs;

    /// <summary>A decoder.</summary>
    /// <param name="partitions">Partitions of <c>events</c>, at least 1; by murmur2 of the key each has one that owns it.</param>
    /// <param name="futureAllowance">See <see cref="FutureAllowance"/>.</param>
    /// <param name="options">Limits; the defaults where null.</param>
    /// <exception cref="ArgumentException">The options are not sound; the message names each error.</exception>
    public EventDecoder(int partitions, TimeSpan futureAllowance, DecodeOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        _options = options ?? new DecodeOptions();
        var errors = string.Join("; ", _options.Validate());
        if (errors.Length > 0) throw new ArgumentException(errors, nameof(options));
        _partitions = partitions;
        FutureAllowance = futureAllowance;
        var values = new EventValues(_options);
        _fast = new FastEventParser(values);
        _strict = new StrictEventParser(_options, values);
    }

    /// <summary>How far an event time may lie beyond the broker's append time (<see cref="Fold.FoldOptions.FutureAllowance"/>). Settable: a <c>settings</c> fact may change it. Not negative.</summary>
    public TimeSpan FutureAllowance
    {
        get => TimeSpan.FromMilliseconds(_futureAllowanceMs);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            _futureAllowanceMs = (long)value.TotalMilliseconds;
        }
    }

    /// <summary>False: every record takes the strict way. Both ways give equal events; tests and doubts turn it off.</summary>
    internal bool UseFastPath { get; set; } = true;

    /// <summary>Records of the last batch that took the fast way.</summary>
    internal int FastRecords { get; private set; }

    /// <inheritdoc/>
    public void Decode(RecordBatch source, int partition, DecodedBatch into)
    {
        into.Clear();
        FastRecords = 0;
        var records = source.Records;
        for (var i = 0; i < records.Length; i++)
        {
            ref readonly var record = ref records[i];
            ref var e = ref into.Add();
            var mark = into.TextUsed;
            var reason = DecodeOne(source, in record, partition, into, ref e);
            if (reason != DeadLetterReason.None)
            {
                into.Truncate(mark);
                e = default;
                e.Reason = reason;
            }

            e.Record = i;
            e.Offset = record.Offset;
        }
    }

    private DeadLetterReason DecodeOne(RecordBatch source, in SourceRecord record, int partition, DecodedBatch into, ref DecodedEvent e)
    {
        // 1. Size
        if (record.ValueLength < 0) return DeadLetterReason.NullValue;
        if (record.ValueLength == 0) return DeadLetterReason.EmptyValue;
        if (record.ValueLength > _options.MaxValueBytes) return DeadLetterReason.TooLarge;

        // 2. Syntax
        EventDraft draft = default;
        var reason = Parse(source.Value(in record), into, ref e, ref draft);

        // 3. Meaning
        if (reason == DeadLetterReason.None) reason = EventRules.Complete(into, ref e, in draft);

        // 4. Key and partition
        if (reason == DeadLetterReason.None) reason = EventRules.CheckOwner(into, in e, source.Key(in record), record.KeyLength < 0, partition, _partitions);

        // 5. Time
        EventRules.Clamp(ref e, in record, _futureAllowanceMs);
#if SIMULATION_DEFECTS
        if (reason == DeadLetterReason.None && e.Type == EventType.Wishlist && Defects.Has(Defect.GoodEventDeadLettered)) return DeadLetterReason.Impossible;
#endif
        return reason;
    }

    private DeadLetterReason Parse(ReadOnlySpan<byte> value, DecodedBatch into, ref DecodedEvent e, ref EventDraft draft)
    {
        var mark = into.TextUsed;
        if (UseFastPath && _fast.TryParse(value, into, ref e, ref draft))
        {
            FastRecords++;
            return DeadLetterReason.None;
        }

        into.Truncate(mark);
        DecodedBatch.Reset(ref e);
        draft = default;
        return _strict.Parse(value, into, ref e, ref draft);
    }
}
