using System.Globalization;
using Streaming.Faults.Engine;

namespace Streaming.Integration.Tests.Faults;

/// <summary>Whether the watch of a split sees a former owner that goes on, and takes nothing else for it.</summary>
public sealed class OwnerJudgeTests
{
    private static readonly DateTime Cut = new(2026, 11, 30, 6, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Former_owner_that_commits_beyond_what_its_heir_went_on_from_trespasses()
    {
        var former = Owner("worker-1", [], (7.0, 100), (7.2, 104), (8.1, 131));
        var heir = Owner("worker-2", [Takes(7.1), Runs(8.0)], (8.05, 104), (8.3, 120));
        var findings = OwnerJudge.Judge([former, heir], Cut, 4);
        Assert.Equal(2, findings.LooksAtFormerOwners);
        Assert.StartsWith("worker-1 committed partition 1 up to 131 after worker-2 had taken it at 06:00:07.100", Assert.Single(findings.Trespasses), StringComparison.Ordinal);
    }

    // The answer to its last commit may come to it after the fence that let the commit through.
    [Fact]
    public void Former_owner_that_hears_of_its_last_commit_late_and_stops_does_not()
    {
        var former = Owner("worker-1", [], (7.0, 100), (7.15, 100), (7.25, 104));
        var heir = Owner("worker-2", [Takes(7.1), Runs(8.0)], (8.05, 104), (8.3, 120));
        var findings = OwnerJudge.Judge([former, heir], Cut, 4);
        Assert.Equal(2, findings.LooksAtFormerOwners);
        Assert.Empty(findings.Trespasses);
    }

    [Fact]
    public void Looks_count_from_the_fence_on_and_not_only_once_the_heir_runs()
    {
        var former = Owner("worker-1", [], (7.0, 100), (7.2, 100), (7.3, 100));
        Assert.Equal(2, OwnerJudge.Judge([former, Owner("worker-2", [Takes(7.1), Runs(8.0)], (8.1, 100))], Cut, 4).LooksAtFormerOwners);
        Assert.Equal(0, OwnerJudge.Judge([former, Owner("worker-2", [Takes(7.4), Runs(8.0)], (8.1, 100))], Cut, 4).LooksAtFormerOwners);
    }

    // The broker refuses the former owner before the heir has its answer.
    [Fact]
    public void Looks_count_from_the_moment_that_the_heir_asked()
    {
        var former = Owner("worker-1", [], (7.0, 100), (7.2, 100), (7.3, 100));
        Assert.Equal(2, OwnerJudge.Judge([former, Owner("worker-2", [Takes(7.6, milliseconds: 500), Runs(8.0)], (8.1, 100))], Cut, 4).LooksAtFormerOwners);
    }

    [Fact]
    public void Owner_that_takes_its_partition_back_is_no_former_owner_from_then_on()
    {
        var former = Owner("worker-1", [Takes(20), Runs(21)], (7.0, 100), (22.0, 400));
        var heir = Owner("worker-2", [Takes(7.1), Runs(8.0)], (8.05, 104), (19.9, 390));
        var findings = OwnerJudge.Judge([former, heir], Cut, 4);
        Assert.Empty(findings.Trespasses);
        Assert.Equal(0, findings.LooksAtFormerOwners);
    }

    [Fact]
    public void Heir_that_goes_on_after_the_partition_was_taken_back_trespasses_in_its_turn()
    {
        var former = Owner("worker-1", [Takes(20), Runs(21)], (7.0, 100), (21.0, 390), (22.0, 400));
        var heir = Owner("worker-2", [Takes(7.1), Runs(8.0)], (8.05, 104), (20.1, 390), (22.5, 420));
        Assert.StartsWith("worker-2 committed partition 1 up to 420", Assert.Single(OwnerJudge.Judge([former, heir], Cut, 4).Trespasses), StringComparison.Ordinal);
    }

    [Fact]
    public void Take_overs_before_the_cut_and_of_other_partitions_count_for_nothing()
    {
        var former = Owner("worker-1", [], (7.0, 100), (7.2, 131));
        var heir = Owner("worker-2", [Line(-1, "Ingest: partition 1: transactions initialised as f-events-1 in 5 ms"), Line(7.1, "Ingest: partition 11: transactions initialised as f-events-11 in 5 ms")], (7.1, 90));
        var findings = OwnerJudge.Judge([former, heir], Cut, 12);
        Assert.Empty(findings.Trespasses);
        Assert.Equal(0, findings.LooksAtFormerOwners);
    }

    [Fact]
    public void Former_owner_that_lives_and_no_longer_claims_the_partition_was_looked_at()
    {
        var former = Owner("worker-1", [], Look(7.0, 100), Look(7.2), Look(7.3), Silent(7.4));
        var findings = OwnerJudge.Judge([former, Owner("worker-2", [Takes(7.1), Runs(8.0)], (8.05, 100))], Cut, 4);
        Assert.Empty(findings.Trespasses);
        Assert.Equal((2, 0), (findings.LooksAtFormerOwners, findings.LooksAtClaimants));
    }

    [Fact]
    public void Who_never_had_the_partition_or_was_started_since_shows_nothing()
    {
        var heir = Owner("worker-2", [Takes(7.1), Runs(8.0)], (8.05, 100));
        Assert.Equal(0, OwnerJudge.Judge([Owner("worker-1", [], Look(7.0), Look(7.2)), heir], Cut, 4).LooksAtFormerOwners);
        Assert.Equal(0, OwnerJudge.Judge([Owner("worker-1", [], Look(7.0, 100), Look(7.2) with { Process = 2 }), heir], Cut, 4).LooksAtFormerOwners);
    }

    // A process that was started since and claims it without having asked for it would be worse still.
    [Fact]
    public void Claims_count_whoever_makes_them()
    {
        var findings = OwnerJudge.Judge([Owner("worker-1", [], Look(7.0), Look(8.2, 131)), Owner("worker-2", [Takes(7.1), Runs(8.0)], (8.05, 104))], Cut, 4);
        Assert.Single(findings.Trespasses);
        Assert.Equal((1, 1), (findings.LooksAtFormerOwners, findings.LooksAtClaimants));
    }

    private static string Takes(double seconds, int milliseconds = 0) => Line(seconds, $"info: Streaming.Kafka[2001] Ingest: partition 1: transactions initialised as f-events-1 in {milliseconds} ms");

    private static string Runs(double seconds) => Line(seconds, "info: Streaming.Pipeline[3000] Shard 1 runs");

    private static string Line(double seconds, string text) => Cut.AddMilliseconds(Math.Round(seconds * 1000)).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) + " " + text;

    // Looks at partition 1, each answered within 20 ms.
    private static WatchedOwner Owner(string name, string[] lines, params (double Seconds, long Committed)[] looks) => Owner(name, lines, [.. looks.Select(l => Look(l.Seconds, l.Committed))]);

    private static WatchedOwner Owner(string name, string[] lines, params OwnerLook[] looks)
    {
        var log = new NodeLog();
        foreach (var line in lines) log.Add(line);
        return new WatchedOwner(name, log, looks);
    }

    // Without a position it owns nothing.
    private static OwnerLook Look(double seconds, long? committed = null) =>
        new(Cut.AddSeconds(seconds), Cut.AddSeconds(seconds + 0.02), committed is { } known ? new Dictionary<int, long> { [1] = known } : [], 1);

    private static OwnerLook Silent(double seconds) => Look(seconds) with { Committed = null };
}
