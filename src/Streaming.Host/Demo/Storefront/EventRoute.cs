using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Streaming.Contracts;
using Streaming.Host.Cli;
using Streaming.Host.Demo.Shop;

namespace Streaming.Host.Demo.Storefront;

/// <summary><c>POST /shop/events</c>: 1 who asks, 2 what, 3 how often, 4 written by the shop's own writer, 5 answered once the broker has it.</summary>
/// <param name="catalogue">Products.</param>
/// <param name="queue">To the shop's writer.</param>
/// <param name="visitors">Told of the event.</param>
/// <param name="time">The clock.</param>
internal sealed class EventRoute(Catalogue catalogue, VisitorQueue queue, ShopVisitors visitors, TimeProvider time)
{
    private static readonly TimeSpan AcknowledgedWithin = TimeSpan.FromSeconds(10);
    private readonly EventWriter _writer = new("shop-");

    /// <summary>Takes an event.</summary>
    public async Task<IResult> PostAsync(HttpContext context, CancellationToken cancellation)
    {
        var receivedMs = NowMs();
        var request = context.Request;
        if (OwnSite.Refusal(request) is { } foreign) return Refused(StatusCodes.Status403Forbidden, foreign); // 1
        if (!BoundedBody.IsJson(request)) return Refused(StatusCodes.Status415UnsupportedMediaType, "the body must be application/json in UTF-8"); // 2
        if (await BoundedBody.ReadAsync(request, cancellation) is not { } body) return Refused(StatusCodes.Status413PayloadTooLarge, $"the body must not be larger than {BoundedBody.MaxBytes} bytes");
        if (Parse(body.Span) is not { } wanted) return Refused(StatusCodes.Status400BadRequest, "the body must be one JSON object with the fields of an event, each once, and none else");
        if (ShopEventRules.Error(wanted, catalogue) is { } error) return Refused(StatusCodes.Status400BadRequest, error);
        if (!visitors.MaySend(ShopVisitors.KeyOf(null, wanted.Visitor))) return Later(context, StatusCodes.Status429TooManyRequests, "too many events of one visitor"); // 3

        var (key, traced) = ("", default(TracedEvent));
        var pending = new VisitorEvent(atMs => // 4
        {
            var record = Write(wanted, atMs);
            key = IsOfGuest(wanted) ? ShopVisitors.KeyOf(null, wanted.Visitor) : ShopVisitors.KeyOf(wanted.User, null);
            traced = new TracedEvent(record.EventId!, record.What, record.ItemId, receivedMs, atMs);
            visitors.Sent(key, traced);
            return record;
        });
        if (!queue.TryAdd(pending)) return Later(context, StatusCodes.Status503ServiceUnavailable, "the shop has too much to write, or closes");
        try
        {
            await pending.Acknowledged.WaitAsync(AcknowledgedWithin, time, cancellation); // 5
        }
        catch (TimeoutException)
        {
            return Refused(StatusCodes.Status504GatewayTimeout, "not acknowledged in time; it may be written yet");
        }
        catch (OperationCanceledException) when (pending.Acknowledged.IsCanceled)
        {
            return Refused(StatusCodes.Status503ServiceUnavailable, "the shop closes");
        }

        var now = NowMs();
        return TypedResults.Text(ResultLine.Of(json => TraceJson.Write(json, visitors.Acknowledged(key, traced!.EventId, now) ?? traced with { AcknowledgedMs = now })), "application/json");
    }

    private static ShopEventRequest? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ShopJson.Strict.ShopEventRequest);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsOfGuest(ShopEventRequest wanted) => wanted.User is null || wanted.Type == EventType.Identify.WireName();

    private ShopRecord Write(ShopEventRequest wanted, long atMs)
    {
        var type = EventTypes.Parse(wanted.Type);
        var visitor = new Visitor(wanted.User, wanted.Visitor, []);
        var product = wanted.ItemId is { } id ? catalogue.Find(id) : null;
        return type == EventType.Purchase
            ? _writer.Purchase(visitor, product!, wanted.Quantity ?? 1, atMs)
            : _writer.Write(visitor, type, atMs, product, json => Further(json, type, wanted));
    }

    private static void Further(Utf8JsonWriter json, EventType type, ShopEventRequest wanted)
    {
        switch (type)
        {
            case EventType.Identify:
                json.WriteString("userId", wanted.User);
                break;
            case EventType.Search:
                json.WriteString("query", wanted.Query);
                json.WriteStartArray("results");
                foreach (var result in wanted.Results ?? []) json.WriteStringValue(result);
                json.WriteEndArray();
                break;
            case EventType.Consent:
                json.WriteStartObject("consent");
                if (wanted.Consent!.Personalise is { } personalise) json.WriteBoolean("personalise", personalise);
                if (wanted.Consent.Market is { } market) json.WriteBoolean("market", market);
                if (wanted.Consent.Measure is { } measure) json.WriteBoolean("measure", measure);
                json.WriteEndObject();
                break;
            case EventType.AddToCart:
                json.WriteNumber("quantity", wanted.Quantity ?? 1);
                break;
        }

        if (wanted.RecommendationId is not { } list) return;
        json.WriteString("recommendationId", list);
        json.WriteNumber("position", wanted.Position!.Value);
    }

    private static ProblemHttpResult Later(HttpContext context, int status, string why)
    {
        context.Response.Headers.RetryAfter = "1";
        return Refused(status, why);
    }

    private static ProblemHttpResult Refused(int status, string why) => TypedResults.Problem(why, statusCode: status);

    private long NowMs() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
