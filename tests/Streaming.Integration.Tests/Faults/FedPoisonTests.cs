using Streaming.Contracts;
using Streaming.Faults.Workload;

namespace Streaming.Integration.Tests.Faults;

/// <summary>Whether dead letters are held against what was fed, record by record.</summary>
public sealed class FedPoisonTests
{
    private readonly FedPoison _fed = new();

    public FedPoisonTests()
    {
        _fed.Add("not json"u8, DeadLetterReason.InvalidJson);
        _fed.Add("not json"u8, DeadLetterReason.InvalidJson);
        _fed.Add("{}"u8, DeadLetterReason.MissingField);
    }

    [Fact]
    public void Each_once_under_its_reason_is_as_it_should_be()
    {
        var (findings, byReason) = _fed.Compare([Letter("not json"u8, "invalid_json"), Letter("{}"u8, "missing_field"), Letter("not json"u8, "invalid_json")]);
        Assert.Empty(findings);
        Assert.Equal(2, byReason["invalid_json"]);
        Assert.Equal(1, byReason["missing_field"]);
    }

    // The numbers are right, and the records are not.
    [Fact]
    public void A_good_event_among_them_is_found_though_the_number_is_right()
    {
        var (findings, _) = _fed.Compare([Letter("not json"u8, "invalid_json"), Letter("{}"u8, "missing_field"), Letter("good"u8, "invalid_json")]);
        Assert.Contains(findings, f => f.Contains("is of no record that was fed as one", StringComparison.Ordinal));
        Assert.Contains(findings, f => f.StartsWith("1 records with invalid_json were fed", StringComparison.Ordinal));
    }

    [Fact]
    public void One_too_many_one_missing_and_another_reason_are_found()
    {
        Assert.Single(_fed.Compare([Letter("not json"u8, "invalid_json"), Letter("not json"u8, "invalid_json"), Letter("not json"u8, "invalid_json"), Letter("{}"u8, "missing_field")]).Findings);
        Assert.Single(_fed.Compare([Letter("not json"u8, "invalid_json"), Letter("{}"u8, "missing_field")]).Findings);
        Assert.Equal(2, _fed.Compare([Letter("not json"u8, "invalid_json"), Letter("not json"u8, "invalid_json"), Letter("{}"u8, "impossible")]).Findings.Count);
    }

    private static DeadLetter Letter(ReadOnlySpan<byte> value, string reason) => new()
    {
        DeadLetterId = "events-0-1", Topic = "events", Partition = 0, Offset = 1, TimestampMs = 0, Reason = reason, Value = Convert.ToBase64String(value), ValueBytes = value.Length, SchemaVersion = 1,
    };
}
