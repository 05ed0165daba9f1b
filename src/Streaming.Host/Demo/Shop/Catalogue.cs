using System.Globalization;

namespace Streaming.Host.Demo.Shop;

/// <summary>The generated shop's products; the same seed gives the same products.</summary>
internal sealed class Catalogue
{
    // Appeal of the product of rank r is r^-0.8: a few sell a lot, most sell some.
    private const double AppealExponent = 0.8;

    private readonly Dictionary<string, Product> _byId;
    private readonly ILookup<string, Product> _byCategory;
    private readonly ILookup<string, Product> _byGroup;

    /// <summary>Makes the products.</summary>
    public Catalogue(int seed)
    {
        var random = new Random(seed);
        var plain = Assortment.Departments.SelectMany(d => d.Kinds.SelectMany(kind => Variants(d, kind, random))).ToArray();
        random.Shuffle(plain);
        Products = [.. plain.Select((p, rank) => p with { Appeal = Math.Pow(rank + 1, -AppealExponent) })];
        _byId = Products.ToDictionary(p => p.Id, StringComparer.Ordinal);
        _byCategory = Products.ToLookup(p => p.Category, StringComparer.Ordinal);
        _byGroup = Products.ToLookup(p => p.GroupId, StringComparer.Ordinal);
        Categories = [.. Assortment.Departments.Select(d => d.Category)];
    }

    /// <summary>All products.</summary>
    public IReadOnlyList<Product> Products { get; }

    /// <summary>All category paths.</summary>
    public IReadOnlyList<string> Categories { get; }

    /// <summary>The product of an id, or null.</summary>
    public Product? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>A product of a category, more likely an appealing one.</summary>
    public Product Pick(string category, Random random) => Weighted([.. _byCategory[category]], random);

    /// <summary>A variant of the same product, or the product itself where it has none.</summary>
    public Product Variant(Product of, Random random)
    {
        var others = _byGroup[of.GroupId].Where(p => p.Id != of.Id).ToArray();
        return others.Length == 0 ? of : others[random.Next(others.Length)];
    }

    // Kinds of one department pair up in a fixed order: who looks at a kettle goes on to the grinder.
    /// <summary>What goes with a product: the next kind of its department.</summary>
    public Product Companion(Product of, Random random)
    {
        var department = Assortment.Departments.First(d => d.Category == of.Category);
        var at = Array.FindIndex(department.Kinds, k => GroupOf(department, k.Name) == of.GroupId);
        var next = department.Kinds[(at + 1) % department.Kinds.Length];
        return Weighted([.. _byGroup[GroupOf(department, next.Name)]], random);
    }

    private static IEnumerable<Product> Variants(Assortment.Department department, (string Name, decimal Price) kind, Random random)
    {
        var group = GroupOf(department, kind.Name);
        foreach (var style in department.Styles.Concat(["classic"]))
        {
            var brand = department.Brands[random.Next(department.Brands.Length)];
            var price = decimal.Round(kind.Price * (decimal)(0.8 + random.NextDouble() * 0.7), 1) - 0.05m;
            yield return new Product($"{group}-{Slug(style)}", $"{brand} {kind.Name}, {style}", department.Category, brand, Math.Max(0.95m, price), style, group, 0);
        }
    }

    private static string GroupOf(Assortment.Department department, string kind) => $"{Slug(department.Category.Split('/')[1])}-{Slug(kind)}";

    private static string Slug(string text) => new([.. text.ToLower(CultureInfo.InvariantCulture).Where(c => char.IsAsciiLetterOrDigit(c) || c == ' ').Select(c => c == ' ' ? '_' : c)]);

    private static Product Weighted(Product[] among, Random random)
    {
        var at = random.NextDouble() * among.Sum(p => p.Appeal);
        foreach (var product in among)
        {
            at -= product.Appeal;
            if (at <= 0) return product;
        }

        return among[^1];
    }
}
