using System.Globalization;
using System.Text;
using System.Text.Json;
using Streaming.Api.Ports;
using Streaming.Api.Wire;
using Streaming.Contracts;
using Streaming.Core.Errors;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;
using Streaming.Host.Engine;
using Streaming.Kafka;

namespace Streaming.Host.Ports;

/// <summary>
/// The pause switch: a request to every shard for each topic that goes out to people (docs/fold.md §11), and one blob of the store that says how the switch stands, why and since when, for every node. The blob comes
/// last: after a crash between the two the switch says what was, and setting it again puts both right.
/// </summary>
/// <param name="store">Holds how it stands.</param>
/// <param name="writer">Kafka.</param>
/// <param name="topics">Topic names.</param>
/// <param name="partitions">Shards; 0 while the engine does not know them yet.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Log.</param>
internal sealed class PausePort(ISnapshotStore store, KafkaReceiptWriter writer, TopicNames topics, Func<int> partitions, TimeProvider time, ILogger logger) : IPausePort, IDisposable
{
    /// <summary>Name of the blob.</summary>
    public const string BlobName = "pause";

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private static readonly PauseState Flowing = new() { IsPaused = false };
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile Known _known = new(Flowing, null);

    /// <summary>Whether outputs are paused, as of a second ago at most; while the store does not answer, as it was known last.</summary>
    public async Task<bool> IsPausedAsync(CancellationToken cancellation)
    {
        if (IsFresh() || partitions() == 0) return _known.State.IsPaused;
        await _turn.WaitAsync(cancellation);
        try
        {
            if (!IsFresh()) await ReadStoreAsync(cancellation);
        }
        catch (EngineException e) when (e.Action == ErrorAction.Retry)
        {
            Know(_known.State);
            HostLog.PauseNotRead(logger, e.Message);
        }
        finally
        {
            _turn.Release();
        }

        return _known.State.IsPaused;
    }

    /// <inheritdoc/>
    public Task<PortResult<PauseState>> ReadAsync(CancellationToken cancellation) => InTurnAsync(async () => PortResult<PauseState>.Found(await ReadStoreAsync(cancellation)), cancellation);

    /// <inheritdoc/>
    public Task<PortResult<PauseState>> SetAsync(bool paused, string reason, CancellationToken cancellation) => InTurnAsync(async () =>
    {
        var before = await ReadStoreAsync(cancellation);
        var receipts = await writer.WriteAsync(topics.Control, Requests(paused), cancellation);
        if (receipts?.All(r => r.IsWritten) != true) return PortResult<PauseState>.Not(PortOutcome.Unavailable, "Not every shard could be told; set it again.");
        var state = before.IsPaused == paused ? before : new PauseState { IsPaused = paused, Reason = reason, Since = time.GetUtcNow().ToUnixTimeMilliseconds() };
        if (state != before) await store.WriteBlobAsync(BlobName, JsonSerializer.SerializeToUtf8Bytes(state, ApiJson.Default.PauseState), cancellation);
        Know(state);
        return PortResult<PauseState>.Found(state);
    }, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task<PortResult<PauseState>> InTurnAsync(Func<Task<PortResult<PauseState>>> work, CancellationToken cancellation)
    {
        if (partitions() == 0) return PortResult<PauseState>.Not(PortOutcome.Unavailable, "The engine starts.");
        await _turn.WaitAsync(cancellation);
        try
        {
            return await work();
        }
        catch (EngineException e) when (e.Action == ErrorAction.Retry)
        {
            HostLog.PauseNotRead(logger, e.Message);
            return PortResult<PauseState>.Not(PortOutcome.Unavailable, "The store does not answer; set it again.");
        }
        finally
        {
            _turn.Release();
        }
    }

    private List<KeyedRecord> Requests(bool paused)
    {
        var (id, type) = (Guid.CreateVersion7().ToString("N"), paused ? FactTypes.Pause : FactTypes.Resume);
        var requests = new List<KeyedRecord>();
        foreach (var topic in (string[])[topics.Recommendations, topics.ChurnAlerts])
        {
            var value = JsonSerializer.SerializeToUtf8Bytes(new ControlRequest { RequestId = $"api-{id}-{topic}", Type = type, Value = topic }, ContractsJson.Default.ControlRequest);
            for (var p = 0; p < partitions(); p++) requests.Add(new KeyedRecord(p, Encoding.UTF8.GetBytes(p.ToString(CultureInfo.InvariantCulture)), value));
        }

        return requests;
    }

    private async Task<PauseState> ReadStoreAsync(CancellationToken cancellation)
    {
        var bytes = await store.ReadBlobAsync(BlobName, cancellation);
        var state = bytes is null ? Flowing : JsonSerializer.Deserialize(bytes, ApiJson.Default.PauseState) ?? Flowing;
        Know(state);
        return state;
    }

    private void Know(PauseState state) => _known = new Known(state, time.GetTimestamp());

    private bool IsFresh() => _known.At is { } at && time.GetElapsedTime(at) < Fresh;

    private sealed record Known(PauseState State, long? At);
}
