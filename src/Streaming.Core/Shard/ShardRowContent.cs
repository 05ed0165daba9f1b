using Streaming.Core.Fold;

namespace Streaming.Core.Shard;

/// <summary>A decoded shard row R.</summary>
internal sealed class ShardRowContent
{
    public required long Sequence { get; init; }
    public required ShardOffsets Position { get; init; }
    public required long StreamTimeMs { get; init; }
    public required ConsentFlags ConsentDefault { get; init; }
    public required bool Historical { get; init; }
    public required long OutputsFromMs { get; init; }
    public required long ControlOffset { get; init; }
    public long BucketMs { get; set; } = ShardRowCodec.FirstBucketMs;
    public long BudgetDay { get; set; }
    public int BudgetSpent { get; set; }
    public List<string> Settings { get; } = [];
    public List<(string Sha256, bool IsBase)> Tables { get; } = [];
    public List<string> Paused { get; } = [];
    public List<string> AppliedRequests { get; } = [];

    /// <summary>Puts the row's state into an empty memory. Tables must be loaded first, in order.</summary>
    public void RestoreInto(ShardMemory memory, IReadOnlyList<VectorTableVersion> tables)
    {
        var state = memory.State;
        foreach (var json in Settings) state.AddSettings(FoldSettingsJson.Read(json));
        foreach (var table in tables) state.AddTable(table.Sha256, table.IsBase, table.Entries);
        state.Sequence = Sequence;
        state.StreamTimeMs = StreamTimeMs;
        state.ConsentDefault = ConsentDefault;
        state.Historical = Historical;
        state.OutputsFromMs = OutputsFromMs;
        foreach (var topic in Paused) state.Paused.Add(topic);
        state.AppliedRequests.AddRange(AppliedRequests);
        if (BudgetSpent > 0) state.Spend(BudgetDay, BudgetSpent);
        memory.Position = Position;
        memory.BucketMs = BucketMs;
    }
}
