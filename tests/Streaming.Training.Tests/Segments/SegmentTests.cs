using Streaming.Contracts;
using Streaming.Core.Score;
using Streaming.Training.History;
using Streaming.Training.Segments;
using Streaming.Training.Simulate;

namespace Streaming.Training.Tests.Segments;

public sealed class SegmentTests : IDisposable
{
    private const long DayMs = 86_400_000;
    private readonly string _folder = Directory.CreateTempSubdirectory("segments").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AdjustedRand_is_1_for_the_same_groups_under_other_names_and_below_0_for_crossed_ones()
    {
        Assert.Equal(1, AdjustedRand.Of([1, 1, 2, 3], ["b", "b", "a", "c"]), 1e-12);
        Assert.Equal(-0.5, AdjustedRand.Of([0, 0, 1, 1], [0, 1, 0, 1]), 1e-12);
        Assert.Equal(0.24242424242424243, AdjustedRand.Of([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 2, 2]), 1e-12); // Hubert and Arabie's formula by hand: (2 − 1.2) / (4.5 − 1.2)
        Assert.Equal(1, AdjustedRand.Of([1, 1], [1, 1]));
    }

    [Fact]
    public void Match_finds_moved_centres_whatever_their_order()
    {
        double[][] old = [[0, 0], [5, 5], [9, 0], [0, 9]];
        Assert.Equal([2, 0, 3, 1], SegmentMatching.Match([[8.5, 0], [0.2, 0], [0, 8], [5, 4]], old));
        Assert.Equal([1, -1, 0, 2, 3], SegmentMatching.Match([[5, 5], [30, 30], [0, 1], [9, 1], [1, 9]], old));
        Assert.Equal([3, 0], SegmentMatching.Match([[0, 8], [1, 0]], old));
        // The nearest of each alone would give both to 0.
        Assert.Equal([1, 0], SegmentMatching.Match([[2, 0], [1, 0]], [[0, 0], [6, 0]]));
    }

    [Fact]
    public void Behaviour_counts_known_customers_with_a_purchase_up_to_the_moment()
    {
        TrainingEvent[] events =
        [
            new("a", EventType.Purchase, 0, "x", Quantity: 2, UnitPrice: 3), new("a", EventType.Purchase, 1, "y"), new("g", EventType.Purchase, 2, "x", IsGuest: true), new("b", EventType.Refund, 3, "x"),
            new("a", EventType.Purchase, 4 * DayMs, "x", UnitPrice: -1), new("c", EventType.Purchase, 5 * DayMs, null), new("a", EventType.Purchase, 100 * DayMs, "z"),
        ];
        var customers = BehaviourTable.At(events, 10 * DayMs);
        Assert.Equal(["a", "c"], customers.Select(c => c.User));
        Assert.Equal((6, 2, 7.0), (customers[0].RecencyDays, customers[0].Occasions, customers[0].Amount));
        Assert.Equal(1.0 / 3, customers[0].Features[4], 1e-12); // one line in three is bought again
        Assert.Equal(((3, 1, 0, 0), 10.0, 4.0), (customers[0].Lines, customers[0].DaysSinceFirst, customers[0].MedianGapDays));
        Assert.Equal(double.NaN, customers[1].MedianGapDays);
        TrainingEvent[] gaps = [.. ((int[])[0, 2, 3, 20, 40]).Select(day => new TrainingEvent("a", EventType.Purchase, day * DayMs, "x")), new("a", EventType.Refund, 41 * DayMs, "x"), new("a", EventType.Click, 41 * DayMs, "x")];
        Assert.Equal((9.5, (5, 4, 1, 1)), (BehaviourTable.At(gaps, 50 * DayMs)[0].MedianGapDays, BehaviourTable.At(gaps, 50 * DayMs)[0].Lines)); // gaps of 2, 1, 17 and 20
        Assert.Equal(double.NaN, customers[1].Features[3]); // one occasion has no gap
        Assert.All(customers[0].Features, f => Assert.True(double.IsFinite(f)));
    }

    [Fact]
    public void Assign_at_a_border_stays_and_far_away_goes()
    {
        var width = BehaviourTable.Features.Count;
        var one = new double[width];
        Array.Fill(one, 1);
        var model = new SegmentModel(new BehaviourScale([.. one.Select(_ => -100.0)], [.. one.Select(_ => 100.0)], new double[width], one), [At(0), At(10)], ["left", "right"], new RfmQuintiles(new double[4], new double[4], new double[4]));
        Assert.Equal(["left", "right", "left", "right", "right"], [model.Assign(Customer(4)), model.Assign(Customer(6)), model.Assign(Customer(5.3), "left"), model.Assign(Customer(7), "left"), model.Assign(Customer(9), "gone")]);

        double[] At(double x) => [x, .. new double[width - 1]];
        CustomerBehaviour Customer(double x) => new("c", 1, 1, 1, At(x));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(7)]
    public void Fit_finds_as_many_segments_as_there_are_and_a_refit_keeps_their_names(int groups)
    {
        var first = SegmentFitter.Fit(Population(groups, 700, 1), null, 1);
        Assert.Equal(groups, first.Centres.Length);
        Assert.Equal(groups, first.Names.Distinct().Count());
        var second = SegmentFitter.Fit(Population(groups, 800, 2), first, 9);
        Assert.Equal(first.Names.Order(), second.Names.Order());
        var people = Population(groups, 300, 3);
        Assert.Equal(people.Select(c => first.Assign(c)), people.Select(c => second.Assign(c)));
    }

    [Fact]
    public void Fit_customers_that_are_all_alike_gives_the_fewest_segments_without_a_failure()
    {
        var customers = Enumerable.Range(0, 200).Select(i => new CustomerBehaviour($"c{i}", 1, 1, 1, [0, 1, 1, double.NaN, 0, 0, 0])).ToArray();
        var model = SegmentFitter.Fit(customers, null, 1);
        Assert.Equal(SegmentFitter.Fewest, model.Centres.Length);
        Assert.Single(customers.Select(c => model.Assign(c)).Distinct());
        Assert.Throws<InvalidDataException>(() => SegmentFitter.Fit(customers[..50], null, 1));
    }

    [Fact]
    public async Task Run_writes_a_folder_twice_the_same_and_measures_stability()
    {
        var history = SyntheticShop.Generate(new SyntheticShopOptions { Items = 200, Users = 400, Days = 200, Sessions = 6_000 });
        async Task<(TrainResult Result, byte[] Model)> Run(string name)
        {
            var folder = Path.Combine(_folder, name);
            var result = await TrainSegmentsCommand.RunAsync(new TrainSegmentsOptions { History = history, OutputFolder = folder, Command = "train segments --x" }, cancellation: TestContext.Current.CancellationToken);
            return (result, await File.ReadAllBytesAsync(Path.Combine(folder, SegmentModelFile.Name), TestContext.Current.CancellationToken));
        }

        var (first, model) = await Run("a");
        Assert.Equal(model, (await Run("b")).Model);
        foreach (var file in (string[])["report.html", "report.json"])
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(_folder, "a", file), TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(Path.Combine(_folder, "b", file), TestContext.Current.CancellationToken));
        Assert.InRange(first.Metrics["segments"], SegmentFitter.Fewest, SegmentFitter.Most);
        Assert.InRange(first.Metrics["ari"], 0.1, 1);
        Assert.True(first.Metrics["ari"] >= first.Metrics["ariNearest"]);
        var manifest = ModelManifestJson.Read(await File.ReadAllBytesAsync(Path.Combine(_folder, "a", ModelManifest.FileName), TestContext.Current.CancellationToken));
        Assert.Equal((TrainSegmentsCommand.Kind, ModelHash.Of(model), "train segments --x"), (manifest.Kind, manifest.Sha256, manifest.CreatedBy));
        Assert.Equal(SegmentModelFile.Read(model).Names, SegmentModelFile.Read((await Run("a")).Model).Names); // a refit
    }

    [Fact]
    public void Read_what_is_no_such_file_is_refused()
    {
        foreach (var text in (string[])["", "{}", "[]", """{"features":["other"]}""", "{\"features\":3}"]) Assert.Throws<InvalidDataException>(() => SegmentModelFile.Read(System.Text.Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Customers around points that lie apart.</summary>
    private static CustomerBehaviour[] Population(int groups, int customers, ulong seed)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, customers).Select(i =>
        {
            var g = i % groups;
            double[] features = [.. Enumerable.Range(0, BehaviourTable.Features.Count).Select(f => (f == g ? 8.0 : 0) + (0.4 * random.Normal()))];
            return new CustomerBehaviour($"c{i}", 1 + random.Uniform(), 1 + g, 1 + g, features);
        })];
    }
}
