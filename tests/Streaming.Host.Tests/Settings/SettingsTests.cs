using Streaming.Core.Fold;
using Streaming.Host.Settings;
using Xunit;

namespace Streaming.Host.Tests.Settings;

public sealed class SettingsTests
{
    [Fact]
    public void Key_given_twice_means_its_last_value()
    {
        var snapshot = SettingsSnapshot.Load(SettingsSources.Build(null, [new("Http:Port", "1"), new("http:port", "2")], new System.Collections.Hashtable()), SettingsCatalog.Sections);
        Assert.Equal(2, snapshot.Get<HttpOptions>().Port);
    }

    [Fact]
    public void Load_nothing_said_gives_the_records_defaults()
    {
        var settings = Load(("Consent", "granted"));
        Assert.Empty(settings.Errors);
        Assert.Equal(new FoldOptions(), settings.Get<FoldOptions>() with { Weights = FoldOptions.DefaultWeights });
        Assert.Equal(new HttpOptions(), settings.Get<HttpOptions>());
    }

    [Fact]
    public void Load_several_errors_names_all_of_them()
    {
        var settings = Load(("Http:Port", "x"), ("Store", "nowhere"), ("Fold:Dimensons", "64"), ("Fold:SessionGap", "30"));
        Assert.Equal(["Consent:Default", "Fold:Dimensons", "Fold:SessionGap", "Http:Port", "Store:Location"], settings.Errors.Select(e => e.Key).Order(StringComparer.Ordinal));
        Assert.Contains("Fold:Dimensions?", settings.Errors.Single(e => e.Key == "Fold:Dimensons").ToString());
    }

    [Fact]
    public void Load_value_that_cannot_be_read_is_told_once() =>
        Assert.Equal("Consent:Default must be one of granted, denied, not 'grnted'.", Assert.Single(Load(("Consent:Default", "grnted")).Errors).ToString());

    [Fact]
    public void Load_map_entry_replaces_its_own_default_only()
    {
        var weights = Load(("Consent", "denied"), ("Fold:Weights:view", "0.5")).Get<FoldOptions>().Weights;
        Assert.Equal(0.5f, weights["view"]);
        Assert.Equal(8f, weights["purchase"]);
        Assert.Equal(1f, FoldOptions.DefaultWeights["view"]);
    }

    [Fact]
    public void Load_shorthand_of_a_later_source_wins_over_the_full_key_of_an_earlier_one()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, """{"Store":{"Location":"sqlite:/file"},"Consent":"granted","Logging":{"LogLevel":{"Default":"Debug"}}}""");
        try
        {
            var settings = SettingsSnapshot.Load(SettingsSources.Build(file, [new("Store", "sqlite:/line")], new Dictionary<string, string>()), SettingsCatalog.Sections);
            Assert.Empty(settings.Errors);
            Assert.Equal("sqlite:/line", settings.Get<StoreOptions>().Location);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Load_environment_misspelt_section_is_refused_and_foreign_variables_are_ignored()
    {
        var environment = new Dictionary<string, string> { ["Htpt__Port"] = "1", ["Some__Other"] = "1", ["PATH"] = "/bin", ["Consent__Default"] = "granted" };
        var settings = SettingsSnapshot.Load(SettingsSources.Build(null, [], environment), SettingsCatalog.Sections);
        Assert.Equal("Htpt:Port is not a setting; did you mean Http:Port?", Assert.Single(settings.Errors).ToString());
    }

    [Fact]
    public void Build_missing_config_file_is_refused() =>
        Assert.Throws<SettingsFileException>(() => SettingsSources.Build("/nowhere/at-all.json", [], new Dictionary<string, string>()));

    [Fact]
    public void Build_config_file_that_is_not_json_names_the_file()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "{ \"Http\": ");
        try
        {
            Assert.Contains(file, Assert.Throws<SettingsFileException>(() => SettingsSources.Build(file, [], new Dictionary<string, string>())).Message);
        }
        finally
        {
            File.Delete(file);
        }
    }

    internal static SettingsSnapshot Load(params (string Key, string Value)[] pairs) =>
        SettingsSnapshot.Load(SettingsSources.Build(null, pairs.Select(p => new KeyValuePair<string, string?>(p.Key, p.Value)), new Dictionary<string, string>()), SettingsCatalog.Sections);
}
