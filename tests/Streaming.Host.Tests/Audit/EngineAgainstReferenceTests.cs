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
            engine.Fold = engine.Fold with { ShortHalfLife = TimeSpan.FromMinutes(30 + i), RingLength = i % 120 == 59 ? 3 : 6, MaxInterests = i % 120 == 59 ? 1 : 3, DuplicateWindow = i % 120 == 59 ? 4 : 8 };
            await engine.PutBaseTableAsync(EventMill.Items.Take(6 + (i / 60)), salt: i);
            engine.Restart();
        }

        await engine.DrainAsync();
        await engine.HandOffAsync();
        AssertConsistent(await engine.AuditAsync());
    }

    /// <summary>Its ring holds the whole story, an item in it had no vector at its last touch, and has one since.</summary>
    [Fact]
    public async Task A_vector_that_came_after_a_profiles_last_touch_is_not_counted_in_it()
    {
        var engine = new EngineHarness(partitions: 1);
        await engine.PutBaseTableAsync(EventMill.Items, salt: 1);
        engine.Send("quiet", View("quiet", "item0", 1));
        engine.Send("quiet", View("quiet", "item1", 2));
        await engine.DrainAsync();
        await engine.HandOffAsync();
        engine.Restart();
        await engine.PutBaseTableAsync(EventMill.Items.Take(1), salt: 2);
        engine.Send("quiet", View("quiet", "item0", 3)); // brings it to the new base, which lacks item1
        await engine.DrainAsync();
        engine.Send("loud", View("loud", "item1", 4)); // a version on top of the base brings that
        await engine.DrainAsync();
        await engine.HandOffAsync();
        AssertConsistent(await engine.AuditAsync());

        static string View(string user, string item, int minute) => $$"""{"type":"view","occurredAt":{{1_766_000_000_000 + (minute * 60_000)}},"userId":"{{user}}","itemId":"{{item}}"}""";
    }
}
