namespace Streaming.Host.Settings;

/// <summary>All options as they are in force, and everything that is wrong with them.</summary>
internal sealed class SettingsSnapshot
{
    private readonly Dictionary<Type, object> _byType = [];

    private SettingsSnapshot(IReadOnlyList<SettingsSection> sections, IReadOnlyList<SettingsError> errors, IConfigurationRoot configuration)
    {
        Sections = sections;
        Errors = errors;
        Configuration = configuration;
    }

    /// <summary>The sections.</summary>
    public IReadOnlyList<SettingsSection> Sections { get; }

    /// <summary>Everything wrong, at once.</summary>
    public IReadOnlyList<SettingsError> Errors { get; }

    /// <summary>The merged sources; the engine itself reads only <see cref="Get{T}"/>.</summary>
    public IConfigurationRoot Configuration { get; }

    /// <summary>The options of a record type.</summary>
    public T Get<T>() where T : class => (T)_byType[typeof(T)];

    /// <summary>The options of a section.</summary>
    public object Of(SettingsSection section) => _byType[section.Type];

    /// <summary>What is wrong for a command that needs only some sections; a misspelt key is wrong for every command.</summary>
    public IReadOnlyList<SettingsError> ErrorsFor(params IReadOnlyList<string> sections) =>
        [.. Errors.Where(e => e.IsUnknownKey || sections.Contains(e.Key.Split(':')[0], StringComparer.OrdinalIgnoreCase))];

    /// <summary>Binds and checks every section.</summary>
    /// <param name="configuration">The merged sources.</param>
    /// <param name="sections">The sections.</param>
    /// <param name="earlier">Errors found before, to be told together.</param>
    public static SettingsSnapshot Load(IConfigurationRoot configuration, IReadOnlyList<SettingsSection> sections, params IEnumerable<SettingsError> earlier)
    {
        List<SettingsError> errors = [.. earlier, .. UnknownKeys.Find(configuration, sections)];
        var bound = new List<object>();
        foreach (var section in sections)
        {
            var options = SettingsBinder.Bind(section, configuration, errors);
            // A value that could not be read is told once; the check would only speak of the default in its place.
            errors.AddRange(Validation.Errors(section, options).Where(e => errors.All(before => before.Key != e.Key)).ToList());
            bound.Add(options);
        }

        var snapshot = new SettingsSnapshot(sections, errors, configuration);
        for (var i = 0; i < sections.Count; i++) snapshot._byType.Add(sections[i].Type, bound[i]);
        return snapshot;
    }
}
