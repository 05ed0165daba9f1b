using System.Collections;
using System.Globalization;
using System.Text;
using Streaming.Core.Tests;
using Streaming.Host.Settings;
using Xunit;

namespace Streaming.Host.Tests.Settings;

/// <summary>Damaged settings files: told as errors, all at once, whatever they are.</summary>
public sealed class SettingsFuzzTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Damaged_file_is_read_or_told()
    {
        var sample = Sample();
        var (read, told, refused) = (0, 0, 0);
        for (var seed = 0; seed < Fuzz.Inputs(500); seed++)
        {
            var bytes = Fuzz.Mutate([sample], seed);
            File.WriteAllBytes(_file, bytes);
            try
            {
                var snapshot = SettingsSnapshot.Load(SettingsSources.Build(_file, [], new Hashtable()), SettingsCatalog.Sections);
                Assert.All(snapshot.Errors, e => Assert.False(string.IsNullOrWhiteSpace(e.Message), $"seed {seed}: {e.Key}"));
                if (snapshot.Errors.Count == 0) read++;
                else told++;
            }
            catch (SettingsFileException e)
            {
                Assert.Contains(_file, e.Message, StringComparison.Ordinal);
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, {Encoding.UTF8.GetString(bytes)}: {e}");
            }
        }

        output.WriteLine($"{read} read, {told} told, {refused} refused");
        Assert.True(told > 0 && refused > 0, $"{told} told, {refused} refused: the changes reach too little");
    }

    // Every option with its default, as a file.
    private static byte[] Sample()
    {
        var text = new StringBuilder("{");
        foreach (var section in SettingsCatalog.Sections)
        {
            text.Append(text.Length > 1 ? "," : "").Append('"').Append(section.Name).Append("\":{");
            var defaults = section.Defaults();
            var options = section.Options().Select(o => (o.Key, Value: o.Read(defaults))).Where(o => o.Value is string or ValueType).Take(8);
            text.AppendJoin(',', options.Select(o => $"\"{o.Key[(section.Name.Length + 1)..]}\":\"{Convert.ToString(o.Value, CultureInfo.InvariantCulture)}\"")).Append('}');
        }

        return Encoding.UTF8.GetBytes(text.Append('}').ToString());
    }
}
