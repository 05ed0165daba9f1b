using System.Buffers.Text;

namespace Streaming.Host.Bench;

/// <summary>Events drawn as the peer of the fold benchmark draws them: users and items by rank, low numbers more often (n·x², x uniform), six views, two clicks, a cart and a purchase of ten, as far apart as those of a million users that come each three milliseconds.</summary>
/// <param name="users">Users drawn from.</param>
/// <param name="items">Items drawn from.</param>
/// <param name="seed">Seed.</param>
/// <param name="startMs">Time of event 0, ms.</param>
/// <param name="pace">A million events take as long as three milliseconds times a million over this; 0: the number of users.</param>
internal sealed class PeerDraw(int users, int items, ulong seed, long startMs = PeerDraw.StartMs, int pace = 0)
{
    /// <summary>Time of the first event where nothing else is said, ms.</summary>
    public const long StartMs = 1_767_225_600_000;
    private readonly byte[] _value = new byte[256];
    private readonly byte[] _key = new byte[16];
    private ulong _state = seed;
    private int _keyLength, _valueLength;

    /// <summary>Number of the user of the event drawn last.</summary>
    public int User { get; private set; }

    /// <summary>Its time, ms.</summary>
    public long AtMs { get; private set; }

    /// <summary>Its record key.</summary>
    public ReadOnlySpan<byte> Key => _key.AsSpan(0, _keyLength);

    /// <summary>Its record value.</summary>
    public ReadOnlySpan<byte> Value => _value.AsSpan(0, _valueLength);

    /// <summary>Draws event i.</summary>
    public void Next(long i) => Next(i, Pick(users));

    /// <summary>Draws event i of a given user.</summary>
    public void Next(long i, int user)
    {
        (User, var item) = (user, Pick(items));
        AtMs = startMs + (i * 3_000_000 / (pace > 0 ? pace : users));
        _keyLength = Put(_key, Put(_key, 0, "u"u8), User);
        var at = Put(_value, Put(_value, 0, "{\"eventId\":\"e"u8), i);
        at = Put(_value, Put(_value, at, "\",\"type\":\""u8), Type((int)(Random() % 10)));
        at = Put(_value, Put(_value, at, "\",\"userId\":\""u8), Key);
        at = Put(_value, Put(_value, at, "\",\"itemId\":\"i"u8), item);
        at = Put(_value, Put(_value, at, "\",\"sessionId\":\"s"u8), User % 9973);
        at = Put(_value, Put(_value, at, "\",\"occurredAt\":"u8), AtMs);
        _valueLength = Put(_value, at, "}"u8);
    }

    private int Pick(int n)
    {
        var x = (Random() >> 11) * (1.0 / (1UL << 53));
        return (int)(n * x * x);
    }

    // splitmix64 (public domain, Vigna)
    private ulong Random()
    {
        var z = _state += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    private static ReadOnlySpan<byte> Type(int i) => i switch { < 6 => "view"u8, < 8 => "click"u8, 8 => "add_to_cart"u8, _ => "purchase"u8 };

    private static int Put(byte[] into, int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(into.AsSpan(at));
        return at + text.Length;
    }

    private static int Put(byte[] into, int at, long number)
    {
        Utf8Formatter.TryFormat(number, into.AsSpan(at), out var written);
        return at + written;
    }
}
