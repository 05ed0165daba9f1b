using System.Globalization;
using Microsoft.AspNetCore.Http;
using Streaming.Api.Http;
using Streaming.Api.Ports;
using Streaming.Api.Wire;

namespace Streaming.Api.Events;

/// <summary>
/// Events in: 1. the body up to its limit; 2. cut into events, which are counted; 3. the key of the request; 4. each event by the engine's decoder; 5. written; 6. answered, once the broker has them. Events that would become
/// dead letters are refused by their index and do not keep the others back.
/// </summary>
internal sealed class EventIntakeHandler(IEventIntake intake, ApiEnvironment environment)
{
    private readonly IdempotencyKeys _keys = new(environment.Options.Limits.RememberedKeys);

    /// <summary>Answers POST /v1/events.</summary>
    public async Task<ApiReply> PostAsync(ApiCall call)
    {
        // 1. Body
        var request = call.Context.Request;
        var limits = environment.Options.Limits;
        var lines = BodyReader.IsOf(request, "application/x-ndjson");
        if (!lines && !BodyReader.IsJson(request)) return ApiReply.Error(ProblemKind.MediaType, "The body must be application/json or application/x-ndjson in UTF-8, not compressed.");
        var (whole, refusal) = await BodyReader.ReadAsync(call, limits.MaxEventsBytes).ConfigureAwait(false);
        if (whole is not { } body) return refusal!;

        // 2. Events
        var error = lines ? EventSplitter.Lines(body, limits.MaxEvents, out var events) : EventSplitter.Json(body, limits.MaxEvents, out events);
        if (error == SplitError.TooMany) return ApiReply.Error(ProblemKind.TooLarge, $"There may be {limits.MaxEvents} events.");
        if (error is not null) return ApiReply.Error(ProblemKind.Malformed, error.Words);
        if (call.ChargeEvents(events.Count) is { } limited) return limited;

        // 3. Key
        string? key = null, bodyHash = "", prefix = null;
        if (request.Headers.TryGetValue(IdempotencyKeys.Header, out var header))
        {
            if (header.Count != 1 || !IdempotencyKeys.IsSound(header.ToString())) return ApiReply.Error(ProblemKind.InvalidField, "It must be 1 to 200 visible ASCII characters.", IdempotencyKeys.Header);
            (key, bodyHash) = (header.ToString(), IdempotencyKeys.HashOf(body.Span));
            prefix = IdempotencyKeys.PrefixOf(call.Caller.Who, key, bodyHash);
        }

        // 4. Decoder
        var results = new EventResult[events.Count];
        var records = new List<EventRecord>(events.Count);
        var places = new List<int>(events.Count);
        for (var i = 0; i < results.Length; i++)
        {
            var found = environment.Ids.Check(events[i], prefix is null ? null : string.Create(CultureInfo.InvariantCulture, $"{prefix}-{i}"), call.Caller.IsGuestsOnly);
            results[i] = new EventResult { Index = i, State = found.Reason is null ? EventState.Failed : EventState.Refused, Reason = found.Reason, EventId = found.EventId };
            if (found.Reason is not null) continue;
            records.Add(found.Record);
            places.Add(i);
        }

        // 5. Broker
        var refused = results.Length - records.Count;
        if (records.Count == 0)
        {
            ApiMetrics.EventsEnded(0, refused, 0);
            return ApiReply.Error(ProblemKind.EventsRefused, null, null, ReplyOf(results)) with { Reason = "events:" + results[0].Reason };
        }

        // A body of which nothing was written may be put right under the same key.
        if (key is not null && !_keys.TryRemember(call.Caller.Who, key, bodyHash)) return ApiReply.Error(ProblemKind.KeyReused, null, IdempotencyKeys.Header);
        var written = await call.AskAsync(limits.ActTime, cancellation => intake.WriteAsync(records, cancellation)).ConfigureAwait(false);

        // 6. Answer
        return Answer(written, results, places);
    }

    private static ApiReply Answer(PortResult<IReadOnlyList<EventReceipt>> written, EventResult[] results, List<int> places)
    {
        if (written is { Outcome: PortOutcome.Found, Value: { } receipts })
        {
            if (receipts.Count != places.Count) throw new InvalidOperationException($"The port answered {receipts.Count} receipts for {places.Count} records.");
            for (var i = 0; i < receipts.Count; i++)
            {
                if (receipts[i].IsWritten) results[places[i]] = results[places[i]] with { State = EventState.Accepted, Partition = receipts[i].Partition, Offset = receipts[i].Offset };
            }
        }

        var reply = ReplyOf(results);
        ApiMetrics.EventsEnded(reply.Accepted, reply.Refused, reply.Failed);
        if (reply.Failed == 0) return ApiReply.Json(reply, ApiJson.Default.EventsReply, reply.Refused == 0 ? StatusCodes.Status202Accepted : StatusCodes.Status207MultiStatus);
        return written.Outcome switch
        {
            PortOutcome.TimedOut => ApiReply.Error(ProblemKind.TimedOut, "Events may be there all the same: sent again under the same ids they take effect once.", null, reply),
            PortOutcome.Found or PortOutcome.Unavailable => ApiReply.Error(ProblemKind.EventsFailed, written.Why, null, reply) with { RetryAfter = written.RetryAfter ?? TimeSpan.FromSeconds(1) },
            PortOutcome.Refused => ApiReply.Error(ProblemKind.NotPossible, written.Why, written.Field, reply),
            PortOutcome.Unknown => ApiReply.Error(ProblemKind.Unknown, written.Why, null, reply),
            _ => ApiReply.Error(ProblemKind.Failed, null, null, reply),
        };
    }

    private static EventsReply ReplyOf(EventResult[] results) => new()
    {
        Accepted = results.Count(r => r.State == EventState.Accepted),
        Refused = results.Count(r => r.State == EventState.Refused),
        Failed = results.Count(r => r.State == EventState.Failed),
        Events = results,
    };
}
