using Streaming.Training.Churn;

namespace Streaming.Training.Tests.Churn;

/// <summary>Customers who buy as BG/NBD says, so that its parameters are known.</summary>
internal static class SyntheticBuyers
{
    public const int FirstDay = 10_000;

    /// <summary>A cohort whose first purchases fall into the first 84 days, followed for some days.</summary>
    public static PurchaseHistory Cohort(int customers, int days, int seed, double r = 0.6, double alphaWeeks = 4, double a = 0.8, double b = 2.5)
    {
        var random = new SeededRandom((ulong)seed);
        var draws = new GammaDraws(random);
        var all = new List<CustomerPurchases>();
        for (var c = 0; c < customers; c++)
        {
            var bought = new SortedSet<int>();
            var (rate, leaves) = (draws.Next(r) / (alphaWeeks * 7), draws.Beta(a, b));
            double time = random.Below(Math.Min(84, days));
            bought.Add((int)time);
            while ((time -= Math.Log(1 - random.Uniform()) / rate) < days)
            {
                bought.Add((int)time);
                if (random.Uniform() < leaves) break;
            }

            var spend = 20 + (30 * random.Uniform());
            all.Add(new CustomerPurchases($"c{c:00000}", [.. bought.Select(d => new Purchase(FirstDay + d, spend * (0.5 + random.Uniform()), 1, 1))], []));
        }

        return Of(all, FirstDay + days - 1);
    }

    public static PurchaseHistory Of(IReadOnlyList<CustomerPurchases> customers, int lastDay) => new() { Customers = customers, FirstDay = FirstDay, LastDay = lastDay, Rows = customers.Count, Bad = 0, BadRows = [] };

    public static CustomerPurchases Customer(string id, params int[] days) => new(id, [.. days.Select(d => new Purchase(FirstDay + d, 10, 1, 1))], []);

    public static DateOnly Date(int day) => DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays(FirstDay + day);
}
