using System.Text.Json;
using Streaming.Core.Shard;

namespace Streaming.Pipeline.Wire;

/// <summary>User views as JSON: UTF-8, camel case, unknown properties ignored on reading.</summary>
internal static class UserViewJson
{
    public static byte[] Write(UserView view, int partition) => JsonSerializer.SerializeToUtf8Bytes(
        new UserViewDocument(view.Key, partition, view.EventCount, view.Counts, view.FirstEventMs, view.LastEventMs, view.VectorNorms,
            [.. view.Interests.Select(i => new InterestDocument(i.Weight, i.LastMs))],
            [.. view.Latest.Select(a => new ActionDocument(a.ItemId, a.Type, a.AtMs))],
            view.SessionEvents, view.Occasions, view.Amount, view.MeanGapDays, view.ChurnRisk, view.Consent, view.LinkedTo, view.Guests,
            view.AppliedEvents, view.Degraded),
        UserViewContext.Default.UserViewDocument);

    public static UserView Read(ReadOnlySpan<byte> json)
    {
        var document = JsonSerializer.Deserialize(json, UserViewContext.Default.UserViewDocument) ?? throw new JsonException("A user view is not null.");
        return new UserView
        {
            Key = document.Key,
            EventCount = document.EventCount,
            Counts = document.Counts,
            FirstEventMs = document.FirstEventMs,
            LastEventMs = document.LastEventMs,
            VectorNorms = document.VectorNorms,
            Interests = [.. document.Interests.Select(i => (i.Weight, i.LastMs))],
            Latest = [.. document.Latest.Select(a => (a.ItemId, a.Type, a.AtMs))],
            SessionEvents = document.SessionEvents,
            Occasions = document.Occasions,
            Amount = document.Amount,
            MeanGapDays = document.MeanGapDays,
            ChurnRisk = document.ChurnRisk,
            Consent = document.Consent,
            LinkedTo = document.LinkedTo,
            Guests = document.Guests,
            AppliedEvents = document.AppliedEvents,
            Degraded = document.Degraded,
        };
    }
}
