namespace Streaming.Training.Simulate;

/// <summary>A customer of the generated shop: a few categories of interest, a style, a habit of buying, and what was bought before.</summary>
internal sealed class SyntheticCustomer
{
    private const int Interests = 4;

    public SyntheticCustomer(int number, SeededRandom random)
    {
        Id = "customer-" + number.ToString("00000", System.Globalization.CultureInfo.InvariantCulture);
        for (var i = 0; i < Interests; i++) Categories[i] = random.Below(SyntheticAssortment.CategoryCount);
        Style = random.Below(SyntheticAssortment.StyleCount);
        BuyRate = 0.05 + (0.25 * random.Uniform());
    }

    /// <summary>Id.</summary>
    public string Id { get; }
    /// <summary>Categories of interest.</summary>
    public int[] Categories { get; } = new int[Interests];
    /// <summary>Style that is liked three times as much as others.</summary>
    public int Style { get; }
    /// <summary>Chance of putting a viewed item into the cart.</summary>
    public double BuyRate { get; }
    /// <summary>Consumables bought, candidates for buying again.</summary>
    public List<SyntheticItem> Repeats { get; } = [];
}
