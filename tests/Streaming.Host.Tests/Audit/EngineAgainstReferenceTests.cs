using Streaming.Host.Audit;
using Xunit;

namespace Streaming.Host.Tests.Audit;

/// <summary>The engine's fold and protocol against the reference written from docs/fold.md, over random logs. The seed is the test's argument.</summary>
public sealed class EngineAgainstReferenceTests
{
    private static void AssertConsistent(AuditResult result) => Assert.True(result.Consistent, string.Join('\n', result.Problems.Concat(result.Warnings)) + "\n" + result.NotAuditable);

    [Theory]
    [InlineData(1), InlineData(2), InlineData(5), InlineData(6), InlineData(7)]
    public async Task Engine_over_a_random_log_leaves_what_the_reference_says(int seed)
    {
        var engine = new EngineHarness();
        var mill = new EventMill(seed);
        for (var i = 0; i < 400; i++)
        {
            var (key, json) = mill.Next();
            engine.Send(key, json);
            if (i % 50 == 49) await engine.DrainAsync(i % 100 == 99 ? 4 : 1);
        }

        await engine.DrainAsync();
        await engine.HandOffAsync();
        var result = await engine.AuditAsync();
        AssertConsistent(result);
        Assert.True(result.Events >= 400);
        Assert.True(result.DeadLetters > 0);
    }

    [Theory]
    [InlineData(11), InlineData(12), InlineData(13), InlineData(15)]
    public async Task Engine_killed_at_random_commits_leaves_what_the_reference_says(int seed)
    {
        var random = new Random(seed);
        var engine = new EngineHarness { Fault = () => random.Next(8) switch { 0 => false, 1 => true, _ => null } };
        var mill = new EventMill(seed);
        for (var i = 0; i < 300; i++)
        {
            var (key, json) = mill.Next();
            engine.Send(key, json);
            if (random.Next(5) == 0) await engine.StepAsync(random.Next(2));
        }

        engine.Fault = () => null;
        await engine.DrainAsync();
        await engine.HandOffAsync();
        AssertConsistent(await engine.AuditAsync());
        Assert.True(engine.Faults > 0);
    }

    [Theory]
    [InlineData(21), InlineData(22), InlineData(23)]
    public async Task Engine_with_changed_settings_and_base_tables_leaves_what_the_reference_says(int seed)
    {
        var engine = new EngineHarness { Debounce = TimeSpan.FromMinutes(10) };
        var mill = new EventMill(seed);
        for (var i = 0; i < 300; i++)
        {
            var (key, json) = mill.Next();
            engine.Send(key, json);
            if (i % 60 != 59) continue;
            await engine.DrainAsync(1);
            engine.Fold = engine.Fold with { ShortHalfLife = TimeSpan.FromMinutes(30 + i), RingLength = i % 120 == 59 ? 3 : 6, MaxInterests = i % 120 == 59 ? 1 : 3 };
            await engine.PutBaseTableAsync(EventMill.Items.Take(6 + (i / 60)), salt: i);
            engine.Restart();
        }

        await engine.DrainAsync();
        await engine.HandOffAsync();
        AssertConsistent(await engine.AuditAsync());
    }
}
