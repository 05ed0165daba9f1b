using System.Collections;
using Microsoft.Extensions.Configuration;
using Streaming.Host.Cli;
using Streaming.Host.Settings;
using Streaming.Host.Tests.Cli;
using Xunit;

namespace Streaming.Host.Tests.Settings;

/// <summary>Every option that the program's schema knows, at, below and above its range, in a wrong type and misspelt; and the start that refuses them.</summary>
public sealed class OptionBoundsTests(ITestOutputHelper output) : IDisposable
{
    private static readonly IReadOnlyList<SettingsOption> Options = [.. SettingsCatalog.Sections.SelectMany(s => s.Options())];
    private static readonly KeyValuePair<string, string?> Consent = new("Consent:Default", "granted");
    private readonly string _file = Path.GetTempFileName();
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-options-").FullName;

    private IReadOnlyList<OptionBounds> Bounds => OptionBounds.All(Options, _file, _folder, Keys());

    public void Dispose()
    {
        File.Delete(_file);
        Directory.Delete(_folder, recursive: true);
    }

    private string Keys()
    {
        var file = Path.Combine(_folder, "keys.json");
        File.WriteAllText(file, """{"keys":[]}""");
        return file;
    }

    [Fact]
    public void Every_option_of_the_schema_has_its_bounds_in_the_table()
    {
        Assert.Equal(Options.Select(o => o.Key), Bounds.Select(b => b.Key));
        Assert.All(Bounds, b => Assert.NotEmpty(b.Accepted));
        output.WriteLine($"{Bounds.Count} of {Options.Count} options covered; {Bounds.Count(b => b.Refused.Count > 0)} refuse something, {Bounds.Count(b => b.Refused.Count == 0)} take any text");
    }

    [Fact]
    public void Value_at_either_end_of_its_range_is_accepted()
    {
        var tried = 0;
        foreach (var (bounds, text) in Bounds.SelectMany(b => b.Accepted.Select(a => (b, a))))
        {
            var errors = Errors(bounds, text);
            Assert.True(errors.Count == 0, $"{bounds.Key}={text}: {string.Join("; ", errors)}");
            tried++;
        }

        output.WriteLine($"{tried} values of {Bounds.Count} options accepted");
    }

    [Fact]
    public void Value_beyond_either_end_of_its_range_is_refused_and_the_option_named()
    {
        var tried = 0;
        foreach (var (bounds, text) in Bounds.SelectMany(b => b.Refused.Select(r => (b, r))))
        {
            var errors = Errors(bounds, text);
            Assert.True(errors.Exists(e => e.ToString().Contains(bounds.Key.Split(':')[^1], StringComparison.Ordinal)), $"{bounds.Key}={text}: {(errors.Count == 0 ? "accepted" : string.Join("; ", errors))}");
            tried++;
        }

        output.WriteLine($"{tried} values of {Bounds.Count(b => b.Refused.Count > 0)} options refused");
    }

    [Fact]
    public void Value_of_another_type_is_refused_with_what_was_expected()
    {
        var typed = Options.Where(o => !OptionShape.IsMap(o.Type) && !OptionShape.IsList(o.Type) && o.Type != typeof(string)).ToList();
        foreach (var option in typed)
        {
            var error = Assert.Single(Load([Consent, new(option.Key, "a b")]).Errors, e => e.Key == option.Key);
            Assert.Contains(ValueText.Expected(option.Type), error.Message);
        }

        output.WriteLine($"{typed.Count} of {Options.Count} options have a type that not every text fits");
    }

    [Fact]
    public void Misspelt_key_is_refused_and_the_right_one_offered()
    {
        foreach (var option in Options)
        {
            var error = Assert.Single(Load([Consent, new(option.Key + "x", "1")]).Errors);
            Assert.True(error.IsUnknownKey);
            Assert.Contains(option.Key, error.Message);
        }
    }

    /// <summary>A section without content, or a key set to null, is misspelt like any other.</summary>
    [Theory]
    [InlineData("""{"Kafkaa":{}}""", "Kafkaa")]
    [InlineData("""{"Kafkaa":null}""", "Kafkaa")]
    [InlineData("""{"Kafka":{"Bootstrap":null}}""", "Kafka:Bootstrap")]
    [InlineData("""{"Kafkaa":{"X":null}}""", "Kafkaa:X")]
    [InlineData("""{"Kafka":{}}""", null)]
    [InlineData("""{"Kafka":{"Security":{},"GroupId":null,"ClientProperties":{}}}""", null)]
    public void Key_without_a_value_must_have_the_name_of_a_setting(string json, string? wrong)
    {
        var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json))).Build();
        Assert.Equal(wrong is null ? [] : [wrong], UnknownKeys.Find(configuration, SettingsCatalog.Sections).Select(e => e.Key));
    }

    [Fact]
    public async Task Start_with_a_wrong_value_in_every_option_exits_2_and_names_all_of_them_at_once()
    {
        var wrong = Bounds.Where(b => b.Refused.Count > 0 && b.With.Count == 0).Select(b => b.Setting(b.Refused[0], IsMap(b.Key))).ToList();
        var (code, _, error) = await CommandLineTests.RunAsync(["run", .. wrong.SelectMany(w => (string[])["--set", $"{w.Key}={w.Value}"]), "--set", "Htpp:Port=1"]);
        Assert.Equal(ExitCode.Usage, code);
        var lines = error.Split('\n');
        var untold = wrong.Where(w => !Array.Exists(lines, l => l.StartsWith(w.Key, StringComparison.Ordinal) || l.StartsWith(Parent(w.Key), StringComparison.Ordinal))).Select(w => w.Key);
        Assert.Empty(untold);
        Assert.Contains("Htpp:Port is not a setting", error);
        Assert.True(wrong.Count > 150, $"{wrong.Count} wrong values");
        output.WriteLine($"{wrong.Count} wrong values and one unknown key: {lines.Length - 1} lines, exit code {code}");
    }

    [Theory]
    [InlineData("Kafka:Security:SaslPassword", "Kafka:Security:Protocol=sasl_ssl", "Kafka:Security:SaslMechanism=SCRAM-SHA-512", "Kafka:Security:SaslUsername=u")]
    [InlineData("Cassandra:Username: and Password", "Cassandra:Username=u")]
    [InlineData("Consent:Default")]
    public async Task Start_without_a_secret_or_the_consent_exits_2_and_names_it(string named, params string[] settings)
    {
        string[] consent = named.StartsWith("Consent", StringComparison.Ordinal) ? [] : ["Consent:Default=denied"];
        var (code, _, error) = await CommandLineTests.RunAsync(["run", .. settings.Concat(consent).SelectMany(s => (string[])["--set", s])]);
        Assert.Equal(ExitCode.Usage, code);
        Assert.StartsWith(named, Assert.Single(error.TrimEnd().Split('\n')));
    }

    private static List<SettingsError> Errors(OptionBounds bounds, string text) =>
        [.. Load([.. bounds.Key == Consent.Key ? (KeyValuePair<string, string?>[])[] : [Consent], .. bounds.With, bounds.Setting(text, IsMap(bounds.Key))]).Errors];

    private static SettingsSnapshot Load(IEnumerable<KeyValuePair<string, string?>> pairs) => SettingsSnapshot.Load(SettingsSources.Build(null, pairs, new Hashtable()), SettingsCatalog.Sections);

    private static bool IsMap(string key) => OptionShape.IsMap(Options.Single(o => o.Key == key).Type);

    // Of a map, the record names the option and then the entry.
    private static string Parent(string key) => IsMapEntry(key) ? key[..key.IndexOf(':', key.IndexOf(':', StringComparison.Ordinal) + 1)] : key;

    private static bool IsMapEntry(string key) => Options.Any(o => OptionShape.IsMap(o.Type) && key.StartsWith(o.Key + ":", StringComparison.Ordinal));
}
