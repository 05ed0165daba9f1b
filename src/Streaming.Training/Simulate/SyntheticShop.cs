using System.Globalization;
using Streaming.Contracts;
using Streaming.Training.History;

namespace Streaming.Training.Simulate;

/// <summary>
/// A seeded history of a shop that never was, with the structure real ones have: a long tail, interests and styles of customers, sessions that stay in a category or move
/// to a companion one, carts and purchases, consumables bought again. For the demo's model and for tests; no figure from it says anything about a real shop.
/// </summary>
public sealed class SyntheticShop
{
    private const int MinuteMs = 60_000, DayMs = 86_400_000;
    private readonly SeededRandom _random;
    private readonly SyntheticItem[] _items;
    private readonly SyntheticItem[][] _ofCategory;
    private readonly SyntheticCustomer[] _customers;
    private readonly List<TrainingEvent> _events = [];
    private int _session;

    private SyntheticShop(SyntheticShopOptions options)
    {
        _random = new SeededRandom((ulong)options.Seed);
        _items = SyntheticAssortment.Make(options.Items, _random);
        _ofCategory = [.. Enumerable.Range(0, SyntheticAssortment.CategoryCount).Select(c => _items.Where(i => i.Category == c).ToArray())];
        _customers = [.. Enumerable.Range(0, options.Users).Select(n => new SyntheticCustomer(n, _random))];
    }

    /// <summary>Generates a history, ordered by time.</summary>
    /// <exception cref="ArgumentException">An option out of its range.</exception>
    public static TrainingHistory Generate(SyntheticShopOptions options)
    {
        if (options.Validate().ToArray() is { Length: > 0 } errors) throw new ArgumentException(string.Join("; ", errors), nameof(options));
        var shop = new SyntheticShop(options);
        var starts = new double[options.Sessions];
        foreach (ref var start in starts.AsSpan()) start = shop._random.Uniform();
        Array.Sort(starts);
        foreach (var start in starts) shop.Session(options.StartMs + (long)(start * options.Days * DayMs));
        return TrainingHistory.Sorted(shop._events, shop._items.Select(i => i.Catalog));
    }

    private void Session(long atMs)
    {
        var customer = _customers[(int)(_customers.Length * _random.Uniform() * _random.Uniform())]; // the square: a few customers come often
        var session = "s" + (_session++).ToString(CultureInfo.InvariantCulture);
        var category = _random.Uniform() < 0.8 ? customer.Categories[_random.Below(customer.Categories.Length)] : _random.Below(_ofCategory.Length);
        var cart = new List<SyntheticItem>();
        var views = 1 + (int)(-Math.Log(1 - _random.Uniform()) * 5);
        for (var v = 0; v < Math.Min(views, 40); v++)
        {
            if (_random.Uniform() < 0.2) category = _random.Uniform() < 0.7 ? Companion(category) : customer.Categories[_random.Below(customer.Categories.Length)];
            if (Pick(customer, category) is not { } item) continue;
            atMs += (long)(MinuteMs * (0.2 + (2 * _random.Uniform())));
            Add(customer, EventType.View, atMs, item, session);
            if (_random.Uniform() >= customer.BuyRate) continue;
            Add(customer, EventType.AddToCart, atMs + 5_000, item, session);
            cart.Add(item);
        }

        if (customer.Repeats.Count > 0 && _random.Uniform() < 0.3) cart.Add(customer.Repeats[_random.Below(customer.Repeats.Count)]);
        if (cart.Count > 0 && _random.Uniform() < 0.6) Buy(customer, cart, atMs + MinuteMs, session);
    }

    private void Buy(SyntheticCustomer customer, List<SyntheticItem> cart, long atMs, string session)
    {
        foreach (var item in cart.Distinct())
        {
            Add(customer, EventType.Purchase, atMs, item, session);
            if (item.IsConsumable && !customer.Repeats.Contains(item)) customer.Repeats.Add(item);
        }
    }

    private void Add(SyntheticCustomer customer, EventType type, long atMs, SyntheticItem item, string session) =>
        _events.Add(new TrainingEvent(customer.Id, type, atMs, item.Catalog.ItemId, session, UnitPrice: item.Catalog.Price));

    /// <summary>The category bought beside this one: the same thing in the next department.</summary>
    private static int Companion(int category) => (category + 10) % SyntheticAssortment.CategoryCount;

    /// <summary>An item of the category by appeal, the customer's style counting three times.</summary>
    private SyntheticItem? Pick(SyntheticCustomer customer, int category)
    {
        var items = _ofCategory[category];
        var sum = items.Sum(i => Weight(customer, i));
        var at = _random.Uniform() * sum;
        foreach (var item in items)
        {
            at -= Weight(customer, item);
            if (at < 0) return item;
        }

        return items.Length == 0 ? null : items[^1];
    }

    private static double Weight(SyntheticCustomer customer, SyntheticItem item) => item.Appeal * (item.Style == customer.Style ? 3 : 1);
}
