using Streaming.Faults.Engine;

namespace Streaming.Integration.Tests.Faults;

/// <summary>What was fed against what is there.</summary>
public sealed class AuditVerdictTests
{
    private static AuditVerdict Verdict(long events, long own) => AuditVerdict.None with { Consistent = true, Events = events, OwnErases = own };

    [Fact]
    public void Engine_s_own_records_are_no_fed_ones() => Assert.Null(Verdict(130, 30).Compare(100));

    [Theory]
    [InlineData(129)] // lost, though there are more than were fed
    [InlineData(131)]
    public void One_record_too_few_or_too_many_is_told(long events) => Assert.Equal($"audit saw {events} events, 30 of them the engine's own; 100 were fed", Verdict(events, 30).Compare(100));
}
