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

    [Fact]
    public async Task Whoever_shows_the_token_is_answered() => Assert.Equal(200, await AskAsync(Token, "10.1.2.3", "/users/u1", "Bearer " + Token));

    [Fact]
    public void Token_is_never_printed() => Assert.DoesNotContain(Token, new HttpOptions { Token = Token }.ToString(), StringComparison.Ordinal);

    private static async Task<int> AskAsync(string token, string from, string path, string? authorization)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(from);
        context.Request.Path = path;
        if (authorization is not null) context.Request.Headers.Authorization = authorization;
        await new RemoteAccess(new HttpOptions { Token = token }).InvokeAsync(context, _ => Task.CompletedTask);
        return context.Response.StatusCode;
    }
}
