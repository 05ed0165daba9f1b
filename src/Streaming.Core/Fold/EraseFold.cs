namespace Streaming.Core.Fold;

/// <summary>The right to be forgotten (docs/fold.md §10).</summary>
public static class EraseFold
{
    /// <summary>Empties the profile and leaves a tombstone.</summary>
    /// <param name="user">The profile.</param>
    /// <param name="offset">Offset of the erase record.</param>
    /// <param name="arrivedAtMs">When it came to be in the log.</param>
    /// <param name="shard">State of the shard.</param>
    /// <param name="outputs">Where erase records for guests, and for the sessions that the item index holds, go.</param>
    public static void Apply(UserState user, long offset, long arrivedAtMs, ShardState shard, IFoldOutputs outputs)
    {
        var broken = user.BrokenGuests;
        foreach (var guest in user.Guests)
        {
            outputs.GuestErased(user, guest, offset);
            broken = LinkFold.Join(broken, guest, int.MaxValue);
        }

        user.Reset();
#if SIMULATION_DEFECTS
        if (!Defects.Has(Defect.EraseForgetsGuests))
#endif
        user.BrokenGuests = broken;
        user.ErasedAt = offset;
        user.ErasedAtMs = Math.Max(user.ErasedAtMs, arrivedAtMs);
        user.IsErased = true;
        Start(user, shard);
        outputs.Erased(user, offset);
    }

    /// <summary>Gives a profile that starts the versions and the consent in force.</summary>
    public static void Start(UserState user, ShardState shard)
    {
        user.SettingsVersion = shard.SettingsVersion;
        user.TableVersion = shard.Tables.Count;
        user.Consent = shard.ConsentDefault;
    }
}
