namespace Streaming.Host.Settings;

/// <summary>One concern's options: a name, a record type, and whether the section may be written as one value.</summary>
/// <param name="Name">Section name, the first part of every key.</param>
/// <param name="Type">The options record; its property initialisers are the only place of the defaults.</param>
/// <param name="About">One line for people.</param>
/// <param name="Shorthand">Option that the section's own value stands for (<c>Store=sqlite:DIR</c>), or null.</param>
internal sealed record SettingsSection(string Name, Type Type, string About, string? Shorthand = null)
{
    /// <summary>Options that the program sets itself, because another setting already says them.</summary>
    public IReadOnlyList<string> Derived { get; init; } = [];

    /// <summary>What the program finds wrong with the options beside their own check; null: nothing more.</summary>
    public Func<object, IEnumerable<string>>? Check { get; init; }

    /// <summary>A section of a record type.</summary>
    public static SettingsSection Of<T>(string name, string about, string? shorthand = null) where T : class => new(name, typeof(T), about, shorthand);

    /// <summary>Fresh options with every default.</summary>
    public object Defaults() => RecordFactory.Create(Type);

    /// <summary>Every leaf option of the section.</summary>
    public IReadOnlyList<SettingsOption> Options() => OptionTree.Walk(this);
}
