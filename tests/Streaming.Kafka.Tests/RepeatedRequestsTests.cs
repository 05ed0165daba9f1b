namespace Streaming.Kafka.Tests;

public sealed class RepeatedRequestsTests
{
    private const short Produce = 0, AddPartitions = 24, AddOffsets = 25, EndTxn = 26, TxnOffsetCommit = 28;

    [Fact]
    public void One_of_each_request_is_no_repetition()
    {
        var repeated = new RepeatedRequests();
        foreach (var key in (short[])[AddPartitions, AddPartitions, Produce, Produce, AddOffsets, AddOffsets, TxnOffsetCommit, EndTxn]) repeated.OnSent(key);
        Assert.False(repeated.Any);
    }

    [Theory]
    [InlineData(EndTxn)]
    [InlineData(TxnOffsetCommit)]
    public void A_second_request_is_a_repetition_until_the_next_transaction_begins(short key)
    {
        var repeated = new RepeatedRequests();
        repeated.OnSent(key);
        repeated.OnSent(key);
        Assert.True(repeated.Any);
        repeated.Reset();
        repeated.OnSent(key);
        Assert.False(repeated.Any);
    }
}
