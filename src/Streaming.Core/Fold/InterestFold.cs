namespace Streaming.Core.Fold;

/// <summary>The interest step (docs/fold.md §4): forward-decayed vectors and separate interests.</summary>
public static class InterestFold
{
    /// <summary>Half-lives that the exponent may grow before a landmark is moved.</summary>
    private const double MaxExponent = 16;

    /// <summary>Takes an action into the ring (docs/fold.md §3.9d) and counts it.</summary>
    public static void Take(UserState user, in RingEntry action, ShardState shard)
    {
        var length = shard.Settings.Options.RingLength;
        if (ActionRing.IsFull(user, length)) Unbind(user, shard);
        ActionRing.Push(user, action, length);
        Apply(user, action, shard);
    }

    /// <summary>Counts one action that is in the ring; nothing happens where it has no weight or its item no vector.</summary>
    public static void Apply(UserState user, in RingEntry action, ShardState shard)
    {
        var weight = shard.Settings.Weight(action.Type, action.RatingE1);
        if (weight == 0) return;
        var x = shard.Vectors.Vector(action.Item);
        if (x.IsEmpty) Unbind(user, shard); // a vector that comes later is added out of the ring's order
        else if (!user.IsRingWhole || user.Vectors is not null) Add(user, x, weight, action.AtMs, shard.Settings);
    }

    /// <summary>From here on vectors and interests are no longer those of the ring alone: they are made, to be kept.</summary>
    public static void Unbind(UserState user, ShardState shard)
    {
        Derive(user, shard);
        user.IsRingWhole = false;
    }

    /// <summary>Makes the vectors and interests of a profile that holds the ring alone, with the settings and the table that its last touch had; for whoever wants to look at them.</summary>
    public static void Derive(UserState user, ShardState shard)
    {
        // Below a newer base they are made anew at the next touch (docs/fold.md §6), and the table that they came from is gone.
        if (user.TableVersion >= shard.BaseVersion && user.SettingsVersion > 0) Rebuild(user, shard.SettingsChain[user.SettingsVersion - 1], shard.Vectors);
    }

    /// <summary>See <see cref="Derive"/>: with settings and a table at hand.</summary>
    public static void Rebuild(UserState user, FoldSettings settings, ItemVectorTable vectors)
    {
        if (!user.IsRingWhole || user.Vectors is not null) return;
        for (var i = 0; i < user.RingCount; i++)
        {
            ref readonly var action = ref user.RingAt(i);
            var weight = settings.Weight(action.Type, action.RatingE1);
            // A vector that came later than the last touch is not counted yet.
            if (weight != 0 && vectors.VersionOf(action.Item) is var version && version > 0 && version <= user.TableVersion) Add(user, vectors.Vector(action.Item), weight, action.AtMs, settings);
        }
    }

    private static void Add(UserState user, ReadOnlySpan<float> x, float weight, long atMs, FoldSettings settings)
    {
        AddToVectors(user, x, weight, atMs, settings);
        if (weight > 0) AddToInterests(user, x, weight, atMs, settings);
    }

    private static void AddToVectors(UserState user, ReadOnlySpan<float> x, float weight, long atMs, FoldSettings settings)
    {
        if (user.Vectors is null)
        {
            user.Vectors = new float[FoldOptions.HalfLifeCount * x.Length];
            user.LandmarkMs.Fill(atMs);
        }

        for (var k = 0; k < FoldOptions.HalfLifeCount; k++)
        {
            var vector = user.Vectors.AsSpan(k * x.Length, x.Length);
            var halfLife = settings.HalfLivesMs[k];
            var e = (double)(atMs - user.LandmarkMs[k]) / halfLife;
            if (e > MaxExponent) // 1
            {
                Rebase(vector, ref user.LandmarkMs[k], ref user.Mass[k], Math.Floor(e), halfLife);
                e = (double)(atMs - user.LandmarkMs[k]) / halfLife;
            }

            var f = Exp2.Of(e); // 2
            FixedOrder.Add(vector, (float)(weight * f), x);
            user.Mass[k] += Math.Abs(weight) * f;
        }
    }

    private static void Rebase(Span<float> vector, ref long landmark, ref double mass, double halfLives, long halfLifeMs)
    {
        landmark += (long)halfLives * halfLifeMs;
        if (halfLives >= 127) vector.Clear();
        else FixedOrder.Scale(vector, MathF.ScaleB(1f, -(int)halfLives));
        mass = halfLives >= 1000 ? 0 : Math.ScaleB(mass, -(int)halfLives);
    }

    private static void AddToInterests(UserState user, ReadOnlySpan<float> x, float weight, long atMs, FoldSettings settings)
    {
        var interests = user.Interests.AsSpan(0, user.InterestCount);
        var squaredX = FixedOrder.Dot(x, x);
        var best = -1;
        var bestCosine = float.NegativeInfinity;
        for (var i = 0; i < interests.Length; i++) // 1
        {
            var centroid = interests[i].Centroid;
            var denominator = MathF.Sqrt(FixedOrder.Dot(centroid, centroid) * squaredX);
            var cosine = denominator == 0 ? 0 : FixedOrder.Dot(centroid, x) / denominator;
            if (cosine > bestCosine) (best, bestCosine) = (i, cosine);
        }

        if (best >= 0 && bestCosine >= settings.Options.InterestCosine) // 2
        {
            Join(interests[best], x, weight, atMs, settings.InterestHalfLifeMs);
            return;
        }

        if (user.InterestCount < settings.Options.MaxInterests) // 3
        {
            if (user.InterestCount == user.Interests.Length)
            {
                var grown = new Interest[Math.Min(settings.Options.MaxInterests, Math.Max(2, user.InterestCount * 2))];
                user.Interests.CopyTo(grown, 0);
                user.Interests = grown;
            }

            Open(user.Interests[user.InterestCount++] = new Interest(x.Length), x, weight, atMs);
            return;
        }

        Open(interests[Weakest(interests, atMs, settings.InterestHalfLifeMs)], x, weight, atMs); // 4
    }

    private static void Open(Interest interest, ReadOnlySpan<float> x, float weight, long atMs)
    {
        FixedOrder.Set(interest.Centroid, weight, x);
        interest.Weight = weight;
        interest.LastMs = atMs;
    }

    private static void Join(Interest interest, ReadOnlySpan<float> x, float weight, long atMs, long halfLifeMs)
    {
        var gap = atMs - interest.LastMs;
        if (gap >= 0)
        {
            var q = Exp2.Of(-(double)gap / halfLifeMs);
            FixedOrder.ScaleAdd(interest.Centroid, (float)q, weight, x);
            interest.Weight = (interest.Weight * q) + weight;
            interest.LastMs = atMs;
        }
        else
        {
            var q = Exp2.Of((double)gap / halfLifeMs);
            FixedOrder.Add(interest.Centroid, (float)(weight * q), x);
            interest.Weight += weight * q;
        }
    }

    private static int Weakest(ReadOnlySpan<Interest> interests, long atMs, long halfLifeMs)
    {
        var now = atMs;
        foreach (var interest in interests) now = Math.Max(now, interest.LastMs);
        var weakest = 0;
        var least = double.PositiveInfinity;
        for (var i = 0; i < interests.Length; i++)
        {
            var decayed = interests[i].Weight * Exp2.Of(-(double)(now - interests[i].LastMs) / halfLifeMs);
            if (decayed < least) (weakest, least) = (i, decayed);
        }

        return weakest;
    }
}
