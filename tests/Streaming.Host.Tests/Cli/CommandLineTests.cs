using System.Text.Json;
using Streaming.Host.Cli;
using Xunit;

namespace Streaming.Host.Tests.Cli;

public sealed class CommandLineTests
{
    [Fact]
    public async Task Config_check_with_errors_exits_2_and_names_each_key()
    {
        var (code, output, error) = await RunAsync("config", "check", "--json", "--Http:Port=70000", "--Fold:Dimensons", "3");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("Http:Port", error);
        Assert.Contains("Fold:Dimensons", error);
        using var line = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]);
        Assert.Equal(3, line.RootElement.GetProperty("errors").GetArrayLength());
    }

    [Fact]
    public async Task Config_check_without_errors_exits_0()
    {
        var (code, output, _) = await RunAsync("config", "check", "--json", "--consent-default", "denied");
        Assert.Equal(ExitCode.Done, code);
        Assert.Equal("""{"errors":[]}""", output.TrimEnd());
    }

    [Fact]
    public async Task Config_show_prints_what_the_command_line_set()
    {
        var (code, output, _) = await RunAsync("config", "show", "--json", "--consent-default", "denied", "--set", "Http:Port=81");
        Assert.Equal(ExitCode.Done, code);
        using var shown = JsonDocument.Parse(output);
        Assert.Equal(81, shown.RootElement.GetProperty("Http").GetProperty("Port").GetInt32());
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("config")]
    [InlineData("config", "check", "--no-such-flag")]
    public async Task Wrong_usage_exits_2_and_says_where_help_is(params string[] arguments)
    {
        var (code, _, error) = await RunAsync(arguments);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("--help", error);
    }

    [Fact]
    public async Task Missing_config_file_exits_2_and_names_the_flag()
    {
        var (code, _, error) = await RunAsync("config", "check", "--config", "/nowhere/at-all.json");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("--config", error);
    }

    [Fact]
    public async Task Help_of_every_command_ends_with_an_example()
    {
        foreach (var path in StreamingCommandLine.Commands())
        {
            var (code, output, _) = await RunAsync([.. path.Split(' '), "--help"]);
            Assert.Equal(ExitCode.Done, code);
            Assert.Contains("Example:", output);
            Assert.Contains("streaming " + path.Split(' ')[0], output);
        }
    }

    internal static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await StreamingCommandLine.InvokeAsync(arguments, output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
