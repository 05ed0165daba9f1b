using Streaming.Core.Errors;
using Streaming.Core.Shard;
using Streaming.Simulation.Kernel;

namespace Streaming.Simulation.Broker;

/// <summary>
/// The transactional producer of one initialisation, as Streaming.Kafka drives librdkafka: the same calls, the same errors for the same answers. It repeats a request that was told to wait, never one that met silence.
/// </summary>
internal sealed class TransactionalClient(BrokerModel broker, Wire wire, Process process, int partition, long timeOutUs)
{
    private readonly Dictionary<(OutputTopic Topic, int Partition), List<(byte[]? Key, byte[] Value)>> _queued = [];
    private readonly List<Task<TransactionAnswer>> _sending = [];
    private int _epoch;
    private object _begun = new();
    private CommitReceipt _receipt;

    /// <summary>Number of the last transaction, which its records and offsets carry.</summary>
    public long Number { get; private set; } = -1;

    /// <summary>Where the last transaction has records, with the offset of the last one there.</summary>
    public Dictionary<(OutputTopic Topic, int Partition), long> Written { get; } = [];

    private Coordinator Coordinator => broker.Coordinator(partition);

    public async Task InitialiseAsync()
    {
        var epoch = 0;
        var answer = await RepeatAsync(Label.InitProducer, () =>
        {
            var given = Coordinator.Initialise();
            epoch = Coordinator.Epoch;
            return given;
        }, silence => new BrokerUnavailableException(silence)).ConfigureAwait(false);
        if (answer != TransactionAnswer.Ok) throw new BrokerUnavailableException($"initialising transactions of partition {partition}: {answer}");
        _epoch = epoch;
    }

    public void Begin(long? transaction)
    {
        _begun = new object();
        _queued.Clear();
        _sending.Clear();
        Written.Clear();
        Number = transaction ?? broker.NextTransaction();
        _receipt = new CommitReceipt(-1, 0);
    }

    public void Produce(OutputTopic topic, int to, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (!_queued.TryGetValue((topic, to), out var records)) _queued.Add((topic, to), records = []);
        records.Add((key.IsEmpty ? null : key.ToArray(), value.ToArray()));
    }

    public async Task FlushAsync()
    {
        SendQueued();
        foreach (var sending in _sending)
        {
            if (await sending.ConfigureAwait(false) is var sent && sent != TransactionAnswer.Ok) throw await AfterAsync("produce", sent).ConfigureAwait(false);
        }
    }

    public async Task SendOffsetsAsync(ShardOffsets next, long sequence)
    {
        SendQueued();
        var begun = _begun;
        var answer = await RepeatAsync(Label.AddOffsets, () => Coordinator.AddOffsets(begun, _epoch), Indefinite).ConfigureAwait(false);
        if (answer == TransactionAnswer.Ok) answer = await RepeatAsync(Label.CommitOffsets, () => Coordinator.Commit(_epoch, new GroupOffsets(next, sequence, Number)), Indefinite).ConfigureAwait(false);
        if (answer != TransactionAnswer.Ok) throw await AfterAsync("send offsets", answer).ConfigureAwait(false);
    }

    public async Task<CommitReceipt> CommitAsync()
    {
        await FlushAsync().ConfigureAwait(false);
        var answer = await EndAsync(commit: true).ConfigureAwait(false);
        return answer switch
        {
            TransactionAnswer.Ok => _receipt,
            TransactionAnswer.Fenced => throw new FencedException($"partition {partition} has a newer owner"),
            _ => throw Indefinite($"commit: {answer}"),
        };
    }

    public async Task AbortAsync()
    {
        var answer = await EndAsync(commit: false).ConfigureAwait(false);
        if (answer != TransactionAnswer.Ok) throw Indefinite($"abort: {answer}");
    }

    private Task<TransactionAnswer> EndAsync(bool commit)
    {
        var begun = _begun;
        return RepeatAsync(Label.EndTransaction, askedUs => Coordinator.End(this, begun, _epoch, commit, isLate: wire.Scheduler.NowUs - askedUs > timeOutUs), Indefinite);
    }

    private void SendQueued()
    {
        if (_queued.Count == 0) return;
        _sending.Add(SendAsync([.. _queued.Select(q => (q.Key, q.Value))], Number));
        _queued.Clear();
    }

    // As librdkafka: all new partitions in one request, and no record before its answer.
    private async Task<TransactionAnswer> SendAsync(List<((OutputTopic Topic, int Partition) At, List<(byte[]? Key, byte[] Value)> Records)> queued, long transaction)
    {
        var begun = _begun;
        try
        {
            var answer = await RepeatAsync(Label.AddPartition, () => Coordinator.Add(begun, _epoch, [.. queued.Select(q => q.At)]), Indefinite).ConfigureAwait(false);
            if (answer != TransactionAnswer.Ok) return answer;
            foreach (var appending in queued.Select(q => RepeatAsync(Label.Produce, () => Append(q.At, q.Records, transaction), Indefinite)).ToList())
            {
                if (await appending.ConfigureAwait(false) is var appended && appended != TransactionAnswer.Ok) answer = appended;
            }

            return answer;
        }
        catch (IndefiniteOutcomeException)
        {
            // message.timeout.ms passed: the client gives the record up and the transaction with it.
            return TransactionAnswer.Invalid;
        }
    }

    private TransactionAnswer Append((OutputTopic Topic, int Partition) at, List<(byte[]? Key, byte[] Value)> records, long transaction)
    {
        var answer = Coordinator.Verify(_epoch, at);
        if (answer != TransactionAnswer.Ok) return answer;
        foreach (var (key, value) in records)
        {
            var offset = broker.Log(at.Topic, at.Partition).Append(new LogEntry { Key = key, Value = value, TimeMs = broker.NowMs, IsCreateTime = broker.IsCreateTime(at.Topic), Producer = partition, Transaction = transaction }, _epoch);
            Written[at] = offset;
            if (at.Topic == OutputTopic.Control) _receipt = new CommitReceipt(offset, broker.NowMs);
        }

        return answer;
    }

    private async Task<EngineException> AfterAsync(string what, TransactionAnswer answer)
    {
        if (answer == TransactionAnswer.Fenced) return new FencedException($"{what}: partition {partition} has a newer owner");
        await AbortAsync().ConfigureAwait(false);
        return new TransactionAbortedException($"{what} of partition {partition}: {answer}");
    }

    private Task<TransactionAnswer> RepeatAsync(Label label, Func<TransactionAnswer> effect, Func<string, EngineException> onSilence) => RepeatAsync(label, _ => effect(), onSilence);

    private async Task<TransactionAnswer> RepeatAsync(Label label, Func<long, TransactionAnswer> effect, Func<string, EngineException> onSilence)
    {
        var until = wire.Scheduler.NowUs + timeOutUs;
        while (true)
        {
            var askedUs = wire.Scheduler.NowUs;
            var answer = await wire.AskAsync(process, label, broker.IsDown, () => effect(askedUs), timeOutUs, () => onSilence($"{label} of partition {partition}: no answer"),
                label == Label.EndTransaction ? broker.HoldUs(timeOutUs) : 0).ConfigureAwait(false);
            if (answer != TransactionAnswer.Concurrent) return answer;
            if (wire.Scheduler.NowUs > until) throw onSilence($"{label} of partition {partition}: still {answer}");
            await wire.YieldAsync(process, 40_000).ConfigureAwait(false);
        }
    }

    private static IndefiniteOutcomeException Indefinite(string what) => new(what);
}
