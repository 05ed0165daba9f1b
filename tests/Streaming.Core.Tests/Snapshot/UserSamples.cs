using System.Text;
using Streaming.Contracts;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Tests.Snapshot;

/// <summary>Profiles that use every field of a row, the same for the same seed.</summary>
internal static class UserSamples
{
    private const int Dimensions = 8;

    public static UserState Make(int seed, ItemDictionary items)
    {
        var random = new Random(seed);
        var user = new UserState(seed % 5 == 0 ? UserKey.Guest($"g{seed}") : UserKey.User($"u{seed}"))
        {
            EventCount = random.NextInt64(),
            FirstEventMs = 1_700_000_000_000 - random.Next(),
            LastEventMs = 1_700_000_000_000 + random.Next(),
            Consent = (ConsentFlags)random.Next(8),
            ConsentGiven = random.Next(2) == 0,
            LinkGeneration = random.Next(5),
            EpisodePosition = random.Next(-1, 100),
            AlertedEpisode = random.Next(-1, 100),
            ErasedAt = random.Next(-1, 100),
            IsErased = random.Next(9) == 0,
            IsRingWhole = random.Next(2) == 0,
            LinkedTo = seed % 5 == 0 && random.Next(2) == 0 ? UserKey.User("known é") : null,
            Guests = [.. Enumerable.Range(0, random.Next(3)).Select(i => new LinkedGuest(UserKey.Guest($"g{i}"), i))],
            BrokenGuests = [.. Enumerable.Range(0, random.Next(3)).Select(i => new LinkedGuest(UserKey.Guest($"b{i}"), random.Next()))],
        };
        for (var i = 0; i < user.Counts.Length; i++) user.Counts[i] = (uint)random.Next();
        for (var i = 0; i < user.Messages.Length; i++) user.MessageCount(i) = (uint)random.Next(10);
        Actions(user, random, items);
        Interests(user, random);
        Purchases(user, random, items);
        Beside(user, random);
        return user;
    }

    public static byte[] Encode(UserState user, ItemDictionary items)
    {
        var writer = new RowWriter(256);
        new UserRowCodec(items).Encode(user, writer);
        return writer.Written.ToArray();
    }

    private static int Item(Random random, ItemDictionary items) => items.GetOrAdd(Encoding.UTF8.GetBytes($"item {random.Next(40)}"));

    private static RingEntry Entry(Random random, ItemDictionary items)
    {
        var type = (EventType)random.Next(1, EventTypes.Count);
        return new RingEntry
        {
            Item = Item(random, items),
            Type = type,
            RatingE1 = type is EventType.Rating or EventType.Review ? (byte)random.Next(51) : (byte)0,
            AtMs = 1_700_000_000_000 + random.Next(-1_000_000, 1_000_000),
        };
    }

    private static void Actions(UserState user, Random random, ItemDictionary items)
    {
        user.RingCount = random.Next(20);
        user.Ring = [.. Enumerable.Range(0, user.RingCount).Select(_ => Entry(random, items))];
        if (random.Next(3) > 0)
        {
            user.Session = new SessionState { EventCount = random.Next(1, 50), IdHash = (ulong)random.NextInt64(), OpenedAt = random.Next(), StartMs = 1_700_000_000_000, LastMs = 1_700_000_900_000, ActionCount = random.Next(6) };
            user.Session.Actions = user.Session.ActionCount == 0 ? null : [.. Enumerable.Range(0, user.Session.ActionCount).Select(_ => Entry(random, items))];
        }

        user.RecentIdsCount = user.RecentIdsNext = random.Next(10);
        user.RecentIds = [.. Enumerable.Range(0, user.RecentIdsCount).Select(_ => (ulong)random.NextInt64())];
    }

    private static void Interests(UserState user, Random random)
    {
        if (user.IsRingWhole) return;
        user.Vectors = [.. Enumerable.Range(0, FoldOptions.HalfLifeCount * Dimensions).Select(_ => random.NextSingle() - 0.5f)];
        for (var k = 0; k < user.LandmarkMs.Length; k++) (user.LandmarkMs[k], user.Mass[k]) = (random.NextInt64(), random.NextDouble());
        user.InterestCount = random.Next(4);
        user.Interests = [.. Enumerable.Range(0, user.InterestCount).Select(_ => new Interest(Dimensions) { Weight = random.NextDouble(), LastMs = random.NextInt64() })];
        foreach (var interest in user.Interests) interest.Centroid.AsSpan().Fill(random.NextSingle());
    }

    private static void Purchases(UserState user, Random random, ItemDictionary items)
    {
        if (random.Next(2) == 0)
        {
            user.Purchases = new PurchaseState
            {
                Lines = random.Next(1, 100), Units = random.Next(), Occasions = random.Next(), AmountE4 = random.NextInt64(), RefundedE4 = random.Next(), OtherCurrency = random.Next(),
                Currency = random.Next(), FirstMs = random.NextInt64(), LastMs = random.NextInt64(), GapCount = random.Next(), GapMeanMs = random.NextDouble() * 1e9, GapM2 = random.NextDouble() * 1e18,
            };
        }

        user.BoughtCount = random.Next(5);
        user.Bought = [.. Enumerable.Range(0, user.BoughtCount).Select(_ => new BoughtItem { Item = Item(random, items), Count = random.Next(), LastMs = random.NextInt64(), Weight = random.NextSingle() })];
        user.ImpressionCount = random.Next(5);
        user.Impressions = [.. Enumerable.Range(0, user.ImpressionCount).Select(_ => new ImpressionSlot { Item = Item(random, items), Count = random.Next(), LastMs = random.NextInt64() })];
        user.ExcludedCount = random.Next(3);
        user.Excluded = [.. Enumerable.Range(0, user.ExcludedCount).Select(_ => Item(random, items))];
    }

    private static void Beside(UserState user, Random random)
    {
        user.TableVersion = random.Next(9);
        user.SettingsVersion = random.Next(9);
        user.AppliedEvents = random.NextInt64();
        user.AppliedLinks = random.Next();
        user.AppliedSequence = random.Next();
        user.StoredSessionBucket = random.Next(-1, 9);
        user.StoredChurnBucket = random.Next(-1, 9);
        user.IndexedSessionDueMs = random.NextInt64();
        user.IndexedChurnDueMs = random.NextInt64();
    }
}
