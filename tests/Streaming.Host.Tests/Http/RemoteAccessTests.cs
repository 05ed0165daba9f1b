using System.Net;
using Microsoft.AspNetCore.Http;
using Streaming.Host.Http;
using Streaming.Host.Settings;
using Xunit;

namespace Streaming.Host.Tests.Http;

public sealed class RemoteAccessTests
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/metrics")]
    public async Task Health_and_metrics_are_answered_to_everyone(string path) => Assert.Equal(200, await AskAsync("", "10.1.2.3", path, null));

    [Theory]
    [InlineData("/status")]
    [InlineData("/users/u1")]
    [InlineData("/")]
    [InlineData("/healthy")]
    [InlineData("/metricsx")]
    [InlineData("/anything")]
    public async Task Everything_else_is_refused_from_elsewhere(string path)
    {
        Assert.Equal(403, await AskAsync("", "10.1.2.3", path, null));
        Assert.Equal(403, await AskAsync("", "10.1.2.3", path, "Bearer "));
        Assert.Equal(401, await AskAsync(Token, "10.1.2.3", path, null));
        Assert.Equal(401, await AskAsync(Token, "fe80::1", path, "Bearer " + Token[1..]));
        Assert.Equal(401, await AskAsync(Token, "10.1.2.3", path, "Basic " + Token));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task This_machine_is_answered(string from) => Assert.Equal(200, await AskAsync(Token, from, "/users/u1", null));

    [Theory]
    [InlineData("", 200)]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:8080", 200)]
    [InlineData("127.0.0.1:8080", 200)]
    [InlineData("[::1]:8080", 200)]
    [InlineData("evil.example:8080", 403)]
    [InlineData("localhost.evil.example", 403)]
    [InlineData("127.0.0.1.evil.example", 403)]
    public async Task Name_of_another_site_that_leads_here_is_from_elsewhere(string host, int status)
    {
        Assert.Equal(status, await AskAsync("", "127.0.0.1", "/users/u1", null, host));
        Assert.Equal(status == 200 ? 200 : 401, await AskAsync(Token, "127.0.0.1", "/users/u1", null, host));
        Assert.Equal(200, await AskAsync(Token, "127.0.0.1", "/users/u1", "Bearer " + Token, host));
        Assert.Equal(200, await AskAsync("", "127.0.0.1", "/metrics", null, host));
    }

    [Fact]
    public async Task Whoever_shows_the_token_is_answered() => Assert.Equal(200, await AskAsync(Token, "10.1.2.3", "/users/u1", "Bearer " + Token));

    [Fact]
    public void Token_is_never_printed() => Assert.DoesNotContain(Token, new HttpOptions { Token = Token }.ToString(), StringComparison.Ordinal);

    // Its callers show keys and tokens of their own, which the library behind checks.
    [Theory]
    [InlineData("/v1/events", true)]
    [InlineData("/v1", true)]
    [InlineData("/openapi/v1.json", true)]
    [InlineData("/v1x", false)]
    [InlineData("/openapix", false)]
    [InlineData("/users/v1", false)]
    [InlineData("/status", false)]
    public async Task Http_interface_is_passed_on_where_it_is_served_and_nothing_else(string path, bool isOfApi)
    {
        Assert.Equal(isOfApi ? 200 : 403, await AskAsync("", "10.1.2.3", path, null, servesApi: true));
        Assert.Equal(isOfApi ? 200 : 401, await AskAsync(Token, "10.1.2.3", path, null, "shop.example", servesApi: true));
        Assert.Equal(403, await AskAsync("", "10.1.2.3", path, null));
    }

    private static async Task<int> AskAsync(string token, string from, string path, string? authorization, string host = "localhost", bool servesApi = false)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(from);
        context.Request.Path = path;
        context.Request.Host = new HostString(host);
        if (authorization is not null) context.Request.Headers.Authorization = authorization;
        await new RemoteAccess(new HttpOptions { Token = token }, servesApi).InvokeAsync(context, _ => Task.CompletedTask);
        return context.Response.StatusCode;
    }
}
