using System.Text.Json.Serialization;

namespace Streaming.Pipeline.Wire;

/// <summary>A user view as it travels and as pages show it: <see cref="Core.Shard.UserView"/> with names in place of tuples.</summary>
internal sealed record UserViewDocument(string Key, int Partition, long EventCount, IReadOnlyDictionary<string, uint> Counts, long FirstEventMs, long LastEventMs,
    IReadOnlyList<double> VectorNorms, IReadOnlyList<InterestDocument> Interests, IReadOnlyList<ActionDocument> Latest, int SessionEvents,
    int Occasions, decimal Amount, double? MeanGapDays, double? ChurnRisk, string Consent, string? LinkedTo, IReadOnlyList<string> Guests,
    long AppliedEvents, bool Degraded);

/// <summary>One separate interest.</summary>
internal sealed record InterestDocument(double Weight, long LastMs);

/// <summary>One action.</summary>
internal sealed record ActionDocument(string ItemId, string Type, long AtMs);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(UserViewDocument))]
internal sealed partial class UserViewContext : JsonSerializerContext;
