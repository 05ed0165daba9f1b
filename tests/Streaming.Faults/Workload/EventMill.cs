using System.Globalization;
using System.Text;
using Streaming.Contracts;

namespace Streaming.Faults.Workload;

/// <summary>
/// Seeded events of every type: skewed users and items, guests who log in, erasures, repeated and late events, and records that are no events at all.
/// Event time runs from far in the past at half a minute an event, so that sessions end and churn checks fall due.
/// </summary>
internal sealed class EventMill(int seed)
{
    private const int Users = 600, Items = 400, HourMs = 3_600_000;
    private static readonly string[] Plain = ["view", "view", "view", "view", "click", "click", "add_to_cart", "remove_from_cart", "wishlist", "impression", "not_interested"];
    private const int NoiseBytes = 4 << 20;
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    private readonly Random _random = new(seed), _noises = new(seed);
    private long _at = 1_700_000_000_000L;
    private long _number;
    private (string Key, byte[] Value)? _last;
    private int _padBytes;
    private string _pad = "", _noise = "";

    /// <summary>The records among those given that are no events.</summary>
    public FedPoison Poison { get; } = new();

    /// <summary>Most event time between two events, ms.</summary>
    public int MaxStepMs { get; set; } = 60_000;

    /// <summary>Event time of the next event, ms, in place of one that runs by itself from far in the past.</summary>
    public Func<long>? Clock { get; set; }

    /// <summary>How many guests there are; an erased user remembers each of those it had.</summary>
    public int Guests { get; set; } = 150;

    /// <summary>Whether a user or guest takes part; null: all do.</summary>
    public Func<string, bool>? TakesPart { get; set; }

    /// <summary>Bytes of a field that nobody knows, and that is ignored, in every event: what a buffer of events would take is then told from what the engine makes of them.</summary>
    public int PadBytes
    {
        set => (_padBytes, _pad) = (value, $",\"pad\":\"{new string('x', value)}\"");
    }

    /// <summary>Whether that field is noise, of which no compression takes anything away: a quota counts bytes as they are sent.</summary>
    public bool IsPadNoise
    {
        set => _noise = value ? new string([.. Enumerable.Range(0, NoiseBytes).Select(_ => Letters[_noises.Next(Letters.Length)])]) : "";
    }

    /// <summary>The next record: key and value.</summary>
    public (string Key, byte[] Value) Next()
    {
        var step = _random.Next(0, MaxStepMs);
        _at = Clock is { } clock ? clock() : _at + step;
        var dice = _random.Next(1000);
        if (dice < 10 && _last is { } last) return last; // delivered twice
        if (dice < 20) return (User(), Encoding.UTF8.GetBytes(NoEvent()));
        var (key, text) = dice switch
        {
            < 30 => Of(User(), "erase", ""),
            < 45 => Identify(),
            < 130 => Of(User(), "purchase", $",\"itemId\":\"{Item()}\",\"quantity\":{_random.Next(1, 4)},\"unitPrice\":{_random.Next(1, 90)}.5,\"currency\":\"EUR\""),
            < 140 => Of(User(), "refund", $",\"itemId\":\"{Item()}\",\"quantity\":1,\"unitPrice\":3.5,\"currency\":\"EUR\""),
            < 170 => Of(User(), "search", ",\"query\":\"lamp\""),
            < 190 => Of(User(), "rating", $",\"itemId\":\"{Item()}\",\"rating\":{_random.Next(1, 6)}"),
            < 200 => Of(User(), "consent", $",\"consent\":{{\"market\":{(_random.Next(2) == 0 ? "true" : "false")},\"personalise\":true}}"),
            < 290 => Guest(Plain[_random.Next(Plain.Length)], $",\"itemId\":\"{Item()}\""),
            _ => Of(User(), Plain[_random.Next(Plain.Length)], $",\"itemId\":\"{Item()}\""),
        };
        var record = (key, Encoding.UTF8.GetBytes(text));
        _last = record;
        return record;
    }

    private string User() => Drawn("u", Users);

    private string GuestId() => Drawn("g", Guests);

    private string Item() => "i" + Skewed(Items);

    private string Drawn(string kind, int count)
    {
        while (true)
        {
            var id = kind + Skewed(count);
            if (TakesPart is null || TakesPart(id)) return id;
        }
    }

    // Density falls in rank: the first tenth gets about half.
    private int Skewed(int count) => (int)(count * Math.Pow(_random.NextDouble(), 3));

    private (string, string) Of(string user, string type, string rest) => (user, Event(type, $"\"userId\":\"{user}\"", rest));

    private (string, string) Guest(string type, string rest)
    {
        var guest = GuestId();
        return (guest, Event(type, $"\"anonymousId\":\"{guest}\"", rest));
    }

    private (string, string) Identify()
    {
        var guest = GuestId();
        return (guest, Event("identify", $"\"anonymousId\":\"{guest}\",\"userId\":\"{User()}\"", ""));
    }

    private string Event(string type, string who, string rest)
    {
        var at = _at - (_random.Next(20) == 0 ? _random.Next(48) * HourMs : 0);
        return string.Create(CultureInfo.InvariantCulture, $"{{\"eventId\":\"e{seed}-{_number++}\",\"type\":\"{type}\",{who},\"occurredAt\":{at}{rest}{Pad()}}}");
    }

    private string Pad() => _noise.Length == 0 ? _pad : $",\"pad\":\"{_noise.AsSpan(_noises.Next(NoiseBytes - _padBytes), _padBytes)}\"";

    private string NoEvent()
    {
        var (text, reason) = _random.Next(4) switch
        {
            0 => ("not json", DeadLetterReason.InvalidJson),
            1 => ($"{{\"eventId\":\"p{_number++}\",\"type\":\"levitate\",\"userId\":\"u1\",\"occurredAt\":{_at}}}", DeadLetterReason.UnknownType),
            2 => ("{\"eventId\":\"p\",\"type\":\"view\"", DeadLetterReason.InvalidJson),
            _ => ($"{{\"eventId\":\"p{_number++}\",\"type\":\"view\",\"userId\":\"\",\"itemId\":\"i1\",\"occurredAt\":{_at}}}", DeadLetterReason.InvalidId),
        };
        Poison.Add(Encoding.UTF8.GetBytes(text), reason);
        return text;
    }
}
