using System.Globalization;
using System.Text;
using Streaming.Contracts;
using Streaming.Core.Churn;
using Streaming.Core.Decode;
using Streaming.Core.Events;
using Streaming.Host.Audit.Reference;

namespace Streaming.Host.Audit;

/// <summary>
/// Walks one partition batch by batch (docs/fold.md §2) through the reference fold, and notes what became of every position and which outputs should be there.
/// </summary>
internal sealed class PartitionFold : IRefObserver
{
    private readonly TopicNames _topics;
    private readonly RefLimits _limits;
    private readonly bool _knowsLimits;
    private readonly int _partition, _partitions;
    private readonly AuditFindings _findings;
    private readonly DeadLetterIndex _deadLetters;
    private readonly Expected _expected;
    private readonly Action<long> _progress;
    private readonly HashSet<string> _linked = new(StringComparer.Ordinal);

    public PartitionFold(AuditOptions options, int partition, int partitions, DeadLetterIndex deadLetters, IVectorTableSource tables, IReadOnlyDictionary<string, byte[]> loggedTables,
        Expected expected, AuditFindings findings, Action<long> progress)
    {
        (_topics, _partition, _partitions, _deadLetters, _expected, _findings, _progress) = (options.Topics, partition, partitions, deadLetters, expected, findings, progress);
        (_limits, _knowsLimits) = (Limits(options.Decode ?? new DecodeOptions()), options.Decode is not null);
        Shard = new RefShard(this);
        Alerts = new RefAlerts(Shard, Churn(options.Churn), findings, partition);
        Facts = new RefFacts(Shard, Alerts, tables, loggedTables, findings, partition) { AlertsTopic = options.Topics.ChurnAlerts };
    }

    /// <summary>The reference.</summary>
    public RefShard Shard { get; }

    /// <summary>Alerts that facts record, and those that should be recorded.</summary>
    public RefAlerts Alerts { get; }

    /// <summary>Facts applied.</summary>
    public RefFacts Facts { get; }

    /// <summary>What became of each position.</summary>
    public SourceMap Sources { get; } = new();

    /// <summary>Offset of each user's last applied event since its last erasure.</summary>
    public Dictionary<string, long> LastApplied { get; } = new(StringComparer.Ordinal);

    /// <summary>Lists that should have a record, where nothing debounces them.</summary>
    public DueLists Lists { get; } = new();

    /// <summary>Sessions that should have a record, by id.</summary>
    public Dictionary<string, ClosedSession> Sessions { get; } = new(StringComparer.Ordinal);

    /// <summary>Applies one batch. Returns the number of positions with an effect.</summary>
    public async ValueTask<long> ApplyAsync(ControlBatch batch, RecordCursor links, RecordCursor events, CancellationToken cancellation)
    {
        Alerts.BeginBatch(batch.Facts?.Any(fact => fact.Type == "dues_deferred") == true);
        var facts = new Queue<ControlFact>(batch.Facts ?? []);
        while (facts.TryPeek(out var opening) && opening.Before <= batch.EventsFrom && opening.Type != "alert") await Facts.ApplyAsync(facts.Dequeue(), batch.Sequence, cancellation);
        while (await links.NextBelowAsync(batch.LinksTo) is { } record) ApplyLink(record, batch);
        foreach (var user in _linked) Alerts.Linked(Shard.Profiles[user]);
        _linked.Clear();
        long effects = 0;
        while (await events.NextBelowAsync(batch.EventsTo) is { } record)
        {
            while (facts.TryPeek(out var fact) && fact.Before <= record.Offset) await Facts.ApplyAsync(facts.Dequeue(), batch.Sequence, cancellation);
            _findings.Events++;
            if (record.Offset < batch.EventsFrom)
            {
                _findings.Lost(1, $"{_topics.Events}-{_partition} offset {record.Offset}: no batch consumed it (batch {batch.Sequence} begins at {batch.EventsFrom})");
                continue;
            }

            if (ApplyEvent(record)) effects++;
            _progress(_findings.Events);
        }

        while (facts.TryDequeue(out var fact)) await Facts.ApplyAsync(fact, batch.Sequence, cancellation);
        Alerts.Check(null);
        Sources.EndBatch(Shard.StreamTimeMs);
        Lists.EndBatch(Facts);
        return effects;
    }

    /// <inheritdoc/>
    public void TimeCame(long offset) => Alerts.Check(offset);

    /// <inheritdoc/>
    public void SessionClosed(RefProfile user, RefSession session)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"s-{_partition}-{session.OpenedAt}");
        Sessions[id] = new ClosedSession
        {
            SessionId = id,
            UserHash = Hash64.Of(Encoding.UTF8.GetBytes(user.Key)),
            StartMs = session.StartMs,
            EndMs = session.LastMs,
            Actions = [.. session.Actions.Select(a => new SessionAction(a.Item, a.Type.WireName(), a.AtMs))],
        };
    }

    /// <inheritdoc/>
    public void SessionsErased(RefProfile user, long offset)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"e-{_partition}-{offset}");
        Sessions[id] = new ClosedSession { SessionId = id, UserHash = Hash64.Of(Encoding.UTF8.GetBytes(user.Key)), StartMs = user.ErasedAtMs, EndMs = user.ErasedAtMs, Actions = [], Erased = true };
    }

    /// <inheritdoc/>
    public void LinkSent(RefProfile guest, long offset, LinkDelta delta)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"l-{_partition}-{offset}");
        _expected.Links[id] = (Murmur2.Partition(Encoding.UTF8.GetBytes(delta.UserId), _partitions), delta with { LinkId = id });
    }

    /// <inheritdoc/>
    public void Erased(RefProfile user, long offset, IReadOnlyList<RefGuest> guests)
    {
        foreach (var guest in guests)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"erase-{_partition}-{offset}-{Hash64.Of(Encoding.UTF8.GetBytes(guest.Key)):x16}");
            _expected.GuestErases[id] = _expected.GuestErases.GetValueOrDefault(id) + 1;
        }
    }

    private bool ApplyEvent(LogRecord record)
    {
        var e = RefEventReader.Read(record, out var why);
        if (_deadLetters.Take(_topics.Events, record.Offset) is { } reason)
        {
            _findings.DeadLetters++;
            if (e is not null && IsOwner(e) && !RefRefusal.IsRefused(record.Value!, _limits)) GoodOneRefused(record.Offset, reason);
            Sources.Add(record.Offset, null, SourceFate.DeadLetter);
            return false;
        }

        if (e is null)
        {
            _findings.Lost(1, $"{_topics.Events}-{_partition} offset {record.Offset}: not a dead letter, and has no effect to check ({why})");
            Sources.Add(record.Offset, null, SourceFate.Unreadable);
            return false;
        }

        if (e.Type == EventType.Erase && e.Id is { } id) _expected.ErasesSeen[id] = _expected.ErasesSeen.GetValueOrDefault(id) + 1;
        var isNew = Shard.Apply(e);
        Alerts.Touched(Shard.Profiles[e.User]);
        Sources.Add(record.Offset, e.User, e.Type == EventType.Erase ? SourceFate.Erase : isNew ? SourceFate.Applied : SourceFate.Duplicate);
        if (e.Type == EventType.Erase)
        {
            LastApplied.Remove(e.User); // nothing is recommended for an erasure, even where a guest's delta begins the profile anew
            Lists.Erased(e.User);
        }
        else if (isNew)
        {
            LastApplied[e.User] = record.Offset;
            Lists.Applied(e.User, record.Offset);
        }

        return true;
    }

    private void GoodOneRefused(long offset, string reason)
    {
        var place = $"{_topics.Events}-{_partition} offset {offset} is a dead letter ({reason}), and ";
        if (_knowsLimits || !RefRefusal.RestsOnLimits(reason)) _findings.Lost(1, place + "is a good event by every rule of docs/dead-letters.md");
        else _findings.Warn(place + "is a good event by the default limits; which were in force then (Decode:*) the log does not say");
    }

    private bool IsOwner(RefEvent e) => Murmur2.Partition(Encoding.UTF8.GetBytes(e.User[2..]), _partitions) == _partition;

    private void ApplyLink(LogRecord record, ControlBatch batch)
    {
        if (record.Offset < batch.LinksFrom)
        {
            _findings.Lost(1, $"{_topics.Links}-{_partition} offset {record.Offset}: no batch consumed it (batch {batch.Sequence} begins at {batch.LinksFrom})");
            return;
        }

        var delta = LinkRecords.Read(record);
        if (_deadLetters.Take(_topics.Links, record.Offset) is { } reason)
        {
            if (delta is not null) _findings.Lost(1, $"{_topics.Links}-{_partition} offset {record.Offset} is a dead letter ({reason}), and can be read");
            return;
        }

        if (delta is not null)
        {
            Shard.ApplyLink(delta, batch.EventsFrom);
            _linked.Add("u:" + delta.UserId);
        }
        else _findings.Lost(1, $"{_topics.Links}-{_partition} offset {record.Offset}: cannot be read");
    }

    private RefChurn? Churn(ChurnOptions? o)
    {
        if (o is not { Enabled: true }) return null;
        var churn = new RefChurn(o.Enter, o.DefaultGapDays, o.Bias, o.Recency, o.Frequency, o.Age, o.GapRatio, o.NoRepeat)
        {
            Leave = o.Leave,
            DwellDays = o.DwellDays,
            CoolDownDays = o.CoolDownDays,
            Calendar = o.BudgetPerDay == 0 && o.QuietFrom == o.QuietTo ? null
                : new RefCalendar(TimeZoneInfo.FindSystemTimeZoneById(o.TimeZone), o.QuietFrom, o.QuietTo, o.BudgetPerDay, o.BudgetHour, _partition, _partitions),
        };
        if (churn.NeverFalls) return churn;
        _findings.Warn("by these churn settings silence may lower the risk: alerts that were due are not looked for");
        return null;
    }

    private static RefLimits Limits(DecodeOptions o) => new(o.MaxValueBytes, o.MaxFields, o.MaxTextBytes, o.MaxIdBytes, o.MaxResults, o.MaxDepth, o.MaxQuantity, o.MaxUnitPriceE4);
}
