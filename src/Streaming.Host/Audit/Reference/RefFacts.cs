using System.Text.Json;
using System.Text.Json.Serialization;
using Streaming.Contracts;
using Streaming.Core.Fold;

namespace Streaming.Host.Audit.Reference;

/// <summary>docs/fold.md §11: facts on the reference, and what they say about outputs.</summary>
internal sealed class RefFacts(RefShard shard, RefAlerts alerts, IVectorTableSource tables, IReadOnlyDictionary<string, byte[]> logged, AuditFindings findings, int partition)
{
    private readonly Dictionary<string, List<(long Parked, long Unparked)>> _parked = new(StringComparer.Ordinal);

    /// <summary>Name of the topic of alerts.</summary>
    public required string AlertsTopic { get; init; }

    /// <summary>True where a topic was withheld at any time: what should be in it is then not known.</summary>
    public HashSet<string> EverPaused { get; } = new(StringComparer.Ordinal);

    /// <summary>True where the user is held back.</summary>
    public bool IsParked(string user) => _parked.TryGetValue(user, out var times) && times[^1].Unparked == long.MaxValue;

    /// <summary>Batch that emitted what a user's event in a batch caused: that batch, or the one that unparked the user where it was held back.</summary>
    public long EmittedIn(string user, long sequence)
    {
        if (!_parked.TryGetValue(user, out var times)) return sequence;
        foreach (var (parked, unparked) in times)
        {
            if (parked <= sequence && sequence <= unparked) return unparked;
        }

        return sequence;
    }

    /// <summary>Applies one fact.</summary>
    public async ValueTask ApplyAsync(ControlFact fact, long sequence, CancellationToken cancellation)
    {
        switch (fact.Type)
        {
            case "tick":
                shard.Tick(fact.TimeMs ?? 0);
                break;
            case "settings":
                shard.PutSettings(Settings(fact, sequence));
                break;
            case "table":
                await TableAsync(fact, sequence, cancellation);
                break;
            case "alert":
                Alert(fact, sequence);
                break;
            case "historical":
                shard.Historical();
                alerts.OutputsFromMs = fact.TimeMs ?? long.MinValue;
                break;
            case "outputs_from":
                alerts.OutputsFromMs = fact.TimeMs ?? long.MinValue;
                break;
            case "pause":
                EverPaused.Add(fact.Value ?? "");
                alerts.IsPaused |= fact.Value == AlertsTopic;
                break;
            case "resume":
                alerts.IsPaused &= fact.Value != AlertsTopic;
                break;
            case "park":
                Park(fact.User ?? "", sequence);
                break;
            case "unpark":
                Unpark(fact.User ?? "", sequence);
                break;
            case "dues_deferred" or "ended":
                break; // about outputs and order, never about what a profile holds
            default:
                findings.Warn($"batch {sequence} of partition {partition} holds a fact of a type that this program does not know: {fact.Type}");
                break;
        }
    }

    private void Park(string user, long sequence)
    {
        if (!_parked.TryGetValue(user, out var times)) _parked.Add(user, times = []);
        if (times.Count == 0 || times[^1].Unparked < long.MaxValue) times.Add((sequence, long.MaxValue));
        alerts.Parked(user);
    }

    private void Unpark(string user, long sequence)
    {
        if (_parked.TryGetValue(user, out var times)) times[^1] = times[^1] with { Unparked = sequence };
        alerts.Unparked(user);
    }

    private void Alert(ControlFact fact, long sequence)
    {
        if (fact is not { User: { } user, Episode: { } episode })
        {
            findings.Warn($"batch {sequence} of partition {partition} holds an alert fact without user or episode");
            return;
        }

        alerts.Fact(user, episode, sequence, fact.TimeMs, fact.Value);
    }

    private async ValueTask TableAsync(ControlFact fact, long sequence, CancellationToken cancellation)
    {
        var sha256 = fact.Sha256 ?? "";
        var entries = await tables.ReadAsync(sha256, shard.Settings.Options.Dimensions, logged.GetValueOrDefault(sha256), cancellation);
        if (entries is null) findings.Mismatch($"batch {sequence} of partition {partition} puts table {sha256} in force, which neither the store nor the log holds");
        shard.Tables.Add(entries ?? [], fact.Value == "base");
    }

    private RefSettings Settings(ControlFact fact, long sequence)
    {
        try
        {
            var wire = JsonSerializer.Deserialize(fact.Value ?? "", RefSettingsJson.Default.RefSettingsWire);
            if (wire is not null) return new RefSettings(wire.Fold, (ConsentFlags)wire.ConsentDefault);
            findings.Mismatch($"batch {sequence} of partition {partition} holds empty settings");
        }
        catch (JsonException error)
        {
            findings.Mismatch($"batch {sequence} of partition {partition} holds settings that cannot be read: {error.Message}");
        }

        return shard.Settings;
    }
}

/// <summary>Settings on the wire.</summary>
internal sealed record RefSettingsWire(FoldOptions Fold, int ConsentDefault);

/// <summary>Reading of <see cref="RefSettingsWire"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RefSettingsWire))]
internal sealed partial class RefSettingsJson : JsonSerializerContext;
