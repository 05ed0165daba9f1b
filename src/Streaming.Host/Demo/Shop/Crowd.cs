using System.Globalization;

namespace Streaming.Host.Demo.Shop;

/// <summary>The people of the generated shop.</summary>
internal sealed class Crowd
{
    private static readonly string[] Names = ["anna", "ben", "carla", "dario", "elif", "farid", "greta", "hugo", "ines", "jonas", "kofi", "lena", "mateo", "nora", "omar", "paula", "quinn", "rosa", "sven", "tara", "umi", "victor", "wanda", "xenia", "yuki", "zoe"];

    private readonly Random _random;
    private readonly IReadOnlyList<string> _categories;
    private int _guests;

    /// <summary>Makes the customers.</summary>
    /// <param name="categories">Categories of the shop.</param>
    /// <param name="customers">Number of known customers.</param>
    /// <param name="random">Seeded.</param>
    public Crowd(IReadOnlyList<string> categories, int customers, Random random)
    {
        _random = random;
        _categories = categories;
        // Every third customer is one who stopped coming.
        Customers = [.. Enumerable.Range(0, customers).Select(i => new Visitor(NameOf(i), null, Tastes()) { IsLapsed = i % 3 == 2 })];
    }

    /// <summary>Known customers.</summary>
    public IReadOnlyList<Visitor> Customers { get; }

    /// <summary>Somebody new, not logged in.</summary>
    public Visitor NewGuest() => new(null, "guest-" + (++_guests).ToString("d5", CultureInfo.InvariantCulture), Tastes());

    private static string NameOf(int i) => i < Names.Length ? Names[i] : Names[i % Names.Length] + (1 + i / Names.Length).ToString(CultureInfo.InvariantCulture);

    private string[] Tastes()
    {
        var all = _categories.ToArray();
        _random.Shuffle(all);
        return all[..3];
    }
}
