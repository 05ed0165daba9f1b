using Streaming.Core.Shard;
using Streaming.Simulation.Broker;

namespace Streaming.Simulation.Checks;

/// <summary>The settings that a shard's log puts in force, and where.</summary>
internal static class SettingsFacts
{
    /// <summary>Committed settings facts in order, each with the events offset before which it holds.</summary>
    public static IEnumerable<(long Before, string Value)> Of(PartitionLog control)
    {
        var sequence = 0L;
        for (var (offset, end) = (0L, control.StableEnd); offset < end; offset++)
        {
            var entry = control[offset];
            if (entry.IsMarker || entry.IsAborted || entry.Value is null || ControlJson.ReadBatch(entry.Value) is not { } batch || batch.Sequence <= sequence) continue; // one written once more
            sequence = batch.Sequence;
            foreach (var fact in batch.Facts ?? [])
            {
                if (fact.Type == FactTypes.Settings) yield return (fact.Before, fact.Value!);
            }
        }
    }
}
