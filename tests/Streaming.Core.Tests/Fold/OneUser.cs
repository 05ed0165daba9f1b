using System.Text;
using Streaming.Contracts;
using Streaming.Core.Decode;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Items;

namespace Streaming.Core.Tests.Fold;

/// <summary>One profile and what the fold needs beside it.</summary>
internal sealed class OneUser
{
    public const long StartMs = 1_700_000_000_000, MinuteMs = 60_000, HourMs = 3_600_000, DayMs = 86_400_000;
    public const int Dimensions = 8;
    private readonly ItemDictionary _items = new();
    private long _offset;

    public OneUser(FoldOptions? options = null)
    {
        Shard = new ShardState(_items, Dimensions);
        Shard.AddSettings(new FoldSettings((options ?? new FoldOptions()) with { Dimensions = Dimensions }, ConsentFlags.All));
        Shard.AddTable("base", true, [.. Enumerable.Range(0, Dimensions).Select(i => (Encoding.UTF8.GetBytes($"i{i}"), Axis(i)))]);
        EraseFold.Start(User, Shard);
    }

    public ShardState Shard { get; }

    public UserState User
    {
        get
        {
            InterestFold.Derive(field, Shard);
            return field;
        }
    } = new(UserKey.User("u"));

    public bool Apply(EventType type, string? item, long atMs, int quantity = 1, long priceE4 = -1, string? id = null, ConsentFlags consent = ConsentFlags.None) =>
        UserFold.Apply(User, new DecodedEvent
        {
            Type = type, OccurredAtMs = atMs, Offset = _offset++, Quantity = quantity, UnitPriceE4 = priceE4, Currency = priceE4 < 0 ? 0 : 1,
            EventIdHash = id is null ? 0 : Hash64.Of(Encoding.UTF8.GetBytes(id)), ConsentMask = type == EventType.Consent ? ConsentFlags.All : ConsentFlags.None, ConsentValue = consent,
        }, item is null ? -1 : _items.GetOrAdd(Encoding.UTF8.GetBytes(item)), null, Shard, NoOutputs.Instance);

    /// <summary>An interest vector as it stands at a time.</summary>
    public double[] VectorAt(int halfLife, long atMs)
    {
        if (User.Vectors is null) return new double[Dimensions];
        var factor = Math.Pow(2, -(double)(atMs - User.LandmarkMs[halfLife]) / Shard.Settings.HalfLivesMs[halfLife]);
        return [.. User.Vectors.AsSpan(halfLife * Dimensions, Dimensions).ToArray().Select(v => v * factor)];
    }

    private static float[] Axis(int i)
    {
        var vector = new float[Dimensions];
        vector[i] = 1;
        return vector;
    }
}
