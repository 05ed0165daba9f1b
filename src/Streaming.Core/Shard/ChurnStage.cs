using System.Text;
using Streaming.Contracts;
using Streaming.Core.Churn;
using Streaming.Core.Emit;
using Streaming.Core.Events;
using Streaming.Core.Fold;

namespace Streaming.Core.Shard;

/// <summary>
/// Churn alerts: users whose check is due by stream time are looked at before the event that brought the time is folded, each at most once an episode (design rule 4.9). An alert is a fact before it is state,
/// and where batches end changes nothing.
/// </summary>
internal sealed class ChurnStage(ShardServices services, ChurnModel model, OutputWriter writer, int partition)
{
    /// <summary>Alerts of one batch at most: its record must stay one that a broker takes. Who is due beyond that is looked at with the next batch, as of then.</summary>
    public const int MaxAlerts = 2_000;

    private readonly List<ControlFact> _alerts = [];
    private OutputBuffer? _outputs;

    /// <summary>Starts a batch.</summary>
    public void Begin(OutputBuffer outputs)
    {
        _alerts.Clear();
        _outputs = outputs;
    }

    /// <summary>Puts the alerts of the batch among its facts, in the order in which a replay applies them.</summary>
    public void End(List<ControlFact> facts)
    {
        if (_alerts.Count == 0) return;
        ControlFact[] ordered = [.. facts.Concat(_alerts).OrderBy(f => f.Before)]; // stable: of equal offset the others come first
        facts.Clear();
        facts.AddRange(ordered);
    }

    /// <summary>Keys whose check is due at or before a time; they must be in memory for <see cref="Run"/>.</summary>
    public void CollectDue(ShardMemory memory, long untilMs, ICollection<UserKey> into)
    {
        if (model.Options.Enabled) memory.ChurnDues.CollectUntil(untilMs, into);
    }

    /// <summary>Places the next check of touched users.</summary>
    public void Index(ShardMemory memory, UserState user)
    {
        // All of the purchases that the risk looks at: a late one, or a guest's, leaves the last where it is, and whoever reads the profile anew would place its check elsewhere than who kept it.
        var purchases = (user.Purchases.FirstMs, user.Purchases.LastMs, user.Purchases.Occasions);
        if (!model.Options.Enabled || user.ChurnIndexedFor == purchases) return;
        user.ChurnIndexedFor = purchases;
        var due = model.NextCheckMs(user, memory.State.StreamTimeMs);
        if (due == user.IndexedChurnDueMs) return;
        memory.IndexChurn(user, due);
        memory.Touch(user);
    }

    /// <summary>Looks at everyone who is due by now; alerts hold before the event at an offset.</summary>
    public void Run(ShardMemory memory, long before)
    {
        if (!model.Options.Enabled) return;
        var now = memory.State.StreamTimeMs;
        while (memory.ChurnDues.FirstMs <= now && _alerts.Count < MaxAlerts)
        {
            var (dueMs, key) = memory.ChurnDues.Pop();
            var user = memory.Users.Find(key);
            if (user is null || user.IndexedChurnDueMs != dueMs) continue;
            user.IndexedChurnDueMs = 0;
#if SIMULATION_DEFECTS
            if (Defects.Has(Defect.AlertsOfHalfMissed) && (key.Hash & 1) == 0) continue;
            if (Defects.Has(Defect.AlertAgainInEpisode))
            {
                var episode = user.EpisodePosition;
                if (user.AlertedEpisode >= episode) user.EpisodePosition = user.AlertedEpisode + 1;
                Look(memory, user, now, before);
                user.EpisodePosition = episode;
                if (user.AlertedEpisode >= episode) memory.IndexChurn(user, now + 86_400_000);
            }
            else
#endif
            Look(memory, user, now, before);
            memory.Touch(user);
        }
    }

    private void Look(ShardMemory memory, UserState user, long now, long before)
    {
        if (!ChurnModel.Fits(user) || user.AlertedEpisode == user.EpisodePosition) return;
        var risk = model.Risk(user, now);
        if (risk < model.Options.Enter)
        {
            memory.IndexChurn(user, model.NextCheckMs(user, now + 1));
            return;
        }

#if SIMULATION_DEFECTS
        if (!Defects.Has(Defect.AlertWithoutFact))
#endif
        _alerts.Add(new ControlFact { Type = FactTypes.Alert, Before = before, User = Encoding.UTF8.GetString(user.Key.Bytes), Episode = user.EpisodePosition });
        user.AlertedEpisode = user.EpisodePosition;
        var isSilent = user.Purchases.LastMs < memory.State.OutputsFromMs || !user.Allows(ConsentFlags.Market);
#if SIMULATION_DEFECTS
        if (Defects.Has(Defect.MarketConsentIgnored)) isSilent = user.Purchases.LastMs < memory.State.OutputsFromMs;
#endif
        if (isSilent || memory.State.Paused.Contains(services.Topics.ChurnAlerts)) return;
#if SIMULATION_DEFECTS
        if (Defects.Has(Defect.AlertLost)) return;
#endif
        var treatment = (Hash64.Of(user.Key.Bytes, seed: 0x9e3779b97f4a7c15) >> 11) * (1.0 / (1UL << 53)) >= model.Options.HoldOut;
        _outputs!.Add(OutputTopic.ChurnAlerts, partition, user.Key.Id, writer.ChurnAlert(user, model, risk, model.Risk(user, user.Purchases.LastMs), treatment, now,
            services.Time.GetUtcNow().ToUnixTimeMilliseconds()));
        ShardMetrics.ChurnAlerts.Add(1);
    }
}
