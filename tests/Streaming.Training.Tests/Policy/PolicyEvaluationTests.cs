using System.IO.Compression;
using System.Text;
using Streaming.Training.Policy;

namespace Streaming.Training.Tests.Policy;

public sealed class PolicyEvaluationTests : IDisposable
{
    private static readonly string[] Header = ["item_id,position,click,propensity_score"];
    private readonly string _folder = Directory.CreateTempSubdirectory("policy").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_small_log_gives_the_figures_worked_out_by_hand()
    {
        // π(a) = 3/4, π(b) = 1/4; weights 1.5, 1.5, 0.5. Each row is a fold: the others expect (clicks + ½) / 3.
        var result = Run(Options(["a,1,1,0.5", "a,1,0,0.5", "b,1,0,0.5"], ["a,1,0,0.9", "a,1,0,0.9", "a,1,1,0.9", "b,1,0,0.1"], ["a", "b"]) with { Folds = 3 });
        Assert.Equal(1.5 / 3.5, result.Estimates["selfNormalised"].Estimate, 12);
        Assert.Equal(((1.5 * (1 - (1 / 6.0))) + (1 / 6.0) + (-1.5 * 0.5) + 0.5 + (-0.5 * 0.5) + 0.5) / 3, result.Estimate, 12);
        Assert.Equal((0.5, 1 / 3.0), (result.Baselines["ips"].Estimate, result.Baselines["naive"].Estimate));
        Assert.Equal((1.5, 3.5 / 3, 0, 0), (result.LargestWeight, result.MeanWeight, result.WithoutSupport, result.WithoutWeight));
        Assert.Equal(3.5 * 3.5 / 4.75, result.EffectiveRows, 12);
        Assert.Equal((0.25, 4, 1), (result.OnPolicy, result.OnPolicyRows, result.OnPolicyClicks));
        Assert.StartsWith(PolicyResult.NoVerdict, result.Verdict, StringComparison.Ordinal); // three rows say nothing
        Assert.Null(result.Covers);
    }

    [Fact]
    public void Run_clicks_of_the_target_change_nothing_but_what_it_is_compared_with()
    {
        var world = new SimulatedPolicy(3, 0.05, 0.7, 0.3);
        var random = new SeededRandom(4);
        var (log, target) = (world.Log(random, 4000), world.Target(random, 3000));
        var options = Written(world, log, target);
        var first = Run(options);
        Assert.Equal(PolicyResult.CoversOwn, first.Verdict);
        Assert.True(first.Covers);
        Assert.InRange(first.OnPolicy, first.OnPolicyLow, first.OnPolicyHigh);
        var other = Run(Written(world, log, target with { Clicked = [.. target.Clicked!.Select(c => !c)] }));
        Assert.Equal((first.Estimate, first.Low, first.High, first.RewardGain), (other.Estimate, other.Low, other.High, other.RewardGain));
        Assert.Equal(first.Estimates.Values.Select(e => (e.Estimate, e.Low, e.High, e.Se)), other.Estimates.Values.Select(e => (e.Estimate, e.Low, e.High, e.Se)));
        Assert.Equal((3000 - first.OnPolicyClicks, PolicyResult.MissesOwn, false), (other.OnPolicyClicks, other.Verdict, other.Covers));
    }

    [Fact]
    public void Run_again_zipped_and_with_another_order_of_columns_gives_the_same_bits_and_another_seed_other_folds()
    {
        var world = new SimulatedPolicy(5, 0.05, 0.7, 0.3);
        var random = new SeededRandom(6);
        var options = Written(world, world.Log(random, 2000), world.Target(random, 2000));
        var first = Run(options);
        var zipped = Path.Combine(_folder, "log.csv.gz");
        using (var gzip = new GZipStream(File.Create(zipped), CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(string.Join("\r\n", File.ReadAllLines(options.Log).Select(l => string.Join(',', l.ToUpperInvariant().Replace(",I", ",i", StringComparison.Ordinal).Split(',').Reverse())))));
        var again = Run(options with { Log = zipped });
        Assert.Equal((first.Estimate, first.Low, first.High), (again.Estimate, again.Low, again.High));
        Assert.NotEqual(first.Estimate, Run(options with { Seed = 2 }).Estimate);
    }

    [Fact]
    public void Run_target_that_shows_what_the_log_never_does_gets_no_verdict()
    {
        var rows = Enumerable.Range(0, 600);
        var result = Run(Options([.. rows.Select(r => $"{"ab"[r % 2]},1,{(r % 9 == 0 ? 1 : 0)},0.5")], [.. rows.Select(r => $"{"abc"[r % 3]},1,0,0.333")], ["a", "b", "c"]));
        Assert.Equal(1 / 3.0, result.WithoutSupport, 12);
        Assert.Equal("no verdict: 33.3 % of what the target shows was never shown by the log at that position; the mean weight is 0.667 (standard error 0.000) where 1 is due: the log's propensities are not those of its policy, or it hardly shows what the target does", result.Verdict);
        Assert.Null(result.Covers);
        Assert.All(result.Estimates.Values.Concat(result.Baselines.Values), e => Assert.Null(e.Covers));
    }

    [Fact]
    public void Run_wrong_propensities_no_click_and_too_few_rows_get_no_verdict()
    {
        string[] target = [.. Enumerable.Range(0, 400).Select(r => $"{"ab"[r % 2]},1,0,0.5")];
        string[] Log(string propensity, int rows, int every) => [.. Enumerable.Range(0, rows).Select(r => $"{"ab"[r % 2]},1,{(r % every == 0 ? 1 : 0)},{propensity}")];
        Assert.Equal(PolicyResult.MissesOwn, Run(Options(Log("0.5", 400, 10), target, ["a", "b"])).Verdict);
        Assert.Contains("the mean weight is 2.000", Run(Options(Log("0.25", 400, 10), target, ["a", "b"])).Verdict, StringComparison.Ordinal);
        Assert.Equal("no verdict: the log is worth 60 rows of the target's own, fewer than 100", Run(Options(Log("0.5", 60, 10), target, ["a", "b"])).Verdict);
        Assert.StartsWith("no verdict: the log is worth 3.0 clicks of the target's own, fewer than 5", Run(Options(Log("0.5", 399, 133), target, ["a", "b"])).Verdict, StringComparison.Ordinal);
        var none = Run(Options([.. Log("0.5", 400, 10).Select(l => l.Replace(",1,1,", ",1,0,", StringComparison.Ordinal))], target, ["a", "b"]));
        Assert.Equal("no verdict: the log has no click", none.Verdict);
        Assert.Equal((0, 0), (none.Estimates["selfNormalised"].Estimate, none.Estimates["selfNormalised"].Low));
        Assert.InRange(none.High, 3.6 / 400, 3.8 / 400); // three clicks in so many rows would hardly have been missed
    }

    [Fact]
    public void Run_bad_rows_are_counted_and_named_by_file_line_and_reason_once()
    {
        string[] bad = ["z,1,0,0.5", "a,one,0,0.5", "a,1,2,0.5", "a,1,0,0", "a,1,0,1.5", "a,1,0,NaN", "a,1,0", ""];
        string[] good = [.. Enumerable.Range(0, 900).Select(r => $"{"ab"[r % 2]},1,{(r % 9 == 0 ? 1 : 0)},0.5")];
        var result = Run(Options([.. good, .. bad], [.. good, "a,2,0,0.5", "b,1,yes,0.5"], ["a", "b"]));
        Assert.Equal((900, 901, 900, 10L), (result.LogRows, result.TargetRows, result.OnPolicyRows, result.BadRows));
        Assert.Equal(
        [
            "log line 902: the item \"z\" is not in the items file", "log line 903: the position \"one\" is no whole number from 0 to 1000", "log line 904: the click \"2\" is neither 0 nor 1",
            "log line 905: the propensity_score \"0\" is not in (0, 1]", "log line 906: the propensity_score \"1.5\" is not in (0, 1]", "log line 907: the propensity_score \"NaN\" is not in (0, 1]", "log line 908: 3 fields instead of 4",
            "log line 909: an empty line", "target line 902: the position \"2\" is not in the log, which has 1", "target line 903: the click \"yes\" is neither 0 nor 1",
        ], result.BadRowsNamed);
    }

    [Fact]
    public void Run_files_that_cannot_be_used_are_refused_with_the_reason()
    {
        string[] good = [.. Enumerable.Range(0, 100).Select(r => $"{"ab"[r % 2]},1,{r % 2},0.5")];
        Refused("log: 2 of 102 rows cannot be used, more than 1 in 100; log line 102: the propensity_score \"0\" is not in (0, 1]", Options([.. good, "a,1,1,0", "a,1,1,0"], good, ["a", "b"]));
        Refused("log: no row can be used; log line 2: the item \"c\" is not in the items file", Options(["c,1,0,0.5"], good, ["a", "b"]));
        Refused("log: no row after the header", Options([], good, ["a", "b"]));
        Refused("target: no row at position 2, which the log has: what the target shows there is not known", Options([.. good, "a,2,0,0.5"], good, ["a", "b"]));
        Refused("log: 4 rows are fewer than 5 folds", Options(good[..4], good, ["a", "b"]));
        Refused("items: no row after the header", Options(good, good, []));
        Refused("items line 4: the item a is there twice", Options(good, good, ["a", "b", "a"]));
        var options = Options(good, good, ["a", "b"]);
        File.WriteAllText(options.Target, "");
        Refused("target: the file is empty", options);
        File.WriteAllLines(options.Target, ["item_id,position,clicks,propensity_score"]);
        Refused("target line 1: the column click is missing; there are item_id, position, clicks, propensity_score", options);
        File.WriteAllLines(options.Target, ["item_id,position,click,click,propensity_score"]);
        Refused("target line 1: the column click is there twice", options);
    }

    [Fact]
    public void Validate_names_every_bad_option() => Assert.Equal(["Log", "Target", "Items", "Log,", "Folds"],
        new PolicyOptions { Log = "", Target = "", Items = "", Folds = 1 }.Validate().Concat(new PolicyOptions { Log = "-", Target = "-", Items = "i" }.Validate()).Select(e => e.Split(' ')[0]).OrderBy(e => Array.IndexOf(["Log", "Target", "Items", "Log,", "Folds"], e)));

    private static PolicyResult Run(PolicyOptions options) => PolicyEvaluation.Run(options, cancellation: TestContext.Current.CancellationToken);

    private static void Refused(string reason, PolicyOptions options) => Assert.Equal(reason, Assert.Throws<InvalidDataException>(() => Run(options)).Message);

    private PolicyOptions Options(string[] log, string[] target, string[] items) =>
        new() { Log = Write("log.csv", [.. Header, .. log]), Target = Write("target.csv", [.. Header, .. target]), Items = Write("items.csv", ["item_id", .. items]) };

    private PolicyOptions Written(SimulatedPolicy world, PolicyRows log, PolicyRows target) =>
        new() { Log = Write("log.csv", SimulatedPolicy.Lines(log)), Target = Write("target.csv", SimulatedPolicy.Lines(target)), Items = Write("items.csv", world.ItemLines()) };

    private string Write(string name, string[] lines)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllLines(path, lines);
        return path;
    }
}
