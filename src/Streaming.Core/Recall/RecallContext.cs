using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Rerank;

namespace Streaming.Core.Recall;

/// <summary>The user at hand and the scratch that the sources share. One a recommender.</summary>
internal sealed class RecallContext
{
    /// <summary>Makes the scratch of one recommender.</summary>
    public RecallContext(ItemIndex index, RecallOptions options, RerankOptions rerank)
    {
        Index = index;
        Options = options;
        Eligibility = new Eligibility(index, Mine, rerank);
        Seeds = new TopItems(index.Items);
    }

    /// <summary>Item index of the node, held for reading.</summary>
    public ItemIndex Index { get; }
    /// <summary>Options.</summary>
    public RecallOptions Options { get; }
    /// <summary>The user's items.</summary>
    public UserItems Mine { get; } = new();
    /// <summary>What may be recommended.</summary>
    public Eligibility Eligibility { get; }
    /// <summary>Scratch of the source that gathers.</summary>
    public ItemScores Scores { get; } = new();
    /// <summary>Scratch for choosing what a source starts from.</summary>
    public TopItems Seeds { get; }
    /// <summary>The profile.</summary>
    public UserState User { get; private set; } = null!;
    /// <summary>Item vectors in force.</summary>
    public ItemVectorTable Vectors { get; private set; } = null!;
    /// <summary>Stream time, ms.</summary>
    public long NowMs { get; private set; }

    /// <summary>Turns to a user.</summary>
    public void Read(UserState user, ItemVectorTable vectors, long nowMs)
    {
        User = user;
        Vectors = vectors;
        NowMs = Eligibility.NowMs = nowMs;
        Mine.Read(user);
    }

    /// <summary>Decayed purchases of an item as of now.</summary>
    public float RepeatWeight(float weight, long lastMs) => weight * HalfLives.Since(lastMs, NowMs, Options.RepeatHalfLife);

    /// <summary>Offers what <see cref="Scores"/> gathered, blocked items left out.</summary>
    public void Offer(TopItems into)
    {
        for (var i = 0; i < Scores.Count; i++)
        {
            var item = Scores.Item(i);
            if (Scores.Score(i) > 0 && into.Admits(item, Scores.Score(i)) && !Eligibility.IsBlocked(item)) into.Offer(item, Scores.Score(i), Scores.Because(i));
        }
    }
}
