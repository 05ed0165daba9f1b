using Streaming.Training.Churn;

namespace Streaming.Training.Tests.Churn;

public sealed class ChurnEvaluationTests
{
    private static readonly ChurnModelOptions Quick = new() { LeastOutcomes = 50, Trees = new() { Trees = 20, Leaves = 4, LeastWeight = 100 } };

    [Fact]
    public void Run_counts_customers_by_the_cut_and_buyers_within_the_horizon()
    {
        var history = SyntheticBuyers.Of(
        [
            SyntheticBuyers.Customer("bought the day after", 0, 51), SyntheticBuyers.Customer("came too late", 10, 81), SyntheticBuyers.Customer("last day", 5, 20, 80), SyntheticBuyers.Customer("the cut's day is known", 50),
            SyntheticBuyers.Customer("new after the cut", 60), new CustomerPurchases("only returns", [], [SyntheticBuyers.FirstDay + 2]),
        ], SyntheticBuyers.FirstDay + 90);
        var result = Run(history, 50, 30);
        Assert.Equal((4, 1), (result.Customers, result.CustomersWithoutScore));
        Assert.Equal(0.5, result.BaseRate);
        Assert.Equal(ChurnModel.PooledPrior, result.Model);
        Assert.True(result.Extrapolated);
    }

    [Fact]
    public void Run_refuses_a_horizon_past_the_last_day()
    {
        var history = SyntheticBuyers.Cohort(20, 100, seed: 1);
        Assert.Contains("last day", Assert.Throws<InvalidDataException>(() => Run(history, 70, 30)).Message, StringComparison.Ordinal);
        Assert.Equal(20, Run(history, 84, 15).Customers); // ends on the last day
    }

    [Fact]
    public void Run_of_a_drawn_cohort_is_calibrated_and_near_its_ceiling()
    {
        var result = Run(SyntheticBuyers.Cohort(1500, 273, seed: 7), 190, 60);
        Assert.StartsWith("hazard", result.Model, StringComparison.Ordinal);
        Assert.False(result.Extrapolated);
        Assert.True(result.Auroc > result.CeilingAuroc - 0.03, $"{result.Auroc} against {result.CeilingAuroc}");
        Assert.True(result.LogLoss < result.CeilingLogLoss + 0.02, $"{result.LogLoss} against {result.CeilingLogLoss}");
        Assert.True(result.Ece < result.EceNoise95 + 0.03, $"{result.Ece} against {result.EceNoise95}");
        Assert.Equal(["bgNbd", "frequency", "paretoNbd", "recency"], result.Baselines.Keys.Order(StringComparer.Ordinal));
        Assert.InRange(result.AurocLow, 0.5, result.Auroc);
        Assert.InRange(result.Value!.Coverage80, 0.75, 0.95);
    }

    [Fact]
    public void Run_twice_gives_the_same_figures()
    {
        var history = SyntheticBuyers.Cohort(300, 200, seed: 5);
        var (first, second) = (Run(history, 150, 40), Run(history, 150, 40));
        Assert.Equal((first.Auroc, first.LogLoss, first.Ece, first.EceNoise95, first.CeilingAuroc, first.Value), (second.Auroc, second.LogLoss, second.Ece, second.EceNoise95, second.CeilingAuroc, second.Value));
    }

    [Fact]
    public void Forecast_of_a_faithful_customer_is_above_that_of_one_long_silent()
    {
        var history = SyntheticBuyers.Cohort(500, 200, seed: 6);
        var model = ChurnModel.Fit(history, 60, Quick, cancellation: TestContext.Current.CancellationToken);
        var value = new LifetimeValue(model, history.Customers, 400, 1);
        var (faithful, silent) = (value.Of(SyntheticBuyers.Customer("f", [.. Enumerable.Range(0, 20).Select(i => i * 10)]), 60), value.Of(SyntheticBuyers.Customer("s", 0, 10), 60));
        Assert.True(faithful.Return > silent.Return && faithful.Purchases > silent.Purchases && faithful.Value > silent.Value);
        Assert.InRange(faithful.ValueHigh, faithful.ValueLow, double.MaxValue);
        Assert.True(faithful.NextDaysLow <= faithful.NextDays && faithful.NextDays <= faithful.NextDaysHigh);
        Assert.Equal(faithful, value.Of(SyntheticBuyers.Customer("f", [.. Enumerable.Range(0, 20).Select(i => i * 10)]), 60));
    }

    private static ChurnResult Run(PurchaseHistory history, int cut, int days) => ChurnEvaluation.Run(history, new ChurnEvaluationOptions
    {
        Transactions = "-", Format = PurchaseFormat.CustDate, Cut = SyntheticBuyers.Date(cut), HorizonDays = days, Draws = 200, Model = Quick,
    }, cancellation: TestContext.Current.CancellationToken);
}
