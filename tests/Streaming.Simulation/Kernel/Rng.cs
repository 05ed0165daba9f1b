namespace Streaming.Simulation.Kernel;

/// <summary>
/// Random numbers of a seed: SplitMix64, written out so that a seed means the same on every runtime. Streams split off by a name are independent: what one part draws moves no other.
/// </summary>
internal sealed class Rng(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A stream of its own.</summary>
    public static Rng Of(long seed, ulong stream) => new(Mix((ulong)seed + (stream * 0x9e3779b97f4a7c15)));

    /// <summary>64 random bits.</summary>
    public ulong Bits() => Mix(_state += 0x9e3779b97f4a7c15);

    /// <summary>From 0 to below <paramref name="limit"/>.</summary>
    public int Below(int limit) => (int)(((UInt128)Bits() * (uint)limit) >> 64);

    /// <summary>Both ends included.</summary>
    public long Between(long low, long high) => low + (long)(((UInt128)Bits() * (ulong)(high - low + 1)) >> 64);

    /// <summary>From [0, 1).</summary>
    public double Unit() => (Bits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True with a probability.</summary>
    public bool Chance(double probability) => probability > 0 && Unit() < probability;

    /// <summary>One of several.</summary>
    public T Pick<T>(params ReadOnlySpan<T> of) => of[Below(of.Length)];

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
