using Streaming.Training.Churn;

namespace Streaming.Training.Tests.Churn;

public sealed class ChurnModelTests
{
    private static readonly ChurnModelOptions Quick = new() { LeastOutcomes = 50, Trees = new() { Trees = 20, Leaves = 4, LeastWeight = 100 } };

    [Fact]
    public void No_purchase_never_grows_with_the_horizon()
    {
        var history = SyntheticBuyers.Cohort(600, 273, seed: 1);
        var model = Fit(history, 60, Quick);
        foreach (var customer in history.Customers.Where((_, i) => i % 20 == 0))
        {
            var before = 1.0;
            for (var days = 1; days < 400; days += days < 20 ? 1 : 13)
            {
                var now = model.NoPurchase(customer, days);
                Assert.InRange(now, 0, before);
                before = now;
            }
        }
    }

    [Fact]
    public void Predictions_are_the_same_bits_whatever_happens_after_the_cut()
    {
        var whole = SyntheticBuyers.Cohort(400, 240, seed: 4);
        var day = SyntheticBuyers.FirstDay + 150;
        var random = new SeededRandom(9);
        var other = whole.Customers.Select(c => c with { Purchases = [.. c.UpTo(day).Purchases, .. Later()], ReturnDays = [day + 3] })
            .Append(SyntheticBuyers.Customer("a stranger", 170, 180)).OrderBy(c => c.Id, StringComparer.Ordinal).ToArray();
        var replaced = SyntheticBuyers.Of([.. other.Where(c => c.Purchases.Length > 0)], day + 500);
        Assert.Equal(Predict(whole), Predict(replaced));

        Purchase[] Later() => random.Below(2) == 0 ? [] : [new Purchase(day + 1 + random.Below(60), 1e6, 5, 5)];

        double[] Predict(PurchaseHistory history)
        {
            var known = history.UpTo(day);
            return ChurnEvaluation.Predict(Fit(known, 60, Quick), known.Customers, 60);
        }
    }

    [Fact]
    public void Whoever_never_bought_gets_no_score_and_a_reason()
    {
        var history = SyntheticBuyers.Cohort(300, 200, seed: 2);
        var answer = Fit(history, 30, Quick).Answer(new CustomerPurchases("x", [], [SyntheticBuyers.FirstDay]), 30);
        Assert.Null(answer.NoPurchase);
        Assert.Equal(ChurnAnswer.NeverBought, answer.Model);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    public void A_tiny_shop_falls_back_to_the_pooled_prior_and_says_so(int customers)
    {
        var history = SyntheticBuyers.Cohort(customers, 120, seed: 3);
        var model = Fit(history, 30, new ChurnModelOptions());
        Assert.Equal(ChurnModel.PooledPrior, model.Spoke);
        Assert.Equal((0, 0), (model.CalibratedToDays, model.Rehearsals));
        var answer = model.Answer(history.Customers[0], 30);
        Assert.True(answer.Extrapolated);
        Assert.InRange(answer.NoPurchase!.Value, 0.01, 0.99);
    }

    [Fact]
    public void A_shop_in_which_nobody_comes_back_has_answers()
    {
        var history = SyntheticBuyers.Of([.. Enumerable.Range(0, 400).Select(i => SyntheticBuyers.Customer($"c{i}", i % 50))], SyntheticBuyers.FirstDay + 150);
        var model = Fit(history, 30, Quick);
        Assert.Equal(ChurnModel.PooledPrior, model.Spoke);
        Assert.InRange(model.NoPurchase(history.Customers[0], 30), 0.5, 1);
    }

    [Fact]
    public void A_shop_in_which_everyone_buys_each_day_has_answers()
    {
        var days = Enumerable.Range(0, 120).ToArray();
        var history = SyntheticBuyers.Of([.. Enumerable.Range(0, 60).Select(i => SyntheticBuyers.Customer($"c{i:00}", days))], SyntheticBuyers.FirstDay + 119);
        Assert.InRange(Fit(history, 30, Quick).NoPurchase(history.Customers[0], 30), 0, 0.5);
    }

    [Fact]
    public void Nobody_bought_is_refused() =>
        Assert.Throws<InvalidDataException>(() => Fit(SyntheticBuyers.Of([new CustomerPurchases("x", [], [SyntheticBuyers.FirstDay])], SyntheticBuyers.FirstDay + 9), 30, Quick));

    [Fact]
    public void Rehearsals_end_by_the_last_day_and_have_as_much_history_as_horizon()
    {
        Assert.Equal([(193, 90), (103, 90)], ChurnRehearsal.Places(0, 283, 90));
        Assert.Equal([(136, 136)], ChurnRehearsal.Places(0, 272, 273).Select(p => (p.Day, p.Days + 0)));
        Assert.Empty(ChurnRehearsal.Places(0, 20, 90));
        foreach (var (day, days) in ChurnRehearsal.Places(0, 1000, 300)) Assert.True(day + days <= 1000 && day >= days);
    }

    [Fact]
    public void A_window_that_is_still_open_gives_no_row()
    {
        foreach (var start in ChurnRowBuilder.Starts(0, 100, 7, 14, 60)) Assert.InRange(start, 14, 93);
        Assert.Empty(ChurnRowBuilder.Starts(0, 20, 7, 14, 60));
        Assert.True(ChurnRowBuilder.Starts(0, 10_000, 7, 14, 60).Length <= 60);
    }

    [Fact]
    public void Features_of_strange_pasts_are_finite()
    {
        var features = new ChurnFeatures(new BgNbd(0.25, 4.5, 0.8, 2.5), new ParetoNbd(0.55, 10.5, 0.6, 11.5), seasonal: true);
        var row = new float[ChurnFeatures.Count];
        CustomerPurchases[] strange =
        [
            SyntheticBuyers.Customer("once, today", 100), SyntheticBuyers.Customer("each day", [.. Enumerable.Range(0, 101)]),
            new CustomerPurchases("dear", [new Purchase(SyntheticBuyers.FirstDay, double.MaxValue / 2, 1e300, int.MaxValue)], []),
            new CustomerPurchases("free", [new Purchase(SyntheticBuyers.FirstDay, 0, 0, 0), new Purchase(SyntheticBuyers.FirstDay + 99, 0, 0, 0)], [SyntheticBuyers.FirstDay + 1, SyntheticBuyers.FirstDay + 1]),
        ];
        foreach (var customer in strange)
        {
            features.Fill(customer, SyntheticBuyers.FirstDay + 100, 7, row);
            Assert.All(row, value => Assert.True(float.IsFinite(value), customer.Id));
        }

        features.Fill(strange[3], SyntheticBuyers.FirstDay + 100, 7, row);
        Assert.Equal((float)Math.Log(3), row[ChurnFeatures.Names.ToList().IndexOf("log_returns")]);
    }

    private static ChurnModel Fit(PurchaseHistory history, int days, ChurnModelOptions options) => ChurnModel.Fit(history, days, options, cancellation: TestContext.Current.CancellationToken);
}
