using System.Runtime.CompilerServices;
using Streaming.Core.Events;

namespace Streaming.Core.Fold;

/// <summary>What most profiles never have: see <see cref="UserState"/>.</summary>
internal sealed class RareState
{
    /// <summary>Counts of a profile that was never sent anything.</summary>
    public static readonly uint[] NoMessages = new uint[MessageCounts.Length];

    public MessageCounts Messages;
    public ImpressionSlot[] Impressions = [];
    public int ImpressionCount;
    public int[] Excluded = [];
    public int ExcludedCount;
    public UserKey? LinkedTo;
    public int LinkGeneration;
    public long LinkedAtMs;
    public LinkedGuest[] Guests = [];
    public LinkedGuest[] BrokenGuests = [];
    public long ErasedAtMs;
    public long AlertedAtMs;
}

/// <summary>Messages by <see cref="Decode.MessageState"/>.</summary>
[InlineArray(Length)]
internal struct MessageCounts
{
    public const int Length = 7;
    private uint _first;
}
