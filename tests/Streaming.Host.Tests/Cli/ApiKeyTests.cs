using System.Text.Json;
using Streaming.Host.Cli;
using Xunit;

namespace Streaming.Host.Tests.Cli;

public sealed class ApiKeyTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"streaming-keys-{Guid.NewGuid():N}.json");

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task Key_is_printed_once_and_the_file_keeps_its_hash_alone()
    {
        var (code, output, error) = await CommandLineTests.RunAsync("api-key", "create", "--name", "shop1", "--roles", "reader", "--scopes", "events:write", "--file", _file);
        Assert.Equal(ExitCode.Done, code);
        var key = output.TrimEnd();
        Assert.StartsWith("sk_shop1_", key, StringComparison.Ordinal);
        var text = await File.ReadAllTextAsync(_file, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(key["sk_shop1_".Length..], text + error, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_file));

        // A second one beside it; the file is one that a node takes.
        Assert.Equal(ExitCode.Done, (await CommandLineTests.RunAsync("api-key", "create", "--name", "shop2", "--scopes", "recommendations:read,events:write", "--surfaces", "home", "--expires", "2999-01-01", "--file", _file)).Code);
        var keys = JsonElement.Parse(await File.ReadAllTextAsync(_file, TestContext.Current.CancellationToken)).GetProperty("keys");
        Assert.Equal(["shop1", "shop2"], keys.EnumerateArray().Select(k => k.GetProperty("id").GetString()));
        Assert.Equal(["recommendations:read", "events:write"], keys[1].GetProperty("scopes").EnumerateArray().Select(s => s.GetString()));
        Assert.Equal(ExitCode.Done, (await CommandLineTests.RunAsync("config", "check", "--consent-default", "denied", "--set", $"Api:Auth:KeysFile={_file}", "--set", "Api:Privacy:HashSalt=0123456789abcdef0123456789abcdef")).Code);
    }

    [Fact]
    public async Task Without_a_file_its_text_comes_after_the_key()
    {
        var (code, output, _) = await CommandLineTests.RunAsync("api-key", "create", "--name", "shop1", "--roles", "reader");
        Assert.Equal(ExitCode.Done, code);
        var lines = output.Split('\n', 2);
        Assert.StartsWith("sk_shop1_", lines[0], StringComparison.Ordinal);
        Assert.Equal("shop1", JsonElement.Parse(lines[1]).GetProperty("keys")[0].GetProperty("id").GetString());
        Assert.DoesNotContain(lines[0].Trim(), lines[1], StringComparison.Ordinal);
        (_, output, _) = await CommandLineTests.RunAsync("api-key", "create", "--name", "shop1", "--roles", "reader", "--json");
        Assert.StartsWith("sk_shop1_", JsonElement.Parse(output).GetProperty("key").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--name must be", "--name", "Shop 1", "--roles", "reader")]
    [InlineData("--roles must be of", "--name", "shop1", "--roles", "king")]
    [InlineData("--scopes must be of", "--name", "shop1", "--scopes", "events:write,everything")]
    [InlineData("--scopes or --roles must name something", "--name", "shop1")]
    [InlineData("--expires must be", "--name", "shop1", "--roles", "reader", "--expires", "2001-01-01")]
    [InlineData("isGuestsOnly binds", "--name", "shop1", "--roles", "operator", "--guests-only")]
    [InlineData("--name", "--roles", "reader")]
    public async Task Wrong_usage_exits_2_and_makes_no_key(string said, params string[] arguments)
    {
        var (code, output, error) = await CommandLineTests.RunAsync(["api-key", "create", .. arguments, "--file", _file]);
        Assert.Equal((ExitCode.Usage, ""), (code, output));
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.False(File.Exists(_file));
    }

    [Fact]
    public async Task Name_that_is_there_already_is_refused_and_the_file_left_as_it_was()
    {
        string[] command = ["api-key", "create", "--name", "shop1", "--roles", "reader", "--file", _file];
        await CommandLineTests.RunAsync(command);
        var before = await File.ReadAllTextAsync(_file, TestContext.Current.CancellationToken);
        var (code, output, error) = await CommandLineTests.RunAsync(command);
        Assert.Equal((ExitCode.Usage, ""), (code, output));
        Assert.Contains("there already", error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(_file, TestContext.Current.CancellationToken));
    }
}
