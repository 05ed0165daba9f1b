using Streaming.Host.Demo;
using Streaming.Host.Demo.Shop;
using Streaming.Host.Tests.Settings;
using Xunit;

namespace Streaming.Host.Tests.Demo;

/// <summary>The whole engine in process; it ends when what is asked for was seen, so that a slow machine only takes longer.</summary>
public sealed class DemoRunTests
{
    [Fact]
    public async Task Demo_shows_recommendations_alerts_dead_letters_and_a_profile()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(5));
        using var error = new StringWriter();
        var settings = SettingsTests.Load(("Consent", "granted"), ("Http:Port", "0"), ("Fold:SessionGap", "45s"));
        Assert.Empty(settings.Errors);
        var demo = new DemoRun(settings, new ShopOptions { BrokenShare = 0.02 }, error, isTerminal: false);
        var board = await demo.RunAsync(false, b => b is { Recommendations: > 200, ChurnAlerts: > 0, DeadLetters: > 0, Profile: not null }, patience.Token);
        Assert.True(board is { Recommendations: > 200, ChurnAlerts: > 0, DeadLetters: > 0, Profile: not null }, error.ToString());
        Assert.All(board.Latest, list => Assert.NotEmpty(list.Items));
        Assert.Equal(board.Alerts.Count, board.Alerts.Select(a => a.AlertId).Distinct().Count());
        Assert.True(board.P50Ms <= board.P99Ms);
    }
}
