using Streaming.Core.Fold;

namespace Streaming.Host.Audit.Reference;

/// <summary>docs/fold.md §4: the interest step, and §6 and §7 as far as they touch vectors.</summary>
internal static class RefInterests
{
    /// <summary>The interest step of one action.</summary>
    public static void Step(RefProfile user, RefAction action, RefSettings settings, RefTables tables)
    {
        var w = settings.Weight(action.Type, action.StarsTimesTen);
        var x = tables.Vector(action.Item);
        if (w == 0 || x is null) return;
        Vectors(user, x, w, action.AtMs, settings);
        if (w > 0) Interests(user, x, w, action.AtMs, settings);
    }

    /// <summary>§7 then §6, before a profile is touched.</summary>
    public static void BringUpToDate(RefProfile user, RefSettings settings, RefTables tables)
    {
        if (!ReferenceEquals(user.Settings, settings)) Resettle(user, settings);
        user.Settings = settings;
        if (tables.BaseVersion > user.TableVersion)
        {
            user.ClearVectors();
            foreach (var action in user.Ring) Step(user, action, settings, tables);
        }
        else
        {
            foreach (var action in user.Ring)
            {
                if (tables.VersionOf(action.Item) > user.TableVersion) Step(user, action, settings, tables);
            }
        }

        user.TableVersion = tables.Version;
    }

    private static void Vectors(RefProfile user, float[] x, float w, long t, RefSettings settings)
    {
        if (user.Vectors is null)
        {
            user.Vectors = new float[FoldOptions.HalfLifeCount][];
            for (var k = 0; k < FoldOptions.HalfLifeCount; k++)
            {
                user.Vectors[k] = new float[x.Length];
                user.LandmarkMs[k] = t;
            }
        }

        for (var k = 0; k < FoldOptions.HalfLifeCount; k++)
        {
            var v = user.Vectors[k];
            var h = settings.HalfLifeMs(k);
            var e = (double)(t - user.LandmarkMs[k]) / h;
            if (e > 16)
            {
                var n = (long)Math.Floor(e);
                user.LandmarkMs[k] += n * h;
                var scale = n >= 127 ? 0f : MathF.ScaleB(1f, (int)-n);
                for (var d = 0; d < v.Length; d++) v[d] = v[d] * scale;
                user.Mass[k] *= n >= 1000 ? 0.0 : Math.ScaleB(1.0, (int)-n);
                e = (double)(t - user.LandmarkMs[k]) / h;
            }

            var f = RefMath.Exp2(e);
            var g = (float)((double)w * f);
            for (var d = 0; d < v.Length; d++)
            {
                var product = g * x[d];
                v[d] = v[d] + product;
            }

            user.Mass[k] += Math.Abs(w) * f;
        }
    }

    private static void Interests(RefProfile user, float[] x, float w, long t, RefSettings settings)
    {
        var options = settings.Options;
        var h = (double)RefSettings.Ms(options.InterestHalfLife);
        var best = -1;
        var bestCosine = float.NegativeInfinity;
        for (var i = 0; i < user.Interests.Count; i++)
        {
            var cosine = Cosine(user.Interests[i].Centroid, x);
            if (cosine <= bestCosine) continue;
            best = i;
            bestCosine = cosine;
        }

        if (best >= 0 && bestCosine >= options.InterestCosine)
        {
            Join(user.Interests[best], x, w, t, h);
            return;
        }

        var fresh = new RefInterest { Centroid = [.. x.Select(value => w * value)], Weight = w, LastMs = t };
        if (user.Interests.Count < options.MaxInterests) user.Interests.Add(fresh);
        else user.Interests[Weakest(user.Interests, t, h)] = fresh;
    }

    private static float Cosine(float[] c, float[] x)
    {
        var product = RefMath.Dot(c, c) * RefMath.Dot(x, x);
        var root = MathF.Sqrt(product);
        return root == 0 ? 0 : RefMath.Dot(c, x) / root;
    }

    private static void Join(RefInterest interest, float[] x, float w, long t, double h)
    {
        var c = interest.Centroid;
        var delta = t - interest.LastMs;
        if (delta >= 0)
        {
            var q = RefMath.Exp2(-(delta / h));
            var decay = (float)q;
            for (var d = 0; d < c.Length; d++)
            {
                var old = c[d] * decay;
                var added = w * x[d];
                c[d] = old + added;
            }

            interest.Weight = (interest.Weight * q) + w;
            interest.LastMs = t;
            return;
        }

        var late = RefMath.Exp2(delta / h);
        var g = (float)(w * late);
        for (var d = 0; d < c.Length; d++)
        {
            var added = g * x[d];
            c[d] = c[d] + added;
        }

        interest.Weight += w * late;
    }

    private static int Weakest(List<RefInterest> interests, long t, double h)
    {
        var tau = Math.Max(t, interests.Max(i => i.LastMs));
        var weakest = 0;
        var least = double.PositiveInfinity;
        for (var i = 0; i < interests.Count; i++)
        {
            var weight = interests[i].Weight * RefMath.Exp2(-((tau - interests[i].LastMs) / h));
            if (weight >= least) continue;
            weakest = i;
            least = weight;
        }

        return weakest;
    }

    private static void Resettle(RefProfile user, RefSettings settings)
    {
        for (var k = 0; k < FoldOptions.HalfLifeCount; k++)
        {
            var old = user.Settings.HalfLifeMs(k);
            if (old == settings.HalfLifeMs(k) || user.Vectors is null) continue;
            var s = RefMath.Exp2(-((double)(user.LastEventMs - user.LandmarkMs[k]) / old));
            for (var d = 0; d < user.Vectors[k].Length; d++) user.Vectors[k][d] *= (float)s;
            user.Mass[k] *= s;
            user.LandmarkMs[k] = user.LastEventMs;
        }

        var options = settings.Options;
        DropOldest(user.Ring, options.RingLength);
        DropOldest(user.RecentIds, options.DuplicateWindow);
        DropOldest(user.Bought, options.MaxBoughtItems);
        DropOldest(user.Impressions, options.MaxImpressions);
        DropOldest(user.Excluded, options.MaxExcluded);
        DropOldest(user.Interests, options.MaxInterests);
    }

    private static void DropOldest<T>(List<T> list, int length)
    {
        if (list.Count > length) list.RemoveRange(0, list.Count - length);
    }
}
