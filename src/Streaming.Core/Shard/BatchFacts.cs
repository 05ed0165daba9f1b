using Streaming.Contracts;
using Streaming.Core.Fold;

namespace Streaming.Core.Shard;

/// <summary>Facts that a live batch begins with: settings, the first start's time, requests, ticks.</summary>
internal sealed class BatchFacts(ShardServices services)
{
    private readonly string _settings = FoldSettingsJson.Write(services.Fold, services.ConsentDefault);
    private long _brokerNowMs;
    private long _tickBaseMs;
    private long _lastCommit;
    private bool _isFirst;

    /// <summary>After a take-over.</summary>
    public void Restart(ShardMemory memory)
    {
        _isFirst = memory.State.Sequence == 0;
        _tickBaseMs = 0;
        _lastCommit = services.Time.GetTimestamp();
    }

    /// <summary>The broker's clock moved.</summary>
    public void SawBrokerTime(long appendTimeMs)
    {
        if (appendTimeMs > Volatile.Read(ref _brokerNowMs)) Volatile.Write(ref _brokerNowMs, appendTimeMs);
    }

    /// <summary>Adds the facts; returns the latest time that one of them moves stream time to.</summary>
    public long AddTo(ShardMemory memory, ShardBatch batch, long before)
    {
        var state = memory.State;
        if (state.SettingsChain.Count == 0 || state.Settings.Text != _settings)
            batch.Facts.Add(new ControlFact { Type = FactTypes.Settings, Before = before, Value = _settings });
        if (_isFirst) batch.Facts.Add(new ControlFact { Type = FactTypes.OutputsFrom, Before = before, TimeMs = services.Time.GetUtcNow().ToUnixTimeMilliseconds() });
        _isFirst = false;
        foreach (var request in batch.Requests) AddRequest(state, batch, request, before);
        foreach (ref readonly var record in batch.Events.Records)
        {
            if (record.IsAppendTime) SawBrokerTime(record.TimestampMs);
        }

        return AddTick(state, batch, before);
    }

    private static void AddRequest(ShardState state, ShardBatch batch, ControlRequest request, long before)
    {
        if (request.Type is not (FactTypes.Historical or FactTypes.Pause or FactTypes.Resume)) return;
        if (state.AppliedRequests.Contains(request.RequestId) || batch.Facts.Exists(f => f.RequestId == request.RequestId)) return;
        batch.Facts.Add(new ControlFact { Type = request.Type, Before = before, TimeMs = request.TimeMs, Value = request.Value, RequestId = request.RequestId });
    }

    // Only without lag, never while history is replayed, and by the broker's clock alone (design rule 4.8). An idle shard commits now and then to learn that clock.
    private long AddTick(ShardState state, ShardBatch batch, long before)
    {
        if (batch.Events.Count > 0)
        {
            _tickBaseMs = Volatile.Read(ref _brokerNowMs);
            _lastCommit = services.Time.GetTimestamp();
            return long.MinValue;
        }

        if (state.Historical || state.StreamTimeMs == 0 || !batch.Events.AtEnd) return long.MinValue;
        if (services.Time.GetElapsedTime(_lastCommit) < services.Shard.TickInterval) return long.MinValue;
        _lastCommit = services.Time.GetTimestamp();
        var now = Volatile.Read(ref _brokerNowMs);
        var elapsed = _tickBaseMs == 0 ? 0 : Math.Max(0, now - _tickBaseMs);
        _tickBaseMs = now;
        var time = state.StreamTimeMs + elapsed;
        batch.Facts.Add(new ControlFact { Type = FactTypes.Tick, Before = before, TimeMs = time });
        return time;
    }
}
