using System.Globalization;
using System.Text;
using System.Text.Json;
using Streaming.Host.Cli;
using Xunit;

namespace Streaming.Host.Tests.Cli;

public sealed class TrainSegmentsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("train-segments").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Report_is_written_with_the_rules_in_the_language_asked_for()
    {
        var rules = Write("rules.json", Rules("orders >= 3 and daysSinceLast < 2 * medianGapDays"));
        var output = Path.Combine(_folder, "model");
        var (code, line, error) = await CommandLineTests.RunAsync("train", "segments", "--format", "online-retail", "--input", History(), "--out", output, "--rules", rules, "--language", "zh", "--json");
        Assert.True(code == ExitCode.Done, error);
        using var result = JsonDocument.Parse(line.TrimEnd().Split('\n')[^1]);
        Assert.Equal(150, result.RootElement.GetProperty("metrics").GetProperty("customers").GetInt32());
        using var report = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(output, "report.json"), TestContext.Current.CancellationToken));
        Assert.Equal(result.RootElement.GetProperty("version").GetString(), report.RootElement.GetProperty("version").GetString());
        var rule = report.RootElement.GetProperty("rules")[0];
        Assert.Equal(("regulars", 100), (rule.GetProperty("name").GetString(), rule.GetProperty("customers").GetInt32()));
        Assert.Contains("客户分群报告", await File.ReadAllTextAsync(Path.Combine(output, "report.html"), TestContext.Current.CancellationToken));
        Assert.Contains("--rules rules.json --language zh", await File.ReadAllTextAsync(Path.Combine(output, "manifest.json"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("orders >= 3 and", "rule \"regulars\", when, column 16: expected a field, a number, a text or (, found the end of the rule")]
    [InlineData("orders > 9", "rule \"regulars\", example 1: expected true, but the rule is false")]
    public async Task Rules_that_do_not_hold_exit_2_and_name_the_place_before_anything_is_read(string when, string said)
    {
        var output = Path.Combine(_folder, "model");
        var (code, _, error) = await CommandLineTests.RunAsync("train", "segments", "--format", "online-retail", "--input", Path.Combine(_folder, "not-there.csv"), "--out", output, "--rules", Write("rules.json", Rules(when)));
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("--rules ", error);
        Assert.Contains(said, error);
        Assert.False(Directory.Exists(output));
    }

    [Theory]
    [InlineData("--rules", "/nowhere/rules.json")]
    [InlineData("--rules", "")]
    [InlineData("--language", "fr")]
    public async Task Wrong_options_exit_2_and_are_named(string option, string value)
    {
        var (code, _, error) = await CommandLineTests.RunAsync("train", "segments", "--format", "online-retail", "--input", History(), "--out", Path.Combine(_folder, "model"), option, value);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(value, error);
    }

    [Fact]
    public async Task Blank_folder_exits_2_before_anything_is_read()
    {
        var (code, _, error) = await CommandLineTests.RunAsync("train", "segments", "--format", "online-retail", "--input", "/nowhere", "--out", " ");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("--out must name a folder", error);
    }

    private static string Rules(string when) => JsonSerializer.Serialize(new
    {
        rules = (object[])[new { name = "regulars", when, examples = (object[])[new { given = new { orders = 5, daysSinceLast = 3, medianGapDays = 20 }, expected = true }, new { given = new { orders = 1 }, expected = false }] }],
    });

    // A hundred who buy every ten days, fifty who bought once.
    private string History()
    {
        var text = new StringBuilder("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n");
        for (var day = 0; day < 100; day++)
        {
            for (var c = 0; c < 150; c++)
            {
                if (c < 100 ? day % 10 == c % 10 : day == c - 60) text.Append(CultureInfo.InvariantCulture, $"{(day * 1_000) + c},S{c % 7},Item {c % 7},{1 + (c % 3)},{new DateTime(2020, 1, 1).AddDays(day):yyyy-MM-dd} 10:{c % 60:00}:00,2.5,{10_000 + c},France\n");
            }
        }

        return Write("history.csv", text.ToString());
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
