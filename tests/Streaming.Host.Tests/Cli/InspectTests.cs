using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Host.Cli;
using Streaming.Host.Http;
using Streaming.Host.Inspect;
using Streaming.Host.Settings;
using Streaming.Host.Tests.Http;
using Xunit;

namespace Streaming.Host.Tests.Cli;

public sealed class InspectTests : IAsyncLifetime
{
    private readonly FakeEngine _engine = new();
    private EngineHttpServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await EngineHttpServer.StartAsync(new HttpOptions { Port = 0 }, _engine, NullLoggerFactory.Instance, null, null, TestContext.Current.CancellationToken);
        var profile = new ProfileDocument
        {
            Key = "u:anna [vip]", EventCount = 3, Counts = new Dictionary<string, uint> { ["view"] = 2, ["purchase"] = 1 }, VectorNorms = [1, 2, 0.5], Interests = [new ProfileInterest(2, 5)],
            Latest = [new ProfileAction("kettle", "purchase", 5)], Occasions = 1, Amount = 12.5m, ChurnRisk = 0.4, Consent = "All", Guests = ["a:g1"], Partition = 2,
        };
        _engine.Users["u:anna [vip]"] = new UserLookup(UserLookupOutcome.Found, JsonSerializer.SerializeToUtf8Bytes(profile, HostJson.Default.ProfileDocument));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Inspect_user_of_a_node_is_shown_for_people()
    {
        var (code, output, _) = await CommandLineTests.RunAsync("inspect", "user", "anna [vip]", "--node", _server.Address.ToString());
        Assert.Equal(ExitCode.Done, code);
        foreach (var expected in (string[])["anna [vip]", "kettle", "12.50", "40 %", "a:g1"]) Assert.Contains(expected, output);
    }

    [Fact]
    public async Task Inspect_user_as_json_is_one_object()
    {
        var (code, output, _) = await CommandLineTests.RunAsync("inspect", "user", "anna [vip]", "--json", "--Http:Port=" + _server.Address.Port);
        Assert.Equal(ExitCode.Done, code);
        using var profile = JsonDocument.Parse(output);
        Assert.Equal(3, profile.RootElement.GetProperty("eventCount").GetInt64());
    }

    [Fact]
    public async Task Inspect_user_unknown_exits_1()
    {
        var (code, _, error) = await CommandLineTests.RunAsync("inspect", "user", "nobody", "--node", _server.Address.ToString());
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("nobody", error);
    }

    [Theory]
    [InlineData("inspect", "user", "anna", "--node", "nonsense")]
    [InlineData("replay", "--format", "online-retail", "--input", "x", "--outputs-from", "someday")]
    [InlineData("replay", "--format", "online-retail", "--input", "x", "--speed", "fast")]
    [InlineData("replay", "--format", "unheard-of", "--input", "x")]
    [InlineData("demo", "--seconds", "-3")]
    [InlineData("train", "ranker", "--format", "taobao", "--out", "x")]
    [InlineData("bench", "fold", "--topic", "t", "--events", "0")]
    [InlineData("run", "--kafka", "nowhere")]
    public async Task Wrong_values_exit_2(params string[] arguments)
    {
        var (code, _, error) = await CommandLineTests.RunAsync(arguments);
        Assert.True(code == ExitCode.Usage, $"{code}: {error}");
        Assert.NotEmpty(error);
    }

    [Fact]
    public async Task Inspect_store_that_no_node_used_exits_1_and_says_so()
    {
        var folder = Directory.CreateTempSubdirectory("inspect-");
        try
        {
            var (code, _, error) = await CommandLineTests.RunAsync("inspect", "user", "anna", "--store", "sqlite:" + folder.FullName);
            Assert.Equal(ExitCode.Failed, code);
            Assert.Contains("no node has used it", error);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
