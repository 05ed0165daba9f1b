using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Streaming.Contracts;
using Streaming.Core.Events;
using Streaming.Host.Replay;
using Xunit;

namespace Streaming.Host.Tests.Replay;

public sealed class ReplayCommandTests
{
    private const string Retail = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n" +
        "1,a,LAMP,1,2010-12-01 08:26:00,2.5,7.0,UK\n1,a,LAMP RED,2,2010-12-01 08:26:00,2.75,7.0,UK\n2,a,damaged,-4,2010-12-01 08:27:00,0,,UK\nbad\nC3,b,CUP,-1,2010-12-01 08:28:00,1.25,8,UK\n";

    private static readonly HistoricalRequestOptions NoWait = new() { LiveWait = TimeSpan.Zero, IdleWait = TimeSpan.Zero };

    private sealed class Notices : IProgress<ReplayProgress>
    {
        public List<ReplayProgress> All { get; } = [];
        public void Report(ReplayProgress value) => All.Add(value);
    }

    private static ReplayOptions Options(HistoryFormat format, HistoricalRequestOptions? request = null) => new() { Format = format, Input = "-", Request = request ?? NoWait };

    private static Task<ReplayResult> Run(InMemoryTopics topics, ReplayOptions options, string text, Notices? notices = null, TimeProvider? time = null) =>
        new ReplayCommand(topics, topics, time ?? TimeProvider.System) { StandardInput = new MemoryStream(Encoding.UTF8.GetBytes(text)) }
            .RunAsync(options, notices ?? new Notices(), TestContext.Current.CancellationToken);

    [Fact]
    public async Task Replay_writes_catalogue_then_request_then_events_each_acknowledged()
    {
        var topics = new InMemoryTopics();
        var notices = new Notices();
        var result = await Run(topics, Options(HistoryFormat.OnlineRetail), Retail, notices);
        Assert.Equal(["catalog", "catalog", "flush", "control", "flush", "events", "events", "events", "events", "flush"], topics.Trace);
        Assert.Equal((4L, 1L, 2L), (result.Events, result.Rejected, result.CatalogItems));
        Assert.Equal("line 5: 1 fields instead of 8", Assert.Single(result.Rejections).ToString());
        Assert.Contains(notices.All, p => p.Notice == "line 5: 1 fields instead of 8");
    }

    [Fact]
    public async Task Replay_events_carry_their_row_number_and_the_schema_s_fields()
    {
        var topics = new InMemoryTopics();
        await Run(topics, Options(HistoryFormat.OnlineRetail), Retail);
        Assert.Equal(
        [
            """{"eventId":"1","type":"purchase","userId":"7","sessionId":"1","itemId":"a","occurredAt":1291191960000,"quantity":1,"unitPrice":2.5,"currency":"GBP"}""",
            """{"eventId":"2","type":"purchase","userId":"7","sessionId":"1","itemId":"a","occurredAt":1291191960000,"quantity":2,"unitPrice":2.75,"currency":"GBP"}""",
            """{"eventId":"3","type":"refund","sessionId":"2","itemId":"a","occurredAt":1291192020000,"quantity":4,"unitPrice":0,"currency":"GBP"}""",
            """{"eventId":"5","type":"refund","userId":"8","sessionId":"C3","itemId":"b","occurredAt":1291192080000,"quantity":1,"unitPrice":1.25,"currency":"GBP"}""",
        ], topics.Values("events"));
        Assert.Equal(["7", "7", "2", "8"], topics.Log("events").Select(r => Encoding.UTF8.GetString(r.Key!)));
    }

    [Fact]
    public async Task Replay_catalogue_takes_the_last_sale_s_title_and_the_last_positive_price()
    {
        var topics = new InMemoryTopics();
        await Run(topics, Options(HistoryFormat.OnlineRetail), Retail);
        Assert.Equal(["""{"itemId":"a","title":"LAMP RED","price":2.75,"currency":"GBP"}""", """{"itemId":"b","title":"CUP","price":1.25,"currency":"GBP"}"""], topics.Values("catalog"));
    }

    [Fact]
    public async Task Replay_puts_the_same_historical_request_into_every_partition_of_control()
    {
        var topics = new InMemoryTopics(3);
        var result = await Run(topics, Options(HistoryFormat.Taobao) with { OutputsFromMs = 5 }, "1,2,3,pv,10\n");
        for (var p = 0; p < 3; p++)
        {
            var request = JsonSerializer.Deserialize(topics.Log("control", p).Single().Value, ContractsJson.Default.ControlRequest)!;
            Assert.Equal(("request", "historical", result.RequestId, 5L), (request.Kind, request.Type, request.RequestId, request.TimeMs));
        }

        Assert.Single(topics.Log("events", Murmur2.Partition("1"u8, 3)));
        Assert.False(result.Acknowledged);
    }

    [Fact]
    public async Task Replay_limit_counts_rows_of_the_file_for_events_and_catalogue()
    {
        var topics = new InMemoryTopics();
        var result = await Run(topics, Options(HistoryFormat.Taobao) with { Limit = 2 }, "1,2,3,pv,10\n1,3,3,pv,10\n1,4,3,pv,10\n");
        Assert.Equal((2L, 2L), (result.Events, result.CatalogItems));
    }

    [Fact]
    public async Task Replay_waits_for_a_live_engine_s_acknowledgement_before_the_first_event()
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000)) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };
        var topics = new InMemoryTopics { NowMs = 1_700_000_000_000 - 1_000 };
        topics.Append("control", 0, "0", Batch(1, null));
        topics.OnFlush = (_, _) =>
        {
            if (topics.Log("control") is not [_, var sent]) return;
            var request = JsonSerializer.Deserialize(sent.Value, ContractsJson.Default.ControlRequest)!;
            topics.Append("control", 0, "0", Batch(2, request.RequestId));
        };
        var result = await Run(topics, Options(HistoryFormat.Sessions, new HistoricalRequestOptions()), "1 2\n", null, time);
        Assert.True(result.Acknowledged);
        Assert.Equal(2, topics.Log("events").Count);
    }

    [Fact]
    public async Task Replay_goes_on_with_a_warning_when_a_live_engine_stays_silent()
    {
        var topics = new InMemoryTopics { NowMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() };
        topics.Append("control", 0, "0", Batch(1, null));
        var notices = new Notices();
        var result = await Run(topics, Options(HistoryFormat.Sessions, NoWait), "1 2\n", notices);
        Assert.False(result.Acknowledged);
        Assert.Contains(notices.All, p => p.Notice?.Contains("no acknowledgement") == true);
        Assert.Equal(2, result.Events);
    }

    [Fact]
    public async Task Pacer_holds_an_event_until_its_time_at_the_given_speed()
    {
        var time = new FakeTimeProvider();
        var pacer = new ReplayPacer(10, time);
        Assert.False(await pacer.WaitAsync(1_000, TestContext.Current.CancellationToken));
        var wait = pacer.WaitAsync(11_000, TestContext.Current.CancellationToken).AsTask();
        time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(wait.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(await wait);
        Assert.False(await pacer.WaitAsync(500, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Options_name_every_setting_out_of_range()
    {
        var errors = (Options(HistoryFormat.Events) with { Speed = 0, Limit = -1, Reader = new HistoryReaderOptions { EncodingName = "klingon" } }).Validate().ToList();
        Assert.Equal(3, errors.Count);
    }

    private static string Batch(long sequence, string? acknowledged) => JsonSerializer.Serialize(new ControlBatch
    {
        Sequence = sequence, EventsFrom = 0, EventsTo = 0, LinksFrom = 0, LinksTo = 0, ControlTo = 0,
        Facts = acknowledged is null ? null : [new ControlFact { Type = "historical", Before = 0, RequestId = acknowledged }],
    }, ContractsJson.Default.ControlBatch);
}
