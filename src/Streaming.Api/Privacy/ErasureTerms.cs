using Streaming.Api.Settings;
using Streaming.Api.Wire;

namespace Streaming.Api.Privacy;

/// <summary>When each place of docs/privacy.md is empty of a person who is erased. A test holds the places against that page.</summary>
internal static class ErasureTerms
{
    private const long HourMs = 3_600_000;

    /// <summary>The places, with the times that the clock decides.</summary>
    public static IReadOnlyList<PlaceTerm> Of(PrivacyOptions options, long atMs) =>
    [
        new() { Place = "memory, caches", When = "with the batch that holds the erase event" },
        new() { Place = "guests linked to the user", When = "with the batches of their partitions" },
        new() { Place = "store", When = "next flush after that batch" },
        new() { Place = "item index of each node", When = "when the node reads the sessions record" },
        new() { Place = "topics", When = "retention; no single record is removed before", DueAt = DueAt(options, atMs) },
        new() { Place = "models", When = "next training; they hold no id" },
        new() { Place = "backups of the store", When = "at the take-over that restores from one" },
    ];

    /// <summary>What an export does not repeat: records in topics, which age out.</summary>
    public static IReadOnlyList<PlaceTerm> NotExported(PrivacyOptions options, long atMs) => [new() { Place = "topics", When = "retention", DueAt = DueAt(options, atMs) }];

    private static long DueAt(PrivacyOptions options, long atMs) => atMs + (Math.Max(options.RetentionHours, options.OutputRetentionHours) * HourMs);
}
