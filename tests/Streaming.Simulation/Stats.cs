using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Streaming.Simulation;

/// <summary>What a run did: a storm in which nothing happened proves nothing.</summary>
internal sealed class Stats
{
    private static readonly FieldInfo[] Counts = typeof(Stats).GetFields(BindingFlags.Public | BindingFlags.Instance);

    public long Events, TakeOvers, HandOffs, Crashes, Pauses, Grants, Revocations, BrokerOutages, StoreOutages, SlowPhases, RollBacks, LiveRollBacks, Jumps, Fences, Unclear, Retries, Forgotten, ForgottenInControl, ForgottenElsewhere, Expired;
    public long SettingsChanges, Links, Repairs, Hidden, HiddenInVain, CommitLooks, MemoryLooks;

    /// <summary>Requests to end a transaction: held back; come late and refused by their epoch, in time for their own transaction all the same, or with nothing open; and those that ended another one.</summary>
    public long HeldEnds, LateEndsRefused, LateEndsInTime, LateEndsVoid, TornEnds;

    /// <summary>Rows older than the newest one, an R of that kind, and rows with damaged bytes, each as given to an owner.</summary>
    public long StaleRows, StaleShardRows, CorruptRows;

    /// <summary>Requests that never arrived, replies that never did, and requests that came after their sender had given up.</summary>
    public long LostRequests, LostReplies, LateRequests;

    /// <summary>Answers of the model with numbers that are none.</summary>
    public long NanScores;

    /// <summary>Events with a timestamp of their producer, the ticks of shards that read such, and events that withdraw the consent to marketing.</summary>
    public long CreateTimeEvents, CreateTimeTicks, MarketRefusals;

    /// <summary>Alerts that facts record, those among them that were taken from a budget, and those that a cool-down counts from.</summary>
    public long Alerts, BudgetAlerts, CooledAlerts;
    public long Steps;

    public void Add(Stats other)
    {
        foreach (var count in Counts) count.SetValue(this, (long)count.GetValue(this)! + (long)count.GetValue(other)!);
    }

    /// <summary>Every count by its name.</summary>
    public JsonObject ToJson() => new(Counts.Select(f => KeyValuePair.Create(JsonNamingPolicy.CamelCase.ConvertName(f.Name), (JsonNode?)JsonValue.Create((long)f.GetValue(this)!))));

    public override string ToString() =>
        FormattableString.Invariant($"{Events:N0} events, {TakeOvers:N0} take-overs, {HandOffs:N0} hand-offs, {Crashes:N0} crashes, {Pauses:N0} pauses, {Grants:N0} grants, {Revocations:N0} revocations, {BrokerOutages:N0} broker outages, {StoreOutages:N0} store outages, {SlowPhases:N0} slow phases, ") +
        FormattableString.Invariant($"{RollBacks:N0} roll-backs ({LiveRollBacks:N0} under running nodes), {Jumps:N0} clock jumps, {Fences:N0} fences, {Unclear:N0} unclear outcomes, {Retries:N0} retries, {Forgotten:N0} forgotten markers of offsets, {ForgottenInControl:N0} of control and {ForgottenElsewhere:N0} of outputs, {Expired:N0} expired offsets, {SettingsChanges:N0} changes of fold settings, {Links:N0} records of links, {Hidden:N0} hidden by another's transaction, {HiddenInVain:N0} waits for those in vain, {Repairs:N0} repairs, ") +
        FormattableString.Invariant($"{HeldEnds:N0} requests to end a transaction held back, {LateEndsRefused:N0} late ones refused, {LateEndsInTime:N0} in time all the same, {LateEndsVoid:N0} with nothing open, {TornEnds:N0} that ended another, {LostRequests:N0} lost requests, {LostReplies:N0} lost replies, {LateRequests:N0} late requests, ") +
        FormattableString.Invariant($"{StaleRows:N0} outdated rows, {StaleShardRows:N0} outdated R, {CorruptRows:N0} damaged rows, {NanScores:N0} lists scored with no numbers, {CreateTimeEvents:N0} events with CreateTime, {CreateTimeTicks:N0} ticks beside such, {MarketRefusals:N0} consents to marketing withdrawn, {Alerts:N0} alerts ({BudgetAlerts:N0} from a budget, {CooledAlerts:N0} with a cool-down), {CommitLooks:N0} commits held against one owner, {MemoryLooks:N0} looks at crowded memory, {Steps:N0} steps");
}
