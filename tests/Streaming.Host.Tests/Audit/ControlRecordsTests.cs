using System.Text;
using Streaming.Host.Audit;
using Xunit;

namespace Streaming.Host.Tests.Audit;

/// <summary>Anybody may write to <c>control</c>: what is no record of a shard is none to the audit either, and does not stop it.</summary>
public sealed class ControlRecordsTests
{
    /// <summary>Half of a surrogate pair is well-formed JSON, and the reader throws another exception at it than at malformed text.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"kind":"batch"}""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"\udc00kind":"batch"}""")]
    [InlineData("""{"kind":"\ud800x"}""")]
    [InlineData("""{"kind":"batch\udc00"}""")]
    public void Record_of_somebody_else_is_none(string record)
    {
        Assert.False(ControlRecords.TryBatch(Encoding.UTF8.GetBytes(record), out _));
        Assert.False(ControlRecords.TryTable(Encoding.UTF8.GetBytes(record), out _));
    }
}
