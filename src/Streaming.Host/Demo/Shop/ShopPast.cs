using Streaming.Contracts;

namespace Streaming.Host.Demo.Shop;

/// <summary>What customers did before the demo began: some buy every few weeks, some bought once and never again.</summary>
/// <param name="catalogue">Products.</param>
/// <param name="writer">Writer of events.</param>
/// <param name="random">Seeded.</param>
internal sealed class ShopPast(Catalogue catalogue, EventWriter writer, Random random)
{
    private const int PastDays = 240;
    private const double DayMs = 86_400_000;

    /// <summary>Purchases of a customer who still comes, oldest first.</summary>
    /// <param name="visitor">Who.</param>
    /// <param name="nowMs">Now, ms since 1970.</param>
    public List<(long AtMs, ShopRecord Record)> Regular(Visitor visitor, long nowMs)
    {
        var gapDays = 9 + random.NextDouble() * 14;
        var lastDay = gapDays * random.NextDouble() * 0.8;
        var records = new List<(long, ShopRecord)>();
        for (var day = PastDays - random.NextDouble() * gapDays; day > lastDay; day -= gapDays * (0.7 + random.NextDouble() * 0.6)) Visit(visitor, nowMs - (long)(day * DayMs), records);
        return records;
    }

    /// <summary>The one visit of a customer who never came back.</summary>
    /// <param name="visitor">Who.</param>
    /// <param name="purchaseMs">When they bought, ms since 1970.</param>
    public List<(long AtMs, ShopRecord Record)> OneTimer(Visitor visitor, long purchaseMs)
    {
        var records = new List<(long, ShopRecord)>();
        Visit(visitor, purchaseMs, records);
        return records;
    }

    private void Visit(Visitor visitor, long purchaseMs, List<(long AtMs, ShopRecord Record)> into)
    {
        visitor.SessionId = $"past-{visitor.Key}-{purchaseMs / (long)DayMs}";
        var views = 1 + random.Next(3);
        for (var i = views; i > 0; i--)
        {
            var atMs = purchaseMs - i * 60_000;
            into.Add((atMs, writer.Write(visitor, EventType.View, atMs, catalogue.Pick(visitor.Tastes[random.Next(2)], random))));
        }

        var bought = catalogue.Pick(visitor.Tastes[0], random);
        into.Add((purchaseMs, writer.Purchase(visitor, bought, 1 + random.Next(2), purchaseMs)));
        if (random.NextDouble() < 0.4) into.Add((purchaseMs, writer.Purchase(visitor, catalogue.Companion(bought, random), 1, purchaseMs)));
        visitor.SessionId = null;
    }
}
