namespace Streaming.Core.Tests.Shard;

/// <summary>Events of a small shop: twelve users, their guests, poison, late events, repeated ids.</summary>
internal static class ShopTraffic
{
    public const long Start = 1_700_000_000_000;

    public static string Event(string id, string type, string user, string? item, long atMs, string extra = "") =>
        $$"""{"eventId":"{{id}}","type":"{{type}}","userId":"{{user}}"{{(item is null ? "" : $",\"itemId\":\"{item}\"")}},"occurredAt":{{atMs}}{{extra}}}""";

    public static void Append(FakeKafka kafka, int events, int seed, long startMs = Start, string prefix = "e")
    {
        var random = new Random(seed);
        string[] types = ["view", "click", "add_to_cart", "purchase", "wishlist", "impression"];
        var at = startMs;
        for (var i = 0; i < events; i++)
        {
            at += random.Next(0, 600_000);
            var user = "u" + random.Next(12);
            var late = random.Next(10) == 0 ? random.Next(0, 3_600_000) : 0;
            if (random.Next(20) == 0) kafka.Append("events", user, "{\"broken\":");
            var guest = random.Next(15) == 0;
            if (guest)
            {
                kafka.Append("events", "g" + user, $$"""{"eventId":"{{prefix}}{{i}}g","type":"view","anonymousId":"g{{user}}","itemId":"i{{random.Next(30)}}","occurredAt":{{at}}}""");
                if (random.Next(3) == 0) kafka.Append("events", "g" + user, $$"""{"eventId":"{{prefix}}{{i}}l","type":"identify","anonymousId":"g{{user}}","userId":"{{user}}","occurredAt":{{at}}}""");
                continue;
            }

            kafka.Append("events", user, ShopTraffic.Event(prefix + (random.Next(30) == 0 ? i - 1 : i), types[random.Next(types.Length)], user, "i" + random.Next(30), at - late,
                ",\"quantity\":2,\"unitPrice\":3.5,\"currency\":\"EUR\""));
        }
    }
}
