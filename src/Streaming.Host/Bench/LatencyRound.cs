using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Events;
using Streaming.Core.Shard;
using Streaming.Kafka;

namespace Streaming.Host.Bench;

/// <summary>
/// Events at a steady rate into one topic, each of the next user of a circle, and the answers read from another, read_committed: the time between the call that writes an event and the first record of that user that names its
/// time. A user comes again only when all others have had their turn, so that an answer is one event's.
/// </summary>
/// <param name="kafka">The broker.</param>
/// <param name="partitions">Partitions of both topics.</param>
/// <param name="options">Rate, users and items.</param>
internal sealed class LatencyRound(KafkaOptions kafka, int partitions, LatencyBenchOptions options)
{
    private const int MostRecords = 4_000;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100), Limit = TimeSpan.FromSeconds(30);
    private readonly byte[][] _keys = [.. Enumerable.Range(0, options.Users).Select(u => Encoding.UTF8.GetBytes("u" + u.ToString(CultureInfo.InvariantCulture)))];
    private readonly long[] _occurredAtMs = new long[options.Users], _writtenAt = new long[options.Users];
    private readonly Random _random = new((int)options.Seed);
    private int _nextUser, _open;
    private Exception? _refused;

    /// <summary>One round over a pair of topics.</summary>
    /// <param name="to">Topic of the events.</param>
    /// <param name="from">Topic of the answers.</param>
    /// <param name="into">Gets what was measured; the first tenth of the round is left out.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(string to, string from, LatencyTally into, CancellationToken cancellation)
    {
        await using var reader = await OpenAtEndAsync(from, cancellation);
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = kafka.BootstrapServers, LingerMs = 0, Acks = Acks.All }).Build();
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var writing = Task.Factory.StartNew(() => Write(producer, to, into, cancellation), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var reading = ReadAsync(reader, into, done.Token);
        await writing;
        producer.Flush(Limit);
        if (_refused is { } e) throw e;
        for (var clock = Stopwatch.StartNew(); Volatile.Read(ref _open) > 0 && clock.Elapsed < options.Grace && !reading.IsCompleted;) await Task.Delay(10, cancellation);
        await done.CancelAsync();
        try
        {
            await reading;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // all is read, or waited for long enough
        }

        into.Unanswered += Interlocked.Exchange(ref _open, 0);
        Array.Clear(_writtenAt);
    }

    private async Task<KafkaTopicReader> OpenAtEndAsync(string topic, CancellationToken cancellation)
    {
        await using var log = new KafkaLogReader(kafka, NullLogger<KafkaLogReader>.Instance);
        var ends = new Dictionary<int, long>();
        for (var p = 0; p < partitions; p++) ends[p] = (await log.BoundsAsync(topic, p, cancellation)).StableEnd;
        return await KafkaTopicReader.OpenAsync(kafka, topic, [.. ends.Keys], ends, NullLogger<KafkaTopicReader>.Instance, cancellation);
    }

    private void Write(IProducer<byte[], byte[]> producer, string topic, LatencyTally into, CancellationToken cancellation)
    {
        var total = (long)(options.EventsPerSecond * options.RoundSeconds);
        var clock = Stopwatch.StartNew();
        for (var sent = 0L; sent < total && _refused is null; Thread.Sleep(1))
        {
            cancellation.ThrowIfCancellationRequested();
            for (var due = Math.Min(total, (long)(clock.Elapsed.TotalSeconds * options.EventsPerSecond)); sent < due; sent++) Send(producer, topic, isMeasured: sent >= total / 10, into);
        }
    }

    private void Send(IProducer<byte[], byte[]> producer, string topic, bool isMeasured, LatencyTally into)
    {
        var user = _nextUser;
        _nextUser = (_nextUser + 1) % options.Users;
        if (Interlocked.Exchange(ref _writtenAt[user], 0) != 0)
        {
            Interlocked.Decrement(ref _open);
            into.Unanswered++; // it comes around again, and whose answer comes now cannot be told
        }

        var nowMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        _occurredAtMs[user] = nowMs = Math.Max(nowMs, _occurredAtMs[user] + 1);
        var value = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $$"""{"eventId":"{{Guid.NewGuid():n}}","type":"view","userId":"u{{user}}","itemId":"{{BenchEngine.Id(BenchEngine.Draw(options.Items, _random))}}","occurredAt":{{nowMs}}}"""));
        if (isMeasured)
        {
            into.Events++;
            Interlocked.Increment(ref _open);
            Volatile.Write(ref _writtenAt[user], Stopwatch.GetTimestamp());
        }

        producer.Produce(new TopicPartition(topic, Murmur2.Partition(_keys[user], partitions)), new Message<byte[], byte[]> { Key = _keys[user], Value = value },
            report => _refused ??= report.Error.IsError ? new KafkaException(report.Error) : null);
    }

    private async Task ReadAsync(KafkaTopicReader reader, LatencyTally into, CancellationToken cancellation)
    {
        var batch = new RecordBatch();
        while (true)
        {
            if (await reader.ReadAsync(batch, MostRecords, Poll, cancellation) < 0) continue;
            var now = Stopwatch.GetTimestamp();
            for (var i = 0; i < batch.Count; i++) Take(batch.Key(batch.Records[i]), batch.Value(batch.Records[i]), now, into);
        }
    }

    private void Take(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long now, LatencyTally into)
    {
        if (!Utf8Parser.TryParse(key[1..], out int user, out _) || user >= options.Users || NumberAfter(value, "\"occurredAt\":"u8) != Volatile.Read(ref _occurredAtMs[user])) return;
        if (Interlocked.Exchange(ref _writtenAt[user], 0) is var written && written == 0) return;
        Interlocked.Decrement(ref _open);
        into.Add(Stopwatch.GetElapsedTime(written, now).TotalMilliseconds, value.Length, value.IndexOf("\"degraded\":"u8) >= 0);
    }

    private static long NumberAfter(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name) =>
        json.IndexOf(name) is var at and >= 0 && Utf8Parser.TryParse(json[(at + name.Length)..], out long number, out _) ? number : -1;
}
