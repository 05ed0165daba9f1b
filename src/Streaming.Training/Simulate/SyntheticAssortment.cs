using System.Globalization;
using Streaming.Contracts;

namespace Streaming.Training.Simulate;

/// <summary>Generates the items: categories with a head and a long tail, styles across categories, brands, log-normal prices.</summary>
internal static class SyntheticAssortment
{
    private static readonly string[] Departments = ["home", "kitchen", "garden", "toys", "beauty", "sports"];
    private static readonly string[] Things = ["lamp", "mug", "planter", "puzzle", "soap", "bottle", "candle", "tray", "basket", "scarf"];
    private static readonly string[] Styles = ["classic", "bold", "natural", "vintage", "minimal", "playful", "nordic", "bright"];
    private static readonly string[] Consumable = ["soap", "candle"];

    /// <summary>Number of styles.</summary>
    public static int StyleCount => Styles.Length;

    /// <summary>Number of categories.</summary>
    public static int CategoryCount => Departments.Length * Things.Length;

    /// <summary>Makes the items.</summary>
    public static SyntheticItem[] Make(int count, SeededRandom random)
    {
        var items = new SyntheticItem[count];
        for (var i = 0; i < count; i++) items[i] = One(i, random);
        return items;
    }

    private static SyntheticItem One(int number, SeededRandom random)
    {
        var category = random.Below(CategoryCount);
        var (department, thing) = (Departments[category / Things.Length], Things[category % Things.Length]);
        var style = random.Below(Styles.Length);
        var price = Math.Round((decimal)Math.Exp(2.5 + (0.8 * random.Normal())), 2) + 0.5m;
        var catalog = new CatalogItem
        {
            ItemId = "item-" + number.ToString("00000", CultureInfo.InvariantCulture), Title = $"{Styles[style]} {thing} no {number % 97}",
            Category = $"{department}/{thing}", Brand = "brand-" + random.Below(25).ToString(CultureInfo.InvariantCulture), Price = price, Currency = "EUR",
        };
        return new SyntheticItem(catalog, category, style, Math.Exp(1.1 * random.Normal()), Consumable.Contains(thing));
    }
}
