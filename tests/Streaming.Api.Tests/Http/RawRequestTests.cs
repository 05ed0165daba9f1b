using System.Net.Sockets;
using System.Text;
using Streaming.Api.Auth;
using Streaming.Api.Ports;
using Streaming.Api.Tests.Support;

namespace Streaming.Api.Tests.Http;

/// <summary>Requests that no decent client sends, byte by byte.</summary>
public sealed class RawRequestTests
{
    private const string Body = """{"userId":"visitor-1"}""";

    [Theory]
    [InlineData("POST /v1/recommendations/query HTTP/1.1", "Authorization: Bearer KEY\r\nAuthorization: Bearer KEY", 401)]
    [InlineData("POST /v1/recommendations/query HTTP/1.1", "Authorization: Bearer KEY\r\nX-Evil: a\r\n b", 400)]
    [InlineData("POST /v1/recommendations/query HTTP/1.1", "Authorization: Bearer KEY\0", 400)]
    [InlineData("POST /v1/recommendations/query HTTP/1.1", "Authorization: Bearer KEY\r\nContent-Length: 1", 400)]
    [InlineData("POST /v1/no/../recommendations/query HTTP/1.1", "Authorization: Bearer WRONG", 401)]
    [InlineData("POST /v1/%2e%2e/v1/dead-letters/redrive HTTP/1.1", "Authorization: Bearer KEY", 403)]
    [InlineData("POST //v1/recommendations/query HTTP/1.1", "Authorization: Bearer KEY", 404)]
    [InlineData("POST /V1/Recommendations/Query HTTP/1.1", "Authorization: Bearer WRONG", 401)]
    [InlineData("POST /v1/recommendations/query;x=1 HTTP/1.1", "Authorization: Bearer KEY", 404)]
    [InlineData("POST /v1/recommendations%2fquery HTTP/1.1", "Authorization: Bearer KEY", 404)]
    [InlineData("POST /v1/recommendations/query%00 HTTP/1.1", "Authorization: Bearer KEY", 400)]
    [InlineData("POST http://127.0.0.1/v1/recommendations/query HTTP/1.1", "Authorization: Bearer WRONG", 401)]
    [InlineData("POST /v1/recommendations/query?userId=u2 HTTP/1.1", "Authorization: Bearer KEY", 400)]
    [InlineData("BREW /v1/recommendations/query HTTP/1.1", "Authorization: Bearer KEY", 405)]
    [InlineData("POST /v1/recommendations/query HTTP/1.1", "Authorization: Bearer KEY\r\nX-HTTP-Method-Override: GET", 200)]
    public async Task Request_is_answered_by_what_it_is_and_by_no_other_route(string line, string headers, int status)
    {
        await using var server = await ApiServer.StartAsync();
        var key = server.Key(ApiRoles.Reader);
        var answer = await SendAsync(server, $"{line}\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n{headers.Replace("KEY", key, StringComparison.Ordinal)}\r\n\r\n{Body}");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Equal(status == 200 ? 1 : 0, server.Engine.Recommended.Count);
        Assert.Empty(server.Engine.Acts);
        Assert.DoesNotContain("X-Evil", answer, StringComparison.Ordinal);
        // Whatever reached the gate was audited; the server itself refuses what is no HTTP, and paths that are not below /v1.
        var below = status != 200 && status != 400 && !line.Contains("//v1", StringComparison.Ordinal);
        if (below) Assert.Equal((AuditOutcome.Refused, status), Assert.Single(server.Engine.Audited.Select(e => (e.Outcome, e.Status))));
    }

    /// <summary>Chunks count, the length beside them does not, and no rest is left that could be taken for another request.</summary>
    [Fact]
    public async Task Chunked_body_beside_a_length_is_read_by_its_chunks_alone()
    {
        await using var server = await ApiServer.StartAsync();
        const string rest = "POST /v1/recommendations/query HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
        var chunks = $"{Body.Length:x}\r\n{Body}\r\n0\r\n\r\n";
        var answer = await SendAsync(server, $"POST /v1/recommendations/query HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {chunks.Length + rest.Length}\r\nTransfer-Encoding: chunked\r\nAuthorization: Bearer {server.Key(ApiRoles.Reader)}\r\n\r\n{chunks}{rest}");
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Equal(answer.IndexOf("HTTP/1.1", StringComparison.Ordinal), answer.LastIndexOf("HTTP/1.1", StringComparison.Ordinal));
        Assert.Equal(Core.Events.UserKey.User("visitor-1"), Assert.Single(server.Engine.Recommended).User);
    }

    [Fact]
    public async Task Body_that_does_not_come_whole_is_no_event()
    {
        await using var server = await ApiServer.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port, ApiServer.Stop);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 5000\r\nAuthorization: Bearer {server.Key(ApiRoles.Writer)}\r\n\r\n{Events.EventIntakeTests.View("visitor-1", "e1")}"), ApiServer.Stop);
        client.Client.Shutdown(SocketShutdown.Send);
        var answer = "";
        try
        {
            answer = await new StreamReader(stream).ReadToEndAsync(ApiServer.Stop);
        }
        catch (IOException e)
        {
            // A server may break such a connection.
            answer = e.Message;
        }

        Assert.DoesNotContain(" 202 ", answer, StringComparison.Ordinal);
        Assert.Empty(server.Engine.Written);
    }

    [Fact]
    public async Task Body_that_comes_too_slowly_does_not_hold_its_place()
    {
        await using var server = await ApiServer.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port, ApiServer.Stop);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/recommendations/query HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 50\r\nAuthorization: Bearer {server.Key(ApiRoles.Reader)}\r\n\r\n{{"), ApiServer.Stop);
        var answer = new StreamReader(stream).ReadToEndAsync(ApiServer.Stop);
        // Whenever it comes to wait for the body, its time runs out.
        while (await Task.WhenAny(answer, Task.Delay(50, ApiServer.Stop)) != answer) server.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.StartsWith("HTTP/1.1 408 ", await answer, StringComparison.Ordinal);
        Assert.Equal("slow-body", Assert.Single(server.Engine.Audited).Reason);
    }

    private static async Task<string> SendAsync(ApiServer server, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port, ApiServer.Stop);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request), ApiServer.Stop);
        return await new StreamReader(client.GetStream()).ReadToEndAsync(ApiServer.Stop);
    }
}
