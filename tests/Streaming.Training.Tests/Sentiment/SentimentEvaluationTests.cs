using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Streaming.Training.Sentiment;

namespace Streaming.Training.Tests.Sentiment;

public sealed class SentimentEvaluationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sentiment").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_words_that_tell_are_learned_and_probabilities_hold()
    {
        var result = Run(SimulatedReviews.Lines(400, seed: 1), SimulatedReviews.Lines(300, seed: 2));
        Assert.Equal((300, 400, 0L), (result.Texts, result.FitTexts, result.BadRows));
        Assert.InRange(result.Auroc, 0.85, 1);
        Assert.InRange(result.Auroc, result.AurocLow, result.AurocHigh);
        Assert.InRange(result.Accuracy, result.AccuracyLow, result.AccuracyHigh);
        Assert.InRange(result.LogLoss, result.LogLossLow, result.LogLossHigh);
        Assert.True(result.Ece < 0.15 && result.LogLoss < 0.5);
        Assert.True(result.MsPerText > 0 && result.MsPerTextLow <= result.MsPerTextHigh);
        Assert.Equal(["majority", "naiveBayes", "logistic"], result.Baselines.Keys);
        var majority = result.Baselines["majority"];
        Assert.Equal((0.5, result.BaseRate, result.Auroc - 0.5), (majority.Auroc, majority.Accuracy, majority.AurocGain));
        Assert.InRange(majority.AurocGain, majority.AurocGainLow, majority.AurocGainHigh);
        Assert.All(result.Baselines.Values.Skip(1), b => Assert.InRange(b.Auroc, 0.8, 1));
    }

    [Fact]
    public void Run_again_gives_the_same_bits_and_another_order_of_rows_too()
    {
        var (fit, test) = (SimulatedReviews.Lines(200, seed: 3), SimulatedReviews.Lines(120, seed: 4));
        var first = Comparable(Run(fit, test));
        Assert.Equal(first, Comparable(Run(fit, test)));
        Assert.Equal(first, Comparable(Run(fit, Shuffled(test))));
        Assert.Equal(first, Comparable(Run(Shuffled(fit), test)));
        Assert.NotEqual(first, Comparable(Run(fit, SimulatedReviews.Lines(120, seed: 5))));
    }

    [Fact]
    public void Run_other_test_rows_leave_the_model_s_bytes_as_they_are()
    {
        var fit = SimulatedReviews.Lines(200, seed: 3);
        var (a, b, c) = (Path.Combine(_folder, "a"), Path.Combine(_folder, "b"), Path.Combine(_folder, "c"));
        var one = Run(fit, SimulatedReviews.Lines(100, seed: 4), o => o with { Out = a });
        var other = Run(fit, ["Review Text,Recommended IND", "love love love,0", "what,1"], o => o with { Out = b });
        Assert.Equal(File.ReadAllBytes(a), File.ReadAllBytes(b));
        Assert.Equal(one.ModelHash, other.ModelHash);
        // Nothing of the test file is read before the model stands: where it is no file of reviews, the model was written all the same.
        Assert.Throws<InvalidDataException>(() => Run(fit, ["no,reviews", "at,all"], o => o with { Out = c }));
        Assert.Equal(File.ReadAllBytes(a), File.ReadAllBytes(c));
    }

    [Fact]
    public void Run_stars_are_never_a_feature()
    {
        var test = SimulatedReviews.Lines(100, seed: 4);
        var told = Run(SimulatedReviews.Lines(200, seed: 3, (_, positive) => positive ? 5 : 1), test);
        var untold = Run(SimulatedReviews.Lines(200, seed: 3, (row, _) => row % 5), SimulatedReviews.Lines(100, seed: 4, (_, positive) => positive ? 1 : 5));
        Assert.Equal(Comparable(told), Comparable(untold));
    }

    [Fact]
    public void Run_folds_score_each_review_once_by_models_of_others()
    {
        var lines = SimulatedReviews.Lines(250, seed: 6);
        var result = Run(lines, null, o => o with { Folds = 4 });
        Assert.Equal((250, 4, 4), (result.Texts, result.Costs.Count, result.NGramsKnown.Count));
        Assert.Null(result.ModelHash);
        Assert.InRange(result.Auroc, 0.8, 1);
        Assert.Equal(Comparable(result), Comparable(Run(Shuffled(lines), null, o => o with { Folds = 4 })));
        // A text that is there many times is in one fold: it is never learned and scored.
        Assert.Equal(0, Run([.. lines, .. lines.Skip(1)], null).TextsAlsoLearned);
    }

    [Fact]
    public void Run_labels_without_meaning_are_not_ranked()
    {
        var random = new SeededRandom(9);
        List<string> Meaningless(int seed) => [.. SimulatedReviews.Lines(300, seed).Select((l, i) => i == 0 ? l : l[..^1] + (random.Uniform() < 0.5 ? "1" : "0"))];
        var result = Run(Meaningless(7), Meaningless(8));
        Assert.InRange(result.Auroc, 0.35, 0.65);
        Assert.InRange(result.LogLoss, 0.6, 0.8); // calibrated: near ln 2, not sure of what it does not know
    }

    [Theory]
    [InlineData("1")]
    [InlineData("0")]
    public void Run_one_answer_alone_in_the_fit_file_is_said(string answer)
    {
        List<string> lines = [.. SimulatedReviews.Lines(60, seed: 3).Select((l, i) => i == 0 ? l : l[..^1] + answer)];
        Assert.Contains($"have the answer {answer}", Assert.Throws<InvalidDataException>(() => Run(lines, SimulatedReviews.Lines(20, seed: 4))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_few_reviews_of_an_answer_and_empty_files_are_said()
    {
        Assert.Contains("are needed", Assert.Throws<InvalidDataException>(() => Run(["Review Text,Recommended IND", "good,1", "bad,0"], ["Review Text,Recommended IND", "good,1"])).Message, StringComparison.Ordinal);
        Assert.Contains("empty", Assert.Throws<InvalidDataException>(() => Run([], null)).Message, StringComparison.Ordinal);
        Assert.Contains("no column Recommended IND", Assert.Throws<InvalidDataException>(() => Run(["Review Text,stars", "good,1"], null)).Message, StringComparison.Ordinal);
        Assert.Contains("no review", Assert.Throws<InvalidDataException>(() => Run(["Review Text,Recommended IND", "good,maybe"], null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_bad_rows_are_counted_and_named_and_empty_texts_get_the_prior()
    {
        var fit = SimulatedReviews.Lines(150, seed: 3);
        var result = Run([.. fit, "9,t,a text,5,yes", "9,t,a text"], ["Recommended IND,Review Text", "1,", "0, \u3000", "2,x", "1,love it"]);
        Assert.Equal((3L, 3, 2), (result.BadRows, result.Texts, result.EmptyTexts));
        var last = string.Join('\n', fit).Split('\n').Length;
        Assert.Equal([$"fit line {last + 1}: Recommended IND 'yes' is neither 0 nor 1", $"fit line {last + 2}: 3 fields instead of 5", "test line 4: Recommended IND '2' is neither 0 nor 1"], result.BadRowsNamed);
    }

    [Fact]
    public void Run_chinese_lines_zipped_with_and_without_a_header()
    {
        var random = new SeededRandom(11);
        List<string> Lines(int rows) => [.. Enumerable.Range(0, rows).Select(_ => random.Uniform() < 0.5).ToArray().Select(p => $"{(p ? 1 : 0)}\t这本书{(random.Uniform() < 0.85 == p ? "很好看" : "太难看")}，送货{(random.Uniform() < 0.5 ? "快" : "慢")}{random.Below(50)}")];
        var (fit, test) = (Lines(300), Lines(100));
        var path = Path.Combine(_folder, "fit.tsv.gz");
        using (var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(string.Join("\r\n", fit.Prepend("positive\ttext").Append("1\ta\tb").Append("x\ty"))));
        var result = SentimentEvaluation.Run(new SentimentOptions { Fit = path, Test = Write("test.tsv", test), Format = ReviewFormat.ReviewsZh, Draws = 100 }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((300, 100, 2L), (result.FitTexts, result.Texts, result.BadRows));
        Assert.Equal(["fit line 302: 3 fields instead of 2", "fit line 303: 'x' is neither 0 nor 1"], result.BadRowsNamed);
        Assert.InRange(result.Auroc, 0.7, 1);
    }

    [Fact]
    public void Validate_names_every_bad_option() => Assert.Equal(["Fit", "Test", "Folds", "Draws"],
        new SentimentOptions { Fit = "", Test = "/nowhere/at-all.csv", Format = ReviewFormat.Reviews, Folds = 2, Draws = 1 }.Validate().Select(e => e.Split(' ')[0]));

    private SentimentResult Run(List<string> fit, List<string>? test, Func<SentimentOptions, SentimentOptions>? change = null)
    {
        var options = new SentimentOptions { Fit = Write("fit.csv", fit), Test = test is null ? null : Write("test.csv", test), Format = ReviewFormat.Reviews, Draws = 100 };
        return SentimentEvaluation.Run(change?.Invoke(options) ?? options, cancellation: TestContext.Current.CancellationToken);
    }

    private string Write(string name, List<string> lines)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllLines(path, lines);
        return path;
    }

    private static List<string> Shuffled(List<string> lines)
    {
        var rows = lines.Skip(1).ToArray();
        new SeededRandom(77).Shuffle(rows.AsSpan());
        return [lines[0], .. rows];
    }

    /// <summary>All of a result but the clock's.</summary>
    private static string Comparable(SentimentResult result) => JsonSerializer.Serialize(result with { MsPerText = 0, MsPerTextLow = 0, MsPerTextHigh = 0, FitSeconds = 0 });
}
