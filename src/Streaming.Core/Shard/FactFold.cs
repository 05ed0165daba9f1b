using System.Globalization;
using System.Text;
using Streaming.Contracts;
using Streaming.Core.Errors;
using Streaming.Core.Events;
using Streaming.Core.Fold;

namespace Streaming.Core.Shard;

/// <summary>Applies facts (docs/fold.md §11). Tables must have been loaded before: Fold waits for nothing.</summary>
internal sealed class FactFold(ShardMemory memory)
{
    private const int MaxRememberedRequests = 1000;

    /// <summary>Table versions loaded for facts to come, by sha256.</summary>
    public Dictionary<string, VectorTableVersion> Tables { get; } = [];

    /// <summary>Applies one fact.</summary>
    public void Apply(ControlFact fact, long sequence, IFoldOutputs outputs)
    {
        var state = memory.State;
        switch (fact.Type)
        {
            case FactTypes.Tick:
                memory.AdvanceTo(Math.Max(state.StreamTimeMs, fact.TimeMs ?? 0), sequence, outputs);
                break;
            case FactTypes.Table:
                var version = Tables.GetValueOrDefault(fact.Sha256!) ?? throw new CorruptRowException($"vector table {fact.Sha256} was not loaded");
                state.AddTable(version.Sha256, fact.Value == FactTypes.Base, version.Entries);
                Tables.Remove(version.Sha256);
                break;
            case FactTypes.Settings:
                state.AddSettings(FoldSettingsJson.Read(fact.Value!));
                break;
            case FactTypes.Alert:
                Alert(fact, sequence);
                break;
            case FactTypes.Historical:
                state.Historical = true;
                state.ConsentDefault = ConsentFlags.All;
                state.OutputsFromMs = fact.TimeMs ?? long.MinValue;
                break;
            case FactTypes.OutputsFrom:
                state.OutputsFromMs = fact.TimeMs ?? long.MinValue;
                break;
            case FactTypes.Pause:
                if (fact.Value is { } paused) state.Paused.Add(paused); // earlier versions took a request without a topic into their log
                break;
            case FactTypes.Resume:
                if (fact.Value is { } resumed) state.Paused.Remove(resumed);
                break;
            case FactTypes.Park or FactTypes.Unpark or FactTypes.DuesDeferred or FactTypes.Ended:
                break;
            default:
                throw new CorruptRowException($"the batch record holds a fact of type '{fact.Type}', which this program does not know");
        }

        if (fact.RequestId is null) return;
        state.AppliedRequests.Add(fact.RequestId);
        if (state.AppliedRequests.Count > MaxRememberedRequests) state.AppliedRequests.RemoveAt(0);
    }

    private void Alert(ControlFact fact, long sequence)
    {
        // The shard's, whoever's row holds the batch already.
        if (fact.Value is { } day) memory.State.Spend(long.Parse(day, CultureInfo.InvariantCulture), 1);
        var user = memory.Users.Find(new UserKey(Encoding.UTF8.GetBytes(fact.User!)));
        if (user is null || user.AppliedSequence >= sequence) return;
        user.AlertedEpisode = fact.Episode!.Value;
        if (fact.TimeMs is { } sentMs) user.AlertedAtMs = sentMs;
        memory.Touch(user);
    }
}
