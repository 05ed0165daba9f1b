namespace Streaming.Core.Fold;

/// <summary>Brings a touched profile to the settings and the item-vector table in force (docs/fold.md §6, §7).</summary>
public static class BringUpToDate
{
    /// <summary>Settings first, then the table. Cheap where nothing changed.</summary>
    public static void Apply(UserState user, ShardState shard)
    {
        if (user.SettingsVersion != shard.SettingsVersion) Settings(user, shard);
        if (user.TableVersion != shard.Tables.Count) Table(user, shard);
    }

    private static void Settings(UserState user, ShardState shard)
    {
        var before = shard.SettingsChain[user.SettingsVersion - 1];
        var now = shard.Settings;
        if (user.RingCount > 0) InterestFold.Unbind(user, shard);
        for (var k = 0; user.Vectors is not null && k < FoldOptions.HalfLifeCount; k++)
        {
            if (before.HalfLivesMs[k] == now.HalfLivesMs[k]) continue;
            var s = Exp2.Of(-(double)(user.LastEventMs - user.LandmarkMs[k]) / before.HalfLivesMs[k]);
            var dimensions = user.Vectors.Length / FoldOptions.HalfLifeCount;
            FixedOrder.Scale(user.Vectors.AsSpan(k * dimensions, dimensions), (float)s);
            user.Mass[k] *= s;
            user.LandmarkMs[k] = user.LastEventMs;
        }

        ActionRing.Fit(user, now.Options.RingLength);
        RecentIds.Fit(user, now.Options.DuplicateWindow);
        ItemLists.Fit(user, now.Options);
        user.SettingsVersion = shard.SettingsVersion;
    }

    private static void Table(UserState user, ShardState shard)
    {
        var since = user.TableVersion;
        var isAnew = shard.BaseVersion > since;
        if (isAnew)
        {
            user.ForgetInterests();
            since = 0;
            user.IsRingWhole = true;
        }

        for (var i = 0; i < user.RingCount; i++)
        {
            ref var entry = ref user.RingAt(i);
            if (shard.Vectors.VersionOf(entry.Item) <= since) continue;
            if (!isAnew) InterestFold.Unbind(user, shard);
            InterestFold.Apply(user, entry, shard);
        }

        user.TableVersion = shard.Tables.Count;
    }
}
