using System.Diagnostics.Metrics;
using Streaming.Core;

namespace Streaming.Api;

/// <summary>Metrics of the HTTP interface; a route is its pattern, so that labels are few.</summary>
internal static class ApiMetrics
{
    private static readonly Counter<long> Requests = EngineMeter.Meter.CreateCounter<long>("streaming_api_requests_total", description: "Requests below /v1 by route and status.");
    private static readonly Histogram<double> Duration = EngineMeter.Meter.CreateHistogram<double>("streaming_api_request_duration_seconds", description: "Time from a request's headers to its answer.");
    private static readonly Counter<long> Events = EngineMeter.Meter.CreateCounter<long>("streaming_api_events_total", description: "Events that came by POST /v1/events, by what became of them.");

    /// <summary>A request was answered.</summary>
    public static void Answered(string route, int status, TimeSpan took)
    {
        Requests.Add(1, new("route", route), new("status", status));
        Duration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("route", route));
    }

    /// <summary>Events came to an end.</summary>
    public static void EventsEnded(int accepted, int refused, int failed)
    {
        Events.Add(accepted, new KeyValuePair<string, object?>("state", "accepted"));
        Events.Add(refused, new KeyValuePair<string, object?>("state", "refused"));
        Events.Add(failed, new KeyValuePair<string, object?>("state", "failed"));
    }
}
