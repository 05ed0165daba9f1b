using System.Text;
using Xunit;

namespace Streaming.Core.Tests.Decode;

/// <summary>What records of schema version 1 mean, for ever: a changed line is a broken contract, a new one an extension.</summary>
public sealed class GoldenDecodeTests
{
    [Fact]
    public void Golden_records_decode_as_recorded()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Decode", "Golden");
        var records = File.ReadAllLines(Path.Combine(folder, "events-v1.jsonl"));
        var expected = File.ReadAllLines(Path.Combine(folder, "events-v1.expected.txt"));
        var actual = records.Select(Line).ToArray();
        // Beside the expected file in the output, to compare, and to take over when the contract was extended.
        File.WriteAllLines(Path.Combine(folder, "events-v1.actual.txt"), actual);
        Assert.Equal(expected, actual);
    }

    /// <summary>A line is key, tab, value.</summary>
    private static string Line(string record)
    {
        var tab = record.IndexOf('\t', StringComparison.Ordinal);
        var (e, batch) = DecodeFixture.One(record[(tab + 1)..], record[..tab]);
        return DecodeFixture.Describe(batch, e).Replace("\n", "\\n");
    }
}
