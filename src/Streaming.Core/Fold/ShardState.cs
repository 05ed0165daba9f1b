using Streaming.Core.Items;

namespace Streaming.Core.Fold;

/// <summary>What Fold knows of a shard as a whole; with its offsets it makes up the shard's row R.</summary>
public sealed class ShardState
{
    /// <summary>A shard before its first batch.</summary>
    public ShardState(ItemDictionary items, int dimensions)
    {
        Items = items;
        Vectors = new ItemVectorTable(items, dimensions);
    }

    /// <summary>The process's item numbers.</summary>
    public ItemDictionary Items { get; }
    /// <summary>Item vectors in force.</summary>
    public ItemVectorTable Vectors { get; private set; }
    /// <summary>Versions of tables seen, by ordinal from 1: sha256 and whether it was a base.</summary>
    public List<(string Sha256, bool IsBase)> Tables { get; } = [];
    /// <summary>Ordinal of the last base in <see cref="Tables"/>; 0: none.</summary>
    public int BaseVersion { get; private set; }
    /// <summary>High-water mark of event time, ms; only Fold and ticks move it.</summary>
    public long StreamTimeMs;
    /// <summary>Versions of settings seen, by ordinal from 1.</summary>
    public List<FoldSettings> SettingsChain { get; } = [];
    /// <summary>Settings in force.</summary>
    public FoldSettings Settings => SettingsChain[^1];
    /// <summary>Ordinal of <see cref="Settings"/>.</summary>
    public int SettingsVersion => SettingsChain.Count;
    /// <summary>Consent of profiles that start now.</summary>
    public ConsentFlags ConsentDefault;
    /// <summary>True while history is replayed: no ticks.</summary>
    public bool Historical;
    /// <summary>Alerts of episodes that opened before this event time are built silently; <see cref="long.MinValue"/>: none is.</summary>
    public long OutputsFromMs = long.MinValue;
    /// <summary>Topics withheld.</summary>
    public SortedSet<string> Paused { get; } = new(StringComparer.Ordinal);
    /// <summary>Sequence number of the last batch applied.</summary>
    public long Sequence;
    /// <summary>Ids of control requests applied, newest last, bounded.</summary>
    public List<string> AppliedRequests { get; } = [];

    /// <summary>Local day (from 1970-01-01) of the last alert that was taken from a budget.</summary>
    public long BudgetDay { get; private set; }
    /// <summary>Alerts taken from the budget of <see cref="BudgetDay"/>.</summary>
    public int BudgetSpent { get; private set; }

    /// <summary>Alerts taken from a day's budget.</summary>
    public int SpentOn(long day) => BudgetDay == day ? BudgetSpent : 0;

    /// <summary>Alerts were taken from a day's budget.</summary>
    public void Spend(long day, int alerts) => (BudgetDay, BudgetSpent) = (day, SpentOn(day) + alerts);

    /// <summary>Settings that a profile was last brought up to (docs/fold.md §7).</summary>
    public FoldSettings SettingsOf(UserState user) => user.SettingsVersion > 0 ? SettingsChain[user.SettingsVersion - 1] : Settings;

    /// <summary>Puts settings in force.</summary>
    public void AddSettings(FoldSettings settings)
    {
        SettingsChain.Add(settings);
        ConsentDefault = settings.ConsentDefault;
        Historical = false;
    }

    /// <summary>Puts a table version in force (docs/fold.md §6).</summary>
    public void AddTable(string sha256, bool isBase, IEnumerable<(byte[] ItemId, float[] Vector)> entries)
    {
        Tables.Add((sha256, isBase));
        if (isBase)
        {
            BaseVersion = Tables.Count;
            Vectors = new ItemVectorTable(Items, Vectors.Dimensions, Tables.Count - 1);
        }

        Vectors.AddVersion(sha256, entries);
    }
}
