using System.Collections;
using System.Text.Json;
using Streaming.Host.Cli;
using Streaming.Host.Settings;
using Xunit;

namespace Streaming.Host.Tests.Settings;

/// <summary>Walks every option of every section.</summary>
public sealed class EveryOptionTests
{
    private static readonly IReadOnlyList<SettingsOption> Options = [.. SettingsCatalog.Sections.SelectMany(s => s.Options())];

    [Fact]
    public void Option_is_documented() => Assert.Empty(Options.Where(o => o.About.Length < 8).Select(o => o.Key));

    [Fact]
    public void Section_has_a_check_of_its_own() => Assert.Empty(SettingsCatalog.Sections.Where(s => Validation.MethodOf(s.Type) is null).Select(s => s.Name));

    [Fact]
    public void Section_names_differ() => Assert.Equal(SettingsCatalog.Sections.Count, SettingsCatalog.Sections.Select(s => s.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());

    [Fact]
    public void Defaults_are_valid_but_for_the_consent_that_every_shop_must_state()
    {
        var errors = SettingsCatalog.Sections.SelectMany(s => Validation.Errors(s, s.Defaults()));
        Assert.Equal("Consent:Default", Assert.Single(errors).Key);
    }

    [Fact]
    public void Option_set_by_environment_variable_comes_back_in_the_options()
    {
        foreach (var section in SettingsCatalog.Sections)
        {
            foreach (var option in section.Options().Where(o => !OptionShape.IsMap(o.Type)))
            {
                var other = Other(option);
                var environment = new Dictionary<string, string> { [option.EnvironmentName] = ValueText.Format(other) };
                var errors = new List<SettingsError>();
                var bound = SettingsBinder.Bind(section, SettingsSources.Build(null, [], environment), errors);
                Assert.True(errors.Count == 0, string.Join('\n', errors));
                Assert.Equal(ValueText.Format(other), ValueText.Format(option.Read(bound)));
                Assert.Equal(ValueText.Format(option.Default), ValueText.Format(option.Read(section.Defaults())));
            }
        }
    }

    [Fact]
    public void Option_appears_in_the_schema_with_its_default()
    {
        using var schema = JsonDocument.Parse(ResultLine.Of(json => SettingsSchema.Write(json, SettingsCatalog.Sections)));
        foreach (var option in Options)
        {
            var at = schema.RootElement;
            foreach (var part in option.Key.Split(':')) at = at.GetProperty("properties").GetProperty(part);
            Assert.Equal(option.About, at.GetProperty("description").GetString());
            Assert.Equal(option.Default is not null, at.TryGetProperty("default", out _));
        }
    }

    [Fact]
    public void Shown_settings_are_a_settings_file_that_gives_the_same_settings()
    {
        var shown = ResultLine.Of(json => SettingsShow.Write(json, SettingsTests.Load(("Consent", "denied"), ("Http:Port", "81"))));
        var file = Path.GetTempFileName();
        File.WriteAllText(file, shown);
        try
        {
            var again = SettingsSnapshot.Load(SettingsSources.Build(file, [], new Dictionary<string, string>()), SettingsCatalog.Sections);
            Assert.Empty(again.Errors);
            Assert.Equal(shown, ResultLine.Of(json => SettingsShow.Write(json, again)));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Documentation_is_what_the_program_prints()
    {
        var path = Path.Combine(RepositoryRoot(), "docs", "settings.md");
        Assert.True(File.Exists(path), "docs/settings.md is missing: streaming config schema --markdown > docs/settings.md");
        Assert.Equal(SettingsMarkdown.Write(SettingsCatalog.Sections), File.ReadAllText(path));
    }

    internal static string RepositoryRoot()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Streaming.sln"))) at = at.Parent;
        return at?.FullName ?? throw new InvalidOperationException("Streaming.sln is in no folder above the tests.");
    }

    // A value of the option's type that is not its default; validity is not asked here.
    private static object Other(SettingsOption option)
    {
        var type = Nullable.GetUnderlyingType(option.Type) ?? option.Type;
        if (type == typeof(bool)) return !(bool)(option.Default ?? false);
        if (type == typeof(TimeSpan)) return ((TimeSpan?)option.Default ?? TimeSpan.Zero) + TimeSpan.FromMilliseconds(1500);
        if (type == typeof(DateTimeOffset)) return DateTimeOffset.UnixEpoch;
        if (type == typeof(Uri)) return new Uri("http://other.example/");
        if (type.IsEnum) return Enum.GetValues(type).Cast<object>().First(v => !v.Equals(option.Default));
        if (type == typeof(string)) return (string?)option.Default + "x";
        if (OptionShape.IsList(type)) return new ArrayList { "1", "2" };
        return Convert.ChangeType(Convert.ToDouble(option.Default ?? 0) + 2, type);
    }
}
