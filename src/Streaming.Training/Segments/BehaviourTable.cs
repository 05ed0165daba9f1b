using Streaming.Contracts;
using Streaming.Training.History;

namespace Streaming.Training.Segments;

/// <summary>
/// Behaviour of every customer with a purchase. None of the features moves while a customer does nothing: with recency among them segments would change without an event, and recency has its own place in the quintiles.
/// </summary>
internal static class BehaviourTable
{
    private const double DayMs = 86_400_000;

    /// <summary>Names of the features; counts and amounts as ln(1 + x), since both are heavy-tailed.</summary>
    public static readonly IReadOnlyList<string> Features = ["occasions", "amountPerOccasion", "itemsPerOccasion", "gapDays", "repeatShare", "refundShare", "looksPerOccasion"];

    /// <summary>Customers in the order of their ids.</summary>
    /// <param name="events">Ordered by time.</param>
    /// <param name="atMs">The moment: events after it are not looked at.</param>
    public static IReadOnlyList<CustomerBehaviour> At(IReadOnlyList<TrainingEvent> events, long atMs)
    {
        var tallies = new Dictionary<string, Tally>(StringComparer.Ordinal);
        foreach (var e in events)
        {
            if (e.AtMs > atMs) break;
            if (e.IsGuest || e.UserId.Length == 0) continue;
            if (!tallies.TryGetValue(e.UserId, out var tally)) tallies.Add(e.UserId, tally = new Tally());
            tally.Add(e);
        }

        return [.. tallies.Where(t => t.Value.Days > 0).OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => t.Value.Behaviour(t.Key, atMs))];
    }

    private sealed class Tally
    {
        private readonly HashSet<string> _items = new(StringComparer.Ordinal);
        private readonly List<int> _gaps = [];
        private long _lines, _repeats, _refunds, _looks, _firstMs, _lastMs, _lastDay = long.MinValue;
        private double _amount;

        public int Days { get; private set; }

        public void Add(TrainingEvent e)
        {
            if (e.Type == EventType.Refund) _refunds++;
            if (e.Type is EventType.View or EventType.Click) _looks++;
            if (e.Type != EventType.Purchase) return;
            if (Days == 0) _firstMs = e.AtMs;
            (_lastMs, _lines) = (e.AtMs, _lines + 1);
            var day = (long)Math.Floor(e.AtMs / DayMs);
            if (day != _lastDay)
            {
                if (Days > 0) _gaps.Add((int)(day - _lastDay));
                (_lastDay, Days) = (day, Days + 1);
            }

            if (e.ItemId is { } item && !_items.Add(item)) _repeats++;
            var price = e.UnitPrice is { } unit ? (double)unit : 1;
            _amount += Math.Max(0, price * e.Quantity);
        }

        public CustomerBehaviour Behaviour(string user, long atMs)
        {
            double days = Days;
            return new CustomerBehaviour(user, (atMs - _lastMs) / DayMs, Days, _amount,
            [
                Math.Log(days), Math.Log(1 + (_amount / days)), Math.Log(1 + (_lines / days)), Days > 1 ? Math.Log(1 + ((_lastMs - _firstMs) / DayMs / (days - 1))) : double.NaN,
                _lines > 1 ? (double)_repeats / _lines : 0, (double)_refunds / (_lines + _refunds), Math.Log(1 + (_looks / days)),
            ])
            {
                Lines = (_lines, _repeats, _refunds, _looks), DaysSinceFirst = (atMs - _firstMs) / DayMs, MedianGapDays = Median(),
            };
        }

        private double Median()
        {
            if (_gaps.Count == 0) return double.NaN;
            _gaps.Sort();
            return (_gaps[(_gaps.Count - 1) / 2] + _gaps[_gaps.Count / 2]) / 2.0;
        }
    }
}
