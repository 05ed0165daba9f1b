using Streaming.Contracts;

namespace Streaming.Host.Demo.Shop;

/// <summary>What customers did before the demo began: some buy every few weeks, some used to and stopped.</summary>
/// <param name="catalogue">Products.</param>
/// <param name="writer">Writer of events.</param>
/// <param name="random">Seeded.</param>
internal sealed class ShopPast(Catalogue catalogue, EventWriter writer, Random random)
{
    private const int PastDays = 240;
    private const double DayMs = 86_400_000;

    /// <summary>One customer's purchases up to a time, oldest first. A lapsed one bought once, or twice within a week, and stopped three to five months ago: the loyal ones mostly come back, however long they are silent.</summary>
    /// <param name="visitor">Who.</param>
    /// <param name="nowMs">The time, ms since 1970.</param>
    public List<(long AtMs, ShopRecord Record)> Of(Visitor visitor, long nowMs)
    {
        var gapDays = visitor.IsLapsed ? 3 : 9 + random.NextDouble() * 14;
        var silenceDays = visitor.IsLapsed ? 90 + random.NextDouble() * 60 : gapDays * random.NextDouble() * 0.8;
        var firstDay = visitor.IsLapsed ? silenceDays + gapDays * (0.2 + random.NextDouble() * 1.2) : PastDays - random.NextDouble() * gapDays;
        var records = new List<(long, ShopRecord)>();
        for (var day = firstDay; day > silenceDays; day -= gapDays * (0.7 + random.NextDouble() * 0.6))
        {
            var atMs = nowMs - (long)(day * DayMs);
            visitor.SessionId = $"past-{visitor.Key}-{(int)day}";
            foreach (var product in Visit(visitor))
            {
                records.Add((atMs, writer.Write(visitor, EventType.View, atMs, product)));
                atMs += 20_000 + random.Next(60_000);
            }

            var bought = catalogue.Pick(visitor.Tastes[0], random);
            records.Add((atMs, writer.Purchase(visitor, bought, 1 + random.Next(2), atMs)));
            if (random.NextDouble() < 0.4) records.Add((atMs, writer.Purchase(visitor, catalogue.Companion(bought, random), 1, atMs)));
        }

        visitor.SessionId = null;
        return records;
    }

    private IEnumerable<Product> Visit(Visitor visitor)
    {
        for (var i = 1 + random.Next(3); i > 0; i--) yield return catalogue.Pick(visitor.Tastes[random.Next(2)], random);
    }
}
