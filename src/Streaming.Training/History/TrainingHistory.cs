using Streaming.Contracts;

namespace Streaming.Training.History;

/// <summary>A shop's history: events and what is known of the items.</summary>
/// <param name="Events">Ordered by time; events of equal time in the order they happened.</param>
/// <param name="Catalog">Items; those that are missing are known by their id alone.</param>
public sealed record TrainingHistory(IReadOnlyList<TrainingEvent> Events, IReadOnlyList<CatalogItem> Catalog)
{
    /// <summary>A history from events in any order: sorted by time, stably.</summary>
    public static TrainingHistory Sorted(IEnumerable<TrainingEvent> events, IEnumerable<CatalogItem> catalog) => new([.. events.OrderBy(e => e.AtMs)], [.. catalog]);

    /// <summary>Refuses an order that would let the future leak into the past.</summary>
    /// <exception cref="ArgumentException">Names the first event out of order.</exception>
    public void RequireOrder()
    {
        for (var i = 1; i < Events.Count; i++)
        {
            if (Events[i].AtMs < Events[i - 1].AtMs) throw new ArgumentException($"event {i} of the history is earlier than the one before it; sort the history by time");
        }
    }
}
