#if CASSANDRA_DRIVER
using System.Net;
using Cassandra;
using Streaming.Snapshots.Cassandra;
using Xunit;

namespace Streaming.Snapshots.Tests;

public sealed class CassandraErrorsTests
{
    [Fact]
    public void Node_held_for_down_has_no_error_of_its_own_and_is_named()
    {
        var error = new NoHostAvailableException(new Dictionary<IPEndPoint, Exception> { [new IPEndPoint(IPAddress.Loopback, 9042)] = null! });
        Assert.Contains("127.0.0.1:9042", CassandraErrors.Translate(error).Message, StringComparison.Ordinal);
        Assert.True(CassandraErrors.IsPassing(error));
    }

    [Fact]
    public void Refused_statement_is_not_repeated() => Assert.False(CassandraErrors.IsPassing(new InvalidQueryException("no such table")));
}
#endif
