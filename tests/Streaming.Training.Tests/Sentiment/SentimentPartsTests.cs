using Streaming.Training.Sentiment;

namespace Streaming.Training.Tests.Sentiment;

public sealed class SentimentPartsTests
{
    [Theory]
    [InlineData("ＧＯＯＤ！　Ｂｏｏｋ１２", "good! book12")]
    [InlineData("  two\r\n\tlines\u00a0here ", "two lines here")]
    [InlineData("Cafe\u0301 \ufb01t\u2026 it\u2019s", "caf\u00e9 fit... it's")]
    [InlineData("Ⅳ ⅻ ① x²", "iv xii 1 x2")]
    [InlineData("zero\u200bwidth", "zerowidth")]
    [InlineData("", "")]
    public void Normalise_gives_a_text_its_one_form(string text, string form) => Assert.Equal(form, new ReviewText().Normalise(text));

    [Fact]
    public void Normalise_half_a_surrogate_pair_is_a_replacement_character() => Assert.Equal("half \ufffd", new ReviewText().Normalise("half \ud800")); // an attribute cannot hold one

    [Fact]
    public void Normalise_long_text_is_cut()
    {
        Assert.Equal(ReviewText.MaxLength, new ReviewText().Normalise(new string('x', ReviewText.MaxLength + 7)).Length);
        var tail = new string('好', ReviewText.MaxLength);
        Assert.Equal(Read(ReviewFormat.ReviewsZh, "", tail).Counts, Read(ReviewFormat.ReviewsZh, "", tail + "坏").Counts);
    }

    [Fact]
    public void Read_latin_script_gives_words_pairs_and_parts()
    {
        var (buckets, counts) = Read(ReviewFormat.Reviews, "", "ab, ab cd");
        int Times(int group) => buckets.Zip(counts).Where(b => NGrams.GroupOf(b.First) == group).Sum(b => b.Second);
        Assert.Equal(3 + 2, Times(0)); // ab ab cd; ab-ab ab-cd
        Assert.Equal(10 + 6 + 6, Times(1)); // " ab, ": 4 pairs, 3 triples, 2 of four, 1 of five; " ab " and " cd ": 3, 2, 1
        Assert.Equal(0, Times(2));
        Assert.Equal(buckets.Order().Distinct(), buckets);
        Assert.Contains(2, counts);
        (buckets, counts) = Read(ReviewFormat.Reviews, "ab cd", "ab");
        Assert.Equal((2 + 1 + 1, 2 + 1), (Times(0), Times(2)));
    }

    [Fact]
    public void Read_chinese_gives_one_two_and_three_characters()
    {
        var (buckets, _) = Read(ReviewFormat.ReviewsZh, "", "真好看");
        Assert.Equal((5, 1), (buckets.Count(b => NGrams.GroupOf(b) == 0), buckets.Count(b => NGrams.GroupOf(b) == 1)));
    }

    [Fact]
    public void Vector_is_of_length_one_in_each_scope_and_knows_what_it_saw()
    {
        var table = Table("good dress", "good book", "bad dress", "bad book");
        var scale = NGramScale.Fit(table, ReviewFormat.Reviews, [0, 1, 2, 3], [true, true, false, false]);
        var (_, values) = scale.Vector(table.Buckets(0), table.Counts(0));
        Assert.Equal(2, values.Sum(v => v * v), 5); // words, and characters
        // good is in 2 of 4 reviews, both positive: idf ln(5/3) + 1, ratio ln((2 + 1)/4) − ln(1/4); dress: the same idf, ratio 0.
        var known = table.Buckets(0).ToArray().Where(b => NGrams.GroupOf(b) == 0 && scale[b] > 0).Select(b => (double)scale[b]).Order().ToArray();
        var idf = Math.Log(5.0 / 3) + 1;
        Assert.Equal(2, known.Length); // the pair is in one review alone
        Assert.Equal(idf * 0.5, known[0], 5);
        Assert.Equal(idf * (0.5 + Math.Log(3)), known[1], 5);
    }

    [Fact]
    public void Naive_bayes_is_as_by_hand()
    {
        var table = Table("good", "good good", "bad", "unheard");
        var bayes = NaiveBayes.Fit(table, [0, 1, 2], [true, true, false, false]);
        // Three good in positive ones, one bad in negative ones, two n-grams and the pair good-good: prior ln 2, good (3 + 1)/(4 + 3) against (0 + 1)/(1 + 3).
        Assert.Equal(Math.Log(2) + Math.Log(4.0 / 7) - Math.Log(1.0 / 4), bayes.Logit(table.Buckets(0), table.Counts(0)), 5);
        Assert.Equal(Math.Log(2), bayes.Logit(table.Buckets(3), table.Counts(3)), 10);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(10)]
    public void Solver_ends_where_the_gradient_is_nothing(double cost)
    {
        var random = new SeededRandom(5);
        var (rows, labels) = (new SparseRows(), new bool[200]);
        for (var r = 0; r < labels.Length; r++)
        {
            labels[r] = random.Uniform() < 0.7;
            rows.Add([0, 1 + (r % 3)], [(float)(random.Normal() + (labels[r] ? 1 : 0)), 0.5f]);
        }

        var solver = new LogisticSolver(rows, labels, 4, seed: 1);
        solver.Minimise(cost);
        var gradient = (double[])solver.Weights.Clone(); // of |w|²/2
        for (var r = 0; r < labels.Length; r++)
        {
            var z = solver.Weights[^1];
            for (var i = 0; i < 2; i++) z += solver.Weights[rows.Columns(r)[i]] * rows.Values(r)[i];
            var d = cost * ((1 / (1 + Math.Exp(-z))) - (labels[r] ? 1 : 0));
            for (var i = 0; i < 2; i++) gradient[rows.Columns(r)[i]] += d * rows.Values(r)[i];
            gradient[^1] += d;
        }

        Assert.All(gradient, g => Assert.InRange(g / (cost * labels.Length), -0.01, 0.01));
        Assert.True(solver.Weights[0] > 0.2);
    }

    [Fact]
    public void Figures_are_as_by_hand()
    {
        bool[] labels = [true, false, true, false, false];
        double[] probabilities = [0.9, 0.8, 0.4, 0.3, 0.6];
        var figures = new SentimentBootstrap(labels, 100, 1).Measure([probabilities], null, TestContext.Current.CancellationToken)[0];
        Assert.Equal(101, figures.Length);
        Assert.Equal(4.0 / 6, figures[0].Auroc, 12); // .9 above all three, .4 above one
        Assert.Equal(2.0 / 5, figures[0].Accuracy, 12);
        Assert.Equal(-(Math.Log(0.9) + Math.Log(0.2) + Math.Log(0.4) + Math.Log(0.7) + Math.Log(0.4)) / 5, figures[0].LogLoss, 12);
        Assert.True(figures.Skip(1).Select(f => f.Accuracy).Distinct().Count() > 3);
    }

    [Fact]
    public void Deal_keeps_equal_texts_together_and_spreads_both_answers()
    {
        var reviews = Enumerable.Range(0, 100).Select(i => new Review("", $"text {i / 2}", i / 2 % 5 == 0)).ToArray();
        var set = ReviewSet.Of(reviews);
        var folds = ReviewFolds.Deal(set, 5, seed: 3);
        Assert.All(Enumerable.Range(0, 100).GroupBy(r => set.Keys[r]), g => Assert.Single(g.Select(r => folds[r]).Distinct()));
        for (var fold = 0; fold < 5; fold++) Assert.Equal((20, 4), (folds.Count(f => f == fold), Enumerable.Range(0, 100).Count(r => folds[r] == fold && set.Reviews[r].Positive)));
    }

    [Fact]
    public void Table_stops_where_its_room_is_full()
    {
        var reviews = Enumerable.Range(0, 50).Select(i => new Review("", $"some words of review {i}", true)).ToArray();
        Assert.InRange(NGramTable.Of(reviews, ReviewFormat.Reviews, null, TestContext.Current.CancellationToken, room: 300).Count, 2, 20);
    }

    [Fact]
    public void Model_file_round_trip_scores_the_same_and_damage_is_refused()
    {
        var path = Path.GetTempFileName();
        File.WriteAllLines(path, SimulatedReviews.Lines(150, seed: 3));
        var set = ReviewSet.Read(ReviewFormat.Reviews, path);
        File.Delete(path);
        var model = new SentimentFitter(set, ReviewFormat.Reviews, 1, null, TestContext.Current.CancellationToken).Fit(3, null, TestContext.Current.CancellationToken);
        var bytes = SentimentModelFile.Write(model);
        var again = SentimentModelFile.Read(bytes);
        Assert.Equal(bytes, SentimentModelFile.Write(again));
        var (one, two) = (new SentimentScorer(model), new SentimentScorer(again));
        foreach (var text in (string[])["love this dress", "cheap and itchy", "", "qqq"]) Assert.Equal(one.Probability(text), two.Probability(text));
        Assert.True(one.Probability("love, perfect and soft") > 0.8 && one.Probability("cheap, itchy: return") < 0.4);
        Assert.Equal((model.Prior, model.Prior), (one.Probability(""), one.Probability("。！")));
        for (var at = 0; at < bytes.Length; at += bytes.Length / 50) Assert.Throws<InvalidDataException>(() => SentimentModelFile.Read([.. bytes.Select((b, i) => i == at ? (byte)(b ^ 1) : b)]));
        Assert.Throws<InvalidDataException>(() => SentimentModelFile.Read(bytes[..^1]));
        Assert.Throws<InvalidDataException>(() => SentimentModelFile.Read([]));
    }

    private static NGramTable Table(params string[] texts) => NGramTable.Of([.. texts.Select(t => new Review("", t, true))], ReviewFormat.Reviews, null, TestContext.Current.CancellationToken);

    private static (List<int> Buckets, List<int> Counts) Read(ReviewFormat format, string title, string text)
    {
        var (buckets, counts) = (new List<int>(), new List<int>());
        new NGrams(format).Read(title, text, buckets, counts);
        return (buckets, counts);
    }
}
