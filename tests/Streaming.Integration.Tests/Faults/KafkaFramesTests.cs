using Streaming.Faults.Net;

namespace Streaming.Integration.Tests.Faults;

/// <summary>What the proxy before the broker reads of Kafka's protocol. Frames of EndTxn 1 and InitProducerId 4 were taken between librdkafka and Kafka 4.3.1; the others follow the protocol's guide.</summary>
public sealed class KafkaFramesTests
{
    private const string EndTxn1 =
        "00000048 001A 0001 00000005 0011 73747265616D696E672D73686172642D33 0020 66643163333662613436302D66643163333662613436302D6576656E74732D33 0000000000000004 0000 01";
    private const string InitProducerId4 =
        "0000004C 0016 0004 00000002 0011 73747265616D696E672D73686172642D31 00 21 66643163333662613436302D66643163333662613436302D6576656E74732D31 000007D0 FFFFFFFFFFFFFFFF FFFF 00";

    [Fact]
    public void End_request_of_version_1_is_read()
    {
        var frame = Frame(EndTxn1);
        Assert.Equal((KafkaFrame.EndTxn, 1, 5), (frame.ApiKey, frame.ApiVersion, frame.RequestCorrelation));
        Assert.Equal(new EndTxnRequest("fd1c36ba460-fd1c36ba460-events-3", 4, 0, IsCommit: true), EndTxnRequest.Parse(frame));
    }

    [Theory]
    [InlineData("0000001B 001A 0000 00000007 FFFF 0004 73686F70 0000000000000102 7FFF 00", "shop", 258, 32767, false)] // no client id, an abort
    [InlineData("0000001D 001A 0002 00000007 0002 6162 0004 73686F70 0000000000000102 0003 01", "shop", 258, 3, true)]
    [InlineData("0000001E 001A 0003 00000007 0002 6162 00 05 73686F70 0000000000000102 0003 01 00", "shop", 258, 3, true)]
    [InlineData("00000023 001A 0005 00000007 0002 6162 02 00 01 AA 07 00 05 73686F70 0000000000000102 0003 01 00", "shop", 258, 3, true)] // tagged fields in the header
    public void End_request_of_other_versions_is_read(string bytes, string id, long producer, short epoch, bool isCommit) =>
        Assert.Equal(new EndTxnRequest(id, producer, epoch, isCommit), EndTxnRequest.Parse(Frame(bytes)));

    [Fact]
    public void Long_id_of_a_flexible_request_has_a_length_of_two_bytes()
    {
        var id = new string('x', 200);
        var frame = Frame("000000E1 001A 0004 00000007 0000 00 C901" + string.Concat(id.Select(c => $"{(int)c:X2}")) + "0000000000000009 0001 01 00");
        Assert.Equal(new EndTxnRequest(id, 9, 1, IsCommit: true), EndTxnRequest.Parse(frame));
    }

    [Theory]
    [InlineData("0000000A 00000005 00000000 0033", 1, 51, "CONCURRENT_TRANSACTIONS")]
    [InlineData("0000000A 00000020 00000000 0000", 1, 0, "NONE")]
    [InlineData("0000000A 000000D2 00000000 002F", 1, 47, "INVALID_PRODUCER_EPOCH")]
    [InlineData("0000000A 00000005 00000064 005A", 2, 90, "PRODUCER_FENCED")]
    [InlineData("0000000C 00000005 00 00000000 0030 00", 3, 48, "INVALID_TXN_STATE")]
    [InlineData("00000019 00000005 01 00 01 AA 00000000 0078 0000000000000004 0002 00", 5, 120, "TRANSACTION_ABORTABLE")]
    [InlineData("0000000A 00000005 00000000 FFFF", 0, -1, "-1")]
    public void Answer_to_the_end_of_a_transaction_is_read(string bytes, short version, short code, string name)
    {
        var answer = EndTxnResponse.Parse(Frame(bytes), version);
        Assert.Equal((code, name), (answer.ErrorCode, KafkaErrors.NameOf(answer.ErrorCode)));
    }

    [Theory]
    [InlineData(InitProducerId4, "fd1c36ba460-fd1c36ba460-events-1")]
    [InlineData("00000011 0016 0002 00000002 0000 00 00 000007D0 00", null)] // idempotent only
    [InlineData("00000010 0016 0001 00000002 FFFF FFFF 000007D0", null)]
    [InlineData("00000014 0016 0000 00000002 FFFF 0004 73686F70 000007D0", "shop")]
    public void Request_for_an_epoch_is_read(string bytes, string? id) => Assert.Equal(id, InitProducerIdRequest.Parse(Frame(bytes)).TransactionalId);

    [Theory]
    [InlineData("00000016 00000002 00 00000000 0000 0000000000000001 0000 00", 4, 0, 1, 0)]
    [InlineData("00000014 00000002 00000000 0000 0000000000000001 0007", 1, 0, 1, 7)]
    [InlineData("00000016 00000002 00 00000000 0033 FFFFFFFFFFFFFFFF FFFF 00", 4, 51, -1, -1)]
    public void Answer_with_an_epoch_is_read(string bytes, short version, short code, long producer, short epoch) =>
        Assert.Equal(new InitProducerIdResponse(code, producer, epoch), InitProducerIdResponse.Parse(Frame(bytes), version));

    [Fact]
    public void Frame_that_ends_early_is_refused()
    {
        var whole = Frame(EndTxn1).Bytes;
        for (var length = 12; length < whole.Length; length++) Assert.Throws<InvalidDataException>(() => EndTxnRequest.Parse(new KafkaFrame(whole[..length])));
        Assert.Throws<InvalidDataException>(() => EndTxnResponse.Parse(Frame("00000009 00000005 00000000 00"), 1));
        Assert.Throws<InvalidDataException>(() => InitProducerIdResponse.Parse(Frame("0000000E 00000002 00 00000000 0000 00000001"), 4));
    }

    [Theory]
    [InlineData("00000048 001A 0006")]
    [InlineData("00000048 001A FFFF")]
    public void Version_that_is_not_known_is_refused(string head) => Assert.Throws<InvalidDataException>(() => EndTxnRequest.Parse(Frame(head + "00000005 0000 0000")));

    [Fact]
    public async Task Frames_of_a_connection_come_one_after_the_other()
    {
        var connection = new MemoryStream([.. Frame(EndTxn1).Bytes, .. Frame(InitProducerId4).Bytes]);
        var cancellation = TestContext.Current.CancellationToken;
        Assert.Equal(KafkaFrame.EndTxn, (await KafkaFrame.ReadAsync(connection, KafkaFrame.RequestBytes, cancellation)).ApiKey);
        Assert.Equal(KafkaFrame.InitProducerId, (await KafkaFrame.ReadAsync(connection, KafkaFrame.RequestBytes, cancellation)).ApiKey);
        await Assert.ThrowsAsync<EndOfStreamException>(() => KafkaFrame.ReadAsync(connection, KafkaFrame.RequestBytes, cancellation));
    }

    [Theory]
    [InlineData("00000007 001A 0001 000000")]
    [InlineData("FFFFFFFF")]
    [InlineData("04000001")] // a byte more than 64 MiB
    public async Task Frame_of_an_impossible_length_is_refused(string bytes) =>
        await Assert.ThrowsAsync<InvalidDataException>(() => KafkaFrame.ReadAsync(new MemoryStream(Frame(bytes).Bytes), KafkaFrame.RequestBytes, TestContext.Current.CancellationToken));

    [Fact]
    public void Epoch_is_over_once_a_newer_one_or_another_producer_was_given()
    {
        var (epochs, request) = (new ProducerEpochs(), new EndTxnRequest("shop", 4, 2, IsCommit: true));
        Assert.False(epochs.IsOver(request)); // nothing is known
        epochs.Learn("shop", new InitProducerIdResponse(0, 4, 2));
        epochs.Learn("other", new InitProducerIdResponse(0, 4, 3));
        epochs.Learn("shop", new InitProducerIdResponse(51, -1, -1)); // refused
        Assert.False(epochs.IsOver(request));
        epochs.Learn("shop", new InitProducerIdResponse(0, 4, 3));
        Assert.True(epochs.IsOver(request));
        epochs.Learn("shop", new InitProducerIdResponse(0, 5, 0));
        Assert.True(epochs.IsOver(request));
    }

    private static KafkaFrame Frame(string hex) => new(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
}
