using CsCheck;
using Streaming.Training.Churn;

namespace Streaming.Training.Tests.Churn;

public sealed class PurchaseProcessTests
{
    private static readonly BgNbd Bg = new(0.243, 4.414, 0.793, 2.426);
    private static readonly ParetoNbd Pareto = new(0.553, 10.578, 0.606, 11.669);

    [Fact]
    public void BgNbd_likelihood_of_one_purchase_is_as_by_hand()
    {
        // x = 0: (α / (α + T))^r.
        Assert.Equal(0.243 * Math.Log(4.414 / (4.414 + 39)), Bg.LogLikelihood(new BuyerSummary(0, 0, 39)), 10);
        Assert.Equal(1, Bg.Alive(new BuyerSummary(0, 0, 39)));
    }

    [Fact]
    public void ParetoNbd_likelihood_of_one_purchase_is_its_integral()
    {
        // x = 0: (α/(α+T))^r (β/(β+T))^s + s β^s α^r ∫ (α+y)^−r (β+y)^−(s+1) dy, by 200,000 trapezia.
        const double r = 0.553, alpha = 10.578, s = 0.606, beta = 11.669, t = 39;
        var (sum, n) = (0.0, 200_000);
        for (var i = 0; i <= n; i++)
        {
            var y = t * i / n;
            sum += (i == 0 || i == n ? 0.5 : 1) * Math.Pow(alpha + y, -r) * Math.Pow(beta + y, -s - 1);
        }

        var expected = (Math.Pow(alpha / (alpha + t), r) * Math.Pow(beta / (beta + t), s)) + (s * Math.Pow(beta, s) * Math.Pow(alpha, r) * sum * t / n);
        Assert.Equal(Math.Log(expected), Pareto.LogLikelihood(new BuyerSummary(0, 0, t)), 8);
    }

    [Fact]
    public void No_purchase_never_grows_with_the_weeks_and_starts_at_one() => Gen.Select(Gen.Int[0, 300], Gen.Double[0, 1], Gen.Double[1, 150], Gen.Double[0, 1]).Sample((x, share, age, where) =>
    {
        var customer = new BuyerSummary(x, x == 0 ? 0 : age * share, age);
        foreach (PurchaseProcess process in (PurchaseProcess[])[Bg, Pareto])
        {
            Assert.Equal(1, process.NoPurchase(customer, 0), 9);
            var before = 1.0;
            for (var weeks = 0.5 + where; weeks < 200; weeks *= 1.7)
            {
                var now = process.NoPurchase(customer, weeks);
                Assert.InRange(now, 0, before + 1e-9);
                before = now;
            }

            Assert.InRange(process.Alive(customer), 0, 1);
        }
    }, iter: 300, threads: 1);

    [Fact]
    public void Extreme_counts_stay_finite()
    {
        foreach (PurchaseProcess process in (PurchaseProcess[])[Bg, Pareto])
        {
            foreach (var customer in (BuyerSummary[])[new(0, 0, 0), new(1_000_000, 52, 52), new(1_000_000, 1, 520), new(1, 0.1, 520)])
            {
                Assert.True(double.IsFinite(process.LogLikelihood(customer)), $"{process.GetType().Name} {customer}");
                Assert.InRange(process.NoPurchase(customer, 13), 0, 1);
                Assert.InRange(process.ExpectedPurchases(customer, 13), 0, double.MaxValue);
            }
        }
    }

    [Fact]
    public void Expected_purchases_are_those_of_drawn_futures()
    {
        var customer = new BuyerSummary(3, 20, 30);
        var draws = new GammaDraws(new SeededRandom(1));
        var (total, none, n) = (0.0, 0, 200_000);
        for (var i = 0; i < n; i++)
        {
            var (time, leaves, here) = (0.0, draws.Beta(Bg.A, Bg.B + 3), 0);
            var rate = draws.Next(Bg.R + 3) / (Bg.Alpha + 30);
            if (draws.Uniform() < Bg.Alive(customer))
            {
                while ((time -= Math.Log(1 - draws.Uniform()) / rate) <= 26)
                {
                    here++;
                    if (draws.Uniform() < leaves) break;
                }
            }

            total += here;
            if (here == 0) none++;
        }

        Assert.InRange(Bg.ExpectedPurchases(customer, 26) / (total / n), 0.98, 1.02);
        Assert.InRange(Bg.NoPurchase(customer, 26) / (none / (double)n), 0.99, 1.01);
    }

    [Fact]
    public void Fit_finds_the_parameters_of_a_drawn_cohort()
    {
        var history = SyntheticBuyers.Cohort(2500, 273, seed: 2);
        var summaries = history.Customers.Select(c => BuyerSummary.Of(c, history.LastDay)).ToArray();
        var fit = BgNbd.Fit(summaries);
        Assert.True(fit.LogLikelihood(summaries) >= new BgNbd(0.6, 4, 0.8, 2.5).LogLikelihood(summaries), "the maximum is at least the truth");
        Assert.InRange(fit.R, 0.4, 0.85);
        Assert.InRange(fit.A / (fit.A + fit.B), 0.14, 0.36); // true mean .242
        Assert.True(ParetoNbd.Fit(summaries).LogLikelihood(summaries) < fit.LogLikelihood(summaries), "the model that drew them fits better");
    }

    [Fact]
    public void Fit_of_the_published_cohort_gives_the_published_figures()
    {
        var folder = Environment.GetEnvironmentVariable("STREAMING_TEST_DATA");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "STREAMING_TEST_DATA (a folder with cdnow-sample.txt.gz) is not set");
        var history = PurchaseFile.Read(PurchaseFormat.CdnowSample, Path.Combine(folder!, "cdnow-sample.txt.gz")).UpTo(10_134); // 1997-09-30
        var summaries = history.Customers.Select(c => BuyerSummary.Of(c, history.LastDay)).ToArray();
        Assert.Equal(2357, summaries.Length);
        var bg = BgNbd.Fit(summaries);
        foreach (var (published, ours) in ((double, double)[])[(0.243, bg.R), (4.414, bg.Alpha), (0.793, bg.A), (2.426, bg.B)]) Assert.InRange(ours, published - 0.001, published + 0.001);
        Assert.Equal(-9582.4, bg.LogLikelihood(summaries), 1);
        Assert.Equal(-9595.0, ParetoNbd.Fit(summaries).LogLikelihood(summaries), 1);
    }
}
