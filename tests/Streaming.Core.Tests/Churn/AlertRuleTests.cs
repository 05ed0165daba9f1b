using Streaming.Core.Churn;
using Streaming.Core.Events;
using Streaming.Core.Fold;

namespace Streaming.Core.Tests.Churn;

/// <summary>Who is at risk: dwell, and the level below which an alerted user must have been since.</summary>
public sealed class AlertRuleTests
{
    private const long T0 = 1_773_000_000_000, DayMs = 86_400_000;

    // σ(−1 + ln(1 + days)/2) reaches 0.6 on day 16.
    private static readonly ChurnOptions Options = new() { Enter = 0.6, Bias = -1, Recency = 0.5, Frequency = 0, Age = 0, GapRatio = 0, NoRepeat = 0 };

    private static UserState Buyer(long alertedEpisode = -1) => new(UserKey.User("u"))
    {
        Purchases = new PurchaseState { Lines = 1, Occasions = 1, FirstMs = T0, LastMs = T0, AmountE4 = 200_000 },
        EpisodePosition = 7,
        AlertedEpisode = alertedEpisode,
    };

    [Theory]
    [InlineData(0, 16)]
    [InlineData(1, 17)]
    [InlineData(30, 46)]
    public void Dwell_puts_the_check_off_by_its_days(int dwell, int day)
    {
        var model = new ChurnModel(Options with { DwellDays = dwell });
        var user = Buyer();
        Assert.Equal(T0 + (day * DayMs), model.NextCheckMs(user, T0));
        Assert.Equal(T0 + ((day + 4) * DayMs), model.NextCheckMs(user, T0 + ((day + 3) * DayMs) + 1));
        Assert.False(model.IsAtRisk(user, T0 + ((day - 1) * DayMs), out _));
        Assert.True(model.IsAtRisk(user, T0 + (day * DayMs), out _));
    }

    [Fact]
    public void Dwell_counts_from_the_last_purchase_where_the_risk_is_high_from_the_first_day()
    {
        var model = new ChurnModel(Options with { Enter = 0.1, DwellDays = 5 });
        Assert.Equal(T0 + (5 * DayMs), model.NextCheckMs(Buyer(), T0));
        Assert.False(model.IsAtRisk(Buyer(), T0 + (5 * DayMs) - 1, out _));
    }

    [Fact]
    public void Who_was_alerted_is_at_risk_until_a_purchase_brings_the_risk_below_the_level_of_leaving()
    {
        // Right after a purchase the risk is σ(−1) = 0.269.
        var (stays, leaves) = (new ChurnModel(Options with { Leave = 0.26 }), new ChurnModel(Options with { Leave = 0.27 }));
        Assert.Equal(0, stays.NextCheckMs(Buyer(alertedEpisode: 3), T0));
        Assert.False(stays.IsAtRisk(Buyer(alertedEpisode: 3), T0 + (40 * DayMs), out var risk));
        Assert.True(risk > 0.6);
        Assert.Equal(T0 + (16 * DayMs), stays.NextCheckMs(Buyer(), T0)); // never alerted
        Assert.Equal(T0 + (16 * DayMs), leaves.NextCheckMs(Buyer(alertedEpisode: 3), T0));
        Assert.True(leaves.IsAtRisk(Buyer(alertedEpisode: 3), T0 + (40 * DayMs), out _));
    }

    [Fact]
    public void Expected_value_is_the_mean_of_an_occasion_where_one_comes()
    {
        Assert.Equal(5, ChurnModel.ExpectedValue(Buyer(), 0.75));
        Assert.Equal(0, ChurnModel.ExpectedValue(new UserState(UserKey.User("new")), 0.75));
    }
}
