using Streaming.Core.Decode;
using Streaming.Core.Events;
using Streaming.Core.Fold;

namespace Streaming.Core.Shard;

/// <summary>
/// A replay of a few users beside the shard, in a memory of its own, until it stands where the shard stands. It goes on piece by piece between live batches; every piece may take
/// longer than the one before, so that it catches up with any traffic.
/// </summary>
internal sealed class SideReplay
{
    private readonly ShardServices _services;
    private readonly IShardBroker _broker;
    private readonly Replay _replay;
    private readonly HashSet<UserKey> _awaitingErase;
    private int _pieces;

    /// <summary>A replay of users from where a memory stands, which holds what is known of them there.</summary>
    /// <param name="services">Services of the node.</param>
    /// <param name="broker">The log.</param>
    /// <param name="decoder">A decoder.</param>
    /// <param name="tables">Vector tables.</param>
    /// <param name="memory">The memory to replay in.</param>
    /// <param name="outputs">Outputs of the replay.</param>
    /// <param name="keys">The users.</param>
    /// <param name="awaitingErase">Those of them who begin with their erase.</param>
    /// <param name="controlOffset">Where batch records go on.</param>
    public SideReplay(ShardServices services, IShardBroker broker, IEventDecoder decoder, IVectorTables tables, ShardMemory memory, ParkedOutputs outputs, HashSet<UserKey> keys,
        HashSet<UserKey> awaitingErase, long controlOffset)
    {
        _services = services;
        _broker = broker;
        _awaitingErase = awaitingErase;
        Memory = memory;
        Outputs = outputs;
        Keys = keys;
        _replay = new Replay(broker, decoder, null, tables, memory, outputs, services.Shard.MaxBatchRecords)
        {
            Only = keys,
            AwaitingErase = awaitingErase.Count > 0 ? awaitingErase : null,
            ControlOffset = controlOffset,
        };
    }

    /// <summary>True where the users are built anew from the beginning of the log.</summary>
    public bool IsRebuild { get; init; }

    /// <summary>The users.</summary>
    public HashSet<UserKey> Keys { get; }

    /// <summary>The memory replayed in.</summary>
    public ShardMemory Memory { get; }

    /// <summary>Outputs of the replay.</summary>
    public ParkedOutputs Outputs { get; }

    /// <summary>Users whose profile is complete at the end.</summary>
    public IEnumerable<UserKey> Complete => Keys.Where(k => !_awaitingErase.Contains(k));

    /// <summary>Users for whom no erase was found.</summary>
    public IReadOnlyCollection<UserKey> NotErased => _awaitingErase;

    /// <summary>One more piece; moves the broker's reading positions.</summary>
    /// <param name="shard">The shard's memory, everything in it committed.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>True once the side memory stands where the shard stands.</returns>
    public async ValueTask<bool> RunAsync(ShardMemory shard, CancellationToken cancellation)
    {
        var started = _services.Time.GetTimestamp();
        var budget = _services.Shard.SideReplayBudget * ++_pieces;
        var control = await _broker.ReadBoundsAsync(SourceTopic.Control, cancellation).ConfigureAwait(false);
        await _replay.RunAsync(control.StableEnd, shard.Position, () => _services.Time.GetElapsedTime(started) >= budget, cancellation).ConfigureAwait(false);
        return Memory.State.Sequence == shard.State.Sequence;
    }
}
