using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Streaming.Simulation;

/// <summary>What a run did: a storm in which nothing happened proves nothing.</summary>
internal sealed class Stats
{
    public int Events, Records, TakeOvers, HandOffs, Crashes, Pauses, Grants, Revocations, BrokerOutages, StoreOutages, SlowPhases, RollBacks, Jumps, Fences, Unclear, Retries, Forgotten, ForgottenInControl, ForgottenElsewhere, Expired, SettingsChanges, Links, Repairs, Hidden, HiddenInVain, CommitLooks, MemoryLooks;
    public long Steps;

    public void Add(Stats other)
    {
        Events += other.Events;
        Records += other.Records;
        TakeOvers += other.TakeOvers;
        HandOffs += other.HandOffs;
        Crashes += other.Crashes;
        Pauses += other.Pauses;
        Grants += other.Grants;
        Revocations += other.Revocations;
        BrokerOutages += other.BrokerOutages;
        StoreOutages += other.StoreOutages;
        SlowPhases += other.SlowPhases;
        RollBacks += other.RollBacks;
        Jumps += other.Jumps;
        Fences += other.Fences;
        Unclear += other.Unclear;
        Retries += other.Retries;
        Forgotten += other.Forgotten;
        ForgottenInControl += other.ForgottenInControl;
        ForgottenElsewhere += other.ForgottenElsewhere;
        Expired += other.Expired;
        SettingsChanges += other.SettingsChanges;
        Links += other.Links;
        Repairs += other.Repairs;
        Hidden += other.Hidden;
        HiddenInVain += other.HiddenInVain;
        CommitLooks += other.CommitLooks;
        MemoryLooks += other.MemoryLooks;
        Steps += other.Steps;
    }

    /// <summary>Every count by its name.</summary>
    public JsonObject ToJson() => new(typeof(Stats).GetFields().Select(f => KeyValuePair.Create(JsonNamingPolicy.CamelCase.ConvertName(f.Name), (JsonNode?)JsonValue.Create(Convert.ToInt64(f.GetValue(this), CultureInfo.InvariantCulture)))));

    public override string ToString() =>
        FormattableString.Invariant($"{Events:N0} events, {TakeOvers:N0} take-overs, {HandOffs:N0} hand-offs, {Crashes:N0} crashes, {Pauses:N0} pauses, {Grants:N0} grants, {Revocations:N0} revocations, {BrokerOutages:N0} broker outages, {StoreOutages:N0} store outages, {SlowPhases:N0} slow phases, ") +
        FormattableString.Invariant($"{RollBacks:N0} roll-backs, {Jumps:N0} clock jumps, {Fences:N0} fences, {Unclear:N0} unclear outcomes, {Retries:N0} retries, {Forgotten:N0} forgotten markers of offsets, {ForgottenInControl:N0} of control and {ForgottenElsewhere:N0} of outputs, {Expired:N0} expired offsets, {SettingsChanges:N0} changes of fold settings, {Links:N0} records of links, {Hidden:N0} hidden by another's transaction, {HiddenInVain:N0} waits for those in vain, {Repairs:N0} repairs, {CommitLooks:N0} commits held against one owner, {MemoryLooks:N0} looks at crowded memory, {Steps:N0} steps");
}
