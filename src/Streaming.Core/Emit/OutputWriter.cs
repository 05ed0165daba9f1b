using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Streaming.Contracts;
using Streaming.Core.Churn;
using Streaming.Core.Decode;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Recall;
using Streaming.Core.Rerank;

namespace Streaming.Core.Emit;

/// <summary>Writes output records as JSON into one reused buffer; the span is valid until the next call. Ids are deterministic: partition and source position.</summary>
public sealed class OutputWriter(ItemDictionary items, int partition) : IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new(16 * 1024);
    private readonly Utf8JsonWriter _json = new(Stream.Null);

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    /// <summary>A recommendation (schema recommendations).</summary>
    public ReadOnlySpan<byte> Recommendation(UserState user, CandidateSet list, string surface, string? modelVersion, string? embeddingVersion,
        long sourceOffset, long occurredAtMs, long emittedAtMs)
    {
        StartList(string.Create(CultureInfo.InvariantCulture, $"r-{partition}-{sourceOffset}-{surface}"), user, list, surface, modelVersion, embeddingVersion);
        WriteTail(sourceOffset, occurredAtMs, emittedAtMs);
        if (list.Degraded is not null) _json.WriteString("degraded"u8, list.Degraded);
        return End();
    }

    /// <summary>A list that was asked for: like a recommendation, but it comes from no event, and says up to where events are in it.</summary>
    /// <param name="user">User.</param>
    /// <param name="list">Items in their order.</param>
    /// <param name="surface">Surface.</param>
    /// <param name="modelVersion">Model that scored it; null: none did.</param>
    /// <param name="embeddingVersion">Table of item vectors in force; null: none.</param>
    /// <param name="appliedEvents">Offset in the partition below which all events are in the profile.</param>
    /// <param name="occurredAtMs">Time of the user's last event; of one who is unknown, stream time.</param>
    /// <param name="emittedAtMs">Now.</param>
    public ReadOnlySpan<byte> AskedList(UserState user, CandidateSet list, string surface, string? modelVersion, string? embeddingVersion,
        long appliedEvents, long occurredAtMs, long emittedAtMs)
    {
        StartList(string.Create(CultureInfo.InvariantCulture, $"q-{partition}-{appliedEvents}-{user.Key.Hash:x16}-{surface}"), user, list, surface, modelVersion, embeddingVersion);
        _json.WriteNumber("sourcePartition"u8, partition);
        _json.WriteNumber("appliedEvents"u8, appliedEvents);
        _json.WriteNumber("occurredAt"u8, occurredAtMs);
        _json.WriteNumber("emittedAt"u8, emittedAtMs);
        if (list.Degraded is not null) _json.WriteString("degraded"u8, list.Degraded);
        return End();
    }

    private void StartList(string id, UserState user, CandidateSet list, string surface, string? modelVersion, string? embeddingVersion)
    {
        Start();
        _json.WriteString("recommendationId"u8, id);
        WriteIdentity(user.Key);
        _json.WriteString("surface"u8, surface);
        _json.WriteStartArray("items"u8);
        var rank = 0;
        foreach (ref readonly var candidate in list.Candidates)
        {
            _json.WriteStartObject();
            _json.WriteString("itemId"u8, items.Id(candidate.Item));
            _json.WriteNumber("rank"u8, ++rank);
            _json.WriteNumber("score"u8, float.IsFinite(candidate.Score) ? candidate.Score : 0);
            _json.WriteString("source"u8, ReasonCodes.WireName(candidate.Main));
            _json.WriteString("reason"u8, ReasonCodes.Reason(candidate.Main));
            if (candidate.Because >= 0) _json.WriteString("because"u8, items.Id(candidate.Because));
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        if (modelVersion is not null) _json.WriteString("modelVersion"u8, modelVersion);
        if (embeddingVersion is not null) _json.WriteString("embeddingVersion"u8, embeddingVersion);
    }

    /// <summary>A churn alert (schema churn-alerts).</summary>
    public ReadOnlySpan<byte> ChurnAlert(UserState user, ChurnModel model, double risk, double previous, bool treatment, long streamTimeMs, long emittedAtMs)
    {
        ref readonly var p = ref user.Purchases;
        Start();
        _json.WriteString("alertId"u8, AlertId(user, partition));
        WriteIdentity(user.Key);
        _json.WriteNumber("risk"u8, risk);
        _json.WriteNumber("previous"u8, previous);
        _json.WriteNumber("horizonDays"u8, model.Options.HorizonDays);
        _json.WriteNumber("expectedValue"u8, ChurnModel.ExpectedValue(user, risk));
        _json.WriteStartArray("reasons"u8);
        Span<ChurnReasonShare> reasons = new ChurnReasonShare[3]; // an alert is rare
        foreach (var reason in reasons[..model.Reasons(user, streamTimeMs, reasons)]) WriteReason(reason.Code, reason.Value);
        _json.WriteEndArray();
        _json.WriteString("suggestedAction"u8, p.Occasions == 1 ? "second_purchase_offer" : "win_back_message");
        _json.WriteNumber("episode"u8, user.EpisodePosition);
        _json.WriteBoolean("treatment"u8, treatment);
        _json.WriteString("modelVersion"u8, model.Version);
        _json.WriteNumber("sourcePartition"u8, partition);
        _json.WriteNumber("occurredAt"u8, streamTimeMs);
        _json.WriteNumber("emittedAt"u8, emittedAtMs);
        return End();
    }

    /// <summary>Deterministic id of the alert of a user's present episode.</summary>
    public static string AlertId(UserState user, int partition) =>
        string.Create(CultureInfo.InvariantCulture, $"c-{partition}-{user.EpisodePosition}-{user.Key.Hash:x16}");

    /// <summary>A closed session (schema sessions).</summary>
    public ReadOnlySpan<byte> ClosedSession(UserState user)
    {
        ref readonly var session = ref user.Session;
        Start();
        Span<byte> id = stackalloc byte[40];
        Utf8.TryWrite(id, CultureInfo.InvariantCulture, $"s-{partition}-{session.OpenedAt}", out var length);
        _json.WriteString("sessionId"u8, id[..length]);
        _json.WriteNumber("userHash"u8, user.Key.Hash);
        _json.WriteNumber("startMs"u8, session.StartMs);
        _json.WriteNumber("endMs"u8, session.LastMs);
        _json.WriteStartArray("actions"u8);
        foreach (ref readonly var action in session.Actions.AsSpan(0, session.ActionCount)) WriteAction(action.Item, action.Type, action.AtMs, null);
        _json.WriteEndArray();
        return End();
    }

    /// <summary>That a profile was erased, for the item index (schema sessions).</summary>
    public ReadOnlySpan<byte> SessionsErased(UserKey user, long offset, long atMs)
    {
        Start();
        _json.WriteString("sessionId"u8, string.Create(CultureInfo.InvariantCulture, $"e-{partition}-{offset}"));
        _json.WriteNumber("userHash"u8, user.Hash);
        _json.WriteNumber("startMs"u8, atMs);
        _json.WriteNumber("endMs"u8, atMs);
        _json.WriteStartArray("actions"u8);
        _json.WriteEndArray();
        _json.WriteBoolean("erased"u8, true);
        return End();
    }

    /// <summary>A guest's whole delta (schema links).</summary>
    public ReadOnlySpan<byte> Link(UserState guest, long offset)
    {
        StartLink(guest, offset);
        _json.WriteStartObject("counts"u8);
        for (var i = 1; i < guest.Counts.Length; i++)
        {
            if (guest.Counts[i] > 0) _json.WriteNumber(((EventType)i).WireName(), guest.Counts[i]);
        }

        _json.WriteEndObject();
        _json.WriteStartArray("actions"u8);
        for (var i = 0; i < guest.RingCount; i++)
        {
            ref readonly var entry = ref guest.RingAt(i);
            WriteAction(entry.Item, entry.Type, entry.AtMs, new ActionDetail(entry.RatingE1, 1, -1, 0));
        }

        _json.WriteEndArray();
        return End();
    }

    /// <summary>The delta of one straggling guest event (schema links).</summary>
    public ReadOnlySpan<byte> LinkEvent(UserState guest, in DecodedEvent e, int item)
    {
        StartLink(guest, e.Offset);
        _json.WriteStartObject("counts"u8);
        _json.WriteNumber(e.Type.WireName(), 1);
        _json.WriteEndObject();
        _json.WriteStartArray("actions"u8);
        if (item >= 0 && ActionRing.Takes(e.Type) && guest.Allows(ConsentFlags.Personalise)) WriteAction(item, e.Type, e.OccurredAtMs, new ActionDetail(e.RatingE1, e.Quantity, e.UnitPriceE4, e.Currency));
        _json.WriteEndArray();
        return End();
    }

    /// <summary>An erase record for a guest (schema events).</summary>
    public ReadOnlySpan<byte> GuestErase(UserKey guest, UserKey user, long offset, long occurredAtMs)
    {
        Start();
        _json.WriteString("eventId"u8, string.Create(CultureInfo.InvariantCulture, $"erase-{partition}-{offset}-{guest.Hash:x16}"));
        _json.WriteString("type"u8, EventType.Erase.WireName());
        _json.WriteString("anonymousId"u8, guest.Id);
        _json.WriteNumber("occurredAt"u8, occurredAtMs);
        return End();
    }

    private void StartLink(UserState guest, long offset)
    {
        Start();
        _json.WriteString("linkId"u8, string.Create(CultureInfo.InvariantCulture, $"l-{partition}-{offset}"));
        _json.WriteString("userId"u8, guest.LinkedTo!.Value.Id);
        _json.WriteString("anonymousId"u8, guest.Key.Id);
        _json.WriteNumber("generation"u8, guest.LinkGeneration);
        if (guest.LinkedAtMs > 0) _json.WriteNumber("linkedAtMs"u8, guest.LinkedAtMs);
    }

    private void WriteAction(int item, EventType type, long atMs, ActionDetail? detail)
    {
        _json.WriteStartObject();
        _json.WriteString("itemId"u8, items.Id(item));
        _json.WriteString("type"u8, type.WireName());
        _json.WriteNumber("atMs"u8, atMs);
        if (detail is { } d)
        {
            _json.WriteNumber("rating"u8, d.RatingE1);
            _json.WriteNumber("quantity"u8, d.Quantity);
            _json.WriteNumber("unitPriceE4"u8, d.UnitPriceE4);
            _json.WriteNumber("currency"u8, d.Currency);
        }

        _json.WriteEndObject();
    }

    private void WriteIdentity(UserKey key) => _json.WriteString(key.IsGuest ? "anonymousId"u8 : "userId"u8, key.Id);

    private void WriteTail(long sourceOffset, long occurredAtMs, long emittedAtMs)
    {
        _json.WriteNumber("sourcePartition"u8, partition);
        _json.WriteNumber("sourceOffset"u8, sourceOffset);
        _json.WriteNumber("occurredAt"u8, occurredAtMs);
        _json.WriteNumber("emittedAt"u8, emittedAtMs);
    }

    private void WriteReason(string code, double value)
    {
        _json.WriteStartObject();
        _json.WriteString("code"u8, code);
        _json.WriteNumber("value"u8, Math.Round(value, 2));
        _json.WriteEndObject();
    }

    private void Start()
    {
        _buffer.ResetWrittenCount();
        _json.Reset(_buffer);
        _json.WriteStartObject();
    }

    private ReadOnlySpan<byte> End()
    {
        _json.WriteEndObject();
        _json.Flush();
        return _buffer.WrittenSpan;
    }

    private readonly record struct ActionDetail(byte RatingE1, int Quantity, long UnitPriceE4, int Currency);
}
