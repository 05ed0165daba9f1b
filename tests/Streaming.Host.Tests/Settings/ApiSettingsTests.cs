using Streaming.Api.Settings;
using Streaming.Host.Cli;
using Streaming.Host.Settings;
using Streaming.Host.Tests.Cli;
using Xunit;

namespace Streaming.Host.Tests.Settings;

/// <summary>What the start refuses of the HTTP interface's settings beside each option's own range (option-bounds.txt).</summary>
public sealed class ApiSettingsTests
{
    private const string Salt = "0123456789abcdef0123456789abcdef";

    [Fact]
    public void Nobody_is_answered_by_default() => Assert.False(SettingsTests.Load(("Consent", "granted")).Get<ApiOptions>().Auth.AnswersSomebody);

    [Fact]
    public async Task Start_with_several_faults_exits_2_and_names_them_all()
    {
        var (code, _, error) = await CommandLineTests.RunAsync("run", "--consent-default", "denied", "--set", "Api:Auth:KeysFile=/nowhere/keys.json", "--set", "Api:Auth:AllowLoopbackWithoutKey=true", "--set", "Api:Privacy:Salt=x");
        Assert.Equal(ExitCode.Usage, code);
        foreach (var key in (string[])["Api:Auth:KeysFile", "Api:Auth:AllowLoopbackWithoutKey", "Api:Privacy:HashSalt", "Api:Privacy:Salt is not a setting"]) Assert.Contains(error.Split('\n'), line => line.StartsWith(key, StringComparison.Ordinal));
    }

    [Fact]
    public void Loopback_without_a_key_is_for_the_demo_alone()
    {
        KeyValuePair<string, string?>[] pairs = [new("Consent", "granted"), new("Api:Auth:AllowLoopbackWithoutKey", "true"), new("Api:Privacy:HashSalt", Salt)];
        var sources = SettingsSources.Build(null, pairs, new Dictionary<string, string>());
        Assert.Empty(SettingsSnapshot.Load(sources, SettingsCatalog.OfDemo).Errors);
        Assert.Equal("Api:Auth:AllowLoopbackWithoutKey", Assert.Single(SettingsSnapshot.Load(sources, SettingsCatalog.Sections).Errors).Key);
    }

    // Two settings of one thing would differ one day, and a receipt would lie.
    [Fact]
    public void Retention_is_that_of_kafka_and_no_second_setting() =>
        Assert.True(Assert.Single(SettingsTests.Load(("Consent", "granted"), ("Api:Privacy:RetentionHours", "5")).Errors).IsUnknownKey);

    [Fact]
    public async Task Salt_is_never_shown()
    {
        var (_, output, _) = await CommandLineTests.RunAsync("config", "show", "--json", "--consent-default", "denied", "--set", $"Api:Privacy:HashSalt={Salt}");
        Assert.DoesNotContain(Salt, output, StringComparison.Ordinal);
        Assert.Contains("\"HashSalt\":\"***\"", output, StringComparison.Ordinal);
    }
}
