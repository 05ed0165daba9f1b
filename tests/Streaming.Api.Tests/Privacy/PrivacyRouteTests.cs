using System.Net;
using System.Text.RegularExpressions;
using Streaming.Api.Auth;
using Streaming.Api.Ports;
using Streaming.Api.Privacy;
using Streaming.Api.Settings;
using Streaming.Api.Tests.Support;
using Streaming.Core.Events;

namespace Streaming.Api.Tests.Privacy;

/// <summary>Erasure and export.</summary>
public sealed partial class PrivacyRouteTests
{
    private const string Erase = "/v1/privacy/erasures", Export = "/v1/privacy/exports", Person = """{"userId":"visitor-1"}""";

    [Fact]
    public async Task Erasure_leaves_a_receipt_and_two_entries_that_name_the_person_by_a_hash()
    {
        await using var server = await ApiServer.StartAsync(o => o with { Privacy = o.Privacy with { RetentionHours = 720, OutputRetentionHours = 24 } });
        var answer = await server.PostAsync(Erase, server.Key(ApiRoles.PrivacyOfficer), Person);
        Assert.Equal((HttpStatusCode.Accepted, "no-store"), (answer.Status, answer.Headers["Cache-Control"]));
        var receipt = answer.Json;
        var atMs = server.Time.GetUtcNow().ToUnixTimeMilliseconds();
        Assert.Equal((answer.Headers["X-Request-Id"], atMs, 2, 77), (receipt.GetProperty("requestId").GetString(), receipt.GetProperty("acceptedAt").GetInt64(), receipt.GetProperty("partition").GetInt32(), receipt.GetProperty("offset").GetInt32()));
        var topics = Assert.Single(receipt.GetProperty("places").EnumerateArray(), p => p.GetProperty("place").GetString() == "topics");
        Assert.Equal(atMs + (720 * 3_600_000L), topics.GetProperty("dueAt").GetInt64());
        Assert.Equal(UserKey.User("visitor-1"), Assert.Single(server.Engine.Erased));
        var subject = receipt.GetProperty("subject").GetString()!;
        Assert.Matches("^[0-9a-f]{32}$", subject);
        Assert.All(server.Engine.Audited, e => Assert.Equal(subject, e.Subject));
        Assert.Equal([AuditOutcome.Begun, AuditOutcome.Done], server.Engine.Audited.Select(e => e.Outcome));
        Assert.DoesNotContain("visitor", answer.Body, StringComparison.Ordinal);
        // The same person has the same hash, a guest of the same name and another salt have others.
        Assert.Equal(subject, (await server.PostAsync(Erase, server.Key(ApiRoles.PrivacyOfficer), Person)).Json.GetProperty("subject").GetString());
        Assert.NotEqual(subject, (await server.PostAsync(Erase, server.Key(ApiRoles.PrivacyOfficer), """{"anonymousId":"visitor-1"}""")).Json.GetProperty("subject").GetString());
        await using var other = await ApiServer.StartAsync(o => o with { Privacy = o.Privacy with { HashSalt = new string('s', 32) } });
        Assert.NotEqual(subject, (await other.PostAsync(Erase, other.Key(ApiRoles.PrivacyOfficer), Person)).Json.GetProperty("subject").GetString());
    }

    [Fact]
    public async Task Only_the_privacy_officer_may()
    {
        await using var server = await ApiServer.StartAsync();
        foreach (var role in ApiRoles.Scopes.Keys.Where(r => r != ApiRoles.PrivacyOfficer))
        {
            server.AssertRefused(await server.PostAsync(Erase, server.Key(role), Person), HttpStatusCode.Forbidden, "forbidden");
            server.AssertRefused(await server.PostAsync(Export, server.Key(role), Person), HttpStatusCode.Forbidden, "forbidden");
        }

        Assert.Empty(server.Engine.Erased);
        Assert.Empty(server.Engine.Exported);
    }

    [Fact]
    public async Task Act_that_cannot_be_audited_is_not_done()
    {
        await using var server = await ApiServer.StartAsync();
        server.Engine.Audit = _ => throw new IOException("disk full");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.PostAsync(Erase, server.Key(ApiRoles.PrivacyOfficer), Person)).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.PostAsync(Export, server.Key(ApiRoles.PrivacyOfficer), Person)).Status);
        Assert.Empty(server.Engine.Erased);
        Assert.Empty(server.Engine.Exported);
    }

    [Fact]
    public async Task Audit_log_that_hangs_holds_no_act_for_longer_than_its_time()
    {
        await using var server = await ApiServer.StartAsync();
        var asked = new TaskCompletionSource();
        server.Engine.Audit = _ =>
        {
            asked.TrySetResult();
            return new TaskCompletionSource().Task;
        };
        var pending = server.PostAsync(Erase, server.Key(ApiRoles.PrivacyOfficer), Person);
        await ApiServer.UntilAskedAsync(asked.Task, pending);
        // Its entry of the refusal hangs as well.
        while (await Task.WhenAny(pending, Task.Delay(20, ApiServer.Stop)) != pending) server.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await pending).Status);
        Assert.Empty(server.Engine.Erased);
        Assert.Contains(server.Log.Lines, line => line.Contains("8008", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Export_is_whole_or_an_error()
    {
        await using var server = await ApiServer.StartAsync();
        var answer = await server.PostAsync(Export, server.Key(ApiRoles.PrivacyOfficer), Person);
        Assert.Equal((HttpStatusCode.OK, 3), (answer.Status, answer.Json.GetProperty("data").GetProperty("profile").GetProperty("views").GetInt32()));
        server.Engine.Export = _ => PortResult<byte[]>.Found("""{"profile":{},"degraded":true}"""u8.ToArray());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.PostAsync(Export, server.Key(ApiRoles.PrivacyOfficer), Person)).Status);
        server.Engine.Export = _ => PortResult<byte[]>.Found("""{"profile":{"""u8.ToArray());
        Assert.Equal(HttpStatusCode.InternalServerError, (await server.PostAsync(Export, server.Key(ApiRoles.PrivacyOfficer), Person)).Status);
        Assert.Equal([AuditOutcome.Done, AuditOutcome.Failed, AuditOutcome.Failed], server.Engine.Audited.Where(e => e.Outcome != AuditOutcome.Begun).Select(e => e.Outcome));
    }

    [Fact]
    public async Task Without_a_salt_there_is_no_start()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => ApiServer.StartAsync(o => o with { Privacy = new PrivacyOptions() }));
        Assert.Contains("Privacy:HashSalt", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", (new PrivacyOptions { HashSalt = "0123456789abcdef0123456789abcdef" }).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Places_of_a_receipt_are_those_of_the_privacy_page()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "privacy.md"));
        var erasure = page[page.IndexOf("## Erasure", StringComparison.Ordinal)..page.IndexOf("## Who can see it", StringComparison.Ordinal)];
        var rows = Row().Matches(erasure).Select(m => m.Groups[1].Value).Where(r => r is not ("place" or "---"));
        Assert.Equal(rows, ErasureTerms.Of(new PrivacyOptions(), 0).Select(p => p.Place));
    }

    [GeneratedRegex(@"^\| ?(.+?) ?\|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
