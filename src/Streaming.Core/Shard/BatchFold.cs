using Streaming.Contracts;
using Streaming.Core.Decode;
using Streaming.Core.Events;
using Streaming.Core.Fold;

namespace Streaming.Core.Shard;

/// <summary>Stage Fold for one batch, live or replayed: opening facts, links, events with the facts that hold before them, in the order of docs/fold.md §2.</summary>
internal sealed class BatchFold(ShardMemory memory, FactFold facts)
{
    /// <summary>Profiles touched by events of the batch, in order of their first touch.</summary>
    public List<Touched> Touched { get; } = [];

    /// <summary>Profiles touched by links of the batch.</summary>
    public HashSet<UserState> TouchedByLinks { get; } = [];

    /// <summary>Events that were duplicates.</summary>
    public int Duplicates { get; private set; }

    /// <summary>Only these profiles are folded, where set: a side replay.</summary>
    public IReadOnlySet<UserKey>? Only { get; init; }

    /// <summary>These profiles, where set, begin with their erase: what comes before it is left out (a side replay of users whose earlier state is lost).</summary>
    public ISet<UserKey>? AwaitingErase { get; init; }

    /// <summary>Live batches only: churn checks that fall due, before the event that brings their time. A replay finds their alerts among the facts.</summary>
    public ChurnStage? Checks { get; init; }

    /// <summary>Profiles of the batch's events that were looked up before, where set.</summary>
    public BatchLookup? Lookup { get; set; }

    /// <summary>Starts a batch.</summary>
    public void Begin()
    {
        Touched.Clear();
        TouchedByLinks.Clear();
        Duplicates = 0;
    }

    /// <summary>1: the facts that hold from the batch's beginning. Returns the index of the next fact.</summary>
    public int ApplyOpeningFacts(IReadOnlyList<ControlFact>? batchFacts, long eventsFrom, long sequence, IFoldOutputs outputs)
    {
        var next = 0;
        while (batchFacts is not null && next < batchFacts.Count && batchFacts[next].Before <= eventsFrom && batchFacts[next].Type != FactTypes.Alert)
            facts.Apply(batchFacts[next++], sequence, outputs);
        return next;
    }

    /// <summary>2: guest deltas.</summary>
    public void ApplyLinks(RecordBatch links, long toOffset, long sequence, long eventsFrom, IFoldOutputs outputs)
    {
        foreach (ref readonly var record in links.Records)
        {
            if (record.Offset >= toOffset) break;
            if (LinkJson.Read(links.Value(record)) is not { } delta) continue;
            var key = UserKey.User(delta.UserId);
            if (IsSkipped(key) || AwaitingErase?.Contains(key) == true) continue;
            var user = memory.Users.Find(key) ?? memory.Start(key);
#if SIMULATION_DEFECTS
            if (!(user.IsErased && Defects.Has(Defect.TombstoneOrderIgnored)))
#endif
            if (user.AppliedSequence >= sequence) continue;
            if (!LinkFold.Apply(user, delta, eventsFrom, memory.State, outputs)) continue;
            memory.Touch(user);
            memory.IndexSession(user); // other settings, other gap
            TouchedByLinks.Add(user);
        }
    }

    /// <summary>3: events [from, to) of a decoded run of records, with the facts before them. Returns the index of the first event at or after <paramref name="toOffset"/>.</summary>
    public int ApplyEvents(DecodedBatch decoded, int fromIndex, long toOffset, long sequence, IReadOnlyList<ControlFact>? batchFacts, ref int nextFact, IFoldOutputs outputs)
    {
        var events = decoded.Events;
        var i = fromIndex;
        for (; i < events.Length && events[i].Offset < toOffset; i++)
        {
            ref var e = ref events[i];
            while (batchFacts is not null && nextFact < batchFacts.Count && batchFacts[nextFact].Before <= e.Offset) facts.Apply(batchFacts[nextFact++], sequence, outputs);
            if (e.Reason != DeadLetterReason.None) continue;
            EventRules.Clamp(ref e, memory.State.Settings.FutureAllowanceMs);
            memory.AdvanceTo(Math.Max(memory.State.StreamTimeMs, e.OccurredAtMs), sequence, outputs);
            Checks?.Run(memory, e.Offset);
            Lookup?.Expect(i);
            ApplyOne(decoded, ref e, Lookup?[i], sequence, outputs);
        }

        return i;
    }

    /// <summary>4: the facts that hold at the batch's end.</summary>
    public void ApplyRemainingFacts(IReadOnlyList<ControlFact>? batchFacts, int nextFact, long sequence, IFoldOutputs outputs)
    {
        for (; batchFacts is not null && nextFact < batchFacts.Count; nextFact++) facts.Apply(batchFacts[nextFact], sequence, outputs);
    }

    private void ApplyOne(DecodedBatch decoded, ref DecodedEvent e, UserState? user, long sequence, IFoldOutputs outputs)
    {
        var keyBytes = decoded.Of(e.User);
        user ??= memory.Users.Find(e.UserHash, keyBytes);
        if (user is null)
        {
            var key = new UserKey(keyBytes.ToArray(), e.UserHash);
            if (IsHeldBack(key, e.Type)) return;
            user = memory.Start(key);
        }

#if SIMULATION_DEFECTS
        if (!Defects.Has(Defect.RowAppliedTwice) && !(user.IsErased && Defects.Has(Defect.TombstoneOrderIgnored)))
#endif
        if (user.AppliedSequence >= sequence) return;
        var item = e.Item.IsEmpty ? -1 : e.ItemNumber > 0 ? e.ItemNumber - 1 : memory.State.Items.GetOrAdd(decoded.Of(e.Item));
        UserKey? linked = e.Type == EventType.Identify ? new UserKey(decoded.Of(e.LinkedUser).ToArray()) : null;
        if (!UserFold.Apply(user, e, item, linked, memory.State, outputs))
        {
            Duplicates++;
            return;
        }

        memory.Touch(user);
        memory.IndexSession(user);
        Checks?.Index(memory, user);
        Note(new Touched(user, e.Offset, e.OccurredAtMs), sequence);
    }

    private bool IsHeldBack(UserKey key, EventType type)
    {
        if (memory.Parked.TryGetValue(key, out var parked) && type == EventType.Erase) parked.IsErased = true;
        if (IsSkipped(key)) return true;
        if (AwaitingErase?.Contains(key) != true) return false;
        if (type != EventType.Erase) return true;
        AwaitingErase.Remove(key);
        return false;
    }

    /// <summary>Users whose last event came before the batch and who owe a recommendation for it; one of the batch's own events goes before.</summary>
    public void Owe(IReadOnlyList<Touched> owed, long sequence)
    {
        foreach (var touched in owed)
        {
            if (touched.User.TouchedInBatch != sequence && memory.Users.Find(touched.User.Key) == touched.User) Note(touched, sequence);
        }
    }

    private bool IsSkipped(UserKey key) => memory.Parked.ContainsKey(key) || (Only is not null && !Only.Contains(key));

    private void Note(Touched touched, long sequence)
    {
        var user = touched.User;
        if (user.TouchedInBatch == sequence)
        {
            Touched[user.TouchedIndex] = touched;
            return;
        }

        user.TouchedInBatch = sequence;
        user.TouchedIndex = Touched.Count;
        Touched.Add(touched);
    }
}
