using System.Globalization;
using System.IO.Compression;
using System.Text;
using Streaming.Training.Evaluate;
using Xunit;

namespace Streaming.Training.Tests.Evaluate;

public sealed class NextBasketEvaluationTests : IDisposable
{
    private const string Header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";
    private readonly string _folder = Directory.CreateTempSubdirectory("next-basket").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_scores_baskets_after_90_days_of_customers_with_an_earlier_one()
    {
        var result = Run(
            Row("1", "A", 0, "c1"), Row("1", "B", 0, "c1"),
            Row("2", "A", 89, "c1"), // too early
            Row("3", "A", 90, "c1"), Row("3", "B", 90, "c1"), // scored
            Row("4", "A", 91, "c2"), // no earlier basket
            Row("C5", "A", 92, "c1"), // a cancellation
            Row("6", "A", 93, "c1", quantity: -1), Row("7", "A", 94, "c1", price: "0"), Row("8", "A", 95, ""), // no baskets
            Row("9", "A", 96, "c2"), Row("9", "Z", 96, "c2"), Row("9", "Z", 96, "c2")); // scored; A again, Z new
        Assert.Equal((2, 1), (result.Baskets, result.BasketsNew));
        Assert.Equal(0.75, result.Baselines["repeats"].Recall20); // (2/2 + 1/2) / 2: an item twice counts once
        Assert.Equal(0.75, result.Recall20);
        Assert.Equal(0, result.Recall20New); // Z was never seen
        Assert.Null(result.Error);
    }

    [Fact]
    public void Run_baskets_of_equal_time_are_scored_before_any_is_learned()
    {
        var result = Run(
            Row("1", "A", 0, "c1"), Row("2", "A", 1, "c2"),
            Row("3", "X", 100, "c1"), Row("4", "X", 100, "c2"));
        Assert.Equal(2, result.Baskets);
        Assert.All(result.Baselines.Values, b => Assert.Equal((0, 0), (b.Recall20, b.Recall20New)));
        Assert.Equal((0, 0), (result.Recall20, result.Recall20New));
    }

    [Fact]
    public void Run_rows_of_invoices_interleaved_give_the_same_baskets()
    {
        var rows = Shop();
        var sorted = Run([.. rows]);
        var interleaved = Run([.. rows.Select((row, i) => (row, i)).OrderBy(r => r.i % 3).ThenBy(r => r.i).Select(r => r.row)]);
        Assert.Equal((sorted.Baskets, sorted.BasketsNew), (interleaved.Baskets, interleaved.BasketsNew));
        foreach (var (name, baseline) in sorted.Baselines) Assert.Equal(baseline.Recall20, interleaved.Baselines[name].Recall20, 1e-9);
    }

    [Fact]
    public void Run_gzip_and_repeated_gives_the_same_result()
    {
        var rows = Shop();
        var plain = Run([.. rows]);
        var path = Path.Combine(_folder, "rows.csv.gz");
        using (var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(string.Join("\r\n", rows.Prepend(Header))));
        var zipped = NextBasketEvaluation.Run(new NextBasketOptions { Transactions = path }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((plain.Recall20, plain.Recall20Low, plain.Recall20NewHigh), (zipped.Recall20, zipped.Recall20Low, zipped.Recall20NewHigh));
    }

    [Fact]
    public void Run_shop_with_rhythm_beats_popular()
    {
        var result = Run([.. Shop()]);
        Assert.True(result.Baselines["popular"].GainLow > 0);
        Assert.InRange(result.Recall20, result.Recall20Low, result.Recall20High);
    }

    [Fact]
    public void Run_bad_rows_are_counted_and_quotes_are_read()
    {
        var result = Run(
            Row("1", "\"A,\"\"1\"\"\"", 0, "c1"), Row("2", "\"A,\"\"1\"\"\"", 100, "c1"),
            "3,A,text,not a number,2011-01-01 00:00:00,1,c1,UK", "4,A,text,1,yesterday,1,c1,UK", "5,A", "6,A,text,1,2011-01-01 00:00:00,NaN,c1,UK");
        Assert.Equal((1, 1.0, 4L), (result.Baskets, result.Recall20, result.BadRows));
    }

    [Fact]
    public void Run_without_anything_to_score_says_so()
    {
        Assert.Throws<InvalidDataException>(() => Run(Row("1", "A", 0, "c1")));
        Assert.Throws<InvalidDataException>(() => Run());
        var path = Path.Combine(_folder, "other.csv");
        File.WriteAllText(path, "a,b\n1,2\n");
        Assert.Contains("InvoiceNo", Assert.Throws<InvalidDataException>(() => NextBasketEvaluation.Run(new NextBasketOptions { Transactions = path }, cancellation: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_names_every_bad_option()
    {
        var options = new NextBasketOptions { Transactions = "", Draws = 1, Index = new() { MaxItems = 0 }, Recall = new() { PerSource = 0 } };
        Assert.Equal(["Transactions", "Draws", "Index.MaxItems", "Recall.PerSource"], options.Validate().Select(e => e.Split(' ')[0]));
    }

    private NextBasketResult Run(params string[] rows)
    {
        var path = Path.Combine(_folder, "rows.csv");
        File.WriteAllLines(path, rows.Prepend(Header));
        return NextBasketEvaluation.Run(new NextBasketOptions { Transactions = path });
    }

    private static string Row(string invoice, string item, int day, string customer, int quantity = 1, string price = "1.5") => string.Create(CultureInfo.InvariantCulture,
        $"{invoice},{item},text,{quantity},{new DateTime(2011, 1, 1).AddDays(day):yyyy-MM-dd HH:mm:ss},{price},{customer},UK");

    /// <summary>30 customers who each buy their own four of 60 items every ten days, and one more.</summary>
    private static List<string> Shop()
    {
        var rows = new List<string>();
        for (var visit = 0; visit < 20; visit++)
        {
            for (var c = 0; c < 30; c++)
            {
                for (var i = 0; i < 5; i++)
                {
                    var item = i < 4 ? ((c * 7) + (i * 13)) % 60 : ((visit * 11) + (c * 3)) % 60;
                    rows.Add(Row($"{visit}-{c}", $"item{item}", (visit * 10) + (c % 5), $"c{c}"));
                }
            }
        }

        return rows;
    }
}
