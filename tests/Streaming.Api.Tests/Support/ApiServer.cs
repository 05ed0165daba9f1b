using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;
using Streaming.Api.Auth;
using Streaming.Api.Ports;
using Streaming.Api.Settings;
using Streaming.Api.Wire;

namespace Streaming.Api.Tests.Support;

/// <summary>
/// The interface on a real server with a fake engine behind it. Where it ends, all that it logged and audited is searched for every secret and for ids of visitors, which the tests begin with <see cref="Visitor"/>.
/// </summary>
internal sealed class ApiServer : IAsyncDisposable
{
    /// <summary>Start of every id of a visitor in these tests.</summary>
    public const string Visitor = "visitor-";

    private readonly WebApplication _app;
    private readonly StreamingApi _api;

    private ApiServer(WebApplication app, StreamingApi api, FakePorts engine, KeyRing keys, LogCapture log, FakeTimeProvider time)
    {
        (_app, _api, Engine, Keys, Log, Time) = (app, api, engine, keys, log, time);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Client = new HttpClient { BaseAddress = Address };
    }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public Uri Address { get; }
    public HttpClient Client { get; }
    public FakePorts Engine { get; }
    public KeyRing Keys { get; }
    public LogCapture Log { get; }
    public FakeTimeProvider Time { get; }
    public ReadOnlyMemory<byte> OpenApi => _api.OpenApi;

    /// <summary>Secrets beside those of <see cref="Keys"/> that no log may hold.</summary>
    public List<string> MoreSecrets { get; } = [];

    public static async Task<ApiServer> StartAsync(Func<ApiOptions, ApiOptions>? change = null, BaseConfigurationManager? provider = null, Func<ApiPorts, ApiPorts>? ports = null, bool withKeys = true, bool isDevelopment = false)
    {
        var engine = new FakePorts();
        var keys = new KeyRing();
        foreach (var role in ApiRoles.Scopes.Keys) _ = keys.Add(role.ToLowerInvariant(), role);
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_767_225_600_000));
        var log = new LogCapture();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 64 * 1024);
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(log).AddFilter(_ => true);
        var app = builder.Build();
        var options = new ApiOptions { Auth = new AuthOptions { KeysFile = withKeys ? keys.File : "" }, Privacy = new PrivacyOptions { HashSalt = "0123456789abcdef0123456789abcdef" } };
        var api = StreamingApi.Map(app, new ApiSetup
        {
            Options = change?.Invoke(options) ?? options,
            Ports = ports?.Invoke(engine.All()) ?? engine.All(),
            Loggers = app.Services.GetRequiredService<ILoggerFactory>(),
            Time = time,
            IdentityProvider = provider,
            IsDevelopment = isDevelopment,
        });
        await app.StartAsync(Stop);
        return new ApiServer(app, api, engine, keys, log, time);
    }

    /// <summary>A fresh key of a role.</summary>
    public string Key(string role)
    {
        var key = Keys.Add($"k{Keys.Secrets.Count}", role);
        Time.Advance(TimeSpan.FromMinutes(1));
        return key;
    }

    public async Task<ApiAnswer> SendAsync(HttpMethod method, string path, string? bearer, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (bearer is not null) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + bearer);
        foreach (var (name, value) in headers) Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        using var response = await Client.SendAsync(request, Stop);
        var headersOfAll = response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(",", h.Value), StringComparer.OrdinalIgnoreCase);
        return new ApiAnswer(response.StatusCode, await response.Content.ReadAsStringAsync(Stop), headersOfAll);
    }

    public Task<ApiAnswer> PostAsync(string path, string? bearer, string json, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Post, path, bearer, Json(json), headers);

    public Task<ApiAnswer> GetAsync(string path, string? bearer, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, bearer, null, headers);

    /// <summary>Waits until the engine was asked; fails where the answer is there without that.</summary>
    public static async Task UntilAskedAsync(Task asked, Task<ApiAnswer> pending)
    {
        if (await Task.WhenAny(asked, pending).WaitAsync(Stop) == pending) Assert.Fail($"answered without the engine: {await pending}");
    }

    public static ByteArrayContent Json(string text, string mediaType = "application/json") => Bytes(Encoding.UTF8.GetBytes(text), mediaType);

    public static ByteArrayContent Bytes(byte[] bytes, string mediaType = "application/json")
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        return content;
    }

    /// <summary>Holds an answer to be a refusal, and that it was logged and audited under its request's id.</summary>
    public AuditEntry AssertRefused(ApiAnswer answer, HttpStatusCode status, string slug, string? reason = null)
    {
        Assert.Equal((status, "urn:streaming:problem:" + slug), (answer.Status, answer.Problem.Type));
        Assert.Equal((int)status, answer.Problem.Status);
        Assert.Equal("application/problem+json", answer.Headers["Content-Type"]);
        Assert.DoesNotContain(" at Streaming.", answer.Body, StringComparison.Ordinal);
        var entry = Assert.Single(Engine.Audited, e => e.RequestId == answer.Problem.RequestId);
        Assert.Equal((AuditOutcome.Refused, (int)status), (entry.Outcome, entry.Status));
        if (reason is not null) Assert.Equal(reason, entry.Reason);
        Assert.Contains(Log.Lines, line => line.Contains($"8006 API: {entry.What} by {entry.Who} refused", StringComparison.Ordinal) && line.Contains(answer.Problem.RequestId!, StringComparison.Ordinal));
        return entry;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _api.Dispose();
        Keys.Dispose();
        var said = Log.Lines.Concat(Engine.Audited.Select(e => e.ToString())).ToList();
        foreach (var secret in Keys.Secrets.Concat(MoreSecrets).Append(Visitor).Append("0123456789abcdef0123456789abcdef")) Assert.DoesNotContain(said, line => line.Contains(secret, StringComparison.Ordinal));
    }
}

/// <summary>What a server answered.</summary>
internal sealed record ApiAnswer(HttpStatusCode Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public Problem Problem => JsonSerializer.Deserialize(Body, ApiJson.Default.Problem)!;

    public EventsReply Events => JsonSerializer.Deserialize(Body, ApiJson.Default.EventsReply)!;

    public JsonElement Json => JsonElement.Parse(Body);
}
