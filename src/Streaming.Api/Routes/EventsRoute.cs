using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Streaming.Api.Auth;
using Streaming.Api.Events;
using Streaming.Api.Http;
using Streaming.Api.OpenApi;
using Streaming.Api.Ports;
using Streaming.Api.Wire;

namespace Streaming.Api.Routes;

/// <summary>Events in.</summary>
internal static class EventsRoute
{
    /// <summary>The route.</summary>
    public static ApiRoute Of(IEventIntake intake, ApiEnvironment environment)
    {
        var handler = new EventIntakeHandler(intake, environment);
        return new ApiRoute(HttpMethods.Post, "/v1/events", ApiScopes.EventsWrite, handler.PostAsync)
        {
            Operation = "writeEvents",
            Summary = "Events for shops without a Kafka of their own",
            Description = "One event, an array, or a line each (application/x-ndjson). Each is checked by the engine's own decoder; the answer comes once the broker has all that passed. Sent again, an event with the same eventId takes effect once.",
            RequestContent = () => Content(environment.Options.Limits.MaxEvents),
            Response = ApiJson.Default.EventsReply,
            Success = [(StatusCodes.Status202Accepted, "The broker has every event"), (StatusCodes.Status207MultiStatus, "The broker has some; the others were refused")],
            RequestExample = """{"eventId":"e17","type":"view","userId":"u4711","itemId":"i42","sessionId":"s99","occurredAt":1767225600051}""",
            ResponseExample = """{"accepted":1,"refused":0,"failed":0,"events":[{"index":0,"state":"accepted","eventId":"e17","partition":3,"offset":5119}]}""",
            Headers = [new QueryParameter(IdempotencyKeys.Header, "1 to 200 visible ASCII characters: events without an eventId get one that follows from it, from the whole body and from their index.")],
            Problems = [ProblemKind.Malformed, ProblemKind.InvalidField, ProblemKind.SlowBody, ProblemKind.TooLarge, ProblemKind.MediaType, ProblemKind.Unknown, ProblemKind.NotPossible, ProblemKind.EventsRefused, ProblemKind.KeyReused, ProblemKind.EventsFailed, ProblemKind.TimedOut],
        };
    }

    private static JsonObject Content(int maxEvents) => new()
    {
        ["application/json"] = new JsonObject
        {
            ["schema"] = new JsonObject { ["oneOf"] = new JsonArray(SchemaBook.Reference("Event"), new JsonObject { ["type"] = "array", ["items"] = SchemaBook.Reference("Event"), ["minItems"] = 1, ["maxItems"] = maxEvents }) },
        },
        ["application/x-ndjson"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string", ["description"] = "An event a line" } },
    };
}
