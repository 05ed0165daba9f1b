namespace Streaming.Core.Decode;

/// <summary>What a parser knows of a record beside its <see cref="DecodedEvent"/>, until <see cref="EventRules"/> has judged it.</summary>
internal struct EventDraft
{
    /// <summary>Fields that occurred, null or not: bit = <see cref="EventField"/>.</summary>
    public uint Seen;
    /// <summary>Fields with a value.</summary>
    public uint Present;
    /// <summary><c>u:</c> + userId.</summary>
    public TextRange UserId;
    /// <summary><c>a:</c> + anonymousId.</summary>
    public TextRange AnonymousId;
    /// <summary>alertId.</summary>
    public TextRange AlertId;
    /// <summary>offerId.</summary>
    public TextRange OfferId;
    /// <summary>query.</summary>
    public TextRange Query;
    /// <summary>text.</summary>
    public TextRange Text;

    /// <summary>True where the field has a value.</summary>
    public readonly bool Has(EventField field) => (Present & (1u << (int)field)) != 0;

    /// <summary>Notes that a field occurred; false where it had already.</summary>
    public bool TrySee(EventField field)
    {
        var bit = 1u << (int)field;
        if ((Seen & bit) != 0) return false;
        Seen |= bit;
        return true;
    }

    /// <summary>Notes that a field has a value.</summary>
    public void SetPresent(EventField field) => Present |= 1u << (int)field;
}
