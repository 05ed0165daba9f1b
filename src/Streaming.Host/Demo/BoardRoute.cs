using Streaming.Host.Cli;
using Streaming.Host.Demo.View;

namespace Streaming.Host.Demo;

/// <summary>The board for the page in the browser.</summary>
internal static class BoardRoute
{
    /// <summary>Maps <c>/demo/board</c>.</summary>
    public static void Map(IEndpointRouteBuilder routes, DemoBoard board, Func<string, string> titleOf) =>
        routes.MapGet("/demo/board", () => TypedResults.Text(Json(board.Read(), titleOf), "application/json"));

    private static string Json(BoardSnapshot board, Func<string, string> titleOf) => ResultLine.Of(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("events", board.Events);
        json.WriteNumber("recommendations", board.Recommendations);
        json.WriteNumber("churnAlerts", board.ChurnAlerts);
        json.WriteNumber("deadLetters", board.DeadLetters);
        json.WriteNumber("p50Ms", board.P50Ms);
        json.WriteNumber("p99Ms", board.P99Ms);
        json.WriteStartArray("latest");
        foreach (var list in board.Latest)
        {
            json.WriteStartObject();
            json.WriteString("user", list.UserId ?? list.AnonymousId);
            json.WriteStartArray("items");
            foreach (var item in list.Items.Take(4)) json.WriteStringValue(titleOf(item.ItemId));
            json.WriteEndArray();
            json.WriteString("reason", list.Degraded is { } cause ? "degraded: " + cause : Words.Reason(list.Items[0], titleOf));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("alerts");
        foreach (var alert in board.Alerts)
        {
            json.WriteStartObject();
            json.WriteString("user", alert.UserId ?? alert.AnonymousId);
            json.WriteNumber("risk", alert.Risk);
            json.WriteString("why", Words.Reasons(alert));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
