namespace Streaming.Host.Demo.Shop;

/// <summary>What kinds of things the generated shop sells.</summary>
internal static class Assortment
{
    /// <summary>A department: category path, brands, styles, and kinds with the price of a plain one in EUR.</summary>
    /// <param name="Category">Category path.</param>
    /// <param name="Brands">Brands.</param>
    /// <param name="Styles">Styles.</param>
    /// <param name="Kinds">Kinds with their price.</param>
    internal sealed record Department(string Category, string[] Brands, string[] Styles, (string Name, decimal Price)[] Kinds);

    /// <summary>All departments.</summary>
    public static readonly IReadOnlyList<Department> Departments =
    [
        new("Kitchen/Coffee", ["Bruno", "Kvarn", "Alto"], ["steel", "black", "copper", "white"],
            [("Pour-over kettle", 49), ("Hand grinder", 69), ("French press", 34), ("Espresso machine", 389), ("Milk frother", 29), ("Coffee scale", 39), ("Cup set", 24), ("Bean jar", 18), ("Paper filters", 6), ("House blend 1 kg", 19)]),
        new("Kitchen/Cookware", ["Hearth", "Ferro", "Lund"], ["24 cm", "28 cm", "enamelled red", "cast iron"],
            [("Frying pan", 59), ("Saucepan", 45), ("Stock pot", 79), ("Casserole", 129), ("Wok", 64), ("Grill pan", 54), ("Lid holder", 19), ("Splatter guard", 14), ("Pan scraper", 7)]),
        new("Kitchen/Knives", ["Tojiro Bay", "Solberg"], ["walnut", "steel", "oak", "black"],
            [("Chef's knife", 89), ("Bread knife", 69), ("Paring knife", 39), ("Santoku", 94), ("Honing rod", 34), ("Whetstone", 44), ("Magnet rack", 29), ("Cutting board", 49)]),
        new("Garden/Tools", ["Wurzel", "Grøn", "Fieldhand"], ["ash handle", "steel", "long", "compact"],
            [("Pruning shears", 32), ("Hand trowel", 14), ("Leaf rake", 27), ("Watering can", 24), ("Spade", 42), ("Hedge trimmer", 119), ("Garden hose 20 m", 39), ("Wheelbarrow", 89), ("Gloves", 9)]),
        new("Garden/Plants", ["Lindenhof", "Flora & Sons"], ["small", "medium", "large", "in pot"],
            [("Lavender", 7), ("Olive tree", 49), ("Rosemary", 5), ("Climbing rose", 19), ("Hydrangea", 17), ("Tomato seeds", 3), ("Potting soil 20 l", 8), ("Terracotta pot", 16)]),
        new("Outdoor/Camping", ["Fjellrev", "Basecamp", "Kite"], ["olive", "sand", "blue", "2 persons"],
            [("Trekking tent", 229), ("Sleeping bag", 119), ("Camping stove", 54), ("Head torch", 29), ("Dry bag", 22), ("Hammock", 45), ("Titanium mug", 19), ("Folding chair", 39), ("Water filter", 49)]),
        new("Outdoor/Cycling", ["Velo Nord", "Rapid"], ["S", "M", "L", "reflective"],
            [("Helmet", 79), ("Rear light", 24), ("Floor pump", 36), ("Pannier", 69), ("Cycling gloves", 27), ("Chain oil", 9), ("Multi tool", 32), ("Bottle cage", 12), ("Rain cape", 54)]),
        new("Home/Lighting", ["Lumen", "Ostra"], ["brass", "black", "opal", "green"],
            [("Desk lamp", 69), ("Floor lamp", 149), ("Pendant", 99), ("String lights", 19), ("Table lamp", 59), ("Filament bulb", 8), ("Wall light", 74), ("Lampshade", 34)]),
        new("Home/Textiles", ["Linna", "Moor"], ["sage", "rust", "natural", "navy"],
            [("Linen duvet cover", 129), ("Wool throw", 79), ("Cushion cover", 24), ("Bath towel", 22), ("Table runner", 29), ("Cotton rug", 89), ("Tea towels", 14), ("Curtain", 59)]),
        new("Books/Cooking", ["Northlight Press", "Table & Co"], ["hardcover", "paperback", "signed", "gift edition"],
            [("Bread from Scratch", 28), ("The Fermenter's Year", 32), ("Weeknight Curries", 24), ("Coffee, Slowly", 22), ("One Pan Suppers", 21), ("Knife Skills", 26)]),
        new("Toys/Building", ["Klots", "Bricolo"], ["120 parts", "300 parts", "with motor", "starter"],
            [("Crane set", 49), ("Marble run", 39), ("Railway", 59), ("Castle", 69), ("Farm", 35), ("Space station", 79), ("Wooden blocks", 29), ("Robot arm", 89)]),
        new("Pets/Dogs", ["Pfote", "Good Boy"], ["S", "M", "L", "hemp"],
            [("Leash", 24), ("Dog bed", 69), ("Rope toy", 11), ("Food bowl", 17), ("Dried beef 500 g", 13), ("Harness", 39), ("Dog coat", 49), ("Treat pouch", 16)]),
    ];
}
