using Streaming.Contracts;
using Streaming.Host.Replay;
using Streaming.Training.History;
using Streaming.Training.Simulate;

namespace Streaming.Host.Cli;

/// <summary>History as training takes it, from any form that <c>replay</c> reads, or generated.</summary>
internal static class TrainingInput
{
    /// <summary>Name of the generated history.</summary>
    public const string Synthetic = "synthetic";

    private const int MostItems = 10_000_000;
    private const int MostNamed = 20;

    /// <summary>Names of all forms.</summary>
    public static readonly IReadOnlyList<string> Formats = [.. HistoryFormats.Names, Synthetic];

    /// <summary>Reads a history.</summary>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    /// <param name="file">Path or <c>-</c>; null for the generated one.</param>
    /// <param name="seed">Seed of the generated one.</param>
    /// <param name="say">Takes lines for a person: rejected rows.</param>
    /// <exception cref="HistoryFormatException">The file is not of this form.</exception>
    public static TrainingHistory Read(string format, string? file, int seed, Action<string> say)
    {
        if (format == Synthetic) return SyntheticShop.Generate(new SyntheticShopOptions { Seed = seed });
        if (!HistoryFormats.TryParse(format, out var form)) throw new HistoryFormatException($"{format} is no form of history");
        var rejected = 0L;
        var items = new CatalogBuilder(MostItems);
        var events = new List<TrainingEvent>();
        foreach (var record in HistoryReader.ReadFile(form, file!, row =>
        {
            if (++rejected <= MostNamed) say(row.ToString());
        }))
        {
            items.Add(record);
            if (Event(record) is { } training) events.Add(training);
        }

        if (rejected > MostNamed) say($"{rejected} rows were rejected in all");
        return TrainingHistory.Sorted(events, items.Items());
    }

    // What names nobody, no time or no type teaches nothing; replay sends it on all the same, and the engine judges it.
    private static TrainingEvent? Event(HistoryRecord record)
    {
        if (record.Key is not { } key || record.TimeMs <= 0 || record.Type == EventType.Unknown) return null;
        return new TrainingEvent(key, record.Type, record.TimeMs, record.ItemId, record.SessionId, (int)Math.Clamp(record.Quantity ?? 1, 1, int.MaxValue), record.UnitPrice, record.UserId is null);
    }
}
