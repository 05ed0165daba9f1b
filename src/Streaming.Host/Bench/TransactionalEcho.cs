using Confluent.Kafka;
using Streaming.Kafka;

namespace Streaming.Host.Bench;

/// <summary>
/// The floor of an answer's latency: reads records, writes each back to another topic in a transaction that carries the offsets, and does nothing else. One thread a partition with a plain client of its own, as lean as its
/// settings allow.
/// </summary>
internal sealed class TransactionalEcho : IAsyncDisposable
{
    private const int MostRecords = 4_000;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100), Limit = TimeSpan.FromSeconds(30);
    private readonly KafkaOptions _kafka;
    private readonly string _run, _from, _to;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _loops;

    /// <summary>Starts it.</summary>
    /// <param name="kafka">The broker; its fetch wait is the echo's, too.</param>
    /// <param name="run">Begins its group and transactional ids.</param>
    /// <param name="from">Topic that is read from its end.</param>
    /// <param name="to">Topic that is written.</param>
    /// <param name="partitions">Partitions of both.</param>
    public TransactionalEcho(KafkaOptions kafka, string run, string from, string to, int partitions)
    {
        (_kafka, _run, _from, _to) = (kafka, run, from, to);
        _loops = [.. Enumerable.Range(0, partitions).Select(p => Task.Factory.StartNew(() => Run(p), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
    }

    /// <summary>Bytes of a value written: the record read, filled up with blanks.</summary>
    public int ValueBytes { get; set; }

    /// <summary>Throws where a thread of it has failed.</summary>
    public void ThrowIfFailed()
    {
        if (_loops.FirstOrDefault(l => l.IsFaulted) is { } failed) failed.GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // a failure was told by ThrowIfFailed
        _stop.Dispose();
    }

    private void Run(int partition)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = _kafka.BootstrapServers, GroupId = _run, EnableAutoCommit = false, IsolationLevel = IsolationLevel.ReadCommitted, FetchWaitMaxMs = _kafka.FetchWaitMs,
        }).Build();
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig
        {
            BootstrapServers = _kafka.BootstrapServers, TransactionalId = $"{_run}-{partition}", LingerMs = 0, TransactionTimeoutMs = _kafka.TransactionTimeoutMs,
        }).Build();
        producer.InitTransactions(Limit);
        var from = new TopicPartition(_from, partition);
        consumer.Assign(new TopicPartitionOffset(from, consumer.QueryWatermarkOffsets(from, Limit).High));
        while (!_stop.IsCancellationRequested)
        {
            if (consumer.Consume(Poll) is { } first) Echo(consumer, producer, first);
        }
    }

    private void Echo(IConsumer<byte[], byte[]> consumer, IProducer<byte[], byte[]> producer, ConsumeResult<byte[], byte[]> first)
    {
        var to = new TopicPartition(_to, first.Partition);
        producer.BeginTransaction();
        var (count, last) = (0, first);
        for (var record = first; record is not null && count < MostRecords; record = count < MostRecords ? consumer.Consume(TimeSpan.Zero) : null)
        {
            producer.Produce(to, new Message<byte[], byte[]> { Key = record.Message.Key, Value = Padded(record.Message.Value) });
            (count, last) = (count + 1, record);
        }

        producer.SendOffsetsToTransaction([new TopicPartitionOffset(last.TopicPartition, last.Offset + 1)], consumer.ConsumerGroupMetadata, Limit);
        producer.CommitTransaction(Limit);
    }

    private byte[] Padded(byte[] value)
    {
        if (value.Length >= ValueBytes) return value;
        var padded = new byte[ValueBytes];
        padded.AsSpan().Fill((byte)' ');
        value.CopyTo(padded, 0);
        return padded;
    }
}
