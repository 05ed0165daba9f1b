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
    private long _firstStartMs = long.MinValue;
    private long _firstCommitMs;

    /// <summary>After a take-over.</summary>
    public void Restart(ShardMemory memory)
    {
        _isFirst = memory.State.Sequence == 0;
        _firstStartMs = long.MinValue;
        Volatile.Write(ref _firstCommitMs, 0);
        _tickBaseMs = 0;
        _lastCommit = services.Time.GetTimestamp();
    }

    /// <summary>The broker's clock moved.</summary>
    public void SawBrokerTime(long appendTimeMs)
    {
        if (appendTimeMs > Volatile.Read(ref _brokerNowMs)) Volatile.Write(ref _brokerNowMs, appendTimeMs);
    }

    /// <summary>A batch was committed; its record has the time of the broker's clock, ms, or 0.</summary>
    public void Committed(long appendTimeMs)
    {
        SawBrokerTime(appendTimeMs);
        if (Volatile.Read(ref _firstCommitMs) == 0) Volatile.Write(ref _firstCommitMs, appendTimeMs);
    }

    /// <summary>Adds the facts; returns the latest time that one of them moves stream time to.</summary>
    public long AddTo(ShardMemory memory, ShardBatch batch, long before)
    {
        var state = memory.State;
        if (state.SettingsChain.Count == 0 || state.Settings.Text != _settings)
            batch.Facts.Add(new ControlFact { Type = FactTypes.Settings, Before = before, Value = _settings });
        AddFirstStart(state, batch, before);
        foreach (var request in batch.Requests) AddRequest(state, batch, request, before);
        foreach (ref readonly var record in batch.Events.Records)
        {
            if (record.IsAppendTime) SawBrokerTime(record.TimestampMs);
        }

        return AddTick(state, batch, before);
    }

    // The node's clock may be ahead, and the alerts of who bought meanwhile would never go out. The broker's clock is known with the first commit; until then nothing can have fallen due that came after the start.
    private void AddFirstStart(ShardState state, ShardBatch batch, long before)
    {
        if (_isFirst)
        {
            _firstStartMs = services.Time.GetUtcNow().ToUnixTimeMilliseconds();
            batch.Facts.Add(new ControlFact { Type = FactTypes.OutputsFrom, Before = before, TimeMs = _firstStartMs });
            _isFirst = false;
            return;
        }

        var committedMs = Volatile.Read(ref _firstCommitMs);
        if (_firstStartMs == long.MinValue || committedMs <= 0) return;
        if (committedMs < _firstStartMs && state.OutputsFromMs == _firstStartMs) batch.Facts.Add(new ControlFact { Type = FactTypes.OutputsFrom, Before = before, TimeMs = committedMs });
        _firstStartMs = long.MinValue;
    }

    private static void AddRequest(ShardState state, ShardBatch batch, ControlRequest request, long before)
    {
        if (request.Type is not (FactTypes.Historical or FactTypes.Pause or FactTypes.Resume)) return;
        if (string.IsNullOrEmpty(request.RequestId) || (request.Type != FactTypes.Historical && string.IsNullOrEmpty(request.Value)))
        {
            ShardMetrics.BadRequests.Add(1);
            return;
        }

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
