using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Streaming.Kafka.Native;

namespace Streaming.Kafka;

/// <summary>One producer of a <see cref="KafkaReceiptWriter"/> with the thread that serves its delivery reports. Writes come one at a time.</summary>
internal sealed class ReceiptLine : IAsyncDisposable
{
    /// <summary>Role of the client in metrics and logs.</summary>
    public const string Role = "receipts";

    private const int CopyPayload = 0x2, PollMs = 100;
    private readonly NativeClient _client;
    private readonly ForgottenBrokers _brokers;
    private readonly Dictionary<string, nint> _topics = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<nint, (Request Request, int Index)> _waiting = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isUseless, _stops;
    private nint _last;

    /// <summary>Connects lazily.</summary>
    public ReceiptLine(KafkaOptions options, ILogger logger)
    {
        _client = NativeClient.Producer(Role, KafkaClientProperties.Acknowledged(options, Role), logger);
        _client.Delivered = OnDelivered;
        _brokers = new ForgottenBrokers(_client);
        new Thread(Serve) { IsBackground = true, Name = "kafka-" + Role }.Start();
    }

    /// <summary>True once an error made the client useless.</summary>
    public bool IsUseless => _isUseless;

    /// <summary>Hands records to the client.</summary>
    /// <returns>Ends once each has its receipt; null where the queue has no room for the first.</returns>
    public unsafe Task<WriteReceipt[]>? TryWrite(string topic, IReadOnlyList<KeyedRecord> records)
    {
        if (!_topics.TryGetValue(topic, out var handle)) _topics[topic] = handle = Rd.TopicNew(_client.Handle, topic, 0);
        var request = new Request(records.Count);
        long bytes = 0;
        for (var i = 0; i < records.Count; i++)
        {
            var record = records[i];
            var opaque = ++_last;
            _waiting[opaque] = (request, i);
            fixed (byte* key = record.Key.Span)
            fixed (byte* value = record.Value.Span)
            {
                byte none;
                if (Rd.Produce(handle, record.Partition, CopyPayload, value is null ? &none : value, (nuint)record.Value.Length, key, (nuint)record.Key.Length, opaque) == 0)
                {
                    bytes += record.Key.Length + record.Value.Length;
                    continue;
                }
            }

            var code = Rd.LastError();
            _waiting.TryRemove(opaque, out _);
            if (code == RdError.QueueFull && i == 0) return null;
            request.End(i, new WriteReceipt(-1, RdError.Name(code)));
            if (code == RdError.Fatal) _isUseless = true;
        }

        KafkaMetrics.Produced(topic, records.Count, bytes);
        return request.Done;
    }

    /// <summary>Discards what is not sent yet and closes; who waits is answered.</summary>
    public async ValueTask DisposeAsync()
    {
        await _brokers.DisposeAsync().ConfigureAwait(false);
        _stops = true;
        await _ended.Task.ConfigureAwait(false);
    }

    private void Serve()
    {
        while (!_stops) _ = Rd.Poll(_client.Handle, PollMs);
        foreach (var topic in _topics.Values) Rd.TopicDestroy(topic);
        _client.Dispose();
        foreach (var (request, index) in _waiting.Values) request.End(index, new WriteReceipt(-1, RdError.Name(RdError.PurgeQueue)));
        _ended.SetResult();
    }

    private void OnDelivered(DeliveryReport report)
    {
        if (report.Code == RdError.Fatal) _isUseless = true;
        if (!_waiting.TryRemove(report.Opaque, out var place)) return;
        place.Request.End(place.Index, report.Code == RdError.None ? new WriteReceipt(report.Offset, null) : new WriteReceipt(-1, RdError.Name(report.Code)));
    }

    private sealed class Request(int count)
    {
        private readonly TaskCompletionSource<WriteReceipt[]> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly WriteReceipt[] _receipts = new WriteReceipt[count];
        private int _left = count;

        public Task<WriteReceipt[]> Done => _done.Task;

        public void End(int index, WriteReceipt receipt)
        {
            _receipts[index] = receipt;
            if (Interlocked.Decrement(ref _left) == 0) _done.SetResult(_receipts);
        }
    }
}
