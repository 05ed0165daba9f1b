using Streaming.Core.Items;

namespace Streaming.Training.Evaluate;

/// <summary>
/// <c>evaluate next-basket</c>. 1. Baskets in strict time order. 2. The blend is chosen on the second half of the 90 days before the first scored basket. 3. Test, then train: baskets of
/// equal time are all scored before any is learned. 4. Means, and intervals by draws of customers.
/// </summary>
public static class NextBasketEvaluation
{
    private const long DayMs = 86_400_000;
    private const int WarmUpDays = 90;
    private const long OnlineRetailRows = 541_909;
    private const int OnlineRetailBaskets = 12_487, OnlineRetailBasketsNew = 10_638;

    /// <summary>Runs the evaluation.</summary>
    /// <param name="options">Already validated.</param>
    /// <param name="progress">Share of the work done, 0 to 1.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="InvalidDataException">The file is not of the form <c>online-retail</c>, or has no basket to score.</exception>
    public static NextBasketResult Run(NextBasketOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var items = new ItemDictionary();
        var file = BasketFile.Read(options.Transactions, items); // 1
        var from = file.FirstMs + (WarmUpDays * DayMs);
        var blend = options.ChooseBlend ? ChooseBlend(file, items, options, from) : options.Recall.BlendWeights; // 2
        var popular = new PopularBaseline(items);
        var repeats = new RepeatsBaseline(items, popular);
        using var engine = new EngineMethod(items, options, options.Recall with { BlendWeights = blend });
        IBasketMethod[] methods = [engine, popular, repeats, new CovisitationBaseline(items, repeats, popular)];
        var run = new PrequentialRun(methods);
        run.Go(file.Baskets, basket => basket.AtMs >= from, progress, cancellation); // 3
        if (run.Baskets == 0) throw new InvalidDataException("the file has no basket to score: 90 days of history and a customer who comes back are needed");
        return Summarise(run, file, options, blend); // 4
    }

    private static float[] ChooseBlend(BasketFile file, ItemDictionary items, NextBasketOptions options, long scoredFromMs)
    {
        using var engine = new EngineMethod(items, options, options.Recall);
        var chooser = new BlendChooser(items);
        var history = new BasketHistory();
        foreach (var group in TimeGroups.Of(file.Baskets))
        {
            if (group[0].AtMs >= scoredFromMs) break;
            foreach (var basket in group)
            {
                var bought = history.Of(basket.Customer);
                if (bought.Count == 0 || basket.AtMs < scoredFromMs - (WarmUpDays * DayMs / 2)) continue;
                chooser.Add(engine.Collect(basket.Customer, basket.AtMs, newOnly: false), [.. basket.Items]);
                chooser.Add(engine.Collect(basket.Customer, basket.AtMs, newOnly: true), [.. basket.Items.Where(i => !bought.Contains(i))]);
            }

            foreach (var basket in group)
            {
                engine.Learn(basket);
                history.Learn(basket);
            }
        }

        return chooser.Choose(options.Recall.BlendWeights);
    }

    private static NextBasketResult Summarise(PrequentialRun run, BasketFile file, NextBasketOptions options, IReadOnlyList<float> blend)
    {
        var bootstrap = new CustomerBootstrap(run.Customers, options.Draws, options.Seed);
        var engine = run.Results[0];
        var (low, high) = bootstrap.Interval(engine.All);
        var (newLow, newHigh) = bootstrap.Interval(engine.New);
        return new NextBasketResult
        {
            Baskets = run.Baskets,
            BasketsNew = run.BasketsNew,
            Recall20 = Mean(engine.All),
            Recall20Low = low,
            Recall20High = high,
            Recall20New = Mean(engine.New),
            Recall20NewLow = newLow,
            Recall20NewHigh = newHigh,
            Baselines = run.Results.Skip(1).ToDictionary(r => r.Name, r => Baseline(r, engine, bootstrap), StringComparer.Ordinal),
            Blend = blend,
            BadRows = file.BadRows,
            Error = file.Rows == OnlineRetailRows && (run.Baskets != OnlineRetailBaskets || run.BasketsNew != OnlineRetailBasketsNew)
                ? $"Online Retail must give {OnlineRetailBaskets} baskets and {OnlineRetailBasketsNew} with new items, not {run.Baskets} and {run.BasketsNew}"
                : null,
        };
    }

    private static NextBasketBaseline Baseline(MethodRecalls baseline, MethodRecalls engine, CustomerBootstrap bootstrap)
    {
        var (low, high) = bootstrap.Interval(baseline.All);
        var (newLow, newHigh) = bootstrap.Interval(baseline.New);
        var (gainLow, gainHigh) = bootstrap.Interval([.. engine.All.Zip(baseline.All, (e, b) => e - b)]);
        var (gainNewLow, gainNewHigh) = bootstrap.Interval([.. engine.New.Zip(baseline.New, (e, b) => e - b)]);
        return new NextBasketBaseline
        {
            Recall20 = Mean(baseline.All),
            Recall20Low = low,
            Recall20High = high,
            Recall20New = Mean(baseline.New),
            Recall20NewLow = newLow,
            Recall20NewHigh = newHigh,
            GainLow = gainLow,
            GainHigh = gainHigh,
            GainNewLow = gainNewLow,
            GainNewHigh = gainNewHigh,
        };
    }

    private static double Mean(IEnumerable<double> values) => values.Where(v => !double.IsNaN(v)).DefaultIfEmpty(double.NaN).Average();
}
