using System.Globalization;
using System.Text;

namespace Streaming.Host.Tests.Audit;

/// <summary>Random events of every type and many shapes, from a seed: late and equal times, repeated ids, guests, erasures, broken records.</summary>
internal sealed class EventMill(int seed)
{
    private static readonly string[] Types =
        ["view", "view", "view", "click", "search", "impression", "impression", "add_to_cart", "remove_from_cart", "wishlist", "purchase", "purchase", "purchase", "refund", "rating", "review",
         "identify", "not_interested", "consent", "message", "erase"];

    private readonly Random _random = new(seed);
    private long _now = 1_766_000_000_000;
    private int _id;

    public static IEnumerable<string> Items => Enumerable.Range(0, 12).Select(i => "item" + i.ToString(CultureInfo.InvariantCulture));

    public (string Key, string Json) Next()
    {
        _now += _random.Next(50) switch { 0 => _random.NextInt64(40 * 86_400_000L), < 10 => _random.NextInt64(7_200_000), < 15 => 0, _ => _random.NextInt64(300_000) };
        var t = _random.Next(8) == 0 ? _now - _random.NextInt64(20 * 86_400_000L) : _now;
        var user = "user" + _random.Next(5);
        var guest = "guest" + _random.Next(3);
        var type = Types[_random.Next(Types.Length)];
        if (type is "erase" or "consent" && _random.Next(3) > 0) type = "view";
        if (_random.Next(40) == 0) return (user, _random.Next(2) == 0 ? "{\"type\":" : $$"""{"type":"view","userId":"{{user}}","occurredAt":{{t}}}""");
        var isGuest = type == "identify" || _random.Next(4) == 0;
        var json = new StringBuilder();
        json.Append(CultureInfo.InvariantCulture, $$"""{"type":"{{type}}","occurredAt":{{t}},"{{(isGuest ? "anonymousId" : "userId")}}":"{{(isGuest ? guest : user)}}" """);
        if (_random.Next(5) > 0) json.Append(CultureInfo.InvariantCulture, $$""","eventId":"e{{(_random.Next(10) == 0 ? Math.Max(0, _id - _random.Next(6)) : _id++)}}" """);
        if (_random.Next(3) == 0) json.Append(CultureInfo.InvariantCulture, $$""","sessionId":"s{{_random.Next(4)}}" """);
        json.Append(Detail(type, user)).Append('}');
        return (isGuest ? guest : user, json.ToString());
    }

    private string Detail(string type, string user)
    {
        var item = $$""","itemId":"item{{_random.Next(12)}}" """;
        switch (type)
        {
            case "search": return ""","query":"lamp" """ + (_random.Next(2) == 0 ? item : "");
            case "identify": return $$""","userId":"{{user}}" """;
            case "consent": return $$""","consent":{"personalise":{{(_random.Next(3) > 0 ? "true" : "false")}},"measure":{{(_random.Next(2) > 0 ? "true" : "false")}}}""";
            case "message": return _random.Next(4) == 0 ? ""","state":"unsubscribed" """ : ""","state":"opened" """;
            case "rating": return item + string.Create(CultureInfo.InvariantCulture, $",\"rating\":{1 + (_random.Next(41) / 10.0)}");
            case "review": return item + (_random.Next(2) == 0 ? ""","text":"nice","rating":4""" : ""","text":"so so" """);
            case "erase": return "";
            case "purchase" or "refund":
                var price = _random.Next(4) == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $",\"unitPrice\":{_random.Next(100_000) / 1000.0},\"currency\":\"{(_random.Next(6) == 0 ? "USD" : "GBP")}\"");
                return item + price + string.Create(CultureInfo.InvariantCulture, $",\"quantity\":{1 + _random.Next(5)}");
            default: return item;
        }
    }
}
