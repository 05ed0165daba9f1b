using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Streaming.Core.Events;
using Streaming.Host.Cli;
using Streaming.Host.Http;

namespace Streaming.Host.Demo.Storefront;

/// <summary>
/// <c>GET /shop/lists/{visitor}?after=…&amp;guest=…</c>: the newest list that was read from <c>recommendations</c>, as soon as it is another than the one the page has. Of somebody of whom
/// none was read yet, and whose page has none, the engine is asked once; the answer says so.
/// </summary>
/// <param name="engine">The engine.</param>
/// <param name="visitors">Lists read.</param>
/// <param name="titleOf">Title of an item.</param>
/// <param name="queryTimeout">How long a query may take.</param>
/// <param name="time">The clock.</param>
internal sealed class ListRoute(IEngineView engine, ShopVisitors visitors, Func<string, string> titleOf, TimeSpan queryTimeout, TimeProvider time)
{
    /// <summary>Pages that wait at a time; each holds a connection.</summary>
    public const int MostWaiting = 32;

    private const int LongestListId = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private int _waiting;

    /// <summary>Answers with a list; 204 where there is no newer one within the patience, or the server ends.</summary>
    /// <param name="context">The request.</param>
    /// <param name="visitor">Id of a guest or known user.</param>
    /// <param name="after">Id of the list that the page has, or null.</param>
    /// <param name="guest">False for a known user.</param>
    /// <param name="stopping">The server ends.</param>
    public async Task<IResult> GetAsync(HttpContext context, string visitor, string? after, bool guest, CancellationToken stopping)
    {
        if (OwnSite.Refusal(context.Request) is { } foreign) return TypedResults.Problem(foreign, statusCode: StatusCodes.Status403Forbidden);
        if (guest ? !ShopEventRules.IsGuestId(visitor) : !ShopEventRules.IsUserId(visitor)) return TypedResults.Problem("no id of a visitor", statusCode: StatusCodes.Status400BadRequest);
        if (after?.Length > LongestListId) return TypedResults.Problem("no id of a list", statusCode: StatusCodes.Status400BadRequest);
        context.Response.Headers.CacheControl = "no-store";
        var key = guest ? ShopVisitors.KeyOf(null, visitor) : ShopVisitors.KeyOf(visitor, null);
        if (after is null && visitors.Read(key).Newest is null) return await AskAsync(guest ? UserKey.Guest(visitor) : UserKey.User(visitor), key, context.RequestAborted);
        try
        {
            if (Interlocked.Increment(ref _waiting) <= MostWaiting) return await NextAsync(key, after, stopping, context.RequestAborted);
            context.Response.Headers.RetryAfter = "1";
            return TypedResults.Problem("too many pages wait", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task<IResult> NextAsync(string key, string? after, CancellationToken stopping, CancellationToken aborted)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stopping, aborted);
        both.CancelAfter(Patience);
        try
        {
            while (true)
            {
                var view = visitors.Read(key);
                if (view.Newest is { } newest && newest.RecommendationId != after) return Answer("topic", newest, view.Events);
                await view.Changed.WaitAsync(both.Token);
            }
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            return TypedResults.NoContent();
        }
    }

    private async Task<IResult> AskAsync(UserKey user, string key, CancellationToken aborted)
    {
        using var limited = new CancellationTokenSource(queryTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limited.Token, aborted);
        try
        {
            var found = await engine.RecommendAsync(user, 0, both.Token);
            // A list may have come meanwhile: the topic's is newer.
            var view = visitors.Read(key);
            if (view.Newest is { } newest) return Answer("topic", newest, view.Events);
            if (found.Json.IsEmpty) return TypedResults.Problem("the engine does not answer now", statusCode: StatusCodes.Status503ServiceUnavailable);
            return Answer("query", JsonSerializer.Deserialize(found.Json.Span, ShopJson.Default.ShopList)!, view.Events);
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            return TypedResults.Problem("no answer in time", statusCode: StatusCodes.Status504GatewayTimeout);
        }
    }

    private ContentHttpResult Answer(string from, ShopList list, IReadOnlyList<TracedEvent> events) =>
        TypedResults.Text(ResultLine.Of(json => TraceJson.Write(json, from, list, events, titleOf)), "application/json");
}
