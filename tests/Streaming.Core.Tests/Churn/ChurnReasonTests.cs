using Streaming.Core.Churn;
using Streaming.Core.Events;
using Streaming.Core.Fold;

namespace Streaming.Core.Tests.Churn;

public sealed class ChurnReasonTests
{
    private const long DayMs = 86_400_000;

    [Fact]
    public void Reasons_come_by_their_share_and_leave_out_what_lowers_the_risk()
    {
        var user = new UserState(UserKey.User("u")) { Purchases = new PurchaseState { Lines = 4, Occasions = 4, GapCount = 3, GapMeanMs = 10 * DayMs, FirstMs = 1, LastMs = 1 } };
        var reasons = new ChurnReasonShare[3];
        var gapFirst = new ChurnModel(new ChurnOptions { Recency = 0.1, GapRatio = 2 });
        Assert.Equal(2, gapFirst.Reasons(user, 1 + (40 * DayMs), reasons));
        Assert.Equal(("gap_ratio", 4.0, "days_since_purchase", 40.0), (reasons[0].Code, reasons[0].Value, reasons[1].Code, reasons[1].Value));
        var daysOnly = new ChurnModel(new ChurnOptions { Recency = 1, GapRatio = -1 });
        Assert.Equal(1, daysOnly.Reasons(user, 1 + (40 * DayMs), reasons));
        Assert.Equal("days_since_purchase", reasons[0].Code);
    }

    [Fact]
    public void Reasons_add_up_to_what_silence_and_a_single_purchase_add_to_the_log_odds()
    {
        var model = new ChurnModel(new ChurnOptions { Age = 0 });
        var user = new UserState(UserKey.User("u")) { Purchases = new PurchaseState { Lines = 1, Occasions = 1, FirstMs = 1, LastMs = 1 } };
        var reasons = new ChurnReasonShare[3];
        model.Reasons(user, 1 + (30 * DayMs), reasons);
        Assert.Equal(LogOdds(model.Risk(user, 1 + (30 * DayMs))) - model.Options.Bias, reasons.Sum(r => r.Share), 1e-9);
    }

    private static double LogOdds(double p) => Math.Log(p / (1 - p));
}
