using Microsoft.Extensions.Time.Testing;
using Streaming.Faults.Results;

namespace Streaming.Integration.Tests.Faults;

/// <summary>What is kept of a case that is run more than once: a verdict is not lost, and a failure before a pass is not hidden.</summary>
public sealed class ResultStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("results").FullName;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly ResultStore _results;

    public ResultStoreTests() => _results = new ResultStore(_folder, _clock);

    [Fact]
    public void Pass_after_failures_on_the_same_sources_keeps_them()
    {
        _results.Keep(Result("s", "too slow: 8.3 s"));
        _clock.Advance(TimeSpan.FromHours(1));
        _results.Keep(Result("s", "too slow: 8.1 s"));
        _results.Keep(Result("s"));
        var kept = _results.Find("case")!;
        Assert.True(kept.Passed);
        Assert.Equal(["too slow: 8.3 s", "too slow: 8.1 s"], kept.Attempts.Select(a => a.Why));
        Assert.Equal(new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), kept.Attempts[0].At);
        Assert.Equal((7, "s"), (kept.Attempts[0].Seed, kept.Attempts[0].Sources));
    }

    [Fact]
    public void Failures_on_other_sources_are_forgotten()
    {
        _results.Keep(Result("s", "slow"));
        _results.Keep(Result("t"));
        Assert.Empty(_results.Find("case")!.Attempts);
    }

    [Fact]
    public void Run_that_came_to_no_verdict_leaves_the_one_before_in_force_and_is_noted()
    {
        _results.Keep(Result("s"));
        _results.Keep(CaseResult.Broken("case", new IOException("no broker")) with { Sources = "s" });
        _results.Keep(CaseResult.Skip("case", "no control groups") with { Sources = "s" });
        var kept = _results.Find("case")!;
        Assert.True(kept.StandsFor("s", 7));
        Assert.Equal(["IOException: no broker", "no control groups"], kept.Attempts.Select(a => a.Why));
    }

    [Fact]
    public void Verdict_takes_the_place_of_a_run_that_came_to_none_and_keeps_it_in_mind()
    {
        _results.Keep(CaseResult.Broken("case", new IOException("no broker")) with { Sources = "s" });
        Assert.True(_results.Find("case")!.LacksVerdict);
        _results.Keep(Result("s"));
        Assert.True(_results.Find("case")!.StandsFor("s", 7));
        Assert.Equal(["IOException: no broker"], _results.Find("case")!.Attempts.Select(a => a.Why));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static CaseResult Result(string sources, params string[] failures) => CaseResult.Skip("case", "") with { Skipped = null, LacksVerdict = false, Seed = 7, Sources = sources, Passed = failures.Length == 0, Failures = failures };
}
