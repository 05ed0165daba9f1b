using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Streaming.Contracts;

namespace Streaming.Host.Audit;

/// <summary>Holds one partition's outputs against the walk through its log.</summary>
internal sealed class OutputChecks(IRecordSource source, AuditOptions options, PartitionFold fold, int partition, AuditFindings findings)
{
    /// <summary>recommendations, churn-alerts and sessions of the partition.</summary>
    public async ValueTask RunAsync(CancellationToken cancellation)
    {
        await RecommendationsAsync(cancellation);
        await AlertsAsync(cancellation);
        await SessionsAsync(cancellation);
    }

    private async ValueTask RecommendationsAsync(CancellationToken cancellation)
    {
        var topic = options.Topics.Recommendations;
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var latest = new Dictionary<string, (long Offset, long BatchEndMs)>(StringComparer.Ordinal);
        var isAsked = options.Recommend && !fold.Facts.EverPaused.Contains(topic);
        var isEachAsked = isAsked && options.RecommendDebounce == TimeSpan.Zero;
        var batch = 0;
        await foreach (var (record, output) in ReadAsync(topic, ContractsJson.Default.Recommendation, cancellation))
        {
            var place = $"{topic}-{partition} at offset {record.Offset}";
            if (!ids.Add(output.RecommendationId))
            {
                findings.Duplicated(1, $"recommendation {output.RecommendationId} again in {place}");
                continue;
            }

            var user = Key(output.UserId, output.AnonymousId);
            var from = output.SourcePartition == partition ? fold.Sources.Find(output.SourceOffset) : null;
            if (from is not { } found) findings.Phantom($"{place}: its source {output.SourcePartition}/{output.SourceOffset} is no record that a batch consumed");
            else if (found.Fate is not (SourceFate.Applied or SourceFate.Duplicate)) findings.Phantom($"{place}: its source at offset {output.SourceOffset} was not applied ({found.Fate})");
            else if (found.User != user) findings.Phantom($"{place}: its source at offset {output.SourceOffset} is of {found.User}, not of {user}");
            else if (isEachAsked) batch = Math.Max(batch, Meet(output.SourceOffset, batch, user, place));
            else if (!latest.TryGetValue(user, out var known) || known.Offset < output.SourceOffset) latest[user] = (output.SourceOffset, fold.Sources.EndOf(fold.Facts.EmittedIn(user, found.Batch)));
        }

        if (isEachAsked) CheckEach();
        else if (isAsked) CheckLatest(latest);
    }

    // One owner writes, batch after batch: a list of an earlier batch behind one of a later batch was written by somebody who had no right to any more.
    private int Meet(long offset, int latestBatch, string user, string place)
    {
        if (fold.Lists.Meet(offset) is not { } batch)
        {
            findings.Phantom($"{place}: its source at offset {offset} is not the last event of {user} that its batch applied");
            return latestBatch;
        }

        if (batch < latestBatch) findings.Phantom($"{place}: a list of {user} for offset {offset} comes behind those of a later batch");
        return batch;
    }

    private void CheckEach()
    {
        foreach (var offset in fold.Lists.Missing()) findings.Lost(1, $"{fold.Sources.Find(offset)!.Value.User} (partition {partition}) has no recommendation for its event at offset {offset}");
    }

    private void CheckLatest(Dictionary<string, (long Offset, long BatchEndMs)> latest)
    {
        var debounceMs = (long)options.RecommendDebounce.TotalMilliseconds;
        foreach (var (user, offset) in fold.LastApplied)
        {
            var profile = fold.Shard.Profiles[user];
            if (profile.IsErased) continue;
            var has = latest.TryGetValue(user, out var last);
            if (has && last.Offset >= offset) continue;
            if (has && debounceMs > 0 && fold.Sources.EndOf(fold.Facts.EmittedIn(user, fold.Sources.Find(offset)!.Value.Batch)) - last.BatchEndMs < debounceMs) continue;
            findings.Lost(1, $"{user} (partition {partition}) has {(has ? $"its last recommendation for offset {last.Offset}" : "no recommendation")}, its last event is at offset {offset}");
        }
    }

    private async ValueTask AlertsAsync(CancellationToken cancellation)
    {
        var topic = options.Topics.ChurnAlerts;
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var episodes = new HashSet<(string, long)>();
        await foreach (var (record, alert) in ReadAsync(topic, ContractsJson.Default.ChurnAlert, cancellation))
        {
            var place = $"{topic}-{partition} at offset {record.Offset}";
            var user = Key(alert.UserId, alert.AnonymousId);
            var isNewId = ids.Add(alert.AlertId);
            var isNewEpisode = episodes.Add((user, alert.Episode));
            if (!isNewId) findings.Duplicated(1, $"alert {alert.AlertId} again in {place}");
            else if (!isNewEpisode) findings.Duplicated(1, $"a second alert of {user} in episode {alert.Episode}, in {place}");
            if (alert.SourcePartition != partition || !fold.Alerts.HasFact(user, alert.Episode))
                findings.Phantom($"{place}: no batch records an alert of {user} in episode {alert.Episode} of partition {alert.SourcePartition}");
            else if (!fold.Alerts.Owed.Contains((user, alert.Episode))) findings.Phantom($"{place}: the alert of {user} in episode {alert.Episode} is one that must not go out");
        }

        if (fold.Facts.EverPaused.Contains(topic)) return;
        foreach (var (user, episode) in fold.Alerts.Owed)
        {
            if (!episodes.Contains((user, episode))) findings.Lost(1, $"the alert of {user} in episode {episode} has no record in {topic} (partition {partition})");
        }
    }

    private async ValueTask SessionsAsync(CancellationToken cancellation)
    {
        var topic = options.Topics.Sessions;
        var met = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var (record, session) in ReadAsync(topic, ContractsJson.Default.ClosedSession, cancellation))
        {
            var place = $"{topic}-{partition} at offset {record.Offset}";
            if (!met.Add(session.SessionId)) findings.Duplicated(1, $"session {session.SessionId} again in {place}");
            else if (!fold.Sessions.TryGetValue(session.SessionId, out var expected)) findings.Phantom($"{place}: no session {session.SessionId} ended");
            else if (expected.UserHash != session.UserHash) findings.Phantom($"{place}: session {session.SessionId} is another user's");
            else if (expected.StartMs != session.StartMs || expected.EndMs != session.EndMs || expected.Erased != session.Erased || !expected.Actions.SequenceEqual(session.Actions))
                findings.Mismatch($"{place}: session {session.SessionId} is not what the log makes");
        }

        if (fold.Facts.EverPaused.Contains(topic)) return;
        foreach (var id in fold.Sessions.Keys)
        {
            if (!met.Contains(id)) findings.Lost(1, $"session {id} ended and has no record in {topic}");
        }
    }

    private async IAsyncEnumerable<(LogRecord Record, T Output)> ReadAsync<T>(string topic, JsonTypeInfo<T> type, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
        where T : class
    {
        var bounds = await source.BoundsAsync(topic, partition, cancellation);
        await foreach (var record in source.ReadAsync(topic, partition, 0, bounds.StableEnd, cancellation))
        {
            if (Parse(record.Value, type) is { } output) yield return (record, output);
            else findings.Phantom($"{topic}-{partition} at offset {record.Offset} cannot be read");
        }
    }

    private static T? Parse<T>(byte[]? value, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return value is null ? null : JsonSerializer.Deserialize(value, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Key(string? user, string? guest) => user is not null ? "u:" + user : "a:" + guest;
}
