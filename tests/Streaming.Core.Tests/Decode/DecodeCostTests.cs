using System.Diagnostics;
using Streaming.Contracts;
using Xunit;

namespace Streaming.Core.Tests.Decode;

public sealed class DecodeCostTests(ITestOutputHelper output)
{
    private const int Events = 20_000;

    [Fact]
    public void Common_records_allocate_nothing_in_steady_state()
    {
        var fixture = Filled(DecodeFixture.Common);
        var (ns, allocated) = Measure(fixture);
        output.WriteLine($"{ns:F0} ns and {allocated:F4} B an event, fast way");
        Assert.Equal(Events, fixture.Decoder.FastRecords);
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Strict_way_allocates_nothing_for_ascii_records()
    {
        var fixture = Filled(DecodeFixture.View("\"x\":{\"y\":1},\"surface\":\"ho\\u006de\",\"unitPrice\":1.5,\"currency\":\"EUR\""));
        var (ns, allocated) = Measure(fixture);
        output.WriteLine($"{ns:F0} ns and {allocated:F4} B an event, strict way");
        Assert.Equal(0, fixture.Decoder.FastRecords);
        Assert.Equal(0, allocated);
    }

    private static (double BestNs, double AllocatedBytes) Measure(DecodeFixture fixture)
    {
        const int Rounds = 20;
        for (var i = 0; i < 30; i++) fixture.Decode();
        var best = double.MaxValue;
        var allocated = Allocations.LeastOf(Rounds, () =>
        {
            var started = Stopwatch.GetTimestamp();
            fixture.Decode();
            best = Math.Min(best, (Stopwatch.GetTimestamp() - started) * 1e9 / Stopwatch.Frequency / Events);
        });
        return (best, (double)allocated / Events);
    }

    private static DecodeFixture Filled(string value)
    {
        var fixture = new DecodeFixture();
        for (var i = 0; i < Events; i++) fixture.Add(value);
        Assert.Equal(DeadLetterReason.None, fixture.Decode()[0].Reason);
        return fixture;
    }
}
