using System.Collections;
using System.Text;
using System.Text.Json;
using Streaming.Core.Tests;
using Streaming.Host.Cli;
using Streaming.Host.Settings;
using Xunit;

namespace Streaming.Host.Tests.Settings;

/// <summary>Damaged settings files: read, or told as errors, all at once, whatever they are.</summary>
public sealed class SettingsFuzzTests(ITestOutputHelper output) : IDisposable
{
    private const string Told = "told";
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Damaged_file_is_read_or_told()
    {
        byte[][] samples = [Encoding.UTF8.GetBytes(Sample())];
        new FuzzRun(output, "settings files", Load).Run(Fuzz.Inputs(500), seed => Fuzz.MutateJson(samples, seed), FuzzRun.Read, Told, FuzzRun.Refused);
    }

    [Fact]
    public void Sample_is_valid_and_has_every_option()
    {
        var sample = Sample();
        Assert.Equal((FuzzRun.Read, ""), Load(Encoding.UTF8.GetBytes(sample)));
        using var json = JsonDocument.Parse(sample);
        foreach (var option in SettingsCatalog.Sections.SelectMany(s => s.Options()))
        {
            var at = json.RootElement;
            foreach (var part in option.Key.Split(':')) Assert.True(at.TryGetProperty(part, out at), $"{option.Key} is not in the sample");
        }
    }

    private (string Outcome, string Why) Load(byte[] bytes)
    {
        File.WriteAllBytes(_file, bytes);
        try
        {
            var snapshot = SettingsSnapshot.Load(SettingsSources.Build(_file, [], new Hashtable()), SettingsCatalog.Sections);
            Assert.All(snapshot.Errors, e => Assert.False(string.IsNullOrWhiteSpace(e.Message), e.Key));
            return snapshot.Errors.Count == 0 ? (FuzzRun.Read, "") : (Told, snapshot.Errors[0].Key);
        }
        catch (SettingsFileException e)
        {
            Assert.Contains(_file, e.Message, StringComparison.Ordinal);
            return (FuzzRun.Refused, e.Message.Replace(_file, "", StringComparison.Ordinal));
        }
    }

    // Every option with its default, and the one that has none.
    private static string Sample() => ResultLine.Of(json => SettingsShow.Write(json, SettingsTests.Load(("Consent", "denied"))));
}
