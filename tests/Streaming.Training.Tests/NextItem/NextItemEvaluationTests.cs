using Streaming.Core.Items;
using Streaming.Training.NextItem;
using Xunit;

namespace Streaming.Training.Tests.NextItem;

public sealed class NextItemEvaluationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("next-item").FullName;
    private static readonly string[] Train = [.. SmallShop.Sessions(400, 1)];
    private static readonly string[] Test = [.. SmallShop.Rows(SmallShop.Sessions(70, 2))];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_repeated_or_shuffled_gives_the_same_bits()
    {
        var first = Run(Train, Test);
        foreach (var again in (NextItemResult[])[Run(Train, Test), Run(Train, Test, shuffle: true)])
        {
            Assert.Equal(Figures(first), Figures(again));
            Assert.Equal(first.Chosen, again.Chosen);
            Assert.Equal(first.Baselines, again.Baselines);
        }
    }

    [Fact]
    public void Run_shop_with_habits_beats_popular_and_holds_its_intervals()
    {
        var result = Run(Train, Test);
        Assert.Equal(Test.Length, result.Positions);
        Assert.True(result.Mrr20 > 2 * result.Baselines["popular"].Mrr20);
        Assert.True(result.Baselines["popular"].Mrr20GainLow > 0);
        Assert.InRange(result.P20, result.Low, result.High);
        Assert.Equal(["popular", "sPop", "itemKnn", "engine", "plainNeighbours", "neighbours", "encoder"], result.Baselines.Keys);
        Assert.All(result.Baselines.Values, b => Assert.InRange(b.Mrr20, 0, 1));
        Assert.True(result.Baselines["engine"].P20 > 0.5);
    }

    [Fact]
    public void Answers_rows_each_alone_have_the_ranks_that_they_have_together()
    {
        var ids = new ItemDictionary();
        var log = SmallShop.Log(ids, Train);
        var rows = SessionFiles.ReadTest(SmallShop.Stream(Test), ids, new RowReader());
        var places = IdOrder.Places(ids, log.ItemCount);
        var hybrid = new HybridTrainer(log, places, SmallShop.Small, 1).Train(null, TestContext.Current.CancellationToken);
        var together = RankRun.Ranks(new HybridMethod(hybrid.Sources, hybrid.Trees), rows, hybrid.Sources.Counts.Clicks, places);
        Assert.True(rows.Count >= 200);
        for (var row = 0; row < 200; row++)
        {
            Assert.Equal([together[row]], RankRun.Ranks(new HybridMethod(hybrid.Sources, hybrid.Trees), rows.In([row]), hybrid.Sources.Counts.Clicks, places));
        }
    }

    [Fact]
    public void Answers_leave_nothing_to_collect()
    {
        var ids = new ItemDictionary();
        var log = SmallShop.Log(ids, Train);
        var places = IdOrder.Places(ids, log.ItemCount);
        var hybrid = new HybridTrainer(log, places, SmallShop.Small, 1).Train(null, TestContext.Current.CancellationToken);
        var (method, scores, prefix) = (new HybridMethod(hybrid.Sources, hybrid.Trees), new float[log.ItemCount], new[] { 0, 1, 2, 1, 1000 });
        for (var i = 0; i < 100; i++) method.Score(prefix, scores);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) method.Score(prefix, scores);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Run_a_single_row_gives_the_rank_that_it_has_among_others()
    {
        var two = Run(Train, Test[..2]);
        Assert.Equal(two.Mrr20, (Run(Train, Test[..1]).Mrr20 + Run(Train, Test[1..2]).Mrr20) / 2, 1e-12);
    }

    [Theory]
    [InlineData("\t1", 1)] // nothing is known of the guest
    [InlineData("unheard-of never-seen\t1", 1)]
    [InlineData("1 2\tunheard-of", 0)] // a target outside train
    [InlineData("1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1\t1", 1)]
    public void Run_odd_row_is_a_position(string row, int known)
    {
        var result = Run(Train, [row]);
        Assert.Equal((1, 1 - known), (result.Positions, result.OutsideTrain));
        Assert.InRange(result.P20, 0, known);
        Assert.All(result.Baselines.Values, b => Assert.InRange(b.P20, 0, known));
    }

    [Theory]
    [InlineData("7")]
    [InlineData("7 7 7")]
    [InlineData("7 8")]
    public void Run_tiny_train_file_is_answered(string sessions)
    {
        var result = Run([sessions], ["7\t7", "\t7", "9\t7"]);
        Assert.Equal((3, 1.0), (result.Positions, result.P20));
    }

    [Fact]
    public void Run_bad_rows_are_named_and_left_out()
    {
        var said = new List<string>();
        var result = Run([.. Train, "", "  "], [.. Test, "1 2 3", "1\t2\t3", "1\t2 3", "1\t"], said: said);
        Assert.Equal((2, 4, Test.Length), (result.BadTrainRows, result.BadTestRows, result.Positions));
        Assert.Contains(said, line => line.StartsWith($"test file, line {Test.Length + 1}: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_without_anything_to_use_says_so()
    {
        Assert.Throws<InvalidDataException>(() => Run([""], Test));
        Assert.Throws<InvalidDataException>(() => Run(Train, [""]));
        Assert.Contains("SessionId", Assert.Throws<InvalidDataException>(() => Run(Train, Test, NextItemFormat.Clicks)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_clicks_of_unordered_rows_are_sessions_in_time()
    {
        string[] train = ["Time\tItemId\tSessionId", .. Train.SelectMany((s, i) => s.Split(' ').Select((item, at) => $"{(i * 100) + at}.5\t{item}\t{i}")).Reverse()];
        string[] test = ["SessionId\tItemId\tTime", "b\t2\t20", "a\t1\t10", "a\t2\t11", "b\t3\t21", "b\t4\t22", "c\t5\t1", "d\t5\tnoon"];
        var result = Run(train, test, NextItemFormat.Clicks);
        Assert.Equal((3, 2, 1L), (result.Positions, result.Sessions, result.BadTestRows));
    }

    [Fact]
    public void Validate_names_every_bad_option() =>
        Assert.Equal(["Train", "Test", "Draws"], new NextItemOptions { Train = "", Test = "", Draws = 1 }.Validate().Select(e => e.Split(' ')[0]));

    private static (double P20, double Mrr20, double Low, double High, double P20New, double Mrr20Repeat) Figures(NextItemResult r) => (r.P20, r.Mrr20, r.Low, r.High, r.P20New, r.Mrr20Repeat);

    private NextItemResult Run(string[] train, string[] test, NextItemFormat format = NextItemFormat.Sessions, bool shuffle = false, List<string>? said = null)
    {
        var (trainPath, testPath) = (Path.Combine(_folder, "train"), Path.Combine(_folder, "test"));
        File.WriteAllText(trainPath, string.Join('\n', train) + "\n");
        File.WriteAllText(testPath, string.Join('\n', test) + "\n");
        var options = new NextItemOptions { Train = trainPath, Test = testPath, Format = format, Shuffle = shuffle, Draws = 100, Hybrid = SmallShop.Small };
        return NextItemEvaluation.Run(options, line => said?.Add(line), cancellation: TestContext.Current.CancellationToken);
    }
}
