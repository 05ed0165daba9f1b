namespace Streaming.Core.Shard;

/// <summary>Users whose row was refused and that cannot be built anew.</summary>
/// <param name="Count">How many.</param>
/// <param name="Names">Profile keys of the first, in order.</param>
internal sealed record LostUsers(int Count, IReadOnlyList<string> Names)
{
    /// <summary>Nobody.</summary>
    public static readonly LostUsers None = new(0, []);

    /// <summary>Those of a memory.</summary>
    public static LostUsers Of(ShardMemory memory)
    {
        var lost = memory.Parked.Where(p => p.Value.Cause == ParkCause.Lost).Select(p => p.Key).ToArray();
        return lost.Length == 0 ? None : new LostUsers(lost.Length, [.. lost.Order().Take(ShardStatus.MaxLostNames).Select(k => k.ToString())]);
    }
}
