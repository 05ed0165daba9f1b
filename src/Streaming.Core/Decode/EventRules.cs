using Streaming.Contracts;
using Streaming.Core.Events;

namespace Streaming.Core.Decode;

/// <summary>What a well-formed event must be to have a meaning (docs/dead-letters.md, "Rules of meaning"), in the order in which a record is asked.</summary>
internal static class EventRules
{
    /// <summary>The newest schema version of <c>events</c> that this program reads.</summary>
    public const int CurrentVersion = 1;

    private static readonly uint[] Needs = BuildNeeds();

    /// <summary>Completes an event from its draft.</summary>
    /// <returns>Why it has no meaning, or <see cref="DeadLetterReason.None"/>.</returns>
    public static DeadLetterReason Complete(DecodedBatch batch, ref DecodedEvent e, in EventDraft draft)
    {
        if (!draft.Has(EventField.Type) || !draft.Has(EventField.OccurredAt)) return DeadLetterReason.MissingField;
        if (e.Type == EventType.Unknown) return DeadLetterReason.UnknownType;
        if (!TrySetUser(batch, ref e, in draft)) return DeadLetterReason.MissingUser;
        var needs = Needs[(int)e.Type];
        if ((draft.Present & needs) != needs) return DeadLetterReason.Impossible;
        if (draft.Has(EventField.UnitPrice) && !draft.Has(EventField.Currency)) return DeadLetterReason.Impossible;
        return OfType(ref e, in draft);
    }

    /// <summary>Keeps the time of an event within the broker's append time plus the allowance (docs/fold.md §2); a CreateTime is the producer's own and proves nothing.</summary>
    public static void Clamp(ref DecodedEvent e, in Shard.SourceRecord record, long allowanceMs)
    {
#if SIMULATION_DEFECTS
        if (record.TimestampMs <= 0 || (!record.IsAppendTime && !Defects.Has(Defect.ClampedByCreateTime))) return;
#else
        if (!record.IsAppendTime || record.TimestampMs <= 0) return;
#endif
        e.AppendedAtMs = record.TimestampMs;
        e.WrittenAtMs = e.OccurredAtMs;
        Clamp(ref e, allowanceMs);
    }

    /// <summary>The same with another allowance: Fold clamps by the settings that were in force when the record was first applied, whatever they are now.</summary>
    public static void Clamp(ref DecodedEvent e, long allowanceMs)
    {
        if (e.AppendedAtMs <= 0) return;
        var latest = e.AppendedAtMs > long.MaxValue - allowanceMs ? long.MaxValue : e.AppendedAtMs + allowanceMs;
        e.Clamped = e.WrittenAtMs > latest;
        e.OccurredAtMs = e.Clamped ? latest : e.WrittenAtMs;
    }

    /// <summary>The record's key must be the id of the profile it changes, and its partition the one that owns the key.</summary>
    public static DeadLetterReason CheckOwner(DecodedBatch batch, in DecodedEvent e, ReadOnlySpan<byte> key, bool keyIsNull, int partition, int partitions)
    {
        if (keyIsNull) return DeadLetterReason.MissingKey;
        if (!batch.Of(e.User)[2..].SequenceEqual(key)) return DeadLetterReason.KeyMismatch;
        return Murmur2.Partition(key, partitions) == partition ? DeadLetterReason.None : DeadLetterReason.WrongPartition;
    }

    private static bool TrySetUser(DecodedBatch batch, ref DecodedEvent e, in EventDraft draft)
    {
        e.User = draft.UserId.IsEmpty ? draft.AnonymousId : draft.UserId;
        if (e.Type == EventType.Identify)
        {
            if (draft.UserId.IsEmpty || draft.AnonymousId.IsEmpty) return false;
            e.User = draft.AnonymousId;
            e.LinkedUser = draft.UserId;
        }

        if (e.User.IsEmpty) return false;
        e.UserHash = Hash64.Of(batch.Of(e.User));
        return true;
    }

    /// <summary>What only one type speaks of is taken from that type alone; elsewhere the field is as good as unknown.</summary>
    private static DeadLetterReason OfType(ref DecodedEvent e, in EventDraft draft)
    {
        if (e.Type is not (EventType.Rating or EventType.Review)) e.RatingE1 = 0;
        if (e.Type != EventType.Search) e.Results = default;
        if (e.Type != EventType.Consent) e.ConsentMask = e.ConsentValue = Fold.ConsentFlags.None;
        switch (e.Type)
        {
            case EventType.Search:
                e.QueryOrText = draft.Query;
                return draft.Query.IsEmpty && e.Results.IsEmpty ? DeadLetterReason.Impossible : DeadLetterReason.None;
            case EventType.Review:
                e.QueryOrText = draft.Text;
                return draft.Text.IsEmpty && e.RatingE1 == 0 ? DeadLetterReason.Impossible : DeadLetterReason.None;
            case EventType.Message:
                if (e.Message == MessageState.None) return DeadLetterReason.UnknownType;
                e.MessageSubject = draft.AlertId.IsEmpty ? draft.OfferId : draft.AlertId;
                return draft.AlertId.IsEmpty || draft.OfferId.IsEmpty ? DeadLetterReason.None : DeadLetterReason.Impossible;
            default:
                e.Message = MessageState.None;
                return DeadLetterReason.None;
        }
    }

    private static uint[] BuildNeeds()
    {
        var needs = new uint[EventTypes.Count];
        foreach (var type in (EventType[])[EventType.View, EventType.Click, EventType.Impression, EventType.AddToCart, EventType.RemoveFromCart,
            EventType.Wishlist, EventType.Purchase, EventType.Refund, EventType.Rating, EventType.Review, EventType.NotInterested])
        {
            needs[(int)type] = 1u << (int)EventField.ItemId;
        }

        needs[(int)EventType.Rating] |= 1u << (int)EventField.Rating;
        needs[(int)EventType.Consent] = 1u << (int)EventField.Consent;
        needs[(int)EventType.Message] = 1u << (int)EventField.State;
        return needs;
    }
}
